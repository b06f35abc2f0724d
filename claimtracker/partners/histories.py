"""What belongs to the history of a partner or an endpoint beside what bears its own name."""

from __future__ import annotations

from django.db.models import Q

from claimtracker.ledger.histories import about_rows, happened_to

from .models import Acknowledgement, ApiKey, Partner, WebhookEndpoint


@happened_to(Partner)
def to_a_partner(key: int) -> Q:
    """Its keys, its endpoints, and what it acknowledged."""
    found = Q()
    for model in (ApiKey, WebhookEndpoint, Acknowledgement):
        rows = model._default_manager.filter(partner=key)
        found |= about_rows(model, rows.values_list("pk", flat=True))
    return found
