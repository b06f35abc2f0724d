"""``manage.py reextract`` and its jobs: a few at a time, taken up again after a kill, never twice."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

import reviews.tasks
from claims.actions.extraction import Analysis
from claims.extraction import EXTRACTOR_VERSION
from claims.models import Article, ArticleVersion, Claim, ExtractionRun
from claimtracker.jobs import registry, states
from claimtracker.jobs.leases import keeper
from claimtracker.jobs.models import Job
from claimtracker.jobs.runner import Run, run
from claimtracker.jobs.sweep import free_lost_leases
from claimtracker.kernel.errors import LeaseLost
from reviews.actions import rereading
from tests import factories
from tests.support.readings import OLD, first_reading, found, reading
from tests.support.worker import broker  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db(transaction=True)

BODY = "The council cut its budget by {n} per cent in March. Rents rose faster than elsewhere."
BOTH = (rereading.READ_AGAIN, rereading.READ_ALL_AGAIN)


def old_article(n: int = 9) -> Article:
    rest = " ".join(f"Street{n}x{number}" for number in range(60))  # no article is a copy of another
    article = factories.make_article(f"{BODY.format(n=n)} The works are in {rest}.")
    version = article.versions.get()
    first_reading(version, found(version, "Rents rose faster than elsewhere"))
    return article


@pytest.fixture(autouse=True)
def newer_reading(broker: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:  # noqa: F811 - the fixture
    """The newest extractor finds the council's sentence only. Gives the versions that it read."""
    read: list[int] = []

    def analyse(version: ArticleVersion) -> Analysis:
        read.append(version.pk)
        quote = version.body.split(" in March")[0]
        return reading(found(version, quote), by=EXTRACTOR_VERSION)

    monkeypatch.setattr(reviews.tasks, "analyse_version", analyse)
    monkeypatch.setattr("reviews.management.commands.reextract.analyse_version", analyse)
    yield read
    keeper().release()


def reextract(*args: str, **options: Any) -> str:
    out = io.StringIO()
    call_command("reextract", *args, stdout=out, **options)
    return out.getvalue()


def work_off() -> None:
    """What workers do until nothing of both kinds is open, whenever it may be due."""
    for _round in range(30):
        open_jobs = Job.objects.filter(kind__in=BOTH, state=states.QUEUED)
        open_jobs.update(due_at=timezone.now())
        due = list(open_jobs.order_by("id").values_list("pk", flat=True))
        if not due:
            return
        for job_id in due:
            run(job_id)
    pytest.fail("jobs keep coming back")


def test_all_articles_are_read_again_a_few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rereading, "AT_ONCE", 2)
    for n in range(5):
        old_article(n)
    assert "5 texts to be read again" in reextract("--all")
    run(Job.objects.get(kind=rereading.READ_ALL_AGAIN).pk)
    assert Job.objects.filter(kind=rereading.READ_AGAIN).open().count() == 2
    work_off()
    assert ExtractionRun.objects.filter(extractor_version=EXTRACTOR_VERSION).count() == 5
    assert Claim.objects.filter(state="withdrawn").count() == 5
    assert Claim.objects.standing().count() == 5
    assert not Job.objects.filter(kind__in=BOTH).open().exists()
    assert "Nothing to do" in reextract("--all")


def test_one_article_by_its_number_or_its_public_id() -> None:
    article, other = old_article(1), old_article(2)
    assert "1 text to be read again" in reextract("--article", str(article.pk))
    reextract("--article", str(article.public_id))
    assert Job.objects.filter(kind=rereading.READ_AGAIN).count() == 1, "asked for twice, done once"
    work_off()
    assert article.versions.get().extraction_runs.count() == 2
    assert other.versions.get().extraction_runs.count() == 1


@pytest.mark.parametrize("name", ["999999999999999999999", "0", "nonsense", "٣"])
def test_an_unknown_article_is_named(name: str) -> None:
    with pytest.raises(CommandError, match=f"There is no article {name}"):
        reextract("--article", name)


def test_a_dry_run_says_what_would_change_and_writes_nothing() -> None:
    article = old_article()
    said = reextract("--all", dry_run=True)
    assert f"{article.pk}  1 new, 0 refreshed, 0 kept, 1 withdrawn" in said
    assert "Nothing was written. Together: 1 new" in said
    assert set(ExtractionRun.objects.values_list("extractor_version", flat=True)) == {OLD}
    assert Claim.objects.get().state == "suggested"
    assert not Job.objects.filter(kind__in=BOTH).exists()


def test_articles_that_were_never_read_or_read_last_by_this_one_are_left_alone() -> None:
    factories.make_article("Never read.")
    current = factories.make_article("Read last by the newest one.").versions.get()
    ExtractionRun.objects.create(version=current, extractor_version=EXTRACTOR_VERSION, outcome="extracted")
    assert "Nothing to do" in reextract("--all")


def test_a_reading_under_another_name_does_not_come_round_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    def analyse(version: ArticleVersion) -> Analysis:
        return reading(by="somebody else")

    monkeypatch.setattr(reviews.tasks, "analyse_version", analyse)
    old_article()
    reextract("--all")
    work_off()
    assert Job.objects.filter(kind=rereading.READ_AGAIN).count() == 1


def test_a_worker_that_is_killed_while_writing_leaves_the_job_to_the_next(
    newer_reading: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a kill leaves: a running row whose lease nobody holds, and nothing written."""
    article = old_article()
    reextract("--article", str(article.pk))
    job = Job.objects.get(kind=rereading.READ_AGAIN)

    class Killed(BaseException):
        pass

    def dies(claim_id: int) -> None:
        raise Killed

    with monkeypatch.context() as dying:
        dying.setattr(rereading, "route_claim", dies)
        with pytest.raises(Killed):
            run(job.pk)
    job.refresh_from_db()
    assert job.state == states.RUNNING
    assert article.versions.get().extraction_runs.count() == 1
    assert Claim.objects.get().state == "suggested"
    long_ago = timezone.now() - timedelta(minutes=5)
    Job.objects.filter(pk=job.pk).update(lease_until=long_ago, leased_at=long_ago)
    assert free_lost_leases() == 1
    work_off()
    assert len(newer_reading) == 2
    assert article.versions.get().extraction_runs.count() == 2
    assert sorted(Claim.objects.values_list("state", flat=True)) == ["suggested", "withdrawn"]


def test_a_worker_that_lost_its_lease_writes_nothing() -> None:
    article = old_article()
    reextract("--article", str(article.pk))
    job = Job.objects.get(kind=rereading.READ_AGAIN)
    Job.objects.filter(pk=job.pk).update(state=states.RUNNING, fence=7, lease_until=timezone.now())
    late = Run(job.pk, job.kind, job.object_id, attempt=1, fence=6)
    with pytest.raises(LeaseLost):
        registry.WORK[rereading.READ_AGAIN](late)
    assert article.versions.get().extraction_runs.count() == 1


def test_an_article_that_cannot_be_read_does_not_hold_up_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    poison, fine = old_article(1), old_article(2)
    good = reviews.tasks.analyse_version

    def analyse(version: ArticleVersion) -> Analysis:
        if version.article_id == poison.pk:
            raise MemoryError("too much of it")
        return good(version)

    monkeypatch.setattr(reviews.tasks, "analyse_version", analyse)
    reextract("--all")
    work_off()
    assert fine.versions.get().extraction_runs.count() == 2
    assert Job.objects.dead().get().kind == rereading.READ_AGAIN
    assert not Job.objects.open().filter(kind__in=BOTH).exists()
    monkeypatch.setattr(reviews.tasks, "analyse_version", good)
    reextract("--all")  # asked for anew, a dead letter gets another chance
    work_off()
    assert poison.versions.get().extraction_runs.count() == 2
