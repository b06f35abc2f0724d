"""Which dumps of what is published may be read, and when a new one is due. The files are made in
claimtracker.api.dumps."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from claimtracker import jobs

from ..models import Dump, DumpShelf

MAKE = "api.make_dumps"


def withdraw_dumps(*, because: str) -> None:
    """No dump that stands or is being made may be read from now on; a new one is asked for. Called inside the
    transaction of the change. Locks the shelf; not audited: what happened is."""
    _locked_shelf(next_turn=True)
    Dump.objects.standing().update(withdrawn_at=timezone.now(), withdrawn_because=because)
    jobs.enqueue(MAKE, "all")


def ask_for_dump() -> None:
    """Have one made that holds what may be read again. Called inside the transaction of the change."""
    jobs.enqueue(MAKE, "all")


def current_turn() -> int:
    """What :func:`put_on_shelf` is told later. Read before anything that goes into a dump."""
    return DumpShelf.objects.filter(pk=1).values_list("turn", flat=True).first() or 0


@transaction.atomic
def put_on_shelf(*, name: str, files: list[dict[str, Any]], made_at: datetime, turn: int) -> Dump | None:
    """Let a finished dump be read. None, and nothing happens, where something had to leave the dumps since
    ``turn``. Locks the shelf. Safe to repeat."""
    if _locked_shelf().turn != turn:
        return None
    return Dump.objects.get_or_create(name=name, defaults={"files": files, "made_at": made_at})[0]


def plan_dumps() -> None:
    """Ask for a dump where none stands, or today's is not made yet. Safe to run twice."""
    newest = Dump.objects.standing().first()
    if newest is None or newest.made_at < _last_due(timezone.now()):
        jobs.enqueue(MAKE, "all")


def forget_dumps() -> set[str]:
    """Delete the rows of dumps that are older than settings.DUMP_KEEP_DAYS, the newest that stands kept.
    Returns the names of those whose files are to stay: where none stands, that which the feed follows."""
    before = timezone.now() - timedelta(days=settings.DUMP_KEEP_DAYS)
    newest = Dump.objects.standing().first() or Dump.objects.first()
    if newest is None:
        return set()
    Dump.objects.filter(made_at__lt=before).exclude(pk=newest.pk).delete()
    return {newest.name, *Dump.objects.standing().values_list("name", flat=True)}


def _last_due(now: datetime) -> datetime:
    due = now.replace(hour=settings.DUMP_HOUR, minute=0, second=0, microsecond=0)
    return due if due <= now else due - timedelta(days=1)


def _locked_shelf(*, next_turn: bool = False) -> DumpShelf:
    DumpShelf.objects.get_or_create(pk=1)
    shelf = DumpShelf.objects.select_for_update().get(pk=1)
    if next_turn:
        shelf.turn += 1
        shelf.save(update_fields=["turn"])
    return shelf
