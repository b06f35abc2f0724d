"""What the workspace says where the article changed under a verdict."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from claims.word_diff import Run, word_diff

from ..selectors.text import changed_text_of
from ..selectors.workspace import Workspace


@dataclass(frozen=True, slots=True)
class TextLine:
    """``passages`` are the words then and now, each with the sentence why they are taken for these."""

    state: str
    number: int
    article_id: int
    before: int
    is_checked: bool
    at: datetime
    passages: list[tuple[list[Run], str]] = field(default_factory=list)


def changed_text(space: Workspace) -> TextLine | None:
    """None while the verdict, or where there is none the claim as it is put, is about the newest text."""
    verdict, place = space.verdict, space.appearance
    checked = verdict.article_version if verdict else None
    about = checked or (place.version if place else None)
    changed = changed_text_of(space.claim, about.pk) if about else None
    if about is None or changed is None or changed.since.version is None:
        return None
    version = changed.since.version
    return TextLine(
        state=str(changed.since.state),
        number=version.number,
        article_id=version.article_id,
        before=about.number,
        is_checked=checked is not None,
        at=version.created_at,
        passages=[
            (word_diff(each.appearance.quote, each.now or ""), each.why)  # type: ignore[attr-defined] # annotated
            for each in changed.passages
        ],
    )
