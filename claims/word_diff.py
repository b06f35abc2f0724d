"""What differs between two short texts, word by word. Plain functions; spacing is no difference."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_WORD = re.compile(r"\S+")
_LONGEST = 600  # words; longer passages are shown as gone and come, since comparing each with each takes long


class Kind(StrEnum):
    SAME = "same"
    GONE = "gone"
    COME = "come"


@dataclass(frozen=True, slots=True)
class Run:
    """Words in a row that share a fate; those that went stand before those that came in their place."""

    kind: Kind
    text: str


def word_diff(old: str, new: str) -> list[Run]:
    """``old`` to ``new`` in runs: without those that came it is the old text, without those gone the new."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    if max(len(before), len(after)) > _LONGEST:
        return [
            run for run in (Run(Kind.GONE, " ".join(before)), Run(Kind.COME, " ".join(after))) if run.text
        ]
    return list(_runs(before, after))


def _runs(before: list[str], after: list[str]) -> Iterator[Run]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, first, last, low, high in matcher.get_opcodes():
        if tag == "equal":
            yield Run(Kind.SAME, " ".join(before[first:last]))
            continue
        if last > first:
            yield Run(Kind.GONE, " ".join(before[first:last]))
        if high > low:
            yield Run(Kind.COME, " ".join(after[low:high]))
