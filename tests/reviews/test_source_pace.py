"""Cited pages are asked for in their host's turn, beside the pages of watched sources."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.utils import timezone

from claims.actions.host_lanes import VISIT, take_host, take_turn
from claims.models import FeedItem, WebHost
from claimtracker.accounts.models import Role, User
from claimtracker.jobs.models import Job
from reviews.actions.snapshots import LOOK, look_at
from reviews.actions.source_checks import ask_for_due_looks, record_look
from reviews.actions.sources import protect_source
from reviews.models import Source, SourceCheck, SourceSnapshot
from tests import factories
from tests.support.cited_pages import QUOTE, cite, look, page
from tests.support.feeds import XML, free_hosts, rss, serve_stories, turn, watched
from tests.support.hostile_server import HostileServer

pytestmark = pytest.mark.django_db
PAUSE = 30.0


@pytest.fixture
def checker() -> User:
    return factories.make_user()


def goes(source: Source) -> Any:
    """One run of the job: what came of it, kept."""
    source = Source.objects.get(pk=source.pk)
    brought = look_at(source)
    record_look(source, look=brought)
    return brought


def seconds_until(moment: Any) -> float:
    return float((moment - timezone.now()).total_seconds())


def test_the_second_page_of_a_host_waits_for_its_pause_and_no_longer(
    server: HostileServer, checker: User, settings: Any
) -> None:
    settings.FEED_HOST_PAUSE_SECONDS = PAUSE
    first, second = (cite(server, checker, path).source for path in ("/a", "/b"))
    assert goes(first).page is not None
    waits = goes(second)
    assert (waits.is_over, len(server.asked)) == (False, 1)
    assert waits.again_at == WebHost.objects.get().free_at and 25 < seconds_until(waits.again_at) <= PAUSE
    assert not SourceCheck.objects.filter(source=second).exists()
    free_hosts()
    assert goes(second).page is not None


def test_lanes_stand_back_for_a_page_that_somebody_waits_for(
    server: HostileServer, checker: User, settings: Any
) -> None:
    lead = factories.make_user(Role.LEAD)
    server.gives("/feed", rss(*serve_stories(server, ["a", "b"])), headers=XML)
    feed = watched(server, lead)
    source = cite(server, checker).source
    settings.FEED_HOST_PAUSE_SECONDS = PAUSE
    assert turn(feed)
    assert not goes(source).is_over
    WebHost.objects.update(asked_at=None)
    WebHost.objects.update(free_at=timezone.now())
    host = WebHost.objects.get()
    assert take_turn(host) is None, "the turn is kept"
    assert not turn(feed)
    assert Job.objects.open().get(kind=VISIT).due_at == host.kept_until
    assert goes(source).page is not None
    host.refresh_from_db()
    assert host.kept_until is None
    assert Job.objects.open().get(kind=VISIT).due_at == host.free_at, "its lane goes on after the pause"
    free_hosts()
    assert isinstance(take_turn(host), FeedItem)


def test_a_turn_that_is_kept_for_nobody_is_free_again(server: HostileServer, checker: User) -> None:
    lead = factories.make_user(Role.LEAD)
    server.gives("/feed", rss(*serve_stories(server, ["a"])), headers=XML)
    turn(watched(server, lead))
    host = WebHost.objects.get()
    WebHost.objects.update(kept_until=timezone.now() - timedelta(seconds=1))
    assert take_turn(host) is not None


def test_nobody_asks_a_host_while_a_request_to_it_is_under_way(
    server: HostileServer, checker: User, settings: Any
) -> None:
    lead = factories.make_user(Role.LEAD)
    server.gives("/feed", rss(*serve_stories(server, ["a", "b"])), headers=XML)
    feed = watched(server, lead)
    turn(feed)
    host = WebHost.objects.get()
    settings.FEED_HOST_PAUSE_SECONDS = 2.0
    assert take_turn(host) is not None
    WebHost.objects.update(free_at=host.asked_at)  # the pause is over, the answer has not come
    waits = goes(cite(server, checker).source)
    assert not waits.is_over and 1 < seconds_until(waits.again_at) <= 2, "it looks again at the host's pace"
    assert take_host(host, lasts=1) is not None
    WebHost.objects.update(asking_until=timezone.now(), kept_until=None)
    assert take_host(host, lasts=1) is None, "a killed worker's request is over at its time limit"
    WebHost.objects.update(free_at=host.asked_at)
    assert take_turn(host) is None, "and lanes wait for a look's request in the same way"


def test_a_host_that_asks_for_rest_gets_it_from_looks_and_lanes(server: HostileServer, checker: User) -> None:
    lead = factories.make_user(Role.LEAD)
    server.gives("/feed", rss(*serve_stories(server, ["a"])), headers=XML)
    feed = watched(server, lead)
    turn(feed)
    source = cite(server, checker).source
    server.gives("/accounts", b"", status="429 Too Many Requests", headers=("Retry-After: 120",))
    brought = goes(source)
    host = WebHost.objects.get()
    assert 115 < seconds_until(host.free_at) <= 120 and "come back later" in host.message
    assert brought.again_at == host.free_at, "the job comes back when it may"
    source.refresh_from_db()
    assert (source.condition, source.failures) == ("away", 0)
    assert "asks us to come back later (status 429)" in source.condition_message
    asked = len(server.asked)
    assert not turn(feed) and not goes(source).is_over
    assert len(server.asked) == asked
    server.gives("/accounts", page(QUOTE))
    free_hosts()
    assert goes(source).page is not None and WebHost.objects.get().refusals == 0


def test_a_host_that_never_has_time_is_asked_when_the_page_is_due(
    server: HostileServer, checker: User
) -> None:
    source = cite(server, checker).source
    server.gives("/accounts", b"", status="503 Busy", headers=())
    for _ in range(3):
        assert goes(source).again_at is not None
        free_hosts()
    assert goes(source).again_at is None
    source.refresh_from_db()
    assert source.failures == 1 and seconds_until(source.next_check_at) > 3500


def test_a_redirect_goes_on_in_the_turn_of_the_other_host(
    server: HostileServer, checker: User, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLAIMTRACKER_OUTBOUND_ALLOW", f"{server.pair},localhost:{server.port}")
    settings.FEED_HOST_PAUSE_SECONDS = PAUSE
    target = server.gives("/there", page(QUOTE)).replace("127.0.0.1", "localhost")
    server.redirects("/accounts", "/moved")
    server.redirects("/moved", target)
    source = cite(server, checker).source
    assert goes(source).moved_to == server.url("/moved")
    assert not goes(source).is_over, "the same host, within its pause"
    free_hosts()
    assert goes(source).moved_to == target
    assert goes(source).page is not None, "another host has a pace of its own"
    assert [asked.path for asked in server.asked] == ["/accounts", "/moved", "/there"]
    assert SourceSnapshot.objects.get().url == target
    source.refresh_from_db()
    assert (source.at_url, source.hops, source.url) == ("", 0, server.url("/accounts"))


def test_a_redirect_of_long_ago_and_one_of_a_protected_source_are_forgotten(
    server: HostileServer, checker: User
) -> None:
    server.redirects("/accounts", "/moved")
    source = cite(server, checker).source
    brought = look_at(source)
    record_look(source, look=brought)
    source.refresh_from_db()
    assert source.next_url == server.url("/moved")
    source.moved_at -= timedelta(days=2)
    assert (source.next_url, source.next_hops) == (source.url, 1)
    protect_source(source, by=checker, because="He would be found.")
    record_look(source, look=brought)
    source.refresh_from_db()
    assert source.at_url == ""


def test_due_pages_of_one_host_are_asked_for_apart(server: HostileServer, checker: User) -> None:
    for number in range(12):
        cite(server, checker, f"/{number}")
    other = factories.make_evidence(factories.make_claim(), checker, url="https://other.example/x").source
    Job.objects.all().delete()
    Source.objects.update(next_check_at=timezone.now() - timedelta(days=1))
    assert ask_for_due_looks() == 11, "ten of one host and one of the other"
    due = sorted(Job.objects.filter(kind=LOOK).values_list("due_at", flat=True))
    apart = [round((after - before).total_seconds(), -1) for before, after in pairwise(due[1:])]
    assert apart == [30.0] * 9
    assert Job.objects.due().filter(object_id=str(other.pk)).exists()


def test_a_look_costs_the_other_host_nothing(server: HostileServer, checker: User) -> None:
    look(cite(server, checker).source)
    assert WebHost.objects.get().asking_until is None
