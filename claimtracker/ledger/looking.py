"""Looking through the audit: what was asked, the entries that answer it, a page of them, or all as a file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from claimtracker.kernel.errors import ActionRefused
from claimtracker.kernel.spreadsheets import csv_line

from . import audit
from .histories import history_of
from .models import AuditActor, AuditEntry
from .sealing import LATE_COMMITS
from .tracing import facts_of

PAGE_ROWS = 50
MOST_PEOPLE = 50
AT_ONCE = 1000
MODERATORS_EXPORT = 10_000
CSV, LINES = "csv", "jsonl"
COLUMNS = (
    *("number", "uid", "at", "verb", "by_kind", "by_name", "by_ref", "subject_type", "subject_id", "details"),
    *("note", "note_digest", "request", "seal", "place", "digest"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for; whatever is empty narrows nothing. ``verb`` is whole or the noun before its point;
    ``person`` part of a name, or the reference of an actor; ``user`` somebody's key. ``since`` and ``until``
    are days of the site's time zone, the last one included."""

    verb: str = ""
    person: str = ""
    user: int | None = None
    subject_type: str = ""
    subject_id: str = ""
    since: Any = None
    until: Any = None

    @classmethod
    def of(cls, params: Mapping[str, str]) -> Asked:
        """Whatever cannot be read narrows nothing."""
        return cls(
            verb=_words(params, "verb")[:60],
            person=_words(params, "person")[:200],
            user=_number(params.get("user", "")),
            subject_type=_words(params, "subject_type").lower()[:100],
            subject_id=_words(params, "subject_id")[:64],
            since=_day(params.get("since", "")),
            until=_day(params.get("until", "")),
        )

    def as_params(self) -> dict[str, str]:
        """The same as the address has it."""
        said = {
            "verb": self.verb,
            "person": self.person,
            "user": str(self.user or ""),
            "subject_type": self.subject_type,
            "subject_id": self.subject_id,
            "since": self.since.isoformat() if self.since else "",
            "until": self.until.isoformat() if self.until else "",
        }
        return {name: value for name, value in said.items() if value}


@dataclass(frozen=True, slots=True)
class EntryPage:
    """``older`` is the number before which the next page begins, None on the last."""

    rows: list[dict[str, Any]]
    older: int | None


def entries_for(asked: Asked) -> models.QuerySet[AuditEntry]:
    """In no order yet. Each of its parts is served by an index of AuditEntry, newest first; a time is turned
    into the numbers that were drawn then, so that it is served by all of them."""
    rows = AuditEntry.objects.all()
    if asked.verb:
        is_noun = "." not in asked.verb
        rows = rows.filter(
            verb__in=[v for v in verbs() if v.split(".")[0] == asked.verb] if is_noun else [asked.verb]
        )
    if asked.person or asked.user:
        rows = rows.filter(actor_ref__in=_refs(asked))
    if asked.subject_type and asked.subject_id:
        rows = rows.filter(history_of(asked.subject_type, asked.subject_id))
    elif asked.subject_type:
        rows = rows.filter(subject_type=asked.subject_type)
    return _between(rows, asked)


def page_for(asked: Asked, *, before: int | None = None, size: int = PAGE_ROWS) -> EntryPage:
    """The newest entries, or those before the number ``before``: the last page costs what the first does."""
    rows = entries_for(asked)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: size + 1])
    return EntryPage(facts_of(found[:size]), found[size - 1].pk if len(found) > size else None)


def verbs() -> list[str]:
    """Every verb that the audit has, by name: one look into the index for each."""
    return _distinct("verb")


def kinds() -> list[str]:
    """Every type of subject that the audit has."""
    return _distinct("subject_type")


@transaction.atomic
def export(asked: Asked, *, by: Any, form: str) -> Iterator[str]:
    """Everything that was found as CSV or JSON Lines, newest first, line by line: nothing that is written
    later is in it. Superusers; moderators up to MODERATORS_EXPORT entries at once. Raises ActionRefused for
    more. Audits audit.exported with what was asked, before the first line; a person by reference."""
    rows = entries_for(asked)
    at_most = None if by.is_superuser else MODERATORS_EXPORT
    count = rows.order_by()[: at_most + 1].count() if at_most else rows.order_by().count()
    if at_most and count > at_most:
        raise ActionRefused(
            _("At most %(most)s entries are exported at once. Narrow the time or the verb.")
            % {"most": f"{at_most:,}"},
            code="too_many",
        )
    newest = rows.order_by("-pk").values_list("pk", flat=True).first() or 0
    said = {name: value for name, value in asked.as_params().items() if name != "person"}
    if asked.person:
        said["people"] = ",".join(sorted(str(ref) for ref in _refs(asked)))
    details = {"form": form, "asked": said, "entries": count, "newest": newest}
    audit.record("audit.exported", by=by, subject=audit.actor_for(by), details=details)
    return _lines(rows.filter(pk__lte=newest), form)


def _lines(rows: models.QuerySet[AuditEntry], form: str) -> Iterator[str]:
    """In batches by number: no transaction stands open while somebody downloads slowly."""
    if form == CSV:
        yield csv_line(COLUMNS)
    before: int | None = None
    while True:
        batch = list((rows if before is None else rows.filter(pk__lt=before)).order_by("-pk")[:AT_ONCE])
        for facts in facts_of(batch):
            yield csv_line(_cells(facts)) if form == CSV else json.dumps(facts, ensure_ascii=False) + "\n"
        if len(batch) < AT_ONCE:
            return
        before = batch[-1].pk


def _cells(facts: dict[str, Any]) -> list[Any]:
    flat = {
        **facts,
        "by_kind": facts["by"]["kind"],
        "by_name": facts["by"]["name"],
        "by_ref": facts["by"]["ref"],
        "subject_type": facts["subject"]["type"],
        "subject_id": facts["subject"]["id"],
        "details": json.dumps(facts["details"], ensure_ascii=False),
    }
    return [flat[name] for name in COLUMNS]


def _between(rows: models.QuerySet[AuditEntry], asked: Asked) -> models.QuerySet[AuditEntry]:
    if asked.since:
        start = _begin(asked.since)
        first = AuditEntry.objects.filter(created_at__gte=start).order_by("created_at").values_list("pk")[:1]
        edge = first[0][0] if first else None
        if edge is None:
            return rows.none()
        rows = rows.filter(pk__gt=edge - LATE_COMMITS, created_at__gte=start)
    if asked.until:
        end = _begin(asked.until + timedelta(days=1))
        last = AuditEntry.objects.filter(created_at__lt=end).order_by("-created_at").values_list("pk")[:1]
        edge = last[0][0] if last else None
        if edge is None:
            return rows.none()
        rows = rows.filter(pk__lt=edge + LATE_COMMITS, created_at__lt=end)
    return rows


def _refs(asked: Asked) -> list[UUID]:
    """Who is meant: at most MOST_PEOPLE."""
    actors = AuditActor.objects.all()
    if asked.user:
        actors = actors.filter(user=asked.user)
    if asked.person:
        who = models.Q(label__icontains=asked.person) | models.Q(user__email__iexact=asked.person)
        actors = actors.filter(models.Q(ref=ref) if (ref := _uuid(asked.person)) else who)
    return list(actors.order_by("-pk").values_list("ref", flat=True)[:MOST_PEOPLE])


def _distinct(column: str) -> list[str]:
    """By hopping through the index: a plain DISTINCT would read the whole audit."""
    quoted = connection.ops.quote_name(column)
    table = connection.ops.quote_name(AuditEntry._meta.db_table)
    sql = (
        f"WITH RECURSIVE hop AS ((SELECT {quoted} AS value FROM {table} ORDER BY {quoted} LIMIT 1) "  # noqa: S608 - of names in the code
        f"UNION ALL SELECT (SELECT {quoted} FROM {table} WHERE {quoted} > hop.value "
        f"ORDER BY {quoted} LIMIT 1) FROM hop WHERE hop.value IS NOT NULL) "
        "SELECT value FROM hop WHERE value IS NOT NULL"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [value for (value,) in cursor.fetchall()]


def _begin(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _words(params: Mapping[str, str], name: str) -> str:
    return " ".join(params.get(name, "").replace("\x00", " ").split())


def _number(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else None


def _day(value: str) -> Any:
    try:
        return parse_date(value)
    except ValueError:
        return None


def _uuid(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None
