"""What reviews know of a claim's family: who works on it, and which verdict stands already."""

from __future__ import annotations

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When

from claims.models import Claim, KnownClaim

from .. import states
from ..models import Publication, ReviewTask, Verdict


def checked_elsewhere() -> Exists:
    """Of each claim: nobody has to begin with it, because another of its family is checked or in hand.

    Another has an approved verdict (which no moderator took out of what is known), somebody has the task of
    another or a verdict of it waits, or it is a member and its canonical claim's task is open.
    """
    others = Claim.objects.filter(_same_family()).exclude(pk=OuterRef("pk"))
    withdrawn = KnownClaim.objects.filter(claim=OuterRef("pk"), withdrawn_at__isnull=False)
    verdicts = Verdict.objects.filter(claim=OuterRef("pk"))
    tasks = ReviewTask.objects.filter(claim=OuterRef("pk"))
    is_decided = Exists(verdicts.filter(state=states.APPROVED)) & ~Exists(withdrawn)
    is_in_hand = Exists(verdicts.filter(state__in=states.WAITING)) | Exists(tasks.filter(state=states.TAKEN))
    is_canonical = Q(canonical__isnull=True)
    return Exists(others.filter(is_decided | is_in_hand | (is_canonical & Q(Exists(tasks.open())))))


def is_checked_elsewhere(claim: Claim) -> bool:
    return Claim.objects.filter(checked_elsewhere(), pk=claim.pk).exists()


def publication_to_carry(claim: Claim) -> Publication | None:
    """What another claim of the family says in public: the canonical one's newest version, else the newest of
    another member; none that a moderator took out of what is known."""
    others = (
        Claim.objects.family_of(claim).exclude(pk=claim.pk).exclude(known_claim__withdrawn_at__isnull=False)
    )
    first_the_canonical = Case(When(claim__canonical__isnull=True, then=Value(0)), default=Value(1))
    found: QuerySet[Publication] = Publication.objects.standing().readable().filter(claim__in=others)
    found = found.select_related("claim", "verdict__rating").order_by(first_the_canonical, "-id")
    return found.first()


def _same_family() -> Q:
    """Written without a function around the columns, so that both indexes serve it."""
    of_canonical = Q(canonical=OuterRef("pk"))
    of_member = Q(pk=OuterRef("canonical")) | Q(canonical=OuterRef("canonical"))
    return of_canonical | of_member
