"""The text that a verdict is about, and what the newer versions of its article make of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Substr
from django.utils.translation import gettext_lazy as _

from claims.models import CARRIED, Anchoring, Appearance, ArticleVersion, Fate, Following

# Do the words not stand for sure in the newest version? Each later version has to have been compared with the
# one before, and where the claim stands in that one, no place of it may be reworded and one has to stand.
NOT_CARRIED = (
    "EXISTS (SELECT 1 FROM claims_articleversion was "
    "JOIN claims_articleversion now ON now.article_id = was.article_id AND now.number > was.number "
    "WHERE was.id = {version} "
    "AND (NOT EXISTS (SELECT 1 FROM claims_following f WHERE f.version_id = now.id) "
    "OR (SELECT bool_or(COALESCE(n.fate, 'reworded') = 'reworded') "
    "OR NOT bool_or(COALESCE(n.fate, '') IN ('unchanged', 'moved')) "
    "FROM claims_appearance a JOIN claims_articleversion p ON p.id = a.version_id "
    "LEFT JOIN claims_anchoring n ON n.appearance_id = a.id AND n.to_version_id = now.id "
    "WHERE a.claim_id = {claim} AND p.article_id = now.article_id AND p.number = now.number - 1)))"
)


class TextState(models.TextChoices):
    """How the newest text stands to the one that a verdict is about."""

    SAME = "same", _("the text that was checked")
    CARRIED = "carried", _("changed elsewhere; the words stand")
    UNKNOWN = "unknown", _("changed; the words are being looked for")
    REWORDED = "reworded", _("text changed")
    REMOVED = "removed", _("removed")


@dataclass(frozen=True, slots=True)
class TextSince:
    """``version`` is the first one in which the words are not as they were, or that nobody has compared yet;
    where they stand the newest, and None when there is no newer one."""

    state: TextState = TextState.SAME
    version: ArticleVersion | None = None

    @property
    def holds(self) -> bool:
        return self.state in (TextState.SAME, TextState.CARRIED)

    @property
    def is_changed(self) -> bool:
        return self.state in (TextState.REWORDED, TextState.REMOVED)


def newest_version_of(claim_id: int) -> ArticleVersion | None:
    """The newest version, of those whose claims were looked for, of the article in which the claim was found
    first; without its body."""
    first = Appearance.objects.filter(claim=claim_id).order_by("id").values("version__article")[:1]
    return _compared(article__in=first).filter(Q(number=1) | Q(is_compared=True)).order_by("-number").first()


def text_since(claim_id: int, version_id: int | None) -> TextSince:
    """What became of the words of a claim since the version that a verdict on it is about."""
    return texts_since([(claim_id, version_id)])[claim_id, version_id]


def texts_since(about: Iterable[tuple[int, int | None]]) -> dict[tuple[int, int | None], TextSince]:
    """The same for many, in two queries."""
    pairs = set(about)
    ids = {version_id for _claim, version_id in pairs if version_id is not None}
    if not ids:
        return dict.fromkeys(pairs, TextSince())
    of_article: dict[int, list[ArticleVersion]] = defaultdict(list)
    rows = _compared(article__in=ArticleVersion.objects.filter(pk__in=ids).values("article"))
    for version in rows.order_by("article_id", "number"):
        of_article[version.article_id].append(version)
    changed = [article_id for article_id, versions in of_article.items() if len(versions) > 1]
    fates = _fates({claim_id for claim_id, _version in pairs}, changed) if changed else {}
    found = dict.fromkeys(pairs, TextSince())
    for versions in of_article.values():
        for claim_id, version_id in pairs:
            if any(version.pk == version_id for version in versions):
                found[claim_id, version_id] = _since(claim_id, version_id, versions, fates)
    return found


def changed_passages(claim_id: int, version: ArticleVersion) -> list[Anchoring]:
    """What ``version`` made of the places of the claim in the one before, where it is not the same words;
    each with ``now``, what stands there."""
    rows = Anchoring.objects.filter(to_version=version, appearance__claim=claim_id).exclude(fate__in=CARRIED)
    now = Substr("to_version__body", F("start") + 1, F("end") - F("start"))
    return list(rows.annotate(now=now).select_related("appearance").order_by("appearance__start"))


def _compared(**of: object) -> models.QuerySet[ArticleVersion]:
    rows = ArticleVersion.objects.filter(**of).defer("body", "blocks")
    return rows.annotate(is_compared=Exists(Following.objects.filter(version=OuterRef("pk"))))


def _fates(claims: set[int], articles: list[int]) -> dict[tuple[int, int, int], list[str | None]]:
    """Claim, article and number of a version → the fates of its places in the next version, None where
    nobody compared them."""
    rows = Appearance.objects.filter(claim__in=claims, version__article__in=articles)
    found: dict[tuple[int, int, int], list[str | None]] = defaultdict(list)
    columns = ("claim_id", "version__article_id", "version__number", "anchorings__fate")
    for claim_id, article_id, number, fate in rows.values_list(*columns):
        found[claim_id, article_id, number].append(fate)
    return found


def _since(
    claim_id: int,
    version_id: int | None,
    versions: list[ArticleVersion],
    fates: dict[tuple[int, int, int], list[str | None]],
) -> TextSince:
    numbers = [version.pk for version in versions]
    later = versions[numbers.index(version_id or 0) + 1 :]
    for version in later:
        if not version.is_compared:  # type: ignore[attr-defined] # annotated above
            return TextSince(TextState.UNKNOWN, version)
        became = fates.get((claim_id, version.article_id, version.number - 1), [])
        if any(fate in (None, Fate.REWORDED) for fate in became):
            return TextSince(TextState.REWORDED, version)
        if became and not any(fate in CARRIED for fate in became):
            return TextSince(TextState.REMOVED, version)
    return TextSince(TextState.CARRIED, later[-1]) if later else TextSince()
