"""Reads the brat standoff files of PolNeAR: attributions with their source, cue and content spans."""

from __future__ import annotations

import glob
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class GoldAttribution:
    """One attribution relation; every span is (start, end) in code points of the text, end exclusive."""

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]


@dataclass(slots=True)
class AnnotatedArticle:
    name: str
    text: str
    attributions: list[GoldAttribution] = field(default_factory=list)


def read_folder(folder: Path) -> Iterator[AnnotatedArticle]:
    """Every article of `folder`: `text/NAME.txt` with `attributions/NAME.ann` or `NAME_ANNOTATOR.ann`.

    Raises FileNotFoundError naming the part that is missing.
    """
    texts, annotations = folder / "text", folder / "attributions"
    for needed in (texts, annotations):
        if not needed.is_dir():
            raise FileNotFoundError(
                f"there is no folder {needed}; give a folder holding text/ and attributions/"
            )
    for path in sorted(texts.glob("*.txt")):
        with path.open(encoding="utf-8", newline="") as file:
            article = AnnotatedArticle(path.name, file.read())
        found = _annotations_of(path.stem, annotations)
        if found is not None:
            article.attributions = read_annotations(found.read_text(encoding="utf-8"))
        yield article


def _annotations_of(stem: str, folder: Path) -> Path | None:
    """A text's annotations: `STEM.ann` or, as PolNeAR names them, `STEM_ANNOTATOR.ann` (the first)."""
    if (folder / f"{stem}.ann").is_file():
        return folder / f"{stem}.ann"
    for path in sorted(folder.glob(f"{glob.escape(stem)}_*.ann")):
        if re.fullmatch(r"[0-9a-z]+", path.stem[len(stem) + 1 :]):
            return path
    return None


def read_annotations(standoff: str) -> list[GoldAttribution]:
    """The attribution events of one standoff file; relations without content are left out."""
    spans: dict[str, tuple[Span, ...]] = {}
    events: list[list[tuple[str, str]]] = []
    for line in standoff.split("\n"):
        fields = line.split("\t")
        if line.startswith("T") and len(fields) >= 2:
            _, _, positions = fields[1].partition(" ")
            spans[fields[0]] = tuple(_span(piece) for piece in positions.split(";"))
        elif line.startswith("E") and len(fields) >= 2:
            events.append(
                [(role.rstrip("0123456789"), key) for role, _, key in map(_role, fields[1].split())]
            )
    found = []
    for event in events:
        parts = {name: _joined(spans, event, name) for name in ("Source", "Cue", "Content")}
        if parts["Content"]:
            found.append(GoldAttribution(parts["Source"], parts["Cue"], parts["Content"]))
    return found


def _role(argument: str) -> tuple[str, str, str]:
    return argument.partition(":")


def _span(piece: str) -> Span:
    start, end = piece.split()
    return int(start), int(end)


def _joined(spans: dict[str, tuple[Span, ...]], event: list[tuple[str, str]], role: str) -> tuple[Span, ...]:
    return tuple(sorted(span for name, key in event if name == role for span in spans.get(key, ())))
