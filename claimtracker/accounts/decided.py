"""A moderator's last decision, kept in the session: what was said of it, and how it is undone."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

KEY = "moderator_decided"
UNDO_FOR = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Decided:
    """``rows`` are those of ``model`` to which ``action`` was done, where it can be undone; otherwise
    ``why_not`` says why it cannot. ``seen`` is how far the moderator had come."""

    said: str
    model: str = ""
    action: str = ""
    rows: list[int] = field(default_factory=list)
    why_not: str = ""
    seen: str = ""
    at: float = 0.0

    @property
    def can_be_undone(self) -> bool:
        return bool(self.rows)


def note_decision(request: HttpRequest, decided: Decided) -> None:
    """It takes the place of the one before: only the last can be undone."""
    request.session[KEY] = {**asdict(decided), "at": timezone.now().timestamp()}


def last_decision(request: HttpRequest) -> Decided | None:
    """The last one, for ten minutes."""
    kept: dict[str, Any] | None = getattr(request, "session", {}).get(KEY)
    if not kept or timezone.now().timestamp() - kept["at"] > UNDO_FOR.total_seconds():
        return None
    return Decided(**kept)


def take_decision(request: HttpRequest) -> Decided | None:
    """The last one, to undo it: a second time there is none."""
    decided = last_decision(request)
    request.session.pop(KEY, None)
    return decided if decided and decided.can_be_undone else None
