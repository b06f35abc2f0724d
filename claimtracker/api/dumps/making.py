"""Making a dump: read what is public in batches, write every file at once, give the folder its name, and
only then let it be read. Killed at any moment it leaves a folder that nobody reads, and the next run removes
it."""

from __future__ import annotations

import secrets
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from reviews.actions.dumps import current_turn, forget_dumps, put_on_shelf
from reviews.models import Dump
from reviews.selectors.dumps import lines_for_dump

from . import store
from .formats import Facts, all_formats
from .writing import TextFile


@dataclass(frozen=True, slots=True)
class Made:
    """A dump on disk, and not readable yet. ``turn`` is that of the shelf before it was begun."""

    name: str
    made_at: datetime
    files: list[dict[str, Any]]
    turn: int


def make_dump() -> Made:
    """Write a dump of what is published now. Slow: never inside a transaction."""
    turn = current_turn()
    made_at = timezone.now()
    folder = store.new_folder()
    files = _write(folder, Facts(made_at, settings.SITE_URL + reverse("claimreview-feed")))
    name = f"{made_at.astimezone(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"
    store.finish(folder, name)
    return Made(name, made_at, files, turn)


def release(made: Made) -> Dump | None:
    """Let it be read, inside the job's commit. None where something had to leave the dumps meanwhile."""
    return put_on_shelf(name=made.name, files=made.files, made_at=made.made_at, turn=made.turn)


def tidy() -> list[str]:
    """Forget old dumps, and remove the files of all that are not to be read. Safe to run twice; no dump may
    be waiting to be released. Returns what was removed."""
    return store.sweep(keep=forget_dumps())


def _write(folder: Path, facts: Facts) -> list[dict[str, Any]]:
    formats = all_formats()
    with ExitStack() as open_files:
        files = [open_files.enter_context(TextFile(folder, each.name, each.media_type)) for each in formats]
        for each, file in zip(formats, files, strict=True):
            file.write(each.begin(facts))
        for line in lines_for_dump():
            for each, file in zip(formats, files, strict=True):
                file.write(each.line(line))
        for each, file in zip(formats, files, strict=True):
            file.write(each.end())
    return [facts for each, file in zip(formats, files, strict=True) for facts in file.facts(each.rows)]
