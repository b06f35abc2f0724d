"""What happened, in the sentences of the history, for the entries of a dossier."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from claimtracker.accounts.models import Desk
from claimtracker.ledger.models import AuditActor

from ..selectors.history import Event
from .timeline import what_of


def with_sentences(entries: list[dict[str, Any]]) -> list[tuple[dict[str, Any], str]]:
    """Each entry of the timeline with what it says. Two queries."""
    desks = dict(Desk.objects.values_list("slug", "name"))
    given = {entry["details"]["to"] for entry in entries if _is_given(entry)}
    names = {str(actor.ref): actor.label for actor in AuditActor.objects.filter(ref__in=given)}
    return [(entry, what_of(_event(entry, desks, names))) for entry in entries]


def _is_given(entry: dict[str, Any]) -> bool:
    return entry["verb"] in ("review_task.assigned", "review_task.handed_over") and "to" in entry["details"]


def _event(entry: dict[str, Any], desks: dict[str, str], names: dict[str, str]) -> Event:
    details = entry["details"]
    return Event(
        verb=entry["verb"],
        kind=entry["by"]["kind"],
        actor=entry["by"]["name"],
        user_id=None,
        note=entry["note"],
        stance=str(details.get("stance", "")),
        title="",
        details=details,
        desk=desks.get(str(details.get("desk", "")), ""),
        at=datetime.fromisoformat(entry["at"]),
        to=names.get(str(details.get("to", "")), "") if _is_given(entry) else "",
    )
