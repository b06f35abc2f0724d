"""Articles on their way through real workers, and ways to kill what they depend on."""

from __future__ import annotations

import os
import re
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections

from claims.models import ExtractionRun
from claimtracker import embedded
from claimtracker.jobs.models import Job
from tests import factories
from tests.support.drills import drill_size
from tests.support.worker import Worker, wait_until

SAMPLES = Path(embedded.__file__).resolve().parents[2] / "claims" / "samples" / "articles"
ARTICLES = drill_size(6, long=10)
PARAGRAPHS = drill_size(2, long=4)


@pytest.fixture(autouse=True)
def embedded_parts(services: None) -> Iterator[None]:
    """The parts are brought back even when a test fails in between."""
    if os.environ.get("DATABASE_URL") or os.environ.get("REDIS_URL"):
        pytest.fail("these tests kill the embedded services: unset DATABASE_URL and REDIS_URL")
    yield
    embedded.start()
    forget_connections()


@pytest.fixture
def pipeline(transactional_db: None, embedded_parts: None) -> Iterator[Worker]:
    """A worker and beat with articles enqueued, at least one done and one being worked on."""
    factories.make_desk()
    with Worker(beat=True) as worker:
        for number in range(ARTICLES):
            # the last is a copy of the first, as wire copy has it: its claims are there already
            end = f"Read on page {number}."
            factories.make_article(f"{long_text(number % (ARTICLES - 1))}\n\n{end}\n")
        wait_until(in_the_middle, seconds=90, what="the first articles to be done")
        yield worker


def long_text(number: int) -> str:
    """The beginnings of two sample articles, with figures of its own: a few claims. The drills wait for
    hundreds of jobs then, not for thousands."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(SAMPLES.glob("*.txt"))]
    two = [texts[(number + n) % len(texts)].split("\n\n")[:PARAGRAPHS] for n in (0, 1)]
    return re.sub(r"\d+", lambda figure: str(int(figure[0]) + number), "\n\n".join([*two[0], *two[1]]))


def extractions_done() -> int:
    return ExtractionRun.objects.count()


def in_the_middle() -> bool:
    running = Job.objects.filter(kind="claims.extract_article", state="running")
    return 1 <= extractions_done() <= ARTICLES - 3 and running.exists()


def kill_valkey_and_wipe() -> None:
    pid = embedded.valkey_pid()
    assert pid is not None
    folder = embedded.valkey_dir()
    os.kill(pid, signal.SIGKILL)
    shutil.rmtree(folder)


def kill_postgres() -> None:
    pid = embedded.postgres_pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    forget_connections()


def forget_connections() -> None:
    for connection in connections.all(initialized_only=True):
        connection.close()
