"""Many articles at once: kept with the request that brought them, worked off one after another by a job."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claimtracker import jobs
from claimtracker.jobs.causes import Cause, cause_of
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from claimtracker.ledger import audit

from .. import states
from ..models import Batch, BatchItem
from ..sources import UnreadableArticle
from .ingest import Ingested
from .submitting import Sender, check_sender, submit_address, submit_text

log = structlog.get_logger(__name__)

WORK_OFF = "claims.work_off_batch"
MOST_ITEMS = 500
TURN_SECONDS = 30  # then the job goes to the back of its queue, so that others get their turn
KEPT_FOR = timedelta(days=30)
FAULT = _("Something went wrong on our side with this item. Send it again alone; if it stays, tell us.")


@dataclass(frozen=True, slots=True)
class Sent:
    """One item as it came in: its fields, or the problem with them."""

    fields: dict[str, Any]
    external_id: str = ""
    problem: dict[str, Any] | None = None


@transaction.atomic
def bring_batch(items: Sequence[Sent], *, sender: Sender) -> Batch:
    """Keep the items, in order, and have them worked off. Raises NotPermitted for a blocked
    sender. Audits batch.brought."""
    check_sender(sender)
    now = timezone.now()
    batch = Batch.everything.create(
        origin=sender.origin,
        actor=sender.actor,
        desk=sender.desk,
        held=sender.held,
        is_sandbox=sender.is_sandbox,
    )
    BatchItem.objects.bulk_create(
        BatchItem(
            batch=batch,
            index=index,
            fields={} if item.problem else item.fields,
            external_id=item.external_id[:500],
            state=states.REFUSED if item.problem else states.TO_DO,
            problem=item.problem or {},
            finished_at=now if item.problem else None,
        )
        for index, item in enumerate(items)
    )
    audit.record("batch.brought", by=sender.actor, subject=batch, details={"items": len(items)})
    jobs.enqueue(WORK_OFF, batch.pk)
    return batch


def work_off(batch: Batch, *, goes_on: Callable[[], bool]) -> bool:
    """Take in what is left, for half a minute. True when nothing is left.

    Each item with what came of it is one transaction, under its lock: killed anywhere and begun again, or by
    two at once, each is done once. ``goes_on`` is asked before each.
    """
    until = time.monotonic() + TURN_SECONDS
    left = BatchItem.objects.filter(batch=batch, state=states.TO_DO).order_by("index")
    for pk in list(left.values_list("pk", flat=True)):
        if time.monotonic() > until or not goes_on():
            return False
        _work_off_one(pk, batch)
    return not left.exists()


@transaction.atomic
def _work_off_one(item_id: int, batch: Batch) -> None:
    item = BatchItem.objects.select_for_update().get(pk=item_id)
    if item.state != states.TO_DO:
        return
    sender = Sender(batch.origin, batch.actor, batch.desk, batch.held, batch.is_sandbox)
    try:
        with transaction.atomic():
            _take_in(item, sender)
            item.state = states.TAKEN_IN
    except UnreadableArticle as error:
        _refuse(item, 400, error.code, error.message, error.field)
    except ActionRefused as refusal:
        is_input = refusal.field and not refusal.code.startswith("duplicate")
        status = 403 if isinstance(refusal, NotPermitted) else 400 if is_input else 409
        _refuse(item, status, refusal.code, refusal.reason, refusal.field)
    except Exception as error:
        if cause_of(error) != Cause.FAULT:
            raise  # it may go well the next time
        log.exception("an item of a batch failed", batch=batch.pk, index=item.index)
        _refuse(item, 500, "internal", str(FAULT), None)
    item.fields, item.finished_at = {}, timezone.now()
    item.save()


def _take_in(item: BatchItem, sender: Sender) -> None:
    if "url" in item.fields and not {"body", "html"} & set(item.fields):
        item.fetch = submit_address(item.fields, sender=sender)
        item.article, item.outcome = item.fetch.article, BatchItem.Outcome.PENDING
        return
    ingested = submit_text(item.fields, sender=sender)
    item.article = ingested.article
    item.outcome = _how(ingested)


def _how(ingested: Ingested) -> BatchItem.Outcome:
    if ingested.created:
        return BatchItem.Outcome.CREATED
    return BatchItem.Outcome.HELD if ingested.waits else BatchItem.Outcome.UPDATED


def _refuse(item: BatchItem, status: int, code: str, detail: str, field: str | None) -> None:
    errors = [{"detail": detail, "code": code, "pointer": f"#/{field}"}] if field else []
    item.state, item.outcome, item.article, item.fetch = states.REFUSED, "", None, None
    item.problem = {"status": status, "code": code, "detail": detail, "errors": errors}


def finish_batch(batch: Batch) -> None:
    """Note that nothing of it is left. Safe to repeat."""
    Batch.everything.filter(pk=batch.pk, finished_at=None).update(finished_at=timezone.now())


def purge_batches() -> int:
    """Delete batches that were finished a month ago; their articles stay. Returns how many rows went. Safe to
    run twice."""
    old = Batch.everything.filter(finished_at__lt=timezone.now() - KEPT_FOR)
    _total, by_model = old.delete()
    return by_model.get(Batch._meta.label, 0)
