"""The figures of an insight page, counted at most once a minute for all who may see the same.

Every such page goes over half a year of claims: what it says does not change within seconds, and leads of
one desk ask for the same. With the cache away it is counted each time.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import fields
from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import get_language

from claimtracker.kernel.charts import ColumnChart, IntervalChart

from .asked import Asked
from .overview import Card
from .reports import Cell, Column, Panel, Report, Table

# What is kept is made of these: another version of the program, with other fields, does not read it.
PARTS = (Card, Cell, Column, ColumnChart, IntervalChart, Panel, Report, Table)
SHAPE = zlib.crc32(repr([(part.__name__, [each.name for each in fields(part)]) for part in PARTS]).encode())


class Kept(NamedTuple):
    figures: Any
    at: datetime


def kept(name: str, asked: Asked, count: Callable[[Asked], Any]) -> Kept:
    """``count(asked)``, or what it gave less than ``INSIGHT_KEPT_SECONDS`` ago for these desks and weeks."""
    seconds = settings.INSIGHT_KEPT_SECONDS
    if not seconds:
        return Kept(count(asked), timezone.now())
    key = _key(name, asked)
    found = cache.get(key)
    if found is None:
        at, figures = timezone.now(), count(asked)
        found = (at, figures)
        cache.set(key, found, timeout=seconds)
    return Kept(found[1], found[0])


def _key(name: str, asked: Asked) -> str:
    desks = "all" if asked.desk_ids is None else ",".join(map(str, sorted(asked.desk_ids)))
    desk = zlib.crc32(desks.encode()) if len(desks) > 100 else desks
    zone = timezone.get_current_timezone_name()
    return f"insight:{SHAPE:x}:{name}:{asked.weeks}:{asked.first:%Y%m%d}:{desk}:{get_language()}:{zone}"
