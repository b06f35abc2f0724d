"""What an insight page was asked for: how many weeks, and which of the person's desks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format

from claims.selectors import desks_for
from claimtracker.accounts.access import sees_everything
from claimtracker.accounts.models import Desk

from ..acceptance import RANGES, first_week


@dataclass(frozen=True, slots=True)
class Asked:
    """``desk_ids`` are the desks whose work counts; None for all there are."""

    weeks: int
    desk: Desk | None
    desks: list[Desk]
    desk_ids: list[int] | None
    first: datetime

    @classmethod
    def of(cls, user: Any, query: Mapping[str, str], *, ranges: tuple[int, ...] = RANGES) -> Asked:
        """What cannot be read is left out, so that a stale address still shows something."""
        given, slug = query.get("weeks", ""), query.get("desk", "")
        weeks = int(given) if given in {str(number) for number in ranges} else ranges[1]
        desks = list(desks_for(user))
        desk = next((desk for desk in desks if desk.slug == slug), None)
        if desk is not None:
            ids: list[int] | None = [desk.pk]
        else:
            ids = None if sees_everything(user) else [each.pk for each in desks]
        return cls(weeks, desk, desks, ids, first_week(weeks))

    def at(self, field: str) -> Q:
        """The condition that ``field`` leads to one of these desks."""
        return Q() if self.desk_ids is None else Q(**{f"{field}__in": self.desk_ids})

    @property
    def days(self) -> list[date]:
        """The Mondays of the weeks, the oldest first; the running week is the last."""
        monday = timezone.localdate(self.first)
        return [monday + timedelta(weeks=number) for number in range(self.weeks)]

    @property
    def query(self) -> str:
        return urlencode({"weeks": self.weeks, **({"desk": self.desk.slug} if self.desk else {})})


def week_label(day: date) -> str:
    return date_format(day, "j M Y")
