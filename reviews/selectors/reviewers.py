"""Who has to be the second person, for whole lists."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q

from claims.models import Claim
from claimtracker.accounts.access import roles_by_desk
from claimtracker.accounts.models import Membership, Role

from ..models.routing import Approval, ClaimRoute


def asked_to_approve(user: Any) -> Q:
    """The same answer as policies.reviewers.is_asked_to_approve, for a list of tasks that is annotated with
    ``asks_others``; a test holds them together."""
    leads = [desk for desk, role in roles_by_desk(user).items() if role == Role.LEAD]
    return Q(desk__in=leads) | Q(asks_others=False)


def people_asked_to_approve(claim: Claim) -> list[int]:
    """Ids of those whom the claim's route names, or of the desk's leads where it asks for a lead; nobody
    where anybody may approve."""
    route = ClaimRoute.objects.filter(claim=claim).first()
    if route is None or route.approval == Approval.ANYONE:
        return []
    if route.approval == Approval.NAMED:
        return list(route.reviewer_ids)
    leads = Membership.objects.filter(desk=claim.desk_id, role=Role.LEAD)
    return list(leads.values_list("user_id", flat=True))


def asks_others(user: Any) -> Exists:
    """Of each task: its claim's route asks for somebody, and not for ``user``. Not a join: the queue is
    counted over all open tasks."""
    asking = ClaimRoute.objects.filter(claim=OuterRef("claim")).exclude(approval=Approval.ANYONE)
    return Exists(asking.exclude(approval=Approval.NAMED, reviewer_ids__contains=[user.pk]))
