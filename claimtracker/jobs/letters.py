"""A mail that tells somebody something once: claim the notice, hand over, keep what came of it.

It is sent once at most. What the mail server refused is tried again; what a lost worker was handing over may
have arrived, and is not sent again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

from django.core.mail import EmailMessage
from django.utils import timezone
from django.utils.translation import gettext as _

from claimtracker.kernel import mail
from claimtracker.kernel.errors import LeaseLost

from .runner import Run

DELAYS = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60)]  # the last one again and again
GIVE_UP = timedelta(days=2)


class ToldOnce(Protocol):
    """A row that is a mail to one person. ``handed_over_at`` is written right before the words go out;
    ``error``: why they did not, or may not have, arrived."""

    pk: Any
    _default_manager: Any
    tries: int
    handed_over_at: datetime | None
    error: str
    created_at: datetime

    def save(self, *, update_fields: list[str]) -> None: ...


Notice = TypeVar("Notice", bound=ToldOnce)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a try. ``refused``: the words did not go out. ``may_heal``: a later try may do better."""

    error: str = ""
    refused: bool = False
    may_heal: bool = False


def tell(run: Run, kind: type[Notice], message_of: Callable[[Notice], EmailMessage | None]) -> None:
    """The job of one notice, whatever it tells. ``message_of``: None where nobody can or need be told."""
    notice = kind._default_manager.filter(pk=run.object_id, handed_over_at__isnull=True).first()
    if notice is None:
        return
    outcome = hand_over(notice, message_of(notice), is_ours=run.is_held)
    with run.commit(again_at=again_at(notice, outcome)):
        record(notice, outcome)


def hand_over(notice: Notice, message: EmailMessage | None, *, is_ours: Callable[[], bool]) -> Outcome:
    """One try, outside any transaction. Raises LeaseLost, with nothing sent, when right before the words go
    out ``is_ours`` says no, or somebody else has the notice."""
    if message is None:
        return Outcome(_("There is no contact address, or nothing to tell any more."), refused=True)
    try:
        mail.hand_over(message, before_words=lambda: _claim(notice, is_ours=is_ours))
    except mail.MailRefused as refusal:
        return Outcome(refusal.reason, refused=True, may_heal=refusal.may_heal)
    except mail.OutcomeUnknown as unknown:
        return Outcome(_("It may have arrived: %(error)s") % {"error": unknown})
    return Outcome()


def _claim(notice: Notice, *, is_ours: Callable[[], bool]) -> None:
    """One statement, so that of two who come at once one gets it."""
    open_still = type(notice)._default_manager.filter(pk=notice.pk, handed_over_at__isnull=True)
    if not is_ours() or not open_still.update(handed_over_at=timezone.now()):
        raise LeaseLost(f"notice {notice.pk} is somebody else's")


def again_at(notice: Notice, outcome: Outcome) -> datetime | None:
    """When to try again; None when this was the last word."""
    now = timezone.now()
    if not outcome.may_heal or now > notice.created_at + GIVE_UP:
        return None
    return now + DELAYS[min(notice.tries, len(DELAYS) - 1)]


def record(notice: Notice, outcome: Outcome) -> None:
    """What came of it, inside the job's commit. Locks the notice."""
    row = type(notice)._default_manager.select_for_update().get(pk=notice.pk)
    row.tries, row.error = row.tries + 1, outcome.error[:500].replace("\0", "")
    if outcome.refused:
        row.handed_over_at = None
    row.save(update_fields=["tries", "error", "handed_over_at"])
