"""How a person wants to be told: one row for each kind of notice, and when collected mail comes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from claimtracker.accounts.models import User
from reviews.actions.notifying import Wish, all_wishes_of
from reviews.models import EmailWish, MailTimes, NoticeKind
from reviews.models.mailing import MORNING, time_zones

DAYS = [
    (0, _("Monday")),
    (1, _("Tuesday")),
    (2, _("Wednesday")),
    (3, _("Thursday")),
    (4, _("Friday")),
    (5, _("Saturday")),
    (6, _("Sunday")),
]
HOURS = [(hour, f"{hour:02d}:00") for hour in range(24)]
GROUPS: list[tuple[Any, tuple[NoticeKind, ...]]] = [
    (
        _("Conversations"),
        (NoticeKind.MENTIONED, NoticeKind.COMMENTED),
    ),
    (
        _("Your tasks"),
        (
            NoticeKind.ASSIGNED,
            NoticeKind.HANDED_OVER,
            NoticeKind.REVIEW_WANTED,
            NoticeKind.HALF_TIME,
            NoticeKind.DUE,
            NoticeKind.LEASE_EXPIRED,
            NoticeKind.ESCALATED,
        ),
    ),
    (
        _("Verdicts"),
        (NoticeKind.RETURNED, NoticeKind.APPROVED, NoticeKind.DISSENT, NoticeKind.ADJUDICATED),
    ),
]
OTHERS = _("After publication")


@dataclass(frozen=True, slots=True)
class Row:
    label: Any
    in_app: forms.BoundField
    email: forms.BoundField


class PreferencesForm(forms.Form):
    """``app_<kind>`` and ``email_<kind>`` for every kind there is."""

    time_zone = forms.ChoiceField(label=_("Your time zone"), choices=time_zones)
    hour = forms.TypedChoiceField(label=_("Collected mail comes at"), choices=HOURS, coerce=int)
    weekday = forms.TypedChoiceField(label=_("Weekly mail comes on"), choices=DAYS, coerce=int)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for kind in NoticeKind:
            self.fields[f"app_{kind}"] = forms.BooleanField(
                label=_("In the app: %(kind)s") % {"kind": kind.label}, required=False
            )
            self.fields[f"email_{kind}"] = forms.ChoiceField(
                label=_("By e-mail: %(kind)s") % {"kind": kind.label}, choices=EmailWish.choices
            )

    @classmethod
    def of(cls, user: User) -> PreferencesForm:
        times = MailTimes.objects.filter(user=user).first()
        initial: dict[str, Any] = {
            "time_zone": times.time_zone if times else settings.TIME_ZONE,
            "hour": times.hour if times else MORNING,
            "weekday": times.weekday if times else 0,
        }
        for kind, wish in all_wishes_of(user).items():
            initial |= {f"app_{kind}": wish.in_app, f"email_{kind}": wish.email}
        return cls(initial=initial)

    def groups(self) -> list[tuple[Any, list[Row]]]:
        """The rows, in groups; a kind that no group names stands in the last."""
        named = {kind for _label, kinds in GROUPS for kind in kinds}
        rest = tuple(kind for kind in NoticeKind if kind not in named)
        return [
            (label, [Row(kind.label, self[f"app_{kind}"], self[f"email_{kind}"]) for kind in kinds])
            for label, kinds in [*GROUPS, (OTHERS, rest)]
        ]

    def wishes(self) -> dict[str, Wish]:
        given = self.cleaned_data
        return {kind.value: Wish(given[f"app_{kind}"], given[f"email_{kind}"]) for kind in NoticeKind}

    def times(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("time_zone", "hour", "weekday")}
