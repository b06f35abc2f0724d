"""Reads the revisions written by hand in bench/revision_pairs, for bench.reanchor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from claims.anchoring import Fate, Passage

ROOT = Path(__file__).resolve().parent.parent
PAIRS = Path(__file__).resolve().parent / "revision_pairs"


@dataclass(frozen=True, slots=True)
class Expected:
    """What became of a passage. ``start`` and ``end`` are its place in the new text; ``fate`` is None for
    words that stand untouched in a sentence that was edited elsewhere."""

    passage: Passage
    fate: Fate | None
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Revision:
    name: str
    old: str
    new: str
    expected: list[Expected]


@dataclass(slots=True)
class _Draft:
    name: str
    article: str = ""
    edits: list[tuple[str, str, str]] = field(default_factory=list)
    labels: list[list[str]] = field(default_factory=list)


def written_by_hand() -> list[Revision]:
    """Every revision, in the order of the files."""
    return [_revision(draft) for path in sorted(PAIRS.glob("*.txt")) for draft in _drafts(path)]


def _drafts(path: Path) -> Iterator[_Draft]:
    draft: _Draft | None = None
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        mark, words = line[:2], line[2:].replace("⏎", "\n")
        if mark == "==":
            if draft:
                yield draft
            draft = _Draft(words.strip())
        elif not line.strip():
            continue
        elif draft is None:
            raise ValueError(f"{path.name}, line {number}: a revision begins with == and its name.")
        elif mark == "of":
            draft.article = words.strip()
        elif mark == "- ":
            draft.edits.append(("replace", words, ""))
        elif mark in ("+ ", "+"):
            draft.edits[-1] = ("replace", draft.edits[-1][1], words)
        elif mark == "m ":
            draft.edits.append(("move", *_two(words.split(">>"), path, number)))
        elif mark == "? ":
            draft.labels.append([part.strip() for part in words.split(" | ")])
        else:
            raise ValueError(f"{path.name}, line {number}: “{mark}” begins no line of a revision.")
    if draft:
        yield draft


def _two(parts: list[str], path: Path, number: int) -> tuple[str, str]:
    if len(parts) != 2:
        raise ValueError(f"{path.name}, line {number}: write m paragraph >> paragraph.")
    return parts[0].strip(), parts[1].strip()


def _revision(draft: _Draft) -> Revision:
    old = new = (ROOT / draft.article).read_text(encoding="utf-8")
    for kind, one, other in draft.edits:
        new = (
            _replaced(new, one, other, draft.name)
            if kind == "replace"
            else _moved(new, one, other, draft.name)
        )
    return Revision(draft.name, old, new, [_expected(label, old, new, draft.name) for label in draft.labels])


def _replaced(text: str, was: str, becomes: str, name: str) -> str:
    if text.count(was) != 1:
        raise ValueError(f"{name}: “{was}” stands {text.count(was)} times.")
    return text.replace(was, becomes)


def _moved(text: str, opening: str, behind: str, name: str) -> str:
    paragraphs = text.split("\n\n")
    moved, before = (_paragraph(paragraphs, words, name) for words in (opening, behind))
    paragraphs.remove(moved)
    paragraphs.insert(paragraphs.index(before) + 1, moved.strip("\n"))
    return "\n\n".join(paragraphs)


def _paragraph(paragraphs: list[str], opening: str, name: str) -> str:
    found = [one for one in paragraphs if one.startswith(opening)]
    if len(found) != 1:
        raise ValueError(f"{name}: {len(found)} paragraphs begin with “{opening}”.")
    return found[0]


def _expected(label: list[str], old: str, new: str, name: str) -> Expected:
    fate, quote, *now = label
    passage = Passage(*_place(old, quote, name))
    if fate == Fate.REMOVED:
        return Expected(passage, Fate.REMOVED)
    return Expected(passage, Fate(fate), *_place(new, now[0] if now else quote, name))


def _place(text: str, quote: str, name: str) -> tuple[int, int]:
    words, _, turn = quote.partition(" ##")
    if not turn and text.count(words) != 1:
        raise ValueError(f"{name}: “{words}” stands {text.count(words)} times; say which with ##1.")
    start = -1
    for _turn in range(int(turn or 1)):
        start = text.index(words, start + 1)
    return start, start + len(words)
