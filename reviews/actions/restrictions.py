"""Hiding a check, taking it down by order or agreement, and holding a claim; and the way back from each."""

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
from ..models import (
    NoticeKind,
    Publication,
    Restriction,
    RestrictionKind,
    RestrictionReason,
    RestrictionStep,
)
from ..policies import restrictions as policies
from ..selectors.people import people_who_worked_on
from ..selectors.restrictions import second_people
from .notifying import notify
from .restricting import follow_restrictions

LONGEST_NOTE = 2000
LINES = {"legal_basis": 300, "demanded_by": 300, "reference": 200}
Act = RestrictionStep.Act


@transaction.atomic
def hide_check(claim: Claim, *, by: User, reason: str, note: str) -> Restriction:
    """Keep the published check of ``claim`` from everybody outside, from this moment, until somebody shows it
    again; ``note`` is for colleagues. Moderators, one is enough. Hidden again it is the same restriction.

    Locks the claim. Raises NotPermitted or ActionRefused (field). Audits restriction.ordered, emits
    claim.verdict_hidden. Tells who worked on it, the leads of the desk and the other moderators.
    """
    claim = lock_claim(claim.pk)
    policies.can_restrict(by).enforce()
    return _order(claim, RestrictionKind.HIDDEN, by=by, reason=reason, note=note)


@transaction.atomic
def order_takedown(
    claim: Claim,
    *,
    by: User,
    reason: str,
    note: str,
    legal_basis: str,
    demanded_by: str,
    reference: str,
    public_reason: str,
) -> Restriction:
    """Ask for the check of ``claim`` to be taken down by an order or an agreement: it is kept from readers at
    once, and is taken down when a second person confirms. ``public_reason`` is what readers are told then.
    Moderators. Locks, raises, audits, emits and tells as hide_check does."""
    claim = lock_claim(claim.pk)
    policies.can_restrict(by).enforce()
    facts = {"legal_basis": legal_basis, "demanded_by": demanded_by, "reference": reference}
    facts = {name: _line(name, text, is_needed=True) for name, text in facts.items()}
    public = _words(public_reason, "public_reason", _("Write what readers are told."))
    return _order(
        claim, RestrictionKind.TAKEDOWN, by=by, reason=reason, note=note, public_reason=public, **facts
    )


@transaction.atomic
def place_hold(claim: Claim, *, by: User, reason: str, note: str, reference: str = "") -> Restriction:
    """From now on nothing of ``claim`` may be changed or deleted (docs/adr/0029-hidden-taken-down-held.md);
    what is public stays so. Moderators, one is enough. Locks the claim. Audits restriction.ordered."""
    claim = lock_claim(claim.pk)
    policies.can_restrict(by).enforce()
    line = _line("reference", reference)
    return _order(claim, RestrictionKind.LEGAL_HOLD, by=by, reason=reason, note=note, reference=line)


@transaction.atomic
def confirm_takedown(restriction: Restriction, *, by: User, note: str) -> Restriction:
    """The second person agrees: the check is taken down, and readers are told why. Moderators and leads of
    the desk, not who ordered it. A restriction that only hides the check ends with it. Confirmed again by the
    same person nothing happens. Locks the claim. Audits restriction.confirmed, emits
    claim.verdict_taken_down."""
    claim, row = _locked(restriction)
    if row.state == states.IN_FORCE and row.confirmed_by_id == by.pk:
        return row
    policies.can_confirm_order(by, row, claim=claim).enforce()
    note = _note(note)
    row.confirmed_by, row.confirmed_at = by, timezone.now()
    _move(row, states.IN_FORCE, Act.CONFIRMED, by=by, note=note, also=("confirmed_by", "confirmed_at"))
    for hidden in Restriction.objects.open().filter(claim=claim, kind=RestrictionKind.HIDDEN):
        _end(hidden, states.REPLACED, Act.REPLACED, by=by, note=note)
    follow_restrictions(claim, by=by)
    _tell(row, _("The takedown of “%(claim)s” was confirmed: %(note)s"), by=by, note=note)
    return row


@transaction.atomic
def refuse_takedown(restriction: Restriction, *, by: User, note: str) -> Restriction:
    """Do not take the check down: readers see it again, unless it is hidden by itself. Moderators and leads
    of the desk; who ordered it may take the order back. Locks the claim. Audits restriction.refused, emits
    claim.verdict_restored."""
    claim, row = _locked(restriction)
    policies.can_decide_order(by, row, claim=claim).enforce()
    note = _note(note)
    _end(row, states.REFUSED, Act.REFUSED, by=by, note=note)
    follow_restrictions(claim, by=by)
    _tell(row, _("The takedown of “%(claim)s” was refused: %(note)s"), by=by, note=note)
    return row


@transaction.atomic
def lift_restriction(restriction: Restriction, *, by: User, note: str) -> Restriction:
    """Show again what is hidden, at once; of a takedown or a hold ask a second person to agree. Moderators,
    and for what is hidden a lead whom one asked to decide. Locks the claim. Audits restriction.lifted, and
    emits claim.verdict_restored, or audits restriction.lift_asked. Said again by the same person, nothing
    happens."""
    claim, row = _locked(restriction)
    if row.state == states.LIFTED and row.ended_by_id == by.pk:
        return row
    policies.can_lift(by, row, claim=claim).enforce()
    note = _note(note)
    if row.kind == RestrictionKind.HIDDEN:
        _end(row, states.LIFTED, Act.LIFTED, by=by, note=note)
        follow_restrictions(claim, by=by)
        _tell(row, _("The check of “%(claim)s” is shown again: %(note)s"), by=by, note=note)
        return row
    row.lift_asked_by, row.lift_asked_at = by, timezone.now()
    _move(row, states.LIFTING, Act.LIFT_ASKED, by=by, note=note, also=("lift_asked_by", "lift_asked_at"))
    asked = _("A second person has to agree before this is lifted of “%(claim)s”: %(note)s")
    _tell(row, asked, by=by, note=note)
    return row


@transaction.atomic
def confirm_lifting(restriction: Restriction, *, by: User, note: str) -> Restriction:
    """The second person agrees that a takedown or a hold ends. Moderators and leads of the desk, not who
    asked for it. Locks the claim. Audits restriction.lifted, emits claim.verdict_restored."""
    claim, row = _locked(restriction)
    if row.state == states.LIFTED and row.ended_by_id == by.pk:
        return row
    policies.can_confirm_lifting(by, row, claim=claim).enforce()
    note = _note(note)
    _end(row, states.LIFTED, Act.LIFTED, by=by, note=note)
    follow_restrictions(claim, by=by)
    _tell(row, _("A restriction of “%(claim)s” was lifted: %(note)s"), by=by, note=note)
    return row


@transaction.atomic
def keep_restriction(restriction: Restriction, *, by: User, note: str) -> Restriction:
    """Do not lift a takedown or a hold that somebody wants lifted. Moderators and leads of the desk. Locks
    the claim. Audits restriction.kept."""
    claim, row = _locked(restriction)
    policies.can_decide_lifting(by, row, claim=claim).enforce()
    note = _note(note)
    row.lift_asked_by = row.lift_asked_at = None
    _move(row, states.IN_FORCE, Act.KEPT, by=by, note=note, also=("lift_asked_by", "lift_asked_at"))
    _tell(row, _("A restriction of “%(claim)s” stays in force: %(note)s"), by=by, note=note)
    return row


@transaction.atomic
def escalate_restriction(restriction: Restriction, *, by: User, to: User, note: str) -> Restriction:
    """Ask another moderator, or a lead of the desk, to decide what becomes of it. Changes nothing else. Locks
    the claim. Raises ActionRefused (field ``to`` or ``note``). Audits restriction.escalated."""
    claim, row = _locked(restriction)
    policies.can_escalate(by, row, claim=claim).enforce()
    note = _note(note)
    if to.pk == by.pk or not to.is_active or not policies.is_second_person(to, claim):
        raise ActionRefused(
            _("Choose another moderator, or a lead of the claim's desk."), code="bad_person", field="to"
        )
    row.escalated_to = to
    row.save(update_fields=["escalated_to"])
    step = _step(row, Act.ESCALATED, by=by, note=note, to=to)
    text = _("You are asked to decide on a restriction of “%(claim)s”: %(note)s")
    _notify([to.pk], row, step, text, by=by, note=note)
    return row


def _order(
    claim: Claim, kind: RestrictionKind, *, by: User, reason: str, note: str, **facts: Any
) -> Restriction:
    if found := Restriction.objects.open().filter(claim=claim, kind=kind).first():
        return found
    newest = Publication.objects.filter(claim=claim).order_by("-number").first()
    if newest is None and kind != RestrictionKind.LEGAL_HOLD:
        raise ActionRefused(_("Nothing of this claim is published."), code="not_published")
    if kind == RestrictionKind.HIDDEN and claim_is_taken_down(claim):
        raise ActionRefused(_("A takedown keeps this check from readers already."), code="taken_down")
    if reason not in RestrictionReason.values:
        raise ActionRefused(_("Choose the reason."), code="bad_reason", field="reason")
    row = Restriction.objects.create(
        claim=claim,
        publication=newest,
        kind=kind,
        state=states.ORDERED if kind == RestrictionKind.TAKEDOWN else states.IN_FORCE,
        reason=reason,
        note=_note(note),
        ordered_by=by,
        ordered_at=timezone.now(),
        **facts,
    )
    _step(row, Act.ORDERED, by=by, note=row.note)
    follow_restrictions(claim, by=by)
    said = {
        RestrictionKind.HIDDEN: _("The check of “%(claim)s” was hidden: %(note)s"),
        RestrictionKind.TAKEDOWN: _("A takedown of “%(claim)s” waits for a second person: %(note)s"),
        RestrictionKind.LEGAL_HOLD: _("“%(claim)s” is under legal hold: %(note)s"),
    }
    _tell(row, said[kind], by=by, note=row.note)
    return row


def claim_is_taken_down(claim: Claim) -> bool:
    return Restriction.objects.open().filter(claim=claim, kind=RestrictionKind.TAKEDOWN).exists()


def _locked(restriction: Restriction) -> tuple[Claim, Restriction]:
    claim = lock_claim(restriction.claim_id)
    return claim, Restriction.objects.select_for_update(of=("self",)).get(pk=restriction.pk)


def _move(row: Restriction, state: str, act: str, *, by: User, note: str, also: Iterable[str] = ()) -> None:
    states.RESTRICTION.check(row.state, state)
    row.state = state
    row.save(update_fields=["state", *also])
    _step(row, act, by=by, note=note)


def _end(row: Restriction, state: str, act: str, *, by: User, note: str) -> None:
    row.ended_by, row.ended_at = by, timezone.now()
    _move(row, state, act, by=by, note=note, also=("ended_by", "ended_at"))


def _step(row: Restriction, act: str, *, by: User, note: str, to: User | None = None) -> RestrictionStep:
    """The step and its entry in the ledger."""
    step = RestrictionStep.objects.create(
        restriction=row, act=act, by=by, to=to, note=note, at=timezone.now()
    )
    details: dict[str, Any] = {"restriction": row.pk, "kind": row.kind, "reason": row.reason}
    if to is not None:
        details["to"] = to.pk
    state = Act(act).value
    audit.record(f"restriction.{state}", by=by, subject=row.claim, details=details, note=note)
    return step


def _tell(row: Restriction, text: str, *, by: User, note: str) -> None:
    """Who worked on the claim, the leads of its desk, and the moderators: two of these decide."""
    deciding = second_people(row.claim).values_list("pk", flat=True)
    people = {*people_who_worked_on(row.claim_id), *deciding}
    step = row.steps.last()
    assert step is not None, "whoever tells has written a step"  # noqa: S101 - invariant
    _notify(people, row, step, text, by=by, note=note)


def _notify(
    people: Iterable[int], row: Restriction, step: RestrictionStep, text: str, *, by: User, note: str
) -> None:
    said = text % {"claim": row.claim.text, "note": note}
    notify(people, NoticeKind.RESTRICTION, text=said, claim=row.claim_id, key=f"restriction:{step.pk}", by=by)


def _note(note: str) -> str:
    return _words(note, "note", _("Say why: the record and the audit keep it, and colleagues read it."))


def _words(text: str, field: str, missing: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise ActionRefused(missing, code=f"{field}_missing", field=field)
    if len(text) > LONGEST_NOTE:
        raise ActionRefused(
            _("Shorten this to %(longest)s characters.") % {"longest": f"{LONGEST_NOTE:,}"},
            code="too_long",
            field=field,
        )
    return text


def _line(name: str, text: str, *, is_needed: bool = False) -> str:
    text = " ".join(text.split())
    if is_needed and not text:
        raise ActionRefused(
            _("A takedown names its legal basis, who demands it and their reference."),
            code=f"{name}_missing",
            field=name,
        )
    if len(text) > LINES[name]:
        raise ActionRefused(
            _("Shorten this to %(longest)s characters.") % {"longest": LINES[name]},
            code="too_long",
            field=name,
        )
    return text
