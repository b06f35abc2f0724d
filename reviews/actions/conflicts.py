"""Declaring a conflict of interest, and ending it. Only for oneself."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.models import Claim
from claimtracker.accounts.models import User
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from claimtracker.ledger import audit

from .. import states
from ..models import ConflictOfInterest, ReviewTask
from .assignment import lock_person, lock_task, requeue

SUBJECT_LENGTH, REASON_LENGTH = 200, 500


@transaction.atomic
def declare_conflict(
    *, by: User, kind: str, subject: str = "", claim: Claim | None = None, reason: str
) -> ConflictOfInterest:
    """Say what one has a stake in. From then on the person takes, approves and is given nothing that it
    touches; what they have in hand of it goes back to the queue, with draft and evidence.

    Locks the person's tasks, then the person. Raises ActionRefused naming the field. Audits
    conflict.declared (without the reason, which is the person's own) and review_task.released.
    """
    kind, subject, reason = _checked(kind, subject, claim, reason)
    held = _lock_tasks_of(by)
    lock_person(by)
    held |= _lock_tasks_of(by)  # taken while we waited; nothing more can be taken now
    try:
        with transaction.atomic():
            conflict = ConflictOfInterest.objects.create(
                user=by, kind=kind, subject=subject, claim=claim, reason=reason
            )
    except IntegrityError as error:  # a_conflict_is_declared_once
        field = None if claim else "subject"
        raise ActionRefused(_("You declared this already."), code="already_declared", field=field) from error
    audit.record("conflict.declared", by=by, subject=conflict, details={"kind": kind})
    _return_touched(conflict, held, by)
    return conflict


@transaction.atomic
def end_conflict(conflict: ConflictOfInterest, *, by: User) -> ConflictOfInterest:
    """Say that a stake is no more. The row stays, with its dates. Locks it. Raises NotPermitted for anybody
    else's. Audits conflict.ended."""
    row = ConflictOfInterest.objects.select_for_update(of=("self",)).get(pk=conflict.pk)
    if row.user_id != by.pk:
        raise NotPermitted(_("Only the person who declared it ends it."), code="not_yours")
    if row.ended_at is not None:
        raise ActionRefused(_("This is ended already."), code="already_ended")
    row.ended_at = timezone.now()
    row.save(update_fields=["ended_at"])
    audit.record("conflict.ended", by=by, subject=row, details={"kind": row.kind})
    return row


def _checked(kind: str, subject: str, claim: Claim | None, reason: str) -> tuple[str, str, str]:
    subject, reason = " ".join(subject.split()), reason.strip()
    if kind not in ConflictOfInterest.Kind.values:
        raise ActionRefused(_("Choose what it is about."), code="bad_kind", field="kind")
    if kind == ConflictOfInterest.Kind.CLAIM:
        if claim is None:
            raise ActionRefused(
                _("Declare this on the claim's own page."), code="claim_missing", field="kind"
            )
        subject = ""
    elif not any(char.isalnum() for char in subject):
        raise ActionRefused(
            _("Name the person, organisation, subject or site."), code="no_subject", field="subject"
        )
    if len(subject) > SUBJECT_LENGTH:
        raise ActionRefused(
            _("Keep it under %(subject_length)s characters.") % {"subject_length": SUBJECT_LENGTH},
            code="subject_long",
            field="subject",
        )
    if not reason:
        raise ActionRefused(
            _("Say in a few words what your stake is."), code="reason_missing", field="reason"
        )
    if len(reason) > REASON_LENGTH:
        raise ActionRefused(
            _("Keep it under %(reason_length)s characters.") % {"reason_length": REASON_LENGTH},
            code="reason_long",
            field="reason",
        )
    return kind, subject, reason


def _lock_tasks_of(person: User) -> dict[int, ReviewTask]:
    taken = list(ReviewTask.objects.taken_by(person).order_by("pk").values_list("pk", flat=True))
    locked = {pk: lock_task(pk) for pk in taken}
    # who waited for the row may find it done: that was decided before the declaration, and stays
    return {
        pk: task
        for pk, task in locked.items()
        if task.state == states.TAKEN and task.assignee_id == person.pk
    }


def _return_touched(conflict: ConflictOfInterest, held: dict[int, ReviewTask], by: User) -> None:
    claims = Claim.objects.filter(pk__in={task.claim_id for task in held.values()})
    touched = set(claims.filter(conflict.touches()).order_by().values_list("pk", flat=True))
    for task in held.values():
        if task.claim_id in touched:
            requeue(task)
            details = {"claim": task.claim_id, "because": "conflict"}
            audit.record("review_task.released", by=by, subject=task, details=details)
