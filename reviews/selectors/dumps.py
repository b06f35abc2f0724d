"""Dumps of what is published that may be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Q

from ..models import Dump, Publication, PublicCheck
from .text import with_text
from .withholding import withhold

BATCH = 500
# a check bears the moment at which its publishing began: it may have been committed while the dump was made
MARGIN = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class DumpFile:
    dump: Dump
    name: str
    media_type: str
    size: int
    sha256: str


def dumps_that_stand(most: int = 100) -> list[Dump]:
    """Newest first."""
    return list(Dump.objects.standing()[:most])


def newest_dump() -> Dump | None:
    return Dump.objects.standing().first()


def dump_to_follow() -> Dump | None:
    """The dump on which the feed of ClaimReviews builds: the newest that stands, else the newest that was
    withdrawn, of which the feed leaves out what left the dumps. None before the first."""
    return newest_dump() or Dump.objects.first()


def dump_named(name: str) -> Dump | None:
    """Also one that was withdrawn."""
    return Dump.objects.filter(name=name).first()


def file_of(dump: Dump, name: str) -> DumpFile | None:
    """The file of this name, if the dump has it: nothing else is ever opened."""
    facts: dict[str, Any] | None = next((each for each in dump.files if each["name"] == name), None)
    if facts is None:
        return None
    return DumpFile(dump, facts["name"], facts["media_type"], facts["bytes"], facts["sha256"])


def lines_since(dump: Dump) -> list[PublicCheck]:
    """The checks whose newest version came out after the dump was made, or that readers were shown again
    since then, in the order in which they came out."""
    since = dump.made_at - MARGIN
    rows = PublicCheck.objects.filter(Q(publication__published_at__gt=since) | Q(restricted_at__gt=since))
    return list(rows.select_related("publication").order_by("pk"))


def pages_withheld() -> set[str]:
    """The pages of checks that nobody outside may read now, wherever a dump's feed still names them."""
    rows = PublicCheck.everything.filter(is_withheld=True)
    return set(rows.values_list("publication__snapshot__url", flat=True))


def lines_for_dump() -> Iterator[PublicCheck]:
    """Each published check once, in the order in which they came out, in its newest version, without what
    must not be read. As many queries for each batch."""
    last = 0
    while True:
        rows = PublicCheck.objects.filter(pk__gt=last).order_by("pk").select_related("publication")
        lines = list(rows.prefetch_related("topics")[:BATCH])
        if not lines:
            return
        shown: dict[int, Publication] = {
            row.pk: row for row in with_text(withhold([line.publication for line in lines]))
        }
        for line in lines:
            line.publication = shown[line.publication_id]
            yield line
        last = lines[-1].pk
