"""A few faulty sites while everything is killed, and proof that the judge sees what it is there to see."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from bench.feeds_run.judging import judge
from bench.feeds_run.plan import Page, PlannedFeed
from bench.feeds_run.sites import REST_SECONDS, Asked, Sites
from claims.models import Feed, FeedItem, WebHost
from tests import factories
from tests.support.worker import ROOT


@pytest.fixture(autouse=True)
def embedded_parts() -> None:
    """The run has services of its own; nothing here kills the tests' own."""


@pytest.mark.timeout(300)
def test_every_good_page_comes_in_once_though_the_workers_are_killed() -> None:
    own = ("PATH", "HOME", "LANG")
    ran = subprocess.run(
        [sys.executable, "-m", "bench.feeds", "--feeds", "4", "--items", "4", "--kills", "1",
         "--workers", "2", "--seconds", "200"],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=280,
        env={name: os.environ[name] for name in own if name in os.environ},
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr[-3000:]
    result = json.loads(ran.stdout)
    assert result["kills"] == 1
    assert result["articles"]["once"] == result["articles"]["wanted"] == 10
    assert result["faults"]["by_kind"] == {"feed broken": 1, "page missing": 1, "page wall": 1}


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
