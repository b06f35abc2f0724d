"""Partners say what they did about a version, and are reminded of corrections that they let lie."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from claimtracker.kernel.moments import rfc3339
from claimtracker.ledger import audit, outbox

from .event_types import UNACKNOWLEDGED
from .holdings import Held
from .models import Acknowledgement, CorrectionReminder, Edition, Partner
from .receipts import OPEN, Receipt, corrections, receipts_of

AT_ONCE = 100
LATEST = timedelta(days=30)  # after which a correction is history, and a reminder noise


@transaction.atomic
def acknowledge(
    partner: Partner, held: Held, *, status: str, url: str | None = None, by: Any
) -> Acknowledgement:
    """Note what the partner did about this version; said again, the newest word counts, and an address that
    is not given stays as it was. Takes no lock.

    Whoever calls has seen that the version is the claim's newest. Audits correction.acknowledged.
    """
    facts: dict[str, Any] = {
        "claim": held.claim,
        "version": held.version,
        "status": status,
        "at": timezone.now(),
    }
    if url is not None:
        facts["url"] = url
    row, _created = Acknowledgement.objects.update_or_create(
        partner=partner, publication=held.publication, defaults=facts
    )
    details = {"partner": partner.pk, "publication": str(held.publication), "status": status}
    audit.record("correction.acknowledged", by=by, subject=row, details=details)
    return row


def remind_all(*, now: datetime | None = None) -> int:
    """Remind partners of corrections of CORRECTION_REMINDER_DAYS ago. Safe to run twice. Returns how many."""
    now = now or timezone.now()
    due = now - timedelta(days=settings.CORRECTION_REMINDER_DAYS)
    rows = list(corrections().filter(published_at__lte=due, published_at__gt=due - LATEST).order_by("pk"))
    count = 0
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        reminded = set(
            CorrectionReminder.objects.filter(edition__in=some).values_list("partner_id", "edition_id")
        )
        for receipt in receipts_of(some):
            is_due = receipt.state == OPEN and receipt.partner.is_active
            if is_due and (receipt.partner.pk, receipt.correction.pk) not in reminded:
                count += remind(receipt)
    return count


def remind(receipt: Receipt) -> bool:
    """Write the reminder and its event, both or neither, once for each partner and correction."""
    try:
        with transaction.atomic():
            row = CorrectionReminder.objects.create(partner=receipt.partner, edition=receipt.correction)
            outbox.emit(
                UNACKNOWLEDGED, subject=row, payload=_payload(receipt), audience=receipt.partner.origin
            )
    except IntegrityError:
        if CorrectionReminder.objects.filter(partner=receipt.partner, edition=receipt.correction).exists():
            return False  # another run was faster
        raise
    return True


def _payload(receipt: Receipt) -> dict[str, Any]:
    edition, had = receipt.correction, receipt.had
    return {
        **_facts_of(edition),
        "you_have": {
            "version": had.version,
            "rating": had.rating or None,
            "way": had.way,
            "at": rfc3339(had.at),
        },
        "acknowledge_at": f"{settings.SITE_URL}/api/v1/publications/{edition.publication}/acknowledgement",
    }


def _facts_of(edition: Edition) -> dict[str, Any]:
    return {
        "publication": str(edition.publication),
        "version": edition.version,
        "change": edition.change,
        "change_note": edition.change_note,
        "claim": str(edition.claim),
        "claim_text": edition.claim_text,
        "rating": edition.rating or None,
        "url": edition.url,
        "published_at": rfc3339(edition.published_at),
    }
