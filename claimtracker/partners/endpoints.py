"""Webhook endpoints: made, changed, switched off and on again, removed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claimtracker import jobs
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import audit

from .endpoint_addresses import check_address
from .event_types import offered_event_types
from .models import EndpointNotice, Partner, WebhookEndpoint
from .signing import new_secret

TELL = "partners.tell_switched_off"
MOST_ENDPOINTS = 20
OVERLAP = timedelta(hours=24)
LONGEST_OVERLAP = timedelta(days=7)


@transaction.atomic
def create_endpoint(
    partner: Partner, *, url: str, event_types: Sequence[str] = (), description: str = "", by: Any
) -> WebhookEndpoint:
    """A new endpoint with a secret of its own (``whsec_`` and 32 random bytes). No ``event_types`` means all.

    Locks the partner. Raises ActionRefused, naming the field, for an address that could never be reached, one
    that the partner has already, an unknown event type, and one endpoint too many.
    """
    Partner.objects.select_for_update(no_key=True).get(pk=partner.pk)
    if WebhookEndpoint.objects.kept().filter(partner=partner).count() >= MOST_ENDPOINTS:
        raise ActionRefused(
            _("You have %(number)s endpoints, and no more are possible. Remove one that you do not need.")
            % {"number": MOST_ENDPOINTS},
            code="too_many",
        )
    endpoint = WebhookEndpoint(partner=partner, secret=new_secret(), description=description.strip())
    endpoint.url, endpoint.event_types = _checked_url(url), _checked_types(event_types)
    _save(endpoint)
    audit.record(
        "webhook_endpoint.created",
        by=by,
        subject=endpoint,
        details={"partner": partner.pk, "event_types": endpoint.event_types},
    )
    return endpoint


@transaction.atomic
def change_endpoint(
    endpoint: WebhookEndpoint,
    *,
    by: Any,
    url: str | None = None,
    event_types: Sequence[str] | None = None,
    description: str | None = None,
    is_active: bool | None = None,
) -> WebhookEndpoint:
    """Change what is given. Locks the row. Raises ActionRefused as :func:`create_endpoint` does.

    What is under way goes to the new address from its next try on. Audits what changed, and nothing for a
    change that changes nothing.
    """
    row = _locked(endpoint.pk)
    before = {name: getattr(row, name) for name in ("url", "event_types", "description")}
    if url is not None and url.strip() != row.url:
        row.url = _checked_url(url)
    if event_types is not None:
        row.event_types = _checked_types(event_types)
    if description is not None:
        row.description = description.strip()
    changed = sorted(name for name, value in before.items() if getattr(row, name) != value)
    if changed:
        row.updated_at = timezone.now()
        _save(row)
        audit.record("webhook_endpoint.changed", by=by, subject=row, details={"fields": changed})
    if is_active is True and not row.is_active:
        return enable_endpoint(row, by=by)
    if is_active is False and row.is_active:
        return disable_locked(row.pk, reason=_("Switched off over the API."), by=by)
    return row


@transaction.atomic
def remove_endpoint(endpoint: WebhookEndpoint, *, by: Any) -> WebhookEndpoint:
    """Take it out of every list, forget its secrets and send nothing more to it. Locks the row.

    The row stays, since its deliveries tell what the partner got; the address may be registered anew.
    """
    row = _locked(endpoint.pk)
    now = timezone.now()
    row.is_active, row.removed_at, row.updated_at = False, now, now
    row.disabled_at = row.disabled_at or now
    row.secret, row.previous_secret, row.previous_secret_until = "", "", None
    row.save()
    audit.record("webhook_endpoint.removed", by=by, subject=row)
    return row


@transaction.atomic
def rotate_secret(endpoint: WebhookEndpoint, *, by: Any, overlap: timedelta = OVERLAP) -> WebhookEndpoint:
    """Give it a new secret. For ``overlap`` messages bear the signature of the old one too. Locks the row.

    Of three secrets the oldest ends at once. Raises ActionRefused for an overlap of more than a week.
    """
    if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
        raise ActionRefused(
            _("The old secret may stay valid for at most %(hours)s hours.")
            % {"hours": int(LONGEST_OVERLAP.total_seconds() // 3600)},
            code="out_of_range",
            field="overlap_hours",
        )
    row = _locked(endpoint.pk)
    now = timezone.now()
    row.previous_secret = row.secret if overlap else ""
    row.previous_secret_until = now + overlap if overlap else None
    row.secret, row.updated_at = new_secret(), now
    row.save()
    hours = overlap.total_seconds() / 3600
    audit.record("webhook_endpoint.secret_rotated", by=by, subject=row, details={"overlap_hours": hours})
    return row


@transaction.atomic
def disable_endpoint(endpoint: WebhookEndpoint, *, reason: str, by: Any) -> WebhookEndpoint:
    """Send nothing more to it. Locks the row. Changes nothing when it is off already."""
    return disable_locked(endpoint.pk, reason=reason, by=by)


def disable_locked(endpoint_id: int, *, reason: str, by: Any) -> WebhookEndpoint:
    """:func:`disable_endpoint` for a caller that is inside a transaction; takes the row's lock there.

    When we switched it off ourselves, the partner's contact is told by mail.
    """
    row = (
        WebhookEndpoint.objects.select_for_update(of=("self",)).select_related("partner").get(pk=endpoint_id)
    )
    if not row.is_active:
        return row
    now = timezone.now()
    row.is_active, row.disabled_because, row.disabled_at, row.updated_at = False, reason[:300], now, now
    row.is_given_up = by == audit.SYSTEM
    row.save(update_fields=["is_active", "disabled_because", "disabled_at", "updated_at", "is_given_up"])
    audit.record("webhook_endpoint.disabled", by=by, subject=row, note=row.disabled_because)
    if row.is_given_up and row.partner.contact_email:
        notice = EndpointNotice.objects.create(
            endpoint=row, to=row.partner.contact_email, reason=row.disabled_because
        )
        jobs.enqueue(TELL, notice.pk)
    return row


@transaction.atomic
def enable_endpoint(endpoint: WebhookEndpoint, *, by: Any) -> WebhookEndpoint:
    """Send to it again. Locks the row. What failed meanwhile stays failed until somebody replays it.

    Raises ActionRefused when the endpoint is on.
    """
    row = _locked(endpoint.pk)
    if row.is_active:
        raise ActionRefused(_("This endpoint is switched on already."), code="already_active")
    row.is_active, row.disabled_because, row.disabled_at, row.is_given_up = True, "", None, False
    row.updated_at = timezone.now()
    row.save(update_fields=["is_active", "disabled_because", "disabled_at", "updated_at", "is_given_up"])
    audit.record("webhook_endpoint.enabled", by=by, subject=row)
    return row


def _locked(endpoint_id: int) -> WebhookEndpoint:
    row = WebhookEndpoint.objects.select_for_update().get(pk=endpoint_id)
    if row.removed_at is not None:
        raise ActionRefused(_("This endpoint was removed. Register a new one."), code="removed")
    return row


def _save(endpoint: WebhookEndpoint) -> None:
    try:
        with transaction.atomic():
            endpoint.save()
    except IntegrityError as error:
        if "one_endpoint_per_partner_and_url" not in str(error):
            raise
        raise ActionRefused(
            _("This address is registered already. Change that endpoint, or give another address."),
            code="duplicate_url",
            field="url",
        ) from error


def _checked_url(url: str) -> str:
    check_address(url.strip())
    return url.strip()


def _checked_types(event_types: Sequence[str]) -> list[str]:
    offered = offered_event_types()
    unknown = sorted(set(event_types) - set(offered))
    if unknown:
        raise ActionRefused(
            _("%(unknown)s is no event type. Choose from %(offered_event_types)s, or none for all.")
            % {"unknown": ", ".join(unknown), "offered_event_types": ", ".join(offered)},
            code="unknown_event_type",
            field="event_types",
        )
    return sorted(set(event_types))
