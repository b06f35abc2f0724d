"""Who has to be the second person, for whole lists."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from claimtracker.accounts.access import roles_by_desk
from claimtracker.accounts.models import Role

from ..models.routing import Approval


def asked_to_approve(user: Any, *, claim: str = "claim") -> Q:
    """The same answer as policies.reviewers.is_asked_to_approve, for rows with a ``desk`` and a ``claim``; a
    test holds them together."""
    leads = [desk for desk, role in roles_by_desk(user).items() if role == Role.LEAD]
    anyone = Q(**{f"{claim}__route__isnull": True}) | Q(**{f"{claim}__route__approval": Approval.ANYONE})
    named = Q(
        **{
            f"{claim}__route__approval": Approval.NAMED,
            f"{claim}__route__reviewer_ids__contains": [user.pk],
        }
    )
    return anyone | named | Q(desk__in=leads)
