"""Whether a person has room for a task: leave, capacity, language."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language_info

from claims.models import Claim
from claimtracker.accounts.models import Leave, Membership
from claimtracker.kernel.decisions import Allowed, Decision, Denied

from .. import states
from ..models import ReviewTask


@dataclass(slots=True)
class Availability:
    """What is known of one person: days of leave that are not over, tasks in hand and capacity by desk id."""

    leaves: list[Leave] = field(default_factory=list)
    capacity: dict[int, int | None] = field(default_factory=dict)
    in_hand: dict[int, int] = field(default_factory=dict)

    def leave_on(self, day: date) -> Leave | None:
        return next((leave for leave in self.leaves if leave.first_day <= day <= leave.last_day), None)


def availabilities(users: Collection[Any]) -> dict[int, Availability]:
    """Person id → availability, in three queries for any number of people."""
    found: dict[int, Availability] = {user.pk: Availability() for user in users}
    # a day of margin: the desk's today may be the server's yesterday
    recent = timezone.now().date() - timedelta(days=1)
    for leave in Leave.objects.filter(user__in=found).not_over(recent):
        found[leave.user_id].leaves.append(leave)
    limits = Membership.objects.filter(user__in=found).values_list("user_id", "desk_id", "capacity")
    for user_id, desk_id, capacity in limits:
        found[user_id].capacity[desk_id] = capacity
    taken = ReviewTask.objects.filter(state=states.TAKEN, assignee__in=found).order_by()
    counts = taken.values("assignee_id", "desk_id").annotate(n=Count("pk"))
    for row in counts:
        found[row["assignee_id"]].in_hand[row["desk_id"]] = row["n"]
    return found


def has_room(
    user: Any, task: ReviewTask, availability: Availability, *, now: datetime | None = None
) -> Decision:
    """May the person take one more task, and this one? The sentence is for that person."""
    today = (now or timezone.now()).astimezone(ZoneInfo(task.desk.time_zone)).date()
    if leave := availability.leave_on(today):
        until = date_format(leave.last_day, "j F")
        return Denied(
            f"You are on leave until {until}. End it under “Availability” to take tasks.", "on_leave"
        )
    limit = availability.capacity.get(task.desk_id)
    held = availability.in_hand.get(task.desk_id, 0)
    if limit is not None and held >= limit:
        tasks = "task" if held == 1 else "tasks"
        return Denied(
            f"You have {held} {tasks} of the {task.desk.name} desk in hand, and your limit is {limit}. "
            "Finish one or give one back first.",
            "at_capacity",
        )
    if language := foreign_language(user, task.claim):
        return Denied(f"This claim is in {language}, which is not among your languages.", "other_language")
    return Allowed()


def lacks(
    user: Any, task: ReviewTask, availability: Availability, *, now: datetime | None = None
) -> list[str]:
    """For whoever gives the task away: each thing that speaks against this person, as half a sentence."""
    found = []
    today = (now or timezone.now()).astimezone(ZoneInfo(task.desk.time_zone)).date()
    if leave := availability.leave_on(today):
        found.append(f"is on leave until {date_format(leave.last_day, 'j F')}")
    limit = availability.capacity.get(task.desk_id)
    held = availability.in_hand.get(task.desk_id, 0)
    if limit is not None and held >= limit:
        found.append(f"has {held} of {limit} tasks in hand")
    if language := foreign_language(user, task.claim):
        found.append(f"does not check claims in {language}")
    return found


def foreign_language(user: Any, claim: Claim) -> str:
    """The name of the claim's language when the person listed languages and it is none of them, else
    nothing. A claim that stands in several articles needs one of theirs."""
    if not user.languages:
        return ""
    spoken = {code.partition("-")[0].lower() for code in user.languages}
    theirs = {code.partition("-")[0].lower() for code in claim_languages(claim)}
    return "" if not theirs or spoken & theirs else " or ".join(sorted(map(language_name, theirs)))


def claim_languages(claim: Claim) -> set[str]:
    """Of the articles in which it stands; without a query where they came along."""
    if "appearances" in getattr(claim, "_prefetched_objects_cache", {}):
        found = {place.version.article.language for place in claim.appearances.all()}
    else:
        found = set(claim.appearances.order_by().values_list("version__article__language", flat=True))
    return found - {""}


def language_name(code: str) -> str:
    try:
        return str(get_language_info(code)["name"])
    except KeyError:
        return code
