"""What holds of a claim now, and the record of it."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from claims.models import Claim
from claimtracker.accounts.models import Membership, Role, User

from ..models import Restriction


def open_restrictions(claim_id: int) -> list[Restriction]:
    """For the claim's page. One query."""
    rows = Restriction.objects.open().filter(claim=claim_id)
    return list(rows.select_related("ordered_by", "confirmed_by", "lift_asked_by").order_by("id"))


def record_of(claim: Claim) -> list[Restriction]:
    """Every restriction of the claim with its steps, the newest first. Two queries."""
    people = ("ordered_by", "confirmed_by", "escalated_to", "lift_asked_by", "ended_by", "publication")
    rows = Restriction.objects.filter(claim=claim).select_related(*people)
    return list(rows.prefetch_related("steps__by", "steps__to").order_by("-id"))


def second_people(claim: Claim) -> QuerySet[User]:
    """Who may be asked to decide: moderators, and leads of the claim's desk."""
    theirs = Membership.objects.filter(user=OuterRef("pk"))
    deciding = theirs.filter(Q(role=Role.MODERATOR) | Q(role=Role.LEAD, desk=claim.desk_id))
    return User.objects.filter(Exists(deciding) | Q(is_superuser=True), is_active=True).order_by("name", "pk")
