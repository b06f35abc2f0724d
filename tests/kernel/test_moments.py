"""How moments are written for others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from claimtracker.kernel.moments import rfc3339

WEST = timezone(timedelta(hours=-5))


@pytest.mark.parametrize(
    ("at", "exact", "to_the_second"),
    [
        (datetime(2026, 11, 27, 9, 30, tzinfo=UTC), "2026-11-27T09:30:00Z", "2026-11-27T09:30:00Z"),
        (
            datetime(2026, 11, 27, 9, 30, 59, 999_999, tzinfo=UTC),
            "2026-11-27T09:30:59.999999Z",
            "2026-11-27T09:30:59Z",
        ),
        (
            datetime(2026, 12, 31, 20, 0, 0, 250_000, tzinfo=WEST),
            "2027-01-01T01:00:00.250000Z",
            "2027-01-01T01:00:00Z",
        ),
    ],
)
def test_in_utc_with_or_without_the_fraction(at: datetime, exact: str, to_the_second: str) -> None:
    assert rfc3339(at) == exact
    assert rfc3339(at, to="seconds") == to_the_second
    assert datetime.fromisoformat(exact) == at
