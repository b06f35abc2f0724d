"""Webhook endpoints: made, switched off and on again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from claimtracker.kernel import outbound
from claimtracker.kernel.errors import ActionRefused
from claimtracker.kernel.outbound import OutboundRefused
from claimtracker.ledger import audit

from .models import Partner, WebhookEndpoint
from .signing import new_secret


def offered_event_types() -> list[str]:
    """The types of events that endpoints may ask for."""
    return sorted(
        kind for kind, jobs in settings.OUTBOX_SUBSCRIPTIONS.items() if ("partners.fan_out", "event") in jobs
    )


@transaction.atomic
def create_endpoint(
    partner: Partner, *, url: str, event_types: Sequence[str] = (), by: Any
) -> WebhookEndpoint:
    """A new endpoint with a secret of its own (``whsec_`` and 32 random bytes). No ``event_types`` means all.

    Raises ActionRefused, naming the field, for an address that could never be reached, one that the partner
    has already, and an unknown event type.
    """
    url = url.strip()
    _check_address(url)
    unknown = sorted(set(event_types) - set(offered_event_types()))
    if unknown:
        raise ActionRefused(
            _("%(unknown)s is no event type. Choose from %(offered_event_types)s, or none for all.")
            % {"unknown": ", ".join(unknown), "offered_event_types": ", ".join(offered_event_types())},
            code="unknown_event_type",
            field="event_types",
        )
    try:
        with transaction.atomic():
            endpoint = WebhookEndpoint.objects.create(
                partner=partner, url=url, secret=new_secret(), event_types=sorted(set(event_types))
            )
    except IntegrityError as error:
        raise ActionRefused(
            _("This address is registered already. Change that endpoint, or give another address."),
            code="duplicate_url",
            field="url",
        ) from error
    audit.record(
        "webhook_endpoint.created",
        by=by,
        subject=endpoint,
        details={"partner": partner.pk, "event_types": endpoint.event_types},
    )
    return endpoint


@transaction.atomic
def disable_endpoint(endpoint: WebhookEndpoint, *, reason: str, by: Any) -> WebhookEndpoint:
    """Send nothing more to it. Locks the row. Changes nothing when it is off already."""
    return disable_locked(endpoint.pk, reason=reason, by=by)


def disable_locked(endpoint_id: int, *, reason: str, by: Any) -> WebhookEndpoint:
    """:func:`disable_endpoint` for a caller that is inside a transaction; takes the row's lock there."""
    row = WebhookEndpoint.objects.select_for_update().get(pk=endpoint_id)
    if row.is_active:
        row.is_active, row.disabled_because = False, reason[:300]
        row.save(update_fields=["is_active", "disabled_because"])
        audit.record("webhook_endpoint.disabled", by=by, subject=row, note=row.disabled_because)
    return row


@transaction.atomic
def enable_endpoint(endpoint: WebhookEndpoint, *, by: Any) -> WebhookEndpoint:
    """Send to it again. Locks the row. What failed meanwhile stays failed until somebody replays it.

    Raises ActionRefused when the endpoint is on.
    """
    row = WebhookEndpoint.objects.select_for_update().get(pk=endpoint.pk)
    if row.is_active:
        raise ActionRefused(_("This endpoint is switched on already."), code="already_active")
    row.is_active, row.disabled_because = True, ""
    row.save(update_fields=["is_active", "disabled_because"])
    audit.record("webhook_endpoint.enabled", by=by, subject=row)
    return row


def _check_address(url: str) -> None:
    """What can be known without asking the network; the rest is checked at every try."""
    try:
        target = outbound.parse_url(url)
    except OutboundRefused as refusal:
        raise ActionRefused(refusal.reason, code=refusal.code, field="url") from refusal
    host = target.raw_host.decode("ascii").strip("[]").lower()
    port = target.port or (443 if target.scheme == "https" else 80)
    if (host, port) in outbound.default_policy().let_through:
        return
    if target.scheme != "https":
        raise ActionRefused(
            _("Messages are sent over https only. Give an address that begins with https://."),
            code="bad_scheme",
            field="url",
        )
    if re.fullmatch(r"[0-9.]+|.*:.*", host):
        raise ActionRefused(
            _(
                "Give the receiver's name instead of a bare IP address, so that its "
                "certificate can be checked."
            ),
            code="bad_host",
            field="url",
        )
    if port not in outbound.default_policy().ports:
        raise ActionRefused(
            _("Port %(port)s is not allowed. Receive messages on the usual port, 443.") % {"port": port},
            code="bad_port",
            field="url",
        )
