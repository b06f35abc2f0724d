"""The retry ladder."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from claimtracker.partners import schedule

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def test_each_rung_waits_as_published_plus_up_to_a_fifth() -> None:
    published = [5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400]
    for tries, seconds in enumerate(published, start=1):
        waits = {(schedule.next_try_at(tries, now=NOW) - NOW).total_seconds() for _ in range(50)}
        assert seconds <= min(waits)
        assert max(waits) <= seconds * 1.2
        assert len(waits) > 40, "jitter"
    assert schedule.next_try_at(10, now=NOW) is None


def test_retry_after_only_lengthens_the_wait() -> None:
    hour, second = timedelta(hours=1), timedelta(seconds=1)
    assert schedule.next_try_at(1, now=NOW, retry_after=hour) == NOW + hour
    assert schedule.next_try_at(1, now=NOW, retry_after=second) >= NOW + timedelta(seconds=5)
    assert schedule.next_try_at(1, now=NOW, retry_after=timedelta(days=90)) == NOW + timedelta(days=1)
    assert schedule.next_try_at(10, now=NOW, retry_after=hour) is None


@pytest.mark.parametrize(
    ("status", "value", "seconds"),
    [
        (429, "120", 120),
        (502, "1", 1),
        (503, "Fri, 20 Nov 2026 09:40:00 GMT", 600),
        (504, "Fri, 20 Nov 2026 09:00:00 GMT", 0),
        (503, "99999999999999999999", 86400),
        (503, "soon", None),
        (503, "-5", None),
        (503, "", None),
        (500, "120", None),
        (200, "120", None),
    ],
)
def test_what_a_receiver_under_load_asks_for(status: int, value: str, seconds: int | None) -> None:
    asked = schedule.retry_after(status, {"retry-after": value}, now=NOW)
    assert (None if asked is None else asked.total_seconds()) == seconds
