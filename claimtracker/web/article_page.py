"""Everything that the article page shows, gathered once, for the page and for its refreshed parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from claims import policies, states
from claims.models import Article, ArticleVersion, ExtractionRun
from claims.selectors import Progress, progress_of
from claimtracker.kernel.decisions import Decision, Denied

from .claim_cards import ClaimCard, by_score, claim_cards
from .marked_text import TextBlock, marked_blocks

ORDERS = ("text", "score")


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """``order`` is how the rail is sorted; ``head`` the first block where the text begins with the title."""

    article: Article
    version: ArticleVersion
    run: ExtractionRun | None
    progress: Progress
    cards: list[ClaimCard]
    order: str
    blocks: list[TextBlock]
    head: TextBlock | None
    can_mark: Decision

    @property
    def byline(self) -> str:
        """Who wrote it, unless the text says so itself."""
        name = self.article.byline
        said = any(
            block.kind == "byline" and name.casefold() in block.text.casefold() for block in self.blocks
        )
        return "" if said else name

    @property
    def reading(self) -> str:
        """``held``, ``rejected``, ``refused``, ``extracted`` or ``waiting``."""
        if self.article.state != states.ACCEPTED:
            return self.article.state
        return self.run.outcome if self.run else "waiting"

    @property
    def rail(self) -> list[ClaimCard]:
        return by_score(self.cards) if self.order == "score" else self.cards

    @property
    def standing(self) -> int:
        return sum(card.claim.state != states.DISMISSED for card in self.cards)

    @property
    def strongest(self) -> float | None:
        standing = (card for card in self.cards if card.claim.state != states.DISMISSED)
        return max((card.appearance.score for card in standing), default=None)


def get_article(user: Any, pk: int) -> Article:
    """The article if ``user`` may see it. Raises Http404 otherwise."""
    return get_object_or_404(Article.objects.visible_to(user).select_related("desk", "submitted_by"), pk=pk)


def newest_version(article: Article) -> ArticleVersion:
    """Its newest text; an article is created together with its first version."""
    version = article.versions.order_by("-number").first()
    assert version is not None, "an article is created together with its first version"  # noqa: S101 - invariant
    version.article = article  # the same row, already joined with its desk
    return version


def newest_run(version: ArticleVersion) -> ExtractionRun | None:
    return version.extraction_runs.order_by("-id").first()


def may_mark(article: Article, user: Any) -> Decision:
    """Whether ``user`` may mark claims in it: never while a moderator has not let it in."""
    if article.state != states.ACCEPTED:
        return Denied(_("Claims can be marked once a moderator has let the article in."), "not_accepted")
    return policies.can_mark_claim(user, article.desk)


def article_page(article: Article, user: Any, *, order: str = "text") -> ArticlePage:
    version = newest_version(article)
    run = newest_run(version)
    cards = claim_cards(version, user)
    blocks = marked_blocks(version.body, version.blocks, [card.span for card in cards])
    head = blocks[0] if blocks and blocks[0].text == article.title else None
    return ArticlePage(
        article=article,
        version=version,
        run=run,
        progress=progress_of("claims.extract_article", version.pk) if run is None else Progress("unknown"),
        cards=cards,
        order=order if order in ORDERS else "text",
        blocks=blocks[1:] if head else blocks,
        head=head,
        can_mark=may_mark(article, user),
    )
