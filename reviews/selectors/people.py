"""Who may see a claim: the people to tell, and to mention."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from claims.models import Appearance, Claim
from claimtracker.accounts.models import Membership, Role, User

from .. import states
from ..models import Evidence, Publication, ReplyRequest, Review, ReviewTask, Verdict
from ..models.review_task import SEEING, TaskKind


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


def people_who_worked_on(claim_id: int) -> set[int]:
    """Ids of who had a task of the claim in hand, brought evidence, wrote a verdict or gave a review of one,
    asked for a reply, or published a version. Once each, in one query."""
    worked = [
        ReviewTask.objects.filter(claim=claim_id, assignee__isnull=False).values_list("assignee_id"),
        Evidence.objects.filter(claim=claim_id).values_list("added_by_id"),
        Verdict.objects.filter(claim=claim_id).values_list("author_id"),
        Review.objects.filter(verdict__claim=claim_id).values_list("reviewer_id"),
        ReplyRequest.objects.filter(claim=claim_id).values_list("asked_by_id"),
        Publication.objects.filter(claim=claim_id).values_list("published_by_id"),
    ]
    first, *others = [rows.order_by() for rows in worked]
    return {person for (person,) in first.union(*others)}


def people_to_talk_to(claim_id: int) -> QuerySet[User]:
    """Who can be mentioned on a claim: people who see it and may know its finding."""
    return people_who_see(claim_id).filter(_may_know(claim_id))


def people_who_may_know(claim_id: int, people: Iterable[int]) -> set[int]:
    """Those of ``people`` (ids) to whom the verdict that waits may be told, as policies.blind.may_see_verdict
    has it."""
    return set(User.objects.filter(_may_know(claim_id), pk__in=list(people)).values_list("pk", flat=True))


def _may_know(claim_id: int) -> Q:
    tasks = ReviewTask.objects.filter(claim=claim_id)
    if not tasks.open().filter(kind=TaskKind.BLIND_REVIEW).exists():
        return Q()
    theirs = tasks.filter(state=states.TAKEN, assignee=OuterRef("pk"))
    proposed = Verdict.objects.filter(claim=claim_id, author=OuterRef("pk"), state__in=states.UNDECIDED)
    everywhere = Membership.objects.filter(user=OuterRef("pk"), role=Role.MODERATOR)
    return ~Q(Exists(theirs.filter(kind=TaskKind.BLIND_REVIEW))) & (
        Q(is_superuser=True)
        | Q(Exists(everywhere))
        | Q(Exists(theirs.filter(kind__in=SEEING)))
        | Q(Exists(proposed))
    )
