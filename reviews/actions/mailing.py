"""Mail to people, each message once. The rows say what was sent; docs/operations.md, "Mail", names the one
moment in which nobody can know."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claimtracker import jobs
from claimtracker.accounts.models import User
from claimtracker.kernel import mail
from claimtracker.kernel.errors import ActionRefused, LeaseLost
from claimtracker.ledger import audit

from .. import states
from ..models import EmailWish, Mailing, MailTimes, Notification
from ..selectors.mail_times import Slot, last_slot
from .letters import letter_of

log = structlog.get_logger(__name__)

SEND = "reviews.send_mail"
DELAYS = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60)]  # the last one again and again
GIVE_UP = timedelta(hours=24)
PARTED = gettext_lazy("The worker was lost while it handed the mail over: it may have arrived.")


@dataclass(frozen=True, slots=True)
class Letter:
    """A mailing that is ready to go."""

    mailing_id: int
    message: EmailMessage
    tries: int
    gives_up_at: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a try: ``state`` it is in now, and why."""

    state: str
    error: str = ""


# --- what belongs into one mail


@transaction.atomic
def gather_at_once(claim_id: int) -> int:
    """Make a mailing of the claim's waiting notices that go out at once, one for each person and kind.

    Locks the notices. Returns how many mailings; each is sent by a job of its own.
    """
    rows = Notification.objects.filter(claim=claim_id, email=EmailWish.AT_ONCE).to_be_mailed()
    waiting = rows.select_for_update(of=("self",)).order_by("user_id", "kind", "pk")
    count = 0
    for (user_id, kind), group in itertools.groupby(waiting, key=lambda one: (one.user_id, one.kind)):
        notices = list(group)
        mailing = Mailing.objects.create(
            user_id=user_id, cadence=EmailWish.AT_ONCE, slot=str(notices[0].pk), kind=kind
        )
        _put_into(mailing, notices)
        count += 1
    return count


def plan_digests(*, now: datetime | None = None) -> int:
    """Make the collected mail of everybody whose hour has come, daily and weekly. Returns how many."""
    now = now or timezone.now()
    waiting = (
        Notification.objects.filter(email__in=(EmailWish.DAILY, EmailWish.WEEKLY), user__is_active=True)
        .to_be_mailed()
        .order_by()
        .values_list("user_id", "email")
        .annotate(oldest=Min("created_at"))
    )
    groups = list(waiting)
    times = {row.user_id: row for row in MailTimes.objects.filter(user__in={user for user, *_ in groups})}
    count = 0
    for user_id, cadence, oldest in groups:
        slot = last_slot(times.get(user_id), cadence, now=now)
        if oldest < slot.at:
            count += _plan_digest(user_id, cadence, slot)
    return count


@transaction.atomic
def _plan_digest(user_id: int, cadence: str, slot: Slot) -> int:
    rows = Notification.objects.filter(user=user_id, email=cadence, created_at__lt=slot.at).to_be_mailed()
    notices = list(rows.select_for_update(of=("self",)).order_by("pk"))
    if not notices:
        return 0
    mailing, created = Mailing.objects.get_or_create(user_id=user_id, cadence=cadence, slot=slot.name)
    if not created:
        return 0  # they were written late and come with the next one
    _put_into(mailing, notices)
    return 1


def _put_into(mailing: Mailing, notices: list[Notification]) -> None:
    Notification.objects.filter(pk__in=[notice.pk for notice in notices]).update(mailing=mailing)
    jobs.enqueue(SEND, mailing.pk)


# --- sending one: read, hand over without any transaction, record


@transaction.atomic
def open_letter(mailing_id: int) -> Letter | None:
    """Step one: the mail as it is now. None when there is nothing to do: it was sent, the person is gone, has
    read everything or wants no such mail any more.

    Locks the mailing. One that a lost worker was handing over becomes ``unknown`` and stays unsent.
    """
    mailing = _locked(mailing_id)
    if mailing is None:
        return None
    if mailing.state == states.HANDING_OVER:
        log.warning("mail may have arrived", mailing=mailing.pk)
        _move(mailing, Outcome(states.UNKNOWN, str(PARTED)))
        return None
    if mailing.state != states.QUEUED:
        return None
    message = letter_of(mailing) if mailing.user.is_active else None
    if message is None:
        _move(mailing, Outcome(states.DROPPED, _("There was nothing left to say.")))
        return None
    return Letter(mailing.pk, message, mailing.tries + 1, mailing.created_at + GIVE_UP)


def hand_over(letter: Letter, *, is_ours: Callable[[], bool]) -> Outcome:
    """Step two, outside any transaction. Raises LeaseLost, with nothing sent, when ``is_ours`` says no right
    before the words go out."""
    try:
        mail.hand_over(letter.message, before_words=lambda: _begin(letter, is_ours))
    except mail.MailRefused as refusal:
        return Outcome(states.QUEUED if refusal.may_heal else states.FAILED, refusal.reason)
    except mail.OutcomeUnknown as unknown:
        log.warning("mail may have arrived", mailing=letter.mailing_id, error=str(unknown))
        return Outcome(states.UNKNOWN, _("The mail may have arrived: %(unknown)s") % {"unknown": unknown})
    return Outcome(states.SENT)


def again_at(letter: Letter, outcome: Outcome) -> datetime | None:
    """When to try again; None when this was the last word."""
    if outcome.state != states.QUEUED or timezone.now() > letter.gives_up_at:
        return None
    return timezone.now() + DELAYS[min(letter.tries, len(DELAYS)) - 1]


@transaction.atomic
def record(letter: Letter, outcome: Outcome) -> None:
    """Step three. Locks the mailing, which its job still holds."""
    mailing = _locked(letter.mailing_id)
    if mailing is None:
        return
    mailing.tries = letter.tries
    if outcome.state == states.QUEUED and again_at(letter, outcome) is None:
        outcome = Outcome(states.FAILED, outcome.error)
    _move(mailing, outcome)


@transaction.atomic
def send_again(mailing: Mailing, *, by: User) -> Mailing:
    """A moderator has a mail sent that failed or may not have arrived. Locks the mailing. Raises
    ActionRefused
    (``not_unclear``). Audits mailing.sent_again."""
    row = _locked(mailing.pk)
    if row is None or row.state not in (states.FAILED, states.UNKNOWN):
        raise ActionRefused(
            _("Only a mail that failed, or of which nobody knows whether it arrived, is sent again."),
            code="not_unclear",
        )
    was = row.state
    row.created_at, row.tries = timezone.now(), 0
    _move(row, Outcome(states.QUEUED))
    jobs.enqueue(SEND, row.pk)
    audit.record("mailing.sent_again", by=by, subject=row, details={"was": was, "cadence": row.cadence})
    return row


@transaction.atomic
def _begin(letter: Letter, is_ours: Callable[[], bool]) -> None:
    mailing = _locked(letter.mailing_id)
    if mailing is None or mailing.state != states.QUEUED or not is_ours():
        raise LeaseLost(f"mailing {letter.mailing_id} is in other hands")
    mailing.tries += 1
    _move(mailing, Outcome(states.HANDING_OVER))


def _move(mailing: Mailing, outcome: Outcome) -> None:
    if mailing.state != outcome.state:
        states.MAILING.check(mailing.state, outcome.state)
    mailing.state, mailing.last_error = outcome.state, outcome.error[:500].replace("\0", "")
    mailing.sent_at = timezone.now() if outcome.state == states.SENT else None
    mailing.save()


def _locked(mailing_id: int) -> Mailing | None:
    rows = Mailing.objects.select_for_update(of=("self",)).select_related("user")
    return rows.filter(pk=mailing_id).first()
