"""Half a minute of chaos, and proof that its checks see what they are there to see."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from bench.chaos_run import invariants
from bench.chaos_run.people import Journal
from bench.chaos_run.receivers import Receiver, Seen
from bench.chaos_run.site import FEW, MANY
from claims.actions.following import follow_version
from claims.actions.versions import record_version
from claims.sources import parse_text
from claimtracker.celery import QUEUES
from claimtracker.jobs.models import Job
from claimtracker.ledger.models import OutboxEvent
from claimtracker.partners.actions import fan_out
from claimtracker.partners.models import Delivery
from reviews.actions.article_changes import follow_article
from reviews.models import Publication
from tests import factories
from tests.support.worker import ROOT


@pytest.fixture(autouse=True)
def embedded_parts() -> None:
    """The chaos has services of its own; nothing here kills the tests' own."""


@pytest.mark.timeout(300)
def test_nothing_is_lost_or_done_twice_in_half_a_minute_of_chaos() -> None:
    own = ("PATH", "HOME", "LANG")
    ran = subprocess.run(
        [sys.executable, "-m", "bench.chaos", "--articles", "12", "--seconds", "30"],
        cwd=ROOT,
        env={name: os.environ[name] for name in own if name in os.environ},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stdout, ran.stderr[-3000:]
    report = json.loads(ran.stdout)
    assert report["violations"] == []
    assert (ran.returncode, report["lost"], report["doubled"]) == (0, 0, 0)
    assert report["faults_total"] >= 8
    assert len(report["faults"]) >= 5, report["faults"]
    assert report["claims"] >= 12
    assert report["versions"] >= 3
    assert report["published"] >= 1
    assert report["messages_seen"] >= 3


def test_every_queue_has_a_worker_in_the_chaos() -> None:
    for groups in (FEW, MANY):
        served = {queue for queues, _children in groups.values() for queue in queues.split(",")}
        assert served == set(QUEUES)


def kinds(found: Any) -> list[str]:
    return [kind for kind, _sentence in found]


def seen(version: int, message_id: str = "") -> Seen:
    return Seen(message_id or f"msg_{version}", "c1", version, "claim.verdict_published")


def test_an_older_version_after_a_newer_one_is_seen() -> None:
    good, bad = Receiver("good"), Receiver("bad")
    good.seen = [seen(1), seen(1), seen(2), seen(4)]
    bad.seen = [seen(1), seen(2), seen(1)]
    assert list(invariants.order([("good", good)])) == []
    assert list(invariants.order([("bad", bad)])) == [
        ("broken", "bad saw version 1 of claim c1 after 2"),
    ]


def test_one_message_under_two_ids_and_an_unsigned_one_are_seen() -> None:
    receiver = Receiver("hill", unsigned=1)
    receiver.seen = [seen(1, "msg_a"), seen(1, "msg_b")]
    assert kinds(invariants.order([("hill", receiver)])) == ["doubled", "broken"]


@pytest.mark.django_db
def test_an_article_that_was_not_read_or_not_stored_is_lost() -> None:
    article = factories.make_article()
    assert list(invariants.extraction(1)) == [
        ("lost", f"version 1 of article {article.pk} was read 0 times"),
    ]
    assert kinds(invariants.extraction(2)) == ["lost", "lost"]
    assert kinds(invariants.extraction(0)) == ["doubled", "lost"]


@pytest.mark.django_db
def test_a_change_that_is_not_there_or_was_not_compared_is_lost() -> None:
    article = factories.make_article()
    journal = Journal()
    journal.tell("changed", (article.pk, "no such text"))
    assert kinds(invariants.versions(journal)) == ["lost"]
    claim = factories.make_claim(article=article)
    body = article.versions.get().body
    version = record_version(article, parse_text(f"{body} It rained."), by="system").version
    assert kinds(invariants.versions(Journal())) == ["lost", "lost"], "no fate of the text, none of the place"
    follow_version(version)
    assert list(invariants.versions(Journal())) == []
    factories.make_publication(claim=claim)
    assert list(invariants.rechecks()) == []
    changed = body.replace(claim.appearances.first().quote, "Nobody counted the money again")
    later = record_version(article, parse_text(changed), by="system").version
    assert kinds(invariants.rechecks()) == ["lost"], "nobody compared it"
    follow_version(later)
    follow_article(article)
    assert list(invariants.rechecks()) == []


@pytest.mark.django_db
def test_a_claim_without_event_and_task_is_lost() -> None:
    factories.make_claim()
    assert kinds(invariants.routing()) == ["lost", "lost"]


@pytest.mark.django_db
def test_what_people_were_told_and_is_not_there_is_lost() -> None:
    publication = factories.make_publication()
    verdict = publication.verdict
    journal = Journal()
    journal.tell("submitted", (verdict.pk, verdict.revision))
    journal.tell("approved", verdict.pk)
    journal.tell("published", (str(publication.public_id), publication.number))
    assert list(invariants.told(journal)) == []
    assert list(invariants.two_people()) == []
    journal.tell("submitted", (verdict.pk, verdict.revision + 1))
    journal.tell("approved", verdict.pk + 1)
    journal.tell("published", (str(verdict.claim.public_id), 1))
    journal.tell("taken", 0)
    assert kinds(invariants.told(journal)) == ["lost"] * 4


@pytest.mark.django_db
def test_a_message_that_never_arrived_is_lost() -> None:
    factories.make_endpoint()
    publication = factories.make_publication()
    assert kinds(invariants.delivered()) == ["lost"], "no delivery was made"
    fan_out(OutboxEvent.objects.get(type="claim.verdict_published"))
    assert kinds(invariants.delivered()) == ["lost"], "it is pending"
    Delivery.objects.update(state="delivered", finished_at=timezone.now())
    assert list(invariants.delivered()) == []

    receiver = Receiver("valley")
    assert kinds(invariants.newest([receiver])) == ["lost"]
    claim = publication.snapshot["claim"]["id"]
    receiver.taken = [Seen("msg_1", claim, publication.number, "claim.verdict_published")]
    assert list(invariants.newest([receiver])) == []
    assert Publication.objects.count() == 1


@pytest.mark.django_db
def test_a_job_that_is_stuck_or_dead_is_lost() -> None:
    job = Job.objects.create(kind="claims.match_recent", object_id="all")
    assert kinds(invariants.nothing_stuck()) == ["lost"]
    Job.objects.filter(pk=job.pk).update(due_at=timezone.now() + timedelta(hours=3))
    assert list(invariants.nothing_stuck()) == [], "it waits for its time"
    Job.objects.filter(pk=job.pk).update(state="dead", cause="fault")
    assert kinds(invariants.nothing_stuck()) == ["lost"]
