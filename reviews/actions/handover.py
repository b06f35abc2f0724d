"""Giving a task to somebody: a lead out of the queue, its holder or a lead out of somebody's hands."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claimtracker.accounts.models import User
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from claimtracker.ledger import audit

from .. import states
from ..models import Handover, NoticeKind, ReviewTask
from ..policies.assignment import can_answer_handover, can_be_given, can_give_task
from ..policies.availability import availabilities, lacks
from ..policies.conflicts import prime_people
from .assignment import lease_end, lock_person, lock_task, put_in_hands, requeue
from .notifying import notify, task_key

NOTE_LENGTH = 500


@transaction.atomic
def give_task(
    review_task: ReviewTask, *, by: User, to: User, note: str = "", despite: bool = False
) -> ReviewTask:
    """Put a task into the hands of ``to``, with a note: assign it from the queue (leads), or hand it over
    (its holder, or a lead, who must say why). Draft and evidence stay.

    Role, own verdict and a declared conflict of interest refuse; leave, capacity and language do too, unless
    ``despite`` with a note that says why. Locks the task, then the receiver. Raises NotPermitted, or
    ActionRefused naming the field. Audits review_task.assigned or review_task.handed_over, tells the
    receiver and whoever had it.
    """
    task = lock_task(review_task.pk)
    to = lock_person(to)
    can_give_task(by, task).enforce()
    note = note.strip()
    if len(note) > NOTE_LENGTH:
        raise ActionRefused(
            _("Keep the note under %(note_length)s characters.") % {"note_length": NOTE_LENGTH},
            code="note_long",
            field="note",
        )
    if task.state == states.TAKEN and not note:
        raise ActionRefused(_("Say in a note where the work stands."), code="note_missing", field="note")
    _check_receiver(task, to, note=note, despite=despite)
    holder, verb = task.assignee, "review_task.handed_over" if task.assignee else "review_task.assigned"
    given_at = _pass_on(task, to)
    handover = Handover.objects.create(
        task=task, giver=by, holder=holder, receiver=to, note=note, created_at=given_at
    )
    if to.pk == by.pk:
        Handover.objects.filter(pk=handover.pk).update(accepted_at=given_at)
    details = {"claim": task.claim_id, "to": str(audit.actor_for(to).ref)}
    audit.record(verb, by=by, subject=task, details=details, note=note)
    _tell(task, handover)
    return task


@transaction.atomic
def accept_handover(review_task: ReviewTask, *, by: User) -> Handover:
    """The receiver says yes. Locks the task, renews its lease. Audits review_task.accepted, tells the
    giver."""
    task, handover = _waiting(review_task, by)
    now = timezone.now()
    handover.accepted_at = now
    handover.save(update_fields=["accepted_at"])
    task.lease_until = lease_end(task, now)
    task.save(update_fields=["lease_until"])
    audit.record("review_task.accepted", by=by, subject=task, details={"claim": task.claim_id})
    text = _("%(by)s accepted “%(claim)s”.") % {"by": by, "claim": task.claim}
    _answer(task, handover, by=by, text=text)
    return handover


@transaction.atomic
def decline_handover(review_task: ReviewTask, *, by: User, reason: str) -> ReviewTask:
    """The receiver says no, and why; the task goes back to the queue with its draft and evidence. Locks the
    task. Audits review_task.declined, tells the giver."""
    task, handover = _waiting(review_task, by)
    reason = reason.strip()
    if not reason:
        raise ActionRefused(
            _("Say why, so that it finds the right person."), code="reason_missing", field="reason"
        )
    if len(reason) > NOTE_LENGTH:
        raise ActionRefused(
            _("Keep the reason under %(note_length)s characters.") % {"note_length": NOTE_LENGTH},
            code="note_long",
            field="reason",
        )
    handover.declined_at, handover.decline_reason = timezone.now(), reason
    handover.save(update_fields=["declined_at", "decline_reason"])
    requeue(task)
    audit.record("review_task.declined", by=by, subject=task, details={"claim": task.claim_id}, note=reason)
    text = _("%(by)s declined “%(claim)s”, so it is in the queue: %(reason)s") % {
        "by": by,
        "claim": task.claim,
        "reason": reason,
    }
    _answer(task, handover, by=by, text=text)
    return task


def _check_receiver(task: ReviewTask, to: User, *, note: str, despite: bool) -> None:
    decision = can_be_given(task, to, conflict=prime_people(task.claim, [to]).get(to.pk))
    if not decision:
        raise NotPermitted(decision.reason, code=decision.code, field="to")
    found = lacks(to, task, availabilities([to])[to.pk])
    if not found:
        return
    sentence = f"{to} {' and '.join(found)}."
    if not despite:
        raise ActionRefused(
            _("%(sentence)s Tick “all the same” and say why in the note.") % {"sentence": sentence},
            code="no_room",
            field="to",
        )
    if not note:
        raise ActionRefused(
            _("%(sentence)s Say in the note why all the same.") % {"sentence": sentence},
            code="note_missing",
            field="note",
        )


def _pass_on(task: ReviewTask, to: User) -> datetime:
    """From hand to hand through the queue, within one transaction: both steps are in the table. Returns
    when."""
    if task.state == states.TAKEN:
        requeue(task)
    return put_in_hands(task, to)


def _waiting(review_task: ReviewTask, by: User) -> tuple[ReviewTask, Handover]:
    task = lock_task(review_task.pk)
    handover = Handover.objects.select_for_update(of=("self",)).filter(task=task).order_by("-id").first()
    if handover is not None:
        handover.task = task
    can_answer_handover(by, task, handover).enforce()
    assert handover is not None  # noqa: S101 - the policy denied without one
    return task, handover


def _tell(task: ReviewTask, handover: Handover) -> None:
    note = f": {handover.note}" if handover.note else "."
    key = f"{task_key(task)}:handover:{handover.pk}"
    kind = NoticeKind.ASSIGNED
    text = _("%(giver)s gave you “%(claim)s”%(note)s") % {
        "giver": handover.giver,
        "claim": task.claim,
        "note": note,
    }
    notify([handover.receiver], kind, text=text, claim=task.claim_id, key=key, by=handover.giver, task=task)
    if handover.holder_id and handover.holder_id != handover.giver_id:
        text = _("%(giver)s gave “%(claim)s”, which you had, to %(receiver)s%(note)s") % {
            "giver": handover.giver,
            "claim": task.claim,
            "receiver": handover.receiver,
            "note": note,
        }
        notify(
            [handover.holder],
            NoticeKind.HANDED_OVER,
            text=text,
            claim=task.claim_id,
            key=key,
            by=handover.giver,
            task=task,
        )


def _answer(task: ReviewTask, handover: Handover, *, by: User, text: str) -> None:
    notify(
        [handover.giver],
        NoticeKind.HANDED_OVER,
        text=text,
        claim=task.claim_id,
        key=f"{task_key(task)}:handover:{handover.pk}:answer",
        by=by,
        task=task,
    )
