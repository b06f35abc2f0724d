"""The order in which partners read events: numbered after the commit, so that none comes in before another
that was read."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection, transaction

import claimtracker.partners.tasks  # noqa: F401 - registers the jobs in this process
from claimtracker.accounts.models import Role
from claimtracker.jobs import runner
from claimtracker.jobs.actions import run_again
from claimtracker.jobs.models import Job
from claimtracker.ledger import outbox
from claimtracker.ledger.models import OutboxEvent
from claimtracker.partners import ordering
from claimtracker.partners.models import Edition, EventOrder, Partner, PartnerEvent
from claimtracker.partners.ordering import events_for, newest_number, place_event
from tests.factories import make_correction, make_endpoint, make_partner, make_publication, make_user
from tests.support.races import forced_interleaving

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def partner() -> Partner:
    return make_partner("wire")


def emit(partner: Partner, audience: str = "") -> OutboxEvent:
    with transaction.atomic():
        return outbox.emit("claim.verdict_published", subject=partner, audience=audience)


def fan_out_all() -> None:
    """Run what is committed, as workers do."""
    for job in Job.objects.open().filter(kind="partners.fan_out").order_by("pk"):
        runner.run(job.pk)


def read(partner: Partner, after: int = 0) -> list[PartnerEvent]:
    return list(events_for(partner, after=after, types=()))


def test_a_lower_id_that_commits_after_a_higher_one_was_read_is_read_too(partner: Partner) -> None:
    """Two connections. By ids a reader that stands at the higher one would never see the lower."""
    written, may_commit = threading.Event(), threading.Event()
    slow: list[int] = []

    def write_slowly() -> None:
        try:
            with transaction.atomic():
                slow.append(outbox.emit("claim.verdict_published", subject=partner).pk)
                written.set()
                assert may_commit.wait(20)
        finally:
            connection.close()

    thread = threading.Thread(target=write_slowly)
    thread.start()
    assert written.wait(20)
    fast = emit(partner)
    assert slow[0] < fast.pk
    fan_out_all()
    seen = read(partner)
    assert [place.event_id for place in seen] == [fast.pk]
    cursor = seen[-1].number
    may_commit.set()
    thread.join(20)
    fan_out_all()
    assert [place.event_id for place in read(partner, after=cursor)] == [slow[0]]
    assert [place.event_id for place in read(partner)] == [fast.pk, slow[0]], "and the order stays"


def test_two_that_number_at_once_wait_for_each_other(partner: Partner) -> None:
    place_event(emit(partner))
    for _ in range(20):
        one, other = emit(partner), emit(partner)
        order = EventOrder.objects.get()
        first, second = forced_interleaving(
            lambda: place_event(one),  # noqa: B023 - called here
            lambda: place_event(other),  # noqa: B023 - called here
            over=order,
        )
        assert first.won and second.won
        assert sorted((first.value.number, second.value.number)) == [order.last + 1, order.last + 2]


def test_a_number_is_not_seen_before_the_numbers_below_it(partner: Partner) -> None:
    """One numbers and does not commit; another cannot get past it."""
    place_event(emit(partner))
    held, may_commit = threading.Event(), threading.Event()
    first, second = emit(partner), emit(partner)

    def number_slowly() -> None:
        try:
            with transaction.atomic():
                place_event(first)
                held.set()
                assert may_commit.wait(20)
        finally:
            connection.close()

    slow = threading.Thread(target=number_slowly)
    slow.start()
    assert held.wait(20)
    fast = threading.Thread(target=lambda: (place_event(second), connection.close()))
    fast.start()
    fast.join(0.5)
    assert fast.is_alive(), "it waits"
    assert newest_number() == 1
    may_commit.set()
    slow.join(20)
    fast.join(20)
    assert [place.event_id for place in read(partner, after=1)] == [first.pk, second.pk]


def test_an_event_has_one_number_however_often_its_job_runs(partner: Partner) -> None:
    event = emit(partner)
    first, again = place_event(event), place_event(event)
    assert first == again
    assert newest_number() == 1


def test_an_older_version_whose_job_is_run_again_late_does_not_come_after_a_newer_one(
    partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its fan-out was a dead letter until somebody mended the cause, days after the correction went out."""
    endpoint = make_endpoint(partner)
    first = make_publication()
    with monkeypatch.context() as broken:
        broken.setattr(ordering, "place_event", None)
        fan_out_all()
    dead = Job.objects.get(kind="partners.fan_out", state="dead")
    second = make_correction(first)
    fan_out_all()
    runner.run(run_again(dead, by=make_user(Role.MODERATOR)).pk)
    dead.refresh_from_db()
    assert dead.state == "done"
    assert [place.event.payload["version"] for place in read(partner)] == [2]
    assert newest_number() == 1, "and no number is left out"
    assert set(Edition.objects.values_list("publication", flat=True)) == {first.public_id, second.public_id}
    states = endpoint.deliveries.order_by("version").values_list("version", "state")
    assert list(states) == [(1, "superseded"), (2, "pending")]


def test_what_concerns_one_partner_is_read_by_no_other(partner: Partner) -> None:
    other = make_partner("other")
    public, own = emit(partner), emit(partner, audience=partner.origin)
    theirs = emit(partner, audience=other.origin)
    nobodys = emit(partner, audience="partner:nobody")
    for event in (public, own, theirs, nobodys):
        place_event(event)
    assert [place.event_id for place in read(partner)] == [public.pk, own.pk]
    assert [place.event_id for place in read(other)] == [public.pk, theirs.pk]
    assert PartnerEvent.objects.count() == 3


def test_an_addressed_event_that_lost_its_audience_is_read_by_nobody(partner: Partner, settings: Any) -> None:
    event = emit(partner)
    settings.OUTBOX_ADDRESSED = frozenset({"claim.verdict_published"})
    assert place_event(event) is None
    assert read(partner) == []


def test_what_is_none_of_partners_business_is_not_among_the_events(partner: Partner) -> None:
    """Only what settings subscribe the fan-out to comes here at all."""
    publication = make_publication()
    with transaction.atomic():
        outbox.emit("claim.dismissed", subject=publication.claim)
    fan_out_all()
    assert [place.type for place in read(partner)] == ["claim.verdict_published"]
    make_correction(publication)
    fan_out_all()
    editions = list(Edition.objects.order_by("version"))
    assert [(one.version, one.is_correction) for one in editions] == [(1, False), (2, True)]
    assert editions[0].claim == publication.claim.public_id
