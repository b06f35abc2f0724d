"""Who has to be the second person, for whole lists."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q

from claimtracker.accounts.access import roles_by_desk
from claimtracker.accounts.models import Role

from ..models.routing import Approval, ClaimRoute


def asked_to_approve(user: Any) -> Q:
    """The same answer as policies.reviewers.is_asked_to_approve, for a list of tasks; a test holds them
    together. Not a join: the queue is counted over all open tasks."""
    leads = [desk for desk, role in roles_by_desk(user).items() if role == Role.LEAD]
    wants_others = ClaimRoute.objects.filter(claim=OuterRef("claim")).exclude(approval=Approval.ANYONE)
    wants_others = wants_others.exclude(approval=Approval.NAMED, reviewer_ids__contains=[user.pk])
    return Q(desk__in=leads) | ~Q(Exists(wants_others))
