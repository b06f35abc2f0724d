"""What holds of a claim now, and the record of it."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from claims.models import Claim, RestrictedClaim
from claimtracker.accounts.erasure_holds import holds_erasure
from claimtracker.accounts.models import Membership, Role, User

from ..models import (
    Comment,
    Evidence,
    FlagCase,
    Publication,
    ReplyRequest,
    Restriction,
    Review,
    ReviewTask,
    Verdict,
)


def open_restrictions(claim_id: int) -> list[Restriction]:
    """For the claim's page. One query."""
    rows = Restriction.objects.open().filter(claim=claim_id)
    return list(rows.select_related("ordered_by", "confirmed_by", "lift_asked_by").order_by("id"))


def record_of(claim: Claim) -> list[Restriction]:
    """Every restriction of the claim with its steps, the newest first. Two queries."""
    people = ("ordered_by", "confirmed_by", "escalated_to", "lift_asked_by", "ended_by", "publication")
    rows = Restriction.objects.filter(claim=claim).select_related(*people)
    return list(rows.prefetch_related("steps__by", "steps__to").order_by("-id"))


@holds_erasure
def worked_on_what_is_held(person: User) -> str:
    """Nobody who had a part in a claim under legal hold is erased before the hold ends."""
    held = RestrictedClaim.objects.held().values_list("claim_id", flat=True)
    claims = list(held)
    if claims and any(rows.filter(**{who: person}).exists() for rows, who in _parts_in(claims)):
        return _("They had a part in a claim that is under legal hold. Lift the hold first.")
    return ""


def _parts_in(claims: list[int]) -> list[tuple[QuerySet[Any], str]]:
    """Everything that names somebody in the record of these claims, with the field that does."""
    of_claims = {
        ReviewTask: ("assignee", "proposed_by"),
        Evidence: ("added_by",),
        Verdict: ("author", "approver"),
        Publication: ("proposed_by", "approved_by", "published_by"),
        Comment: ("author", "mentions__user"),
        ReplyRequest: ("asked_by",),
        Restriction: ("ordered_by", "confirmed_by", "steps__by", "steps__to"),
        FlagCase: ("escalated_to", "decided_by", "flags__by", "steps__by", "steps__to"),
    }
    parts: list[tuple[QuerySet[Any], str]] = [
        (model._base_manager.filter(claim__in=claims), who)
        for model, names in of_claims.items()
        for who in names
    ]
    return [*parts, (Review.objects.filter(verdict__claim__in=claims), "reviewer")]


def second_people(claim: Claim) -> QuerySet[User]:
    """Who may be asked to decide: moderators, and leads of the claim's desk."""
    theirs = Membership.objects.filter(user=OuterRef("pk"))
    deciding = theirs.filter(Q(role=Role.MODERATOR) | Q(role=Role.LEAD, desk=claim.desk_id))
    return User.objects.filter(Exists(deciding) | Q(is_superuser=True), is_active=True).order_by("name", "pk")
