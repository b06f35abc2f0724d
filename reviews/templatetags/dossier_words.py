"""The codes and moments of a dossier in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from claims.models.claim import Attribution, ClaimKind

from ..models import Change, Complaint, Contact, EvidenceChange, QuotationCheck, Source
from ..models.evidence import Stance
from ..models.reply import Channel
from ..models.review import Outcome
from ..models.review_task import TaskKind
from ..views import wording

register = template.Library()


@register.filter
def exact(at: str | None) -> str:
    """A moment to the second with its time zone, or a day: nobody who prints it can ask which was meant."""
    if not at:
        return ""
    if "T" not in at:
        return date_format(date.fromisoformat(at), "j F Y")
    local = timezone.localtime(datetime.fromisoformat(at))
    return f"{date_format(local, 'j F Y, H:i:s')} {local:%Z}"


@register.filter
def named(person: dict[str, Any] | None) -> str:
    """Somebody of the newsroom; Claimtracker where no person did it."""
    if person is None:
        return "Claimtracker"
    return str(person["name"]) or _("A person whose account was erased")


@register.filter
def in_words(code: str | None, of: str) -> str:
    """A code of the dossier as the pages say it; the code itself where there are no words for it."""
    if not code:
        return ""
    return str(WORDS[of](code))


def _choice(choices: Any) -> Callable[[str], Any]:
    return lambda code: choices(code).label if code in choices.values else code


def _reply_state(code: str) -> str:
    return {
        "asked": _("Waits for a reply"),
        "answered": _("Answered"),
        "unanswered": _("Nobody replied in time"),
        "called_off": _("Called off"),
        "received": _("Not decided yet"),
        "shown": _("Quoted with the check"),
        "set_aside": _("Not quoted"),
    }.get(code, code)


def _complaint_state(code: str) -> str:
    return {
        "held": _("Held: it looks like spam"),
        "received": _("Waits for an answer"),
        "upheld": _("Upheld"),
        "not_upheld": _("Not upheld"),
    }.get(code, code)


WORDS: dict[str, Callable[[str], Any]] = {
    "attribution": _choice(Attribution),
    "change": _choice(Change),
    "channel": _choice(Channel),
    "claim_kind": _choice(ClaimKind),
    "complaint": _choice(Complaint.Kind),
    "complaint_state": _complaint_state,
    "contact": _choice(Contact.Outcome),
    "evidence_change": _choice(EvidenceChange.Kind),
    "outcome": _choice(Outcome),
    "quotation": _choice(QuotationCheck.Result),
    "reply_state": _reply_state,
    "settled": _choice(EvidenceChange.Settled),
    "source_kind": _choice(Source.Kind),
    "stance": _choice(Stance),
    "task": _choice(TaskKind),
    "verdict_state": wording.verdict_label,
}
