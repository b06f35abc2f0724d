"""Telling the moderators of a claim or a comment; and what they, or whom they ask, decide."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions.curation import lock_claim
from claims.models import Claim
from claimtracker.accounts.models import User
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import audit

from .. import states
from ..models import Comment, Flag, FlagCase, FlagReason, FlagStep, NoticeKind
from ..policies import flags as policies
from ..selectors.flags import moderators
from ..selectors.people import people_who_may_know
from .notifying import notify

LONGEST_NOTE = 2000
Act = FlagStep.Act


@transaction.atomic
def flag(claim: Claim, *, by: User, reason: str, note: str, comment: Comment | None = None) -> Flag:
    """Tell the moderators of ``claim``, or of a ``comment`` on it. Nothing is hidden by that. What several
    people flag is one open case; flagged again by the same person it is the same flag, as it was written.
    Whoever may open the thing.

    Locks the claim. Raises NotPermitted or ActionRefused (field). Audits flag.raised, of the case: a claim's
    own history does not tell who flagged it. Tells the moderators once for each case.
    """
    claim = lock_claim(claim.pk)
    if comment is not None:
        comment = Comment.objects.select_related("author").get(pk=comment.pk)
    policies.can_flag(by, claim, comment).enforce()
    if reason not in FlagReason.values:
        raise ActionRefused(_("Choose the reason."), code="bad_reason", field="reason")
    words = _words(note, _("Say what is wrong: moderators decide by what you write."))
    case = FlagCase.objects.open().filter(claim=claim, comment=comment).first()
    is_new = case is None
    if case is None:
        case = FlagCase.objects.create(
            claim=claim, comment=comment, state=states.FLAGGED, opened_at=timezone.now()
        )
    elif found := case.flags.filter(by=by).first():
        return found
    row = Flag.objects.create(case=case, by=by, reason=reason, note=words, at=timezone.now())
    details = {"claim": claim.pk, "comment": comment.pk if comment else None, "reason": reason}
    audit.record("flag.raised", by=by, subject=case, details=details)
    if is_new:
        _tell_moderators(row, case, by=by)
    return row


@transaction.atomic
def dismiss_case(case: FlagCase, *, by: User, note: str) -> FlagCase:
    """Nothing is to be done. Moderators; once somebody was asked by name, they. Said again by the same
    person, nothing happens. Locks the claim. Raises NotPermitted or ActionRefused (field). Audits
    flag.dismissed. Tells who flagged it, with the reason."""
    text = _("The moderators looked at what you told them of “%(claim)s”, and nothing is changed: %(note)s")
    return _decide(case, states.DISMISSED, Act.DISMISSED, by=by, note=note, text=text)


@transaction.atomic
def resolve_case(case: FlagCase, *, by: User, note: str) -> FlagCase:
    """It was dealt with; what was done is in the reason, and done where such things are: restrictions, the
    comment's own removal. Otherwise as :func:`dismiss_case`. Audits flag.resolved."""
    text = _("The moderators dealt with what you told them of “%(claim)s”: %(note)s")
    return _decide(case, states.RESOLVED, Act.RESOLVED, by=by, note=note, text=text)


@transaction.atomic
def escalate_case(case: FlagCase, *, by: User, to: User, note: str) -> FlagCase:
    """Ask another moderator or a lead of the claim's desk to decide: from then on only they do, until
    somebody else is asked. Moderators, and who was asked. Locks the claim. Raises NotPermitted or
    ActionRefused (field ``to`` or ``note``). Audits flag.escalated. Tells whom it asks."""
    claim, row = _locked(case)
    policies.can_escalate_flag(by, row, claim=claim).enforce()
    words = _words(note, _("Say what you ask them to decide."))
    if to.pk == by.pk or not policies.can_be_asked(to, row, claim=claim):
        raise ActionRefused(
            _("Choose another moderator, or a lead of the claim's desk, who may read this."),
            code="bad_person",
            field="to",
        )
    if row.state != states.ESCALATED:
        states.FLAG_CASE.check(row.state, states.ESCALATED)
    row.state, row.escalated_to = states.ESCALATED, to
    row.save(update_fields=["state", "escalated_to"])
    step = _step(row, Act.ESCALATED, by=by, note=words, to=to)
    said = _("You are asked to decide on what was flagged of “%(claim)s”: %(note)s")
    _notify([to.pk], step, said, note=words, by=by)
    return row


@transaction.atomic
def reopen_case(case: FlagCase, *, by: User) -> FlagCase:
    """Take a decision back, so that it waits again: for who was asked by name, if anybody was. Who decided,
    and moderators. Locks the claim. Raises NotPermitted. Audits flag.reopened. Tells who flagged it."""
    _claim, row = _locked(case)
    if row.is_open:
        return row
    policies.can_reopen_flag(by, row).enforce()
    to = states.ESCALATED if row.escalated_to_id else states.FLAGGED
    states.FLAG_CASE.check(row.state, to)
    row.state, row.decided_by, row.decided_at = to, None, None
    row.save(update_fields=["state", "decided_by", "decided_at"])
    step = _step(row, Act.REOPENED, by=by, note="")
    said = _("What you told the moderators of “%(claim)s” is looked at once more.")
    _notify(_flaggers(row), step, said, note="", by=by)
    return row


def _decide(case: FlagCase, state: str, act: Act, *, by: User, note: str, text: str) -> FlagCase:
    claim, row = _locked(case)
    if row.state == state and row.decided_by_id == by.pk:
        return row
    policies.can_decide_flag(by, row, claim=claim).enforce()
    words = _words(note, _("Say why: who flagged it reads this."))
    states.FLAG_CASE.check(row.state, state)
    row.state, row.decided_by, row.decided_at = state, by, timezone.now()
    row.save(update_fields=["state", "decided_by", "decided_at"])
    step = _step(row, act, by=by, note=words)
    _notify(_flaggers(row), step, text, note=words, by=by)
    return row


def _locked(case: FlagCase) -> tuple[Claim, FlagCase]:
    claim = lock_claim(case.claim_id)
    rows = FlagCase.objects.select_for_update(of=("self",)).select_related("comment", "escalated_to")
    row = rows.get(pk=case.pk)
    row.claim = claim
    return claim, row


def _step(row: FlagCase, act: Act, *, by: User, note: str, to: User | None = None) -> FlagStep:
    step = FlagStep.objects.create(case=row, act=act, by=by, to=to, note=note, at=timezone.now())
    details: dict[str, Any] = {"claim": row.claim_id, "comment": row.comment_id}
    if to is not None:
        details["to"] = to.pk
    audit.record(f"flag.{act.value}", by=by, subject=row, details=details)
    return step


def _flaggers(row: FlagCase) -> set[int]:
    return set(row.flags.values_list("by_id", flat=True))


def _tell_moderators(row: Flag, case: FlagCase, *, by: User) -> None:
    """Once for each case, without the note. Not who wrote the comment that it is about."""
    author = case.comment.author_id if case.comment else 0
    people = moderators().exclude(pk=author).values_list("pk", flat=True)
    text = _("Flagged by a colleague: “%(claim)s”. %(reason)s.")
    if case.comment:
        text = _("Flagged by a colleague: a comment on “%(claim)s”. %(reason)s.")
    said = text % {"claim": case.claim.text, "reason": row.get_reason_display()}
    notify(people, NoticeKind.FLAGGED, text=said, claim=case.claim_id, key=f"flag-case:{case.pk}", by=by)


def _notify(people: Iterable[int], step: FlagStep, text: str, *, note: str, by: User) -> None:
    """Who reviews the claim blind by now, or may not read the comment any more, is told without the reason:
    it is about words that they may not read."""
    case, key = step.case, f"flag:{step.pk}"
    told = people_who_may_know(case.claim_id, people)
    if case.comment is not None:
        told = {
            one.pk
            for one in User.objects.filter(pk__in=told)
            if Comment.objects.visible_to(one).filter(pk=case.comment.pk).exists()
        }
    said = text % {"claim": case.claim.text, "note": note}
    notify(told, NoticeKind.FLAGGED, text=said, claim=case.claim_id, key=key, by=by)
    bare = _("The moderators decided on what you told them of “%(claim)s”.") % {"claim": case.claim.text}
    notify(set(people) - told, NoticeKind.FLAGGED, text=bare, claim=case.claim_id, key=key, by=by)


def _words(text: str, missing: str) -> str:
    text = text.replace("\r\n", "\n").replace("\0", "").strip()
    if not text:
        raise ActionRefused(missing, code="note_missing", field="note")
    if len(text) > LONGEST_NOTE:
        raise ActionRefused(
            _("Shorten this to %(longest)s characters.") % {"longest": f"{LONGEST_NOTE:,}"},
            code="too_long",
            field="note",
        )
    return text
