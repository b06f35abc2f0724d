"""Events from a cursor on: oldest first, none left out, none of another partner."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claimtracker.ledger import outbox
from claimtracker.ledger.models import OutboxEvent
from claimtracker.partners.models import Holding, PartnerEvent
from claimtracker.partners.ordering import place_event
from claimtracker.partners.tidying import tidy
from tests.factories import make_correction, make_partner, make_publication

from .conftest import Asker, assert_problem


def place_all() -> None:
    for event in OutboxEvent.objects.filter(type__startswith="claim.verdict_").order_by("pk"):
        place_event(event)


def publish(count: int) -> list[str]:
    """The ids of the publications, in their order."""
    made = [str(make_publication().public_id) for _ in range(count)]
    place_all()
    return made


def publications(page: dict[str, Any]) -> list[str]:
    return [event["data"]["publication"] for event in page["results"]]


def test_a_reader_walks_from_the_oldest_to_the_newest_and_waits_there(asker: Asker) -> None:
    made = publish(5)
    first = asker.get("events?limit=2").json()
    assert (publications(first), first["has_more"]) == (made[:2], True)
    second = asker.get(f"events?limit=2&after={first['cursor']}").json()
    third = asker.get(f"events?limit=2&after={second['cursor']}").json()
    assert publications(second) + publications(third) == made[2:]
    assert third["has_more"] is False
    nothing = asker.get(f"events?after={third['cursor']}").json()
    assert nothing == {"results": [], "cursor": third["cursor"], "has_more": False}
    more = publish(1)
    assert publications(asker.get(f"events?after={nothing['cursor']}").json()) == more


def test_an_event_is_what_a_webhook_tells(asker: Asker) -> None:
    publish(1)
    event = OutboxEvent.objects.get(type="claim.verdict_published")
    (shown,) = asker.get("events").json()["results"]
    assert shown["id"] == str(event.uid)
    assert (shown["type"], shown["data"]) == (event.type, event.payload)
    assert shown["timestamp"].endswith("Z")


def test_one_may_begin_now(asker: Asker) -> None:
    publish(2)
    begun = asker.get("events?after=now").json()
    assert begun["results"] == []
    later = publish(1)
    assert publications(asker.get(f"events?after={begun['cursor']}").json()) == later


def test_types_narrow_and_the_cursor_passes_the_others(asker: Asker) -> None:
    publish(1)
    publication = make_publication()
    make_correction(publication)
    place_all()
    page = asker.get("events?types=claim.verdict_corrected,claim.verdict_retracted").json()
    assert [event["type"] for event in page["results"]] == ["claim.verdict_corrected"]
    assert page["cursor"] == "3"
    assert_problem(asker.get("events?types=claim.dreamt"), 400, "types must be one or more of")
    assert_problem(asker.get("events?types="), 400, "types must be one or more of")


def test_another_partner_s_events_are_not_there(asker: Asker) -> None:
    stranger = make_partner("stranger")
    with transaction.atomic():
        event = outbox.emit(
            "claim.verdict_published", subject=stranger, payload={"secret": 1}, audience=stranger.origin
        )
    place_event(event)
    mine = asker.get("events").json()
    assert (mine["results"], mine["cursor"]) == ([], "1")
    assert len(Asker(stranger).get("events").json()["results"]) == 1


def test_a_cursor_older_than_what_is_kept_says_so(asker: Asker) -> None:
    publish(3)
    old = timezone.now() - timedelta(days=31)
    PartnerEvent.objects.filter(number__lte=2).update(created_at=old)
    assert tidy()["events"] == 2
    assert len(asker.get("events?after=2").json()["results"]) == 1
    assert len(asker.get("events").json()["results"]) == 1
    problem = assert_problem(asker.get("events?after=1"), 410, "no longer kept")
    assert problem["code"] == "cursor_expired"
    PartnerEvent.objects.update(created_at=old)
    tidy()
    assert asker.get("events?after=3").json() == {"results": [], "cursor": "3", "has_more": False}
    assert publications(asker.get("events?after=3").json()) == []
    later = publish_next()
    assert publications(asker.get("events?after=3").json()) == [later]


def publish_next() -> str:
    publication = make_publication()
    place_event(OutboxEvent.objects.filter(type="claim.verdict_published").latest("pk"))
    return str(publication.public_id)


@pytest.mark.parametrize("after", ["99", "x", "-1", "1.5", ""])
def test_a_cursor_that_we_did_not_give_is_refused(asker: Asker, after: str) -> None:
    publish(1)
    assert_problem(asker.get(f"events?after={after}"), 400, "cursor")


def test_reading_events_is_noted(asker: Asker) -> None:
    made = publish(2)
    asker.get("events")
    rows = Holding.objects.filter(partner=asker.partner)
    assert {(str(row.publication), row.way) for row in rows} == {(one, "events") for one in made}


def test_a_page_costs_the_same_at_3_and_at_12_events(asker: Asker) -> None:
    def queries() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as captured:
            rows = len(asker.get("events?limit=50").json()["results"])
        return rows, len(captured)

    asker.get("events")
    publish(3)
    few = queries()
    publish(9)
    many = queries()
    assert (few[0], many[0]) == (3, 12)
    assert few[1] == many[1] <= 8
