"""An article that is here comes in once more, with another text or with other facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from .. import states
from ..models import Article
from ..selectors import newest_version, open_update
from ..sources import ParsedArticle
from .describing import describe, what_differs
from .held_updates import hold_update, supersede_update
from .versions import Recorded, check_may_change, record_version


@transaction.atomic
def take_again(
    article: Article,
    text: ParsedArticle | None,
    told: Mapping[str, Any],
    *,
    by: Any,
    note: str,
    held: bool = False,
) -> Recorded:
    """Take in what an article says now: another text is its next version, what is ``told`` holds from now on;
    ``text`` is None where none comes. What is new of an article that was let in waits for a moderator where
    the sender is ``held`` (:func:`held_updates.hold_update`). Locks the article.

    Raises ActionRefused (``duplicate_external_id``) for what is new of an article that was turned down, and
    for anything of one that its sender withdrew.
    """
    row = Article.everything.select_for_update(of=("self",)).get(pk=article.pk)
    if held and row.state == states.ACCEPTED:
        Article.everything.filter(pk=row.pk).update(last_seen_at=timezone.now())
        update = hold_update(row, text, told, by=by, note=note)
        return Recorded(newest_version(row), created=False, update=update)
    if row.state == states.WITHDRAWN_ARTICLE or what_differs(row, told):
        check_may_change(row)
    if text is None:
        Article.everything.filter(pk=row.pk).update(last_seen_at=timezone.now())
        recorded = Recorded(newest_version(row), created=False)
    else:
        recorded = record_version(row, text, by=by, origin_note=note)
        row = recorded.version.article
    is_new = describe(row, told, by=by) or recorded.created
    _takes_the_place(row, is_new, text, told, by=by)
    return recorded


def _takes_the_place(
    article: Article, is_new: bool, text: ParsedArticle | None, told: Mapping[str, Any], *, by: Any
) -> None:
    """Whom we trust by now speaks past the moderator, also of what still waited or was turned down."""
    before = open_update(article)
    if before is None or not (is_new or before.state == states.HELD):
        return
    if text is not None or set(told) & set(before.told):
        supersede_update(article, by=by)
