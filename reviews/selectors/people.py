"""Who may see a claim: the people to tell, and to mention."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from claims.models import Appearance, Claim
from claimtracker.accounts.models import Membership, Role, User

from .. import states
from ..models import ReviewTask
from ..models.review_task import TaskKind


def people_who_see(claim_id: int) -> QuerySet[User]:
    """Active people to whom ``Claim.objects.visible_to`` shows the claim: the same rule, read from the other
    end (a test holds the two together)."""
    desks = [
        *Claim.objects.filter(pk=claim_id).values_list("desk_id", flat=True),
        *Appearance.objects.filter(claim=claim_id).values_list("version__article__desk_id", flat=True),
    ]
    theirs = Membership.objects.filter(user=OuterRef("pk"))
    return User.objects.filter(
        Q(is_superuser=True) | Exists(theirs.filter(Q(role=Role.MODERATOR) | Q(desk__in=set(desks)))),
        is_active=True,
    )


def people_to_talk_to(claim_id: int) -> QuerySet[User]:
    """Who can be mentioned on a claim: people who see it, but for those who review it without knowing the
    first verdict."""
    blind = ReviewTask.objects.filter(
        claim=claim_id, kind=TaskKind.BLIND_REVIEW, state__in=states.OPEN, assignee__isnull=False
    )
    return people_who_see(claim_id).exclude(pk__in=blind.values("assignee_id"))
