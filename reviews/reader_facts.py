"""What readers' lists need of a snapshot: by whom, on which day, in which language. Plain Python."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Any

LONGEST_SLUG = 60

_NOT_A_LETTER = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class ListFacts:
    """``month`` is that of the first version; ``changed_at`` when the finding changed last, so that looking
    again and finding the same is no news."""

    claimant_name: str
    claimant_slug: str
    language: str
    rating_slug: str
    rating_label: str
    rating_step: int | None
    first_published_at: datetime
    changed_at: datetime
    month: str


def list_facts(snapshot: dict[str, Any], *, language: str = "") -> ListFacts:
    """``language`` is for snapshots from before they said it."""
    rating, claimant = snapshot["rating"], snapshot.get("claimant")
    name = claimant["name"] if claimant else ""
    first = datetime.fromisoformat(snapshot.get("first_published_at") or snapshot["published_at"])
    corrections = snapshot.get("corrections")
    changed = datetime.fromisoformat(corrections[-1]["at"]) if corrections else first
    return ListFacts(
        claimant_name=name,
        claimant_slug=claimant_slug(name),
        language=primary_language(snapshot["claim"].get("language") or language),
        rating_slug=rating["slug"],
        rating_label=rating["label"],
        rating_step=rating_step(rating["value"], rating["worst"], rating["best"]),
        first_published_at=first,
        changed_at=changed,
        month=f"{first:%Y-%m}",
    )


def claimant_slug(name: str) -> str:
    """A readable address that belongs to this name alone, the same whenever it is worked out."""
    if not name:
        return ""
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = _NOT_A_LETTER.sub("-", ascii_only.lower()).strip("-")[:LONGEST_SLUG].rstrip("-")
    digest = hashlib.sha256(" ".join(name.casefold().split()).encode()).hexdigest()[:6]
    return f"{words or 'claimant'}-{digest}"


def primary_language(tag: str) -> str:
    """The language without region or script: what readers choose by."""
    language = tag.replace("_", "-").partition("-")[0].strip().lower()
    return language if re.fullmatch("[a-z]{2,8}", language) else ""


def rating_step(value: int | None, worst: int | None, best: int | None) -> int | None:
    """The place on a drawn scale of five, 1 for the worst; None for a rating without a place."""
    if value is None or worst is None or best is None:
        return None
    if best <= worst:
        return 3
    return 1 + round(4 * (value - worst) / (best - worst))
