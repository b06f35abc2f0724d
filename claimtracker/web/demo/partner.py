"""The demo's partner, whose key lets a visitor try the API at once."""

from __future__ import annotations

from django.db import transaction

from claimtracker.partners.actions import issue_key
from claimtracker.partners.models import Partner, Scope

SLUG = "demo-partner"


@transaction.atomic
def make_partner() -> str:
    """The key of a new partner with every scope, whom the newsroom trusts. Empty when there is one already:
    its key was shown then, and nothing that can be shown is kept of it."""
    partner, created = Partner.objects.get_or_create(
        slug=SLUG, defaults={"name": "Demo Partner", "is_trusted": True}
    )
    if not created:
        return ""
    _key, plain = issue_key(partner, label="demo", scopes=list(Scope.values), by="system")
    return plain
