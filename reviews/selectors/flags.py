"""What was flagged of a claim, and who decides on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from claims.models import Claim
from claimtracker.accounts.access import sees_everything
from claimtracker.accounts.models import Membership, Role, User

from ..models import Comment, Flag, FlagCase


@dataclass(frozen=True, slots=True)
class OpenFlags:
    """What one person is shown on the claim's page: whether they flagged the claim, which comments of it
    they flagged, and of how many open cases they read the record."""

    claim: bool
    comments: frozenset[int]
    to_read: int


def open_flags(claim: Claim, user: Any) -> OpenFlags:
    """One query. Nothing of what others flagged, except for who may read it."""
    mine = Flag.objects.filter(case=OuterRef("pk"), by=user)
    cases = FlagCase.objects.open().filter(claim=claim)
    if not sees_everything(user):
        cases = cases.filter(Exists(mine) | Q(escalated_to=user))
    rows = list(cases.annotate(is_mine=Exists(mine)).values_list("comment_id", "escalated_to_id", "is_mine"))
    readable = sum(sees_everything(user) or asked == user.pk for _comment, asked, _mine in rows)
    flagged = {comment for comment, _asked, is_mine in rows if is_mine}
    return OpenFlags(None in flagged, frozenset(one for one in flagged if one is not None), readable)


def open_flag_of(claim: Claim, comment: Comment | None, user: Any) -> Flag | None:
    """What this person told the moderators of the thing, while it is open."""
    cases = FlagCase.objects.open().filter(claim=claim, comment=comment)
    return Flag.objects.filter(case__in=cases, by=user).first()


def cases_of(claim: Claim, user: Any) -> list[FlagCase]:
    """With flags, steps and comments, the newest first: all for moderators, for others those that they were
    asked about by name."""
    rows = FlagCase.objects.filter(claim=claim)
    if not sees_everything(user):
        rows = rows.filter(escalated_to=user)
    people = ("escalated_to", "decided_by", "comment__author")
    return list(
        rows.select_related(*people).prefetch_related("flags__by", "steps__by", "steps__to").order_by("-id")
    )


def was_asked(claim: Claim, user: Any) -> bool:
    return FlagCase.objects.filter(claim=claim, escalated_to=user).exists()


def readable_comments(cases: list[FlagCase], user: Any) -> dict[int, Comment]:
    """The comments that these are about, so far as the person may read them."""
    wanted = [case.comment_id for case in cases if case.comment_id]
    rows = Comment.objects.visible_to(user).filter(pk__in=wanted).select_related("author")
    return {comment.pk: comment for comment in rows}


def moderators() -> QuerySet[User]:
    theirs = Membership.objects.filter(user=OuterRef("pk"), role=Role.MODERATOR)
    return User.objects.filter(Exists(theirs) | Q(is_superuser=True), is_active=True)
