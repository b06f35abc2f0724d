"""Dates as pages and front matter write them."""

import re
from datetime import UTC, datetime

_ISO_START = re.compile(r"\A\s*(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(?:[.,]\d+)?)?\s*(\S*)")


def parse_date(text: str) -> datetime | None:
    """An ISO 8601 date or moment, in UTC when it names no zone; None when it is none or not plausible."""
    found = _ISO_START.match(text[:60])
    if found is None:
        return None
    year, month, day, clock, zone = found.groups()
    zone = "+00:00" if clock is None or zone.upper() in {"", "Z", "UTC", "GMT"} else zone
    try:
        moment = datetime.fromisoformat(f"{year}-{month}-{day}T{clock or '00:00'}{zone}")
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment if 1600 < moment.year < 2200 else None
