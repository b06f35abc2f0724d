"""Giving tasks, leave and languages, conflicts of interest, and a desk's hours."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from claimtracker.accounts.models import Desk, User
from claimtracker.accounts.models.hours import Weekday, clock

from ..models import ConflictOfInterest
from .base import RefusableForm, WordsField

_SPAN = re.compile(r"(\d{1,2})[:.](\d{2})\s*[-–—]\s*(\d{1,2})[:.](\d{2})")
DATE = {"type": "date"}


class GiveForm(RefusableForm):
    """Who gets a task, and what they should know."""

    to = forms.ModelChoiceField(
        label=_("People of the desk"),
        queryset=User.objects.none(),
        error_messages={"required": _("Choose who gets it.")},
    )
    note = WordsField(
        label=_("Note"),
        required=False,
        max_length=500,
        help_text=_("Where the work stands, or why it is for this person. It stands on the task."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    despite = forms.BooleanField(
        label=_("All the same, though the person is away, full or does not read the language"), required=False
    )

    def __init__(self, *args: Any, people: Iterable[int] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        chosen: Any = self.fields["to"]
        chosen.queryset = User.objects.filter(pk__in=people)


class DeclineForm(RefusableForm):
    reason = WordsField(
        label=_("Why not you"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why, so that it finds the right person.")},
    )


class DeadlineForm(RefusableForm):
    """Another deadline, and why."""

    due_at = forms.DateTimeField(
        label=_("New deadline"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={
            "required": _("Choose day and time."),
            "invalid": _("Write day and time as 2026-12-24 17:00."),
        },
    )
    reason = WordsField(
        label=_("Why it moves"),
        max_length=500,
        help_text=_("Whoever has the task is told; it stays in the history."),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={
            "required": _("Say why the deadline moves; it is kept in the history."),
            "max_length": _("Keep it under 500 characters."),
        },
    )


class LeaveForm(RefusableForm):
    first_day = forms.DateField(
        label=_("First day"),
        widget=forms.DateInput(attrs=DATE),
        error_messages={"required": _("Choose the first day."), "invalid": _("Write a day as 2026-12-24.")},
    )
    last_day = forms.DateField(
        label=_("Last day"),
        widget=forms.DateInput(attrs=DATE),
        error_messages={"required": _("Choose the last day."), "invalid": _("Write a day as 2026-12-24.")},
    )


class LanguagesForm(RefusableForm):
    languages = forms.MultipleChoiceField(
        label=_("Languages that you check in"),
        required=False,
        help_text=_("Tasks in other languages are not offered to you. Tick none to be offered all."),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, offered: Iterable[tuple[str, str]] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["languages"]
        field.choices = list(offered)


class ConflictForm(RefusableForm):
    """A stake in a person, organisation, subject or outlet; one in a single claim is declared on its page."""

    kind = forms.ChoiceField(
        label=_("What is it about?"),
        choices=[row for row in ConflictOfInterest.Kind.choices if row[0] != ConflictOfInterest.Kind.CLAIM],
        initial=ConflictOfInterest.Kind.PARTY,
    )
    subject = forms.CharField(
        label=_("Whom or what"),
        max_length=200,
        help_text=_(
            "As articles name it: “Acme Ltd”, “fishing quotas”, “ledger.example”. Claims that contain these "
            "words are kept from you, so leave out words that are not always there."
        ),
        error_messages={
            "required": _("Name the person, organisation, subject or site."),
            "max_length": _("Keep it under 200 characters."),
        },
    )
    reason = WordsField(
        label=_("Your stake in it"),
        max_length=500,
        help_text=_("A sentence is enough. You and the leads of your desks see it, nobody else."),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={
            "required": _("Say in a few words what your stake is."),
            "max_length": _("Keep it under 500 characters."),
        },
    )


class ClaimConflictForm(RefusableForm):
    reason = WordsField(
        label=_("Your stake in this claim"),
        max_length=500,
        help_text=_("A sentence is enough. You and the leads of your desks see it, nobody else."),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={
            "required": _("Say in a few words what your stake is."),
            "max_length": _("Keep it under 500 characters."),
        },
    )


class CapacityForm(RefusableForm):
    capacity = forms.IntegerField(
        label=_("Tasks at most"),
        required=False,
        min_value=0,
        max_value=500,
        widget=forms.NumberInput(attrs={"placeholder": _("no limit")}),
        error_messages={
            "invalid": _("Give a number, or nothing for no limit."),
            "min_value": _("Give a number from 0 to 500, or nothing for no limit."),
            "max_value": _("Give a number from 0 to 500, or nothing for no limit."),
        },
    )


class DayOffForm(RefusableForm):
    day = forms.DateField(
        label=_("Day"),
        widget=forms.DateInput(attrs=DATE),
        error_messages={"required": _("Choose the day."), "invalid": _("Write a day as 2026-12-24.")},
    )
    name = forms.CharField(
        label=_("Name"),
        max_length=100,
        error_messages={
            "required": _("Name the day, such as “New Year’s Day”."),
            "max_length": _("Keep the name under 100 characters."),
        },
    )


class HoursForm(RefusableForm):
    """A desk's time zone, and for each weekday its spans as people write them: 09:00–12:30, 13:30–18:00."""

    time_zone = forms.ChoiceField(label=_("Time zone"), error_messages={"required": _("Choose a time zone.")})

    def __init__(self, *args: Any, is_round_the_clock: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        unset = _("all day") if is_round_the_clock else _("closed")
        zones: Any = self.fields["time_zone"]
        zones.choices = [(name, name.replace("_", " ")) for name in sorted(available_timezones())]
        for day, label in Weekday.choices:
            self.fields[f"day_{day}"] = forms.CharField(
                label=label,
                required=False,
                max_length=100,
                widget=forms.TextInput(attrs={"placeholder": unset, "autocomplete": "off"}),
            )

    @classmethod
    def of(cls, desk: Desk) -> HoursForm:
        written: dict[str, Any] = {"time_zone": desk.time_zone}
        spans = list(desk.working_hours.all())
        for span in spans:
            name = f"day_{span.weekday}"
            words = f"{clock(span.opens)}–{clock(span.closes)}"
            written[name] = f"{written[name]}, {words}" if name in written else words
        return cls(initial=written, is_round_the_clock=not spans)

    @property
    def days(self) -> list[Any]:
        return [self[f"day_{day}"] for day in range(7)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        week: dict[int, list[tuple[int, int]]] = {}
        for day in range(7):
            words = str(cleaned.get(f"day_{day}", "")).strip()
            if not words:
                continue
            spans = [_span(part) for part in re.split(r"[,;]|\band\b", words)]
            if None in spans:
                self.add_error(f"day_{day}", _("Write the hours as 09:00–17:00, two spans with a comma."))
            else:
                week[day] = [span for span in spans if span is not None]
        cleaned["week"] = week
        return cleaned


def _span(words: str) -> tuple[int, int] | None:
    found = _SPAN.fullmatch(words.strip())
    if found is None:
        return None
    opens_hour, opens, closes_hour, closes = map(int, found.groups())
    if max(opens, closes) > 59:
        return None
    return opens_hour * 60 + opens, closes_hour * 60 + closes
