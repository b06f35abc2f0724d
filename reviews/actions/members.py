"""Who does what at a desk: as far as its leads may say."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from claimtracker.accounts.models import Desk, Membership, Role, User
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import audit

from .. import states
from ..models import NoticeKind, ReviewTask
from ..policies.settings import can_change_member, can_grant
from ..selectors.members import tasks_beyond
from .assignment import lock_person, lock_task, requeue
from .notifying import notify, task_key


@transaction.atomic
def add_member(desk: Desk, *, by: User, email: str, role: str) -> Membership:
    """Give somebody who has an account a role at a desk. Leads of the desk, up to what they are, and
    moderators. Locks the person.

    Raises NotPermitted, or ActionRefused (fields ``email``, ``role``). Audits membership.added.
    """
    can_grant(by, desk, role).enforce()
    found = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if found is None:
        raise ActionRefused(
            _("Nobody with this address has an account. Invite them: the link stands below."),
            code="no_account",
            field="email",
        )
    person = lock_person(found)
    try:
        with transaction.atomic():
            row = Membership.objects.create(user=person, desk=desk, role=role)
    except IntegrityError as error:  # one_role_per_person_and_desk
        raise ActionRefused(
            _("%(person)s is at this desk already. Change the role in the list.") % {"person": person},
            code="already_there",
            field="email",
        ) from error
    details = {"desk": desk.slug, "of": str(audit.actor_for(person).ref), "role": role}
    audit.record("membership.added", by=by, subject=row, details=details)
    return row


@transaction.atomic
def set_role(membership: Membership, *, by: User, role: str) -> Membership:
    """Another role at the desk. Tasks in hand that the new role may not have go back to the queue with draft
    and evidence, and the person is told. A desk keeps a lead. Leads of the desk, up to what they are, and
    moderators. Locks the desk, the tasks, then the person.

    Raises NotPermitted, or ActionRefused (field ``role``). Audits membership.role_set.
    """
    row = _locked(membership)
    can_change_member(by, row).enforce()
    can_grant(by, row.desk, role).enforce()
    if role == row.role:
        return row
    if role != Role.LEAD:
        _check_a_lead_stays(row)
    _give_back(row, role)
    details = {"desk": row.desk.slug, "of": _ref(row), "before": row.role, "after": role}
    row.role = role
    row.save(update_fields=["role"])
    audit.record("membership.role_set", by=by, subject=row, details=details)
    return row


@transaction.atomic
def remove_member(membership: Membership, *, by: User) -> None:
    """Take somebody off a desk; what they did stays theirs. As set_role. Audits membership.removed."""
    row = _locked(membership)
    can_change_member(by, row).enforce()
    _check_a_lead_stays(row)
    _give_back(row, "")
    details = {"desk": row.desk.slug, "of": _ref(row), "role": row.role}
    audit.record("membership.removed", by=by, subject=row, details=details)
    row.delete()


def role_was_changed(row: Membership, *, desk: Desk, role: str, before: str) -> None:
    """What the administration did: ``row`` was somebody's role ``before`` at ``desk``, and is ``role`` there
    now, empty for none. Tasks in hand that they may not have any more go back, and the desk keeps a lead.

    Inside the transaction of that change. Raises ActionRefused (code ``last_lead``).
    """
    there = Membership(pk=row.pk, user=row.user, desk=desk, role=before)
    if role != Role.LEAD:
        _check_a_lead_stays(there)
    _give_back(there, role)


def person_left(person: User) -> None:
    """Nobody signs in as this person any more: what is in their hands goes back to the queue with draft and
    evidence, and each desk that they lead has another lead.

    Inside the transaction that switches them off. Raises ActionRefused (code ``last_lead``).
    """
    for row in person.memberships.select_related("desk", "user").order_by("desk_id"):
        _check_a_lead_stays(row)
    held = ReviewTask.objects.filter(state=states.TAKEN, assignee=person)
    for pk in held.order_by("pk").values_list("pk", flat=True):
        task: ReviewTask = lock_task(pk)
        if task.assignee_id == person.pk:
            requeue(task)
            details = {"claim": task.claim_id}
            audit.record("review_task.released", by=audit.SYSTEM, subject=task, details=details)


def _locked(membership: Membership) -> Membership:
    """The desk first: of two leads who step down at the same moment one stays."""
    Desk.objects.select_for_update(no_key=True).get(pk=membership.desk_id)
    rows = Membership.objects.select_for_update(of=("self",)).select_related("desk", "user")
    return rows.get(pk=membership.pk)


def _check_a_lead_stays(row: Membership) -> None:
    if row.role != Role.LEAD:
        return
    others = Membership.objects.filter(desk=row.desk, role=Role.LEAD, user__is_active=True)
    if row.desk.closed_at is None and not others.exclude(user=row.user).exists():
        raise ActionRefused(
            _("%(person)s is the only lead of the %(desk)s desk. Make somebody else a lead first.")
            % {"person": row.user, "desk": row.desk.name},
            code="last_lead",
            field="role",
        )


def _give_back(row: Membership, role: str) -> None:
    for pk in tasks_beyond(row, role).order_by("pk").values_list("pk", flat=True):
        task: ReviewTask = lock_task(pk)
        if task.assignee_id != row.user_id:
            continue
        requeue(task)
        notify(
            [row.user],
            NoticeKind.LEASE_EXPIRED,
            text=_(
                "Your role at the %(desk)s desk changed; “%(claim)s” is back in the queue, your work kept."
            )
            % {"desk": row.desk.name, "claim": task.claim},
            claim=task.claim_id,
            key=f"{task_key(task)}:role:{row.pk}",
            task=task,
        )
        details = {"claim": task.claim_id}
        audit.record("review_task.released", by=audit.SYSTEM, subject=task, details=details)


def _ref(row: Membership) -> str:
    return str(audit.actor_for(row.user).ref)
