"""kill -9 of the worker in the middle of a batch: each article once, and every one of them."""

from __future__ import annotations

from typing import Any

import pytest

from claims import states
from claims.actions.batches import Sent, bring_batch
from claims.actions.submitting import Sender
from claims.models import Article, ArticleVersion, Batch, BatchItem
from claimtracker.jobs.models import Job
from claimtracker.ledger import audit
from claimtracker.ledger.models import AuditEntry
from tests.factories import make_desk
from tests.support.worker import Worker, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]

ITEMS = 150
KILLS = 3


def test_killed_in_the_middle_each_item_is_done_once(embedded_parts: None) -> None:
    sender = Sender("partner:wire", audit.partner_actor("partner:wire", "The Wire"), make_desk())
    batch = bring_batch([Sent(_article(n), f"wire-{n}") for n in range(ITEMS)], sender=sender)
    done = BatchItem.objects.filter(batch=batch, state=states.TAKEN_IN)
    kills = 0
    with Worker(["ingest", "default"], beat=True, concurrency=1) as worker:
        while kills < KILLS:
            before = done.count()
            wait_until(lambda before=before: done.count() > before, seconds=60, what="some items")
            if done.count() == ITEMS:
                break
            worker.kill_group()
            kills += 1
            worker.start()
        wait_until(lambda: Batch.objects.get().finished_at, seconds=90, what="the batch to be finished")
    assert kills, "it was finished before it could be killed"
    assert Article.objects.count() == ArticleVersion.objects.count() == ITEMS
    assert set(done.values_list("outcome", flat=True)) == {"created"}, "none was met a second time"
    assert AuditEntry.objects.filter(verb="article.ingested").count() == ITEMS
    assert Job.objects.filter(kind="claims.extract_article").count() == ITEMS


def _article(number: int) -> dict[str, Any]:
    paragraphs = [f"The harbour handled {number} million containers in week {week}." for week in range(200)]
    return {"external_id": f"wire-{number}", "body": "\n\n".join(paragraphs)}
