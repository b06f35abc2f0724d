"""Making, renaming and closing desks."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from claims.models import Claim
from claimtracker import jobs
from claimtracker.accounts.access import sees_everything
from claimtracker.accounts.models import Desk, Membership, Role, User
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import audit

from .. import states
from ..models import NoticeKind, ReviewTask
from ..policies.settings import can_change_desk, can_make_desk
from ..selectors.members import roles_for
from .assignment import lock_task, requeue
from .notifying import notify, task_key

EMPTY = "reviews.empty_desk"
BATCH = 200


@transaction.atomic
def make_desk(*, by: User, name: str, time_zone: str) -> Desk:
    """A new desk, which works round the clock until somebody sets its hours. Who makes it leads it, unless
    they see every desk anyway. Leads of any desk, and moderators.

    Raises NotPermitted, or ActionRefused (field ``name``). Audits desk.made.
    """
    can_make_desk(by).enforce()
    name = _free_name(name)
    desk = Desk.objects.create(slug=_free_slug(name), name=name, time_zone=time_zone)
    audit.record("desk.made", by=by, subject=desk, details={"desk": desk.slug, "name": name})
    if not sees_everything(by):
        row = Membership.objects.create(user=by, desk=desk, role=Role.LEAD)
        _forget_roles(by)
        details = {"desk": desk.slug, "of": str(audit.actor_for(by).ref), "role": str(Role.LEAD)}
        audit.record("membership.added", by=by, subject=row, details=details)
    return desk


@transaction.atomic
def rename_desk(desk: Desk, *, by: User, name: str) -> Desk:
    """Another name; addresses and what was published keep theirs. Leads of the desk, and moderators. Locks
    the desk. Raises NotPermitted, or ActionRefused (field ``name``). Audits desk.renamed."""
    row = Desk.objects.select_for_update().get(pk=desk.pk)
    can_change_desk(by, row).enforce()
    name = _free_name(name, but=row)
    if name == row.name:
        return row
    details = {"desk": row.slug, "before": row.name, "after": name}
    row.name = name
    row.save(update_fields=["name"])
    audit.record("desk.renamed", by=by, subject=row, details=details)
    return row


@transaction.atomic
def close_desk(desk: Desk, *, by: User, into: Desk) -> Desk:
    """Close a desk for good: from now on what would come to it goes to ``into``, and a job moves its claims
    and open tasks there. Its people keep their roles, so that they read what they did. Leads of the desk, and
    moderators. Locks both desks.

    Raises NotPermitted, or ActionRefused (field ``into``). Audits desk.closed.
    """
    both = Desk.objects.select_for_update().filter(pk__in=[desk.pk, into.pk]).order_by("pk")
    rows = {row.pk: row for row in both}
    row, heir = rows[desk.pk], rows[into.pk]
    can_change_desk(by, row).enforce()
    if row.is_default:
        raise ActionRefused(
            _("What no rule places goes to this desk. A moderator makes another one the default first."),
            code="is_default",
        )
    if heir.pk == row.pk or heir.closed_at is not None:
        raise ActionRefused(_("Choose another desk that is open."), code="not_open", field="into")
    row.closed_at, row.closed_into = timezone.now(), heir
    row.save(update_fields=["closed_at", "closed_into"])
    Desk.objects.filter(closed_into=row).update(closed_into=heir)
    audit.record("desk.closed", by=by, subject=row, details={"desk": row.slug, "into": heir.slug})
    jobs.enqueue(EMPTY, row.pk)
    return row


def waits_to_be_moved(desk: Desk) -> bool:
    return Claim.objects.filter(desk=desk).exists() or ReviewTask.objects.open().filter(desk=desk).exists()


def empty_desk(desk: Desk, *, limit: int = BATCH) -> int:
    """Move some of what a closed desk has to the desk that took over: claims with their open tasks. Who has a
    task in hand and the role for it there keeps it; else it waits there, with its draft and evidence, and the
    person is told. Safe to repeat. Each claim under its lock. Returns how many claims. Audits
    review_task.rerouted.
    """
    heir = desk.closed_into
    if heir is None:
        return 0
    tasks = ReviewTask.objects.open().filter(desk=desk).order_by("pk")
    ids = set(Claim.objects.filter(desk=desk).order_by("pk").values_list("pk", flat=True)[:limit])
    ids |= set(tasks.values_list("claim", flat=True)[:limit])
    for claim_id in sorted(ids):
        _move_claim(claim_id, desk, heir)
    return len(ids)


@transaction.atomic
def _move_claim(claim_id: int, desk: Desk, heir: Desk) -> None:
    claim = Claim.objects.select_for_update(no_key=True).get(pk=claim_id)
    if claim.desk_id == desk.pk:
        claim.desk = heir
        claim.save(update_fields=["desk"])
    tasks = ReviewTask.objects.open().filter(claim=claim, desk=desk).order_by("pk")
    for pk in list(tasks.values_list("pk", flat=True)):
        task = lock_task(pk)
        if task.state not in states.OPEN or task.desk_id != desk.pk:
            continue
        holder = task.assignee
        if holder is not None and not _may_have(holder, task, heir):
            requeue(task)
            notify(
                [holder],
                NoticeKind.LEASE_EXPIRED,
                text=_(
                    "The %(desk)s desk was closed; “%(claim)s” waits at the %(heir)s desk, your work kept."
                )
                % {"desk": desk, "claim": task.claim, "heir": heir},
                claim=claim.pk,
                key=f"{task_key(task)}:closed",
                task=task,
            )
        task.desk = heir
        task.save(update_fields=["desk"])
        details = {"claim": claim.pk, "desk": heir.slug, "before": {"desk": desk.pk}}
        audit.record("review_task.rerouted", by=audit.SYSTEM, subject=task, details=details)


def _may_have(person: User, task: ReviewTask, desk: Desk) -> bool:
    roles = roles_for(task.kind)
    return Membership.objects.filter(user=person, desk=desk, role__in=roles, user__is_active=True).exists()


def _free_name(name: str, *, but: Desk | None = None) -> str:
    name = " ".join(name.split())
    if not name:
        raise ActionRefused(_("Give the desk a name, such as Health."), code="name_missing", field="name")
    if len(name) > 100:
        raise ActionRefused(_("Keep the name under 100 characters."), code="too_long", field="name")
    others = Desk.objects.exclude(pk=but.pk) if but else Desk.objects.all()
    if others.filter(name__iexact=name).exists():
        raise ActionRefused(_("There is a desk of this name already."), code="name_taken", field="name")
    return name


def _free_slug(name: str) -> str:
    stem = slugify(name)[:40] or "desk"
    taken = set(Desk.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    return next(slug for slug in (stem, *(f"{stem}-{n}" for n in range(2, 1000))) if slug not in taken)


def _forget_roles(user: User) -> None:
    """What access.roles_by_desk keeps of them is out of date."""
    user.__dict__.pop("_roles_by_desk", None)
