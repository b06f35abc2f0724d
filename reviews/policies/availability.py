"""Whether a person has room for a task: leave, capacity, language."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, DateField, F, Func, OuterRef, Subquery
from django.db.models.functions import Cast, Coalesce, Now
from django.utils.formats import date_format
from django.utils.translation import get_language_info, ngettext
from django.utils.translation import gettext as _

from claims.models import Claim
from claimtracker.accounts.access import PLACED
from claimtracker.accounts.models import Leave, Membership
from claimtracker.kernel.decisions import Allowed, Decision, Denied

from .. import states
from ..models import ReviewTask


@dataclass(frozen=True, slots=True)
class Room:
    """What one person has in hand at one desk, how much they may have, and until when they are on leave."""

    in_hand: int = 0
    capacity: int | None = None
    leave_until: date | None = None

    @property
    def is_full(self) -> bool:
        return self.capacity is not None and self.in_hand >= self.capacity


Availability = dict[int, Room]  # by desk id


def availabilities(users: Collection[Any]) -> dict[int, Availability]:
    """Person id → availability, in one query for any number of people, whose roles are known from then on.
    Today is the desk's."""
    found: dict[int, Availability] = {user.pk: {} for user in users}
    roles: dict[int, dict[int, str]] = {user.pk: {} for user in users}
    taken = ReviewTask.objects.filter(state=states.TAKEN, assignee=OuterRef("user"), desk=OuterRef("desk"))
    today = Cast(Func(F("desk__time_zone"), Now(), function="timezone"), DateField())
    leave = Leave.objects.filter(
        user=OuterRef("user"), first_day__lte=OuterRef("today"), last_day__gte=OuterRef("today")
    )
    counted = taken.order_by().values("desk").annotate(n=Count("pk")).values("n")
    rows = Membership.objects.filter(user__in=found).order_by().annotate(today=today)
    rows = rows.annotate(
        in_hand=Coalesce(Subquery(counted), 0), leave_until=Subquery(leave.values("last_day")[:1])
    )
    fields = ("user_id", "desk_id", "role", "in_hand", "capacity", "leave_until")
    for user_id, desk_id, role, *room in rows.values_list(*fields):
        found[user_id][desk_id] = Room(*room)
        if role in PLACED:
            roles[user_id][desk_id] = role
    for user in users:
        user._roles_by_desk = roles[user.pk]  # what access.roles_by_desk keeps
    return found


def room_at(availability: Availability, task: ReviewTask) -> Room:
    return availability.get(task.desk_id, Room())


def has_room(user: Any, task: ReviewTask, availability: Availability) -> Decision:
    """May the person take one more task, and this one? The sentence is for that person."""
    room = room_at(availability, task)
    if room.leave_until:
        until = date_format(room.leave_until, "j F")
        return Denied(
            _("You are on leave until %(until)s. End it under “Availability” to take tasks.")
            % {"until": until},
            "on_leave",
        )
    if room.is_full:
        says = ngettext(
            "You have %(in_hand)d task of the %(name)s desk in hand, and your limit is %(capacity)d. "
            "Finish one or give one back first.",
            "You have %(in_hand)d tasks of the %(name)s desk in hand, and your limit is %(capacity)d. "
            "Finish one or give one back first.",
            room.in_hand,
        )
        return Denied(
            says % {"in_hand": room.in_hand, "name": task.desk.name, "capacity": room.capacity},
            "at_capacity",
        )
    if language := foreign_language(user, task.claim):
        return Denied(
            _("This claim is in %(language)s, which is not among your languages.") % {"language": language},
            "other_language",
        )
    return Allowed()


def lacks(user: Any, task: ReviewTask, availability: Availability) -> list[str]:
    """For whoever gives the task away: each thing that speaks against this person, as half a sentence."""
    room, found = room_at(availability, task), []
    if room.leave_until:
        found.append(f"is on leave until {date_format(room.leave_until, 'j F')}")
    if room.is_full:
        found.append(f"has {room.in_hand} of {room.capacity} tasks in hand")
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
