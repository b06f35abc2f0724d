"""The jobs around cited pages as the runner runs them: each ends well, and twice does no harm."""

from __future__ import annotations

import pytest

from claimtracker.jobs import enqueue
from claimtracker.jobs.models import Job
from claimtracker.jobs.runner import run
from reviews.actions.evidence import remove_evidence
from reviews.actions.snapshots import CHECK_QUOTATION, LOOK
from reviews.models import QuotationCheck, Source, SourceCheck, SourceSnapshot
from reviews.tasks import recheck_sources
from tests import factories
from tests.support.cited_pages import cite

pytestmark = pytest.mark.django_db(transaction=True)


def run_due(kind: str) -> None:
    for pk in Job.objects.due().filter(kind=kind).values_list("pk", flat=True):
        run(pk)


def test_the_jobs_of_a_cited_page(server) -> None:
    checker = factories.make_user()
    evidence = cite(server, checker)
    run_due(LOOK)
    assert Job.objects.get(kind=LOOK).state == "done"
    assert (SourceSnapshot.objects.count(), QuotationCheck.objects.get().result) == (1, "found")
    another = cite(server, checker, quotation="Line 3 of the accounts")
    run_due(CHECK_QUOTATION)
    assert QuotationCheck.objects.get(evidence=another).result == "found"
    enqueue(CHECK_QUOTATION, another.pk)
    remove_evidence(another, by=checker)
    run_due(CHECK_QUOTATION)
    assert not Job.objects.filter(kind=CHECK_QUOTATION).exclude(state="done").exists()
    Source.objects.filter(pk=evidence.source_id).update(next_check_at="2020-01-01T00:00Z")
    recheck_sources()
    run_due(LOOK)
    assert SourceCheck.objects.count() == 2
    server.gives("/accounts", b"x", headers=("Content-Type: image/png",))
    enqueue(LOOK, evidence.source_id)
    run_due(LOOK)
    assert SourceCheck.objects.first().condition == "refused", "an obstacle is no failure of the job"
    assert not Job.objects.exclude(state="done").filter(kind=LOOK).exists()
