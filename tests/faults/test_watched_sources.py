"""A few faulty sites while everything is killed, and proof that the judge sees what it is there to see."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

import pytest

from bench.feeds import SETTINGS, run
from bench.feeds_run.judging import judge
from bench.feeds_run.plan import Page, PlannedFeed, plan
from bench.feeds_run.sites import REST_SECONDS, Asked, Sites
from claims.models import Feed, FeedItem, WebHost
from claimtracker.kernel.outbound_address import ALLOW_VARIABLE
from tests import factories
from tests.support.worker import forget_messages, of_test_workers


@pytest.fixture(autouse=True)
def embedded_parts() -> None:
    """Nothing here kills the services."""


@pytest.mark.timeout(300)
@pytest.mark.django_db(transaction=True)
def test_every_good_page_comes_in_once_though_the_workers_are_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forget_messages()
    planned = plan(4, 4)
    options = Namespace(feeds=4, items=4, cited=4, seconds=200, kills=1, workers=2)
    with Sites(planned) as sites:
        own = {ALLOW_VARIABLE: sites.pairs, "SNAPSHOT_DIR": str(tmp_path / "snapshots")}
        for name, value in {**SETTINGS, **of_test_workers(), **own}.items():
            monkeypatch.setenv(name, value)
        result = run(options, planned, sites, tmp_path)
    assert (result["kills"], result["quiet"], result["violations"]) == (1, True, []), log_of(tmp_path)
    assert result["articles"]["once"] == result["articles"]["wanted"] == 10
    assert result["cited"]["kept"] == result["cited"]["wanted"] == 4
    assert result["faults"]["by_kind"] == {"feed broken": 1, "page missing": 1, "page wall": 1}


def log_of(folder: Path) -> str:
    return "\n".join(log.read_text()[-3000:] for log in folder.glob("*.log"))


def asked(*times: tuple[float, float]) -> list[Asked]:
    return [Asked("127.20.0.1", "/x", began, ended, 200) for began, ended in times]


@pytest.mark.django_db
def test_the_judge_sees_haste_loss_and_silence() -> None:
    planned = [
        PlannedFeed(0, "127.20.0.1", "good", [Page("/0/0", "good", "Lost"), Page("/0/1", "wall", "Wall")]),
        PlannedFeed(1, "127.20.0.2", "broken", []),
    ]
    sites = Sites(planned, port=1)
    sites.asked = asked((0.0, 0.1), (0.2, 1.0), (0.9, 2.0))
    sites.rests = [("127.20.0.1", 0.1)]
    host = WebHost.objects.create(name="127.20.0.2")
    Feed.objects.create(desk=factories.make_desk(), host=host, url=sites.address(planned[1], "/1/feed.xml"))
    assert REST_SECONDS > 1
    said = judge(planned, sites, pause=0.5)
    assert said["violations"] == [
        "lost: Lost",
        "feed 1 broken: says '' ''",
        "page /0/1 wall: None",
        "1 times asked too early",
        "1 times asked at once",
        "2 times asked while resting",
    ]
    item = FeedItem(feed=Feed.objects.get(), host=host, url="x", url_digest="x", title="")
    item.save()
    assert "1 items still wait" in judge(planned, sites, pause=0.5)["violations"]
