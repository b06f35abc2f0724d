"""When people and desks work: leave and languages by oneself, capacity, hours and days off by a lead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from zoneinfo import available_timezones

from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from claimtracker.accounts.models import DayOff, Desk, Leave, Membership, User, WorkingHours
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from claimtracker.kernel.working_time import DAY_MINUTES
from claimtracker.ledger import audit

from ..policies.people import can_keep_desk
from .assignment import lock_person

CAPACITY_MOST = 500


@transaction.atomic
def record_leave(*, by: User, first_day: date, last_day: date) -> Leave:
    """Days on which one takes nothing. What one has in hand stays until its lease ends: hand it over. Locks
    the person. Raises ActionRefused naming the field. Audits leave.recorded, without the days."""
    if last_day < first_day:
        raise ActionRefused(_("The last day comes before the first."), code="ends_early", field="last_day")
    lock_person(by)
    same = Leave.objects.of(by).filter(first_day__lte=last_day, last_day__gte=first_day).first()
    if same is not None:
        raise ActionRefused(
            _("You are on leave from %(first_day)s to %(last_day)s already. Remove that first.")
            % {
                "first_day": date_format(same.first_day, "j F"),
                "last_day": date_format(same.last_day, "j F"),
            },
            code="overlaps",
            field="first_day",
        )
    leave = Leave.objects.create(user=by, first_day=first_day, last_day=last_day)
    audit.record("leave.recorded", by=by, subject=leave)
    return leave


@transaction.atomic
def remove_leave(leave: Leave, *, by: User) -> None:
    """Take one's own leave back, or end it early. Locks the person. Audits leave.removed."""
    if leave.user_id != by.pk:
        raise NotPermitted(_("Only the person whose leave it is changes it."), code="not_yours")
    lock_person(by)
    audit.record("leave.removed", by=by, subject=leave)
    Leave.objects.filter(pk=leave.pk).delete()


@transaction.atomic
def choose_languages(*, by: User, languages: Sequence[str]) -> User:
    """The languages of the articles that one checks; none means all. Locks the person. Audits
    languages.chosen."""
    person = lock_person(by)
    person.languages = sorted({code.strip().lower() for code in languages if code.strip()})
    person.save(update_fields=["languages"])
    by.languages = person.languages
    audit.record("languages.chosen", by=by, subject=person, details={"languages": person.languages})
    return person


@transaction.atomic
def set_capacity(membership: Membership, *, by: User, capacity: int | None) -> Membership:
    """How many of the desk's tasks the person has in hand at most; None for no limit. What they have stays.
    Leads of the desk. Locks the membership. Audits membership.capacity_set."""
    row = (
        Membership.objects.select_for_update(of=("self",))
        .select_related("desk", "user")
        .get(pk=membership.pk)
    )
    can_keep_desk(by, row.desk).enforce()
    if capacity is not None and not 0 <= capacity <= CAPACITY_MOST:
        raise ActionRefused(
            _("Give a number from 0 to %(capacity_most)s, or nothing for no limit.")
            % {"capacity_most": CAPACITY_MOST},
            code="bad_capacity",
            field="capacity",
        )
    row.capacity = capacity
    row.save(update_fields=["capacity"])
    details = {"desk": row.desk.slug, "capacity": capacity, "of": str(audit.actor_for(row.user).ref)}
    audit.record("membership.capacity_set", by=by, subject=row, details=details)
    return row


@transaction.atomic
def set_working_hours(
    desk: Desk, *, by: User, time_zone: str, week: Mapping[int, Iterable[tuple[int, int]]]
) -> Desk:
    """The desk's time zone and week (weekday → spans in minutes since midnight); an empty week works round
    the clock. Deadlines that are set stay; new ones count by it. Leads of the desk. Locks the desk. Raises
    ActionRefused naming the field. Audits desk.hours_set."""
    row = Desk.objects.select_for_update().get(pk=desk.pk)
    can_keep_desk(by, row).enforce()
    if time_zone not in available_timezones():
        raise ActionRefused(
            _("Choose a time zone by its name, such as Europe/Berlin."),
            code="bad_time_zone",
            field="time_zone",
        )
    spans = [(day, *span) for day, found in sorted(week.items()) for span in _checked(day, found)]
    row.time_zone = time_zone
    row.save(update_fields=["time_zone"])
    WorkingHours.objects.filter(desk=row).delete()
    WorkingHours.objects.bulk_create(
        WorkingHours(desk=row, weekday=day, opens=opens, closes=closes) for day, opens, closes in spans
    )
    details = {"desk": row.slug, "time_zone": time_zone, "week": [list(span) for span in spans]}
    audit.record("desk.hours_set", by=by, subject=row, details=details)
    return row


@transaction.atomic
def add_day_off(desk: Desk, *, by: User, day: date, name: str) -> DayOff:
    """A day on which the desk's deadlines stand still. Leads of the desk. Audits desk.day_off_added."""
    can_keep_desk(by, desk).enforce()
    name = name.strip()
    if not name:
        raise ActionRefused(_("Name the day, such as “New Year’s Day”."), code="name_missing", field="name")
    try:
        with transaction.atomic():
            row = DayOff.objects.create(desk=desk, day=day, name=name[:100])
    except IntegrityError as error:  # a_day_off_is_listed_once
        raise ActionRefused(_("This day is off already."), code="already_off", field="day") from error
    audit.record("desk.day_off_added", by=by, subject=row, details={"desk": desk.slug, "day": str(day)})
    return row


@transaction.atomic
def remove_day_off(day_off: DayOff, *, by: User) -> None:
    """Work on that day after all. Leads of the desk. Audits desk.day_off_removed."""
    can_keep_desk(by, day_off.desk).enforce()
    details = {"desk": day_off.desk.slug, "day": str(day_off.day)}
    audit.record("desk.day_off_removed", by=by, subject=day_off, details=details)
    DayOff.objects.filter(pk=day_off.pk).delete()


def _checked(day: int, spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    ordered = sorted(spans)
    end = 0
    for number, (opens, closes) in enumerate(ordered):
        if not 0 <= opens < closes <= DAY_MINUTES:
            raise ActionRefused(_("A span ends after it begins."), code="bad_span", field=f"day_{day}")
        if number and opens < end:
            raise ActionRefused(_("Two spans of this day overlap."), code="spans_overlap", field=f"day_{day}")
        end = closes
    return ordered
