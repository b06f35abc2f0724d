"""One lane for each host: one request at a time, a pause, rest when it asks, and nothing that blocks it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from claims import states
from claims.actions import feed_visits
from claims.actions.feeds import pause_feed
from claims.actions.host_lanes import VISIT, take_turn, wake_due_hosts
from claims.models import WebHost
from claimtracker.accounts.models import User
from claimtracker.jobs.models import Job
from tests.support.feeds import (
    HTML,
    XML,
    free_hosts,
    later,
    lead,
    rss,
    run_dry,
    serve_stories,
    server,
    states_of,
    story,
    turn,
    watched,
)
from tests.support.hostile_server import HostileServer

__all__ = ["lead", "server"]  # fixtures
pytestmark = pytest.mark.django_db


def test_a_host_that_asks_for_rest_gets_it_for_all_its_pages(server: HostileServer, lead: User) -> None:
    links = serve_stories(server, ["a", "b"])
    server.gives("/feed", rss(*links), headers=XML)
    feed = watched(server, lead)
    turn(feed)
    server.gives("/a", status="429 Too Many Requests", headers=("Retry-After: 1800",))
    server.gives("/b", status="429 Too Many Requests", headers=("Retry-After: 1800",))
    assert run_dry(feed) == 1
    host = WebHost.objects.get()
    assert timedelta(minutes=29) < host.free_at - timezone.now() <= timedelta(minutes=30)
    assert "come back later" in host.message
    said = feed.items.exclude(message="").get()
    assert (said.state, said.code, said.failures) == (states.WAITING, "rate_limited", 0)
    lane = Job.objects.open().get(kind=VISIT)
    assert lane.due_at >= host.free_at - timedelta(seconds=1)
    serve_stories(server, ["a", "b"])
    later(feed, minutes=31)
    run_dry(feed)
    assert states_of(feed) == ["ingested", "ingested"]
    assert WebHost.objects.get().refusals == 0


def test_the_rest_doubles_for_a_host_that_names_none(
    server: HostileServer, lead: User, settings: Any
) -> None:
    settings.FEED_HOST_REST_SECONDS = 60.0
    server.gives("/feed", rss(), headers=XML)
    feed = watched(server, lead)
    run_dry(feed)
    server.gives("/feed", status="503 Busy", headers=())
    waits = []
    for _ in range(3):
        later(feed, days=2)
        run_dry(feed)
        waits.append(round((WebHost.objects.get().free_at - timezone.now()).total_seconds(), -1))
    assert waits == [60, 120, 240]


def test_the_database_refuses_a_request_before_the_host_is_free(server: HostileServer, lead: User) -> None:
    host = WebHost.objects.create(name="slow.example", free_at=timezone.now() + timedelta(seconds=30))
    with pytest.raises(IntegrityError, match="may not be asked before"), transaction.atomic():
        WebHost.objects.filter(pk=host.pk).update(asked_at=timezone.now())


def test_a_host_is_not_asked_twice_within_its_pause(server: HostileServer, lead: User, settings: Any) -> None:
    server.gives("/feed", rss(*serve_stories(server, ["a"])), headers=XML)
    feed = watched(server, lead)
    settings.FEED_HOST_PAUSE_SECONDS = 30.0
    assert turn(feed)
    assert not turn(feed), "its pause has not passed"
    assert len([each for each in server.asked if each.path == "/a"]) == 0
    lane = Job.objects.open().get(kind=VISIT)
    assert lane.due_at > timezone.now() + timedelta(seconds=25)


def test_a_redirect_goes_on_in_the_lane_of_the_other_host(server: HostileServer, lead: User) -> None:
    """127.0.0.1 and localhost are two names, so two lanes."""
    target = server.gives("/there", story("There", "It cost 9 million."), headers=HTML)
    link = server.redirects("/a", target.replace("127.0.0.1", "localhost"))
    server.gives("/feed", rss(link), headers=XML)
    feed = watched(server, lead)
    run_dry(feed)
    item = feed.items.get()
    assert (item.hops, item.host.name, item.state) == (1, "localhost", states.WAITING)
    assert not any(each.path == "/there" for each in server.asked)


def test_a_redirect_loop_ends_with_its_cause(server: HostileServer, lead: User) -> None:
    link = server.redirects("/a", server.url("/b"))
    server.redirects("/b", server.url("/a"))
    server.gives("/feed", rss(link), headers=XML)
    feed = watched(server, lead)
    run_dry(feed)
    item = feed.items.get()
    assert (item.state, item.code, item.hops) == (states.LEFT_OUT, "too_many_redirects", 0)


def test_a_fault_of_ours_keeps_no_other_page_waiting(
    server: HostileServer, lead: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.gives("/feed", rss(*serve_stories(server, ["a", "b"])), headers=XML)
    feed = watched(server, lead)
    turn(feed)
    good = feed_visits.read_response

    def trips(response: Any) -> Any:
        if response.url.endswith("/a"):
            raise RecursionError
        return good(response)

    monkeypatch.setattr(feed_visits, "read_response", trips)
    run_dry(feed)
    assert set(feed.items.values_list("state", "code")) == {("ingested", ""), ("left_out", "fault")}


def test_what_kills_its_worker_is_left_out_in_the_end(server: HostileServer, lead: User) -> None:
    server.gives("/feed", rss(*serve_stories(server, ["a"])), headers=XML)
    feed = watched(server, lead)
    turn(feed)
    host = WebHost.objects.get()
    for _ in range(5):
        assert take_turn(host) is not None  # and then the worker was killed
        free_hosts()
    run_dry(feed)
    assert feed.items.get().code == "worker_lost"


def test_the_beat_wakes_a_host_whose_wake_up_was_lost(server: HostileServer, lead: User) -> None:
    server.gives("/feed", rss(), headers=XML)
    feed = watched(server, lead)
    Job.objects.all().delete()
    assert wake_due_hosts() == 1
    assert wake_due_hosts() == 0, "its lane is open"
    pause_feed(feed, by=lead)
    Job.objects.all().delete()
    assert wake_due_hosts() == 0, "nothing is due"
