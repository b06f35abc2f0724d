"""The job that makes dumps: run by its row, overtaken by a retraction, and killed in the middle."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

import claimtracker.api.tasks  # noqa: F401 - registers the jobs in this process
from claimtracker.api.dumps import making, store
from claimtracker.api.dumps.formats import Facts
from claimtracker.jobs import runner
from claimtracker.jobs import states as job_states
from claimtracker.jobs.models import Job
from reviews.actions.dumps import MAKE, plan_dumps
from reviews.models import Dump
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.DUMP_DIR = str(tmp_path)
    return tmp_path


def work() -> Job:
    job = Job.objects.filter(kind=MAKE).open().get()
    Job.objects.filter(pk=job.pk).update(due_at=timezone.now())
    runner.run(job.pk)
    job.refresh_from_db()
    return job


def listed() -> list[str]:
    return [dump["name"] for dump in Client().get("/dumps/index.json").json()["dumps"]]


def test_the_nights_job_makes_one_that_is_read(folder: Path) -> None:
    factories.make_publication()
    plan_dumps()
    assert work().state == job_states.DONE
    dump = Dump.objects.get()
    assert listed() == [dump.name]
    assert Client().get("/dumps/latest/publications.json").status_code == 302
    assert not list((folder / ".unfinished").glob("*"))


def test_a_retraction_amid_the_making_has_another_one_made(monkeypatch: Any, folder: Path) -> None:
    publication, make = factories.make_publication(), making.make_dump

    def overtaken() -> Any:
        made = make()
        factories.make_retraction(publication)
        return made

    plan_dumps()
    monkeypatch.setattr(making, "make_dump", overtaken)
    assert work().state == job_states.QUEUED, "it is to run again"
    assert listed() == [] and not Dump.objects.exists()
    monkeypatch.setattr(making, "make_dump", make)
    assert work().state == job_states.DONE
    (name,) = listed()
    assert [path.name for path in folder.glob("[0-9]*")] == [name]


def test_killed_in_the_middle_nothing_of_it_is_served(monkeypatch: Any, folder: Path) -> None:
    """Really killed: no code of its own runs any more."""
    begun = folder / "begun"

    def for_ever() -> Iterator[Any]:
        begun.touch()
        time.sleep(60)
        yield from ()

    monkeypatch.setattr(making, "lines_for_dump", for_ever)
    child = os.fork()
    if child == 0:
        making._write(store.new_folder(), Facts(timezone.now(), "http://localhost/feed"))
        os._exit(0)
    for _try in range(200):
        if begun.exists():
            break
        time.sleep(0.05)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    (half,) = (folder / ".unfinished").glob("*")
    assert {path.name for path in half.iterdir()} >= {"publications.json", "fact-checks.csv.gz"}
    assert listed() == []
    for address in (f".unfinished/{half.name}", f"{half.name}/publications.json", f"..%2f{half.name}/x"):
        assert Client().get(f"/dumps/{address}").status_code == 404
    assert making.tidy() == [], "a young one may belong to somebody"
    assert store.sweep(keep=(), now=time.time() + 4 * 3600) == [half.name]
