"""The story of a claim from the ledger: who did what, in what order, and why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Q

from claims.models import Claim, ClaimMatch
from claimtracker.accounts.models import Desk
from claimtracker.ledger.models import AuditActor, AuditEntry

from ..models import Evidence, Publication, ReviewTask, Source, Verdict

LIMIT = 100
SUBJECTS = (ReviewTask, Verdict, Publication, ClaimMatch)


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the history. ``actor`` is empty once the person was erased; ``title`` names a source,
    ``to`` whoever was given a task."""

    verb: str
    kind: str
    actor: str
    user_id: int | None
    note: str
    stance: str
    title: str
    details: dict[str, Any]
    desk: str
    at: datetime
    to: str = ""


def history_of(claim: Claim, *, limit: int = LIMIT) -> list[Event]:
    """The newest ``limit`` events about the claim, its matches, tasks, verdicts and publications, newest
    first."""
    about = Q(subject_type=Claim._meta.label_lower, subject_id=str(claim.pk))
    for model in SUBJECTS:
        ids = [str(pk) for pk in model._default_manager.filter(claim=claim).values_list("pk", flat=True)]
        about |= Q(subject_type=model._meta.label_lower, subject_id__in=ids)
    entries = list(AuditEntry.objects.filter(about).select_related("note").order_by("-id")[:limit])
    refs = {str(entry.actor_ref) for entry in entries} | {e.details["to"] for e in entries if _is_given(e)}
    actors = {actor.ref: actor for actor in AuditActor.objects.filter(ref__in=refs)}
    titles = _source_titles(claim, entries)
    desks = dict(Desk.objects.values_list("slug", "name"))
    events = [_event(entry, actors.get(entry.actor_ref), titles, desks) for entry in entries]
    labels = {str(ref): actor.label for ref, actor in actors.items()}
    return [
        replace(event, to=labels.get(entry.details["to"], "")) if _is_given(entry) else event
        for event, entry in zip(events, entries, strict=True)
    ]


def _is_given(entry: AuditEntry) -> bool:
    return entry.verb in ("review_task.assigned", "review_task.handed_over") and "to" in entry.details


def _event(
    entry: AuditEntry, actor: AuditActor | None, titles: dict[int, str], desks: dict[str, str]
) -> Event:
    details = entry.details
    evidence = details.get("evidence")  # one source, or all that came with a verdict
    return Event(
        verb=entry.verb,
        kind=actor.kind if actor else "system",
        actor=actor.label if actor else "",
        user_id=actor.user_id if actor else None,
        note=entry.note.text if hasattr(entry, "note") else "",
        stance=str(details.get("stance", "")),
        title=titles.get(evidence, "") if isinstance(evidence, int) else "",
        details=details,
        desk=desks.get(details.get("desk", ""), ""),
        at=entry.created_at,
    )


def _source_titles(claim: Claim, entries: list[AuditEntry]) -> dict[int, str]:
    """Evidence id → title of its source, also of evidence that was removed since. Confidential ones have no
    title here, whoever reads."""
    board = Evidence.objects.filter(claim=claim, source__is_confidential=False)
    titles = dict(board.values_list("pk", "source__title"))
    removed = [entry.details for entry in entries if entry.verb == "evidence.removed"]
    named = Source.objects.named().filter(pk__in=[d["source"] for d in removed])
    sources = dict(named.values_list("pk", "title"))
    return titles | {details["evidence"]: sources.get(details["source"], "") for details in removed}
