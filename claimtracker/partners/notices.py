"""The mail that tells a partner that we switched an endpoint of theirs off: read, hand over, record.

It is sent once at most: what a lost worker was handing over may have arrived, and is not sent again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone
from django.utils.translation import gettext as _

from claimtracker.kernel import mail
from claimtracker.kernel.errors import LeaseLost

from .models import EndpointNotice

DELAYS = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60)]  # the last one again and again
GIVE_UP = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a try. ``refused``: the words did not go out. ``may_heal``: a later try may do better."""

    error: str = ""
    refused: bool = False
    may_heal: bool = False


def open_notice(notice_id: int | str) -> EndpointNotice | None:
    """The notice, when it is still to be sent."""
    waiting = EndpointNotice.objects.select_related("endpoint__partner")
    return waiting.filter(pk=notice_id, handed_over_at__isnull=True).first()


def hand_over(notice: EndpointNotice, *, is_ours: Callable[[], bool]) -> Outcome:
    """One try, outside any transaction. Raises LeaseLost, with nothing sent, when ``is_ours`` says no right
    before the words go out."""

    def before_words() -> None:
        if not is_ours():
            raise LeaseLost(f"notice {notice.pk} is somebody else's")
        EndpointNotice.objects.filter(pk=notice.pk).update(handed_over_at=timezone.now())

    try:
        mail.hand_over(message_of(notice), before_words=before_words)
    except mail.MailRefused as refusal:
        return Outcome(refusal.reason, refused=True, may_heal=refusal.may_heal)
    except mail.OutcomeUnknown as unknown:
        return Outcome(_("It may have arrived: %(error)s") % {"error": unknown})
    return Outcome()


def again_at(notice: EndpointNotice, outcome: Outcome) -> datetime | None:
    """When to try again; None when this was the last word."""
    now = timezone.now()
    if not outcome.may_heal or now > notice.created_at + GIVE_UP:
        return None
    return now + DELAYS[min(notice.tries, len(DELAYS) - 1)]


def record(notice: EndpointNotice, outcome: Outcome) -> None:
    """What came of it, inside the job's commit."""
    row = EndpointNotice.objects.select_for_update().get(pk=notice.pk)
    row.tries, row.error = row.tries + 1, outcome.error[:500]
    if outcome.refused:
        row.handed_over_at = None
    row.save(update_fields=["tries", "error", "handed_over_at"])


def message_of(notice: EndpointNotice) -> EmailMessage:
    """What the partner reads."""
    endpoint = notice.endpoint
    text = _(
        "Hello,\n\n"
        "we switched off a webhook endpoint of %(partner)s at %(site)s:\n\n"
        "    %(url)s\n\n"
        "Why: %(reason)s\n\n"
        "Nothing more is sent to it. When it works again, switch it on over the API "
        '(PATCH %(address)s with {"is_active": true}) or ask the newsroom to; then have what failed sent '
        "again (POST %(address)s/replays with the moment since when). What happened meanwhile also stands "
        "among the events of the API for %(days)s days.\n"
    ) % {
        "partner": endpoint.partner.name,
        "site": settings.SITE_NAME,
        "url": endpoint.url,
        "reason": notice.reason,
        "address": f"{settings.SITE_URL}/api/v1/webhook-endpoints/{endpoint.public_id}",
        "days": settings.EVENT_DAYS,
    }
    subject = _("A webhook endpoint of yours was switched off") + f" · {settings.SITE_NAME}"
    return EmailMessage(subject=subject, body=text, to=[notice.to])
