"""Everything that the article page shows, gathered once, for the page and for its refreshed parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, Func, IntegerField
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from claims import policies, states
from claims.explaining import offer_in_words
from claims.models import Article, ArticleVersion, Draft, ExtractionRun
from claims.selectors import Progress, newest_version, progress_of
from claimtracker.kernel.decisions import Decision, Denied

from .claim_cards import ClaimCard, by_score, claim_cards
from .marked_text import TextBlock, marked_blocks
from .passed_over import PassedOver, passed_over

ORDERS = ("text", "score")


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """``order`` is how the rail is sorted; ``head`` the first block where the text begins with the title.
    ``passed`` is what was not offered, when that was asked for; ``passed_total`` how much there is.
    ``look_before`` is the draft that it was, for its author while it is kept."""

    article: Article
    version: ArticleVersion
    run: ExtractionRun | None
    progress: Progress
    cards: list[ClaimCard]
    order: str
    blocks: list[TextBlock]
    head: TextBlock | None
    can_mark: Decision
    was_reread: bool
    passed: PassedOver | None
    passed_total: int
    look_before: Draft | None

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
        """``held``, ``rejected``, ``withdrawn``, ``refused``, ``extracted`` or ``waiting``."""
        if self.article.state != states.ACCEPTED:
            return self.article.state
        return self.run.outcome if self.run else "waiting"

    @property
    def rail(self) -> list[ClaimCard]:
        cards = [card for card in self.cards if not card.is_withdrawn]
        return by_score(cards) if self.order == "score" else cards

    @property
    def can_choose(self) -> bool:
        """Whether several can be decided about at once."""
        return (
            sum(bool(card.can_dismiss) and card.claim.state not in states.SET_ASIDE for card in self.cards)
            > 1
        )

    @property
    def withdrawn(self) -> list[ClaimCard]:
        """What a newer reading no longer finds; folded away under the others."""
        return [card for card in self.cards if card.is_withdrawn]

    @property
    def query(self) -> str:
        """How the page is shown, for every address that leads back to it: "?order=score", or empty."""
        shown = {"order": self.order if self.order != ORDERS[0] else ""}
        shown["passed"] = str(self.passed.number) if self.passed else ""
        asked = urlencode({name: value for name, value in shown.items() if value})
        return f"?{asked}" if asked else ""

    @property
    def offer(self) -> str:
        """What to know when the offer is short or had no room for more."""
        return offer_in_words(self.run) if self.run and self.reading == "extracted" else ""

    @property
    def repeated(self) -> list[ClaimCard]:
        """Claims of which a rating is known that a person confirmed, or that very likely is of the same."""
        rated = [card for card in self.rail if card.seen and card.seen.rating]
        return [card for card in rated if card.claim.state not in states.SET_ASIDE]

    @property
    def standing(self) -> int:
        return sum(card.claim.state not in states.SET_ASIDE for card in self.cards)

    @property
    def strongest(self) -> float | None:
        standing = (card for card in self.cards if card.claim.state not in states.SET_ASIDE)
        return max((card.appearance.score for card in standing), default=None)


def get_article(user: Any, pk: int) -> Article:
    """The article if ``user`` may see it. Raises Http404 otherwise."""
    return get_object_or_404(Article.objects.visible_to(user).select_related("desk", "submitted_by"), pk=pk)


def newest_run(version: ArticleVersion) -> ExtractionRun | None:
    return version.extraction_runs.without_sentences().order_by("-id").first()


def _runs_of(version: ArticleVersion) -> list[ExtractionRun]:
    """Newest first, each with ``passed_total`` but without the sentences themselves."""
    total = Func(F("passed_over"), function="jsonb_array_length", output_field=IntegerField())
    return list(version.extraction_runs.without_sentences().annotate(passed_total=total).order_by("-id"))


def may_mark(article: Article, user: Any) -> Decision:
    """Whether ``user`` may mark claims in it: never while a moderator has not let it in."""
    if article.state == states.WITHDRAWN_ARTICLE:
        return Denied(_("Its sender withdrew the article, so no claims are marked in it."), "withdrawn")
    if article.state != states.ACCEPTED:
        return Denied(_("Claims can be marked once a moderator has let the article in."), "not_accepted")
    return policies.can_mark_claim(user, article.desk)


def article_page(article: Article, user: Any, *, order: str = "text", passed: int = 0) -> ArticlePage:
    """``passed`` is the page of what was passed over, from 1, or 0 to leave it out."""
    version = newest_version(article)
    runs = _runs_of(version)
    run = runs[0] if runs else None
    order = order if order in ORDERS else ORDERS[0]
    cards = claim_cards(version, user, runs={run.extractor_version: run for run in runs})
    spans = [span for card in cards if not card.is_withdrawn for span in card.spans]
    over = passed_over(run, version.body, spans, order=order, number=passed) if passed else None
    marked = [*spans, *(sentence.span for sentence in over.sentences)] if over else spans
    blocks = marked_blocks(version.body, version.blocks, marked)
    head = blocks[0] if blocks and blocks[0].text == article.title else None
    return ArticlePage(
        article=article,
        version=version,
        run=run,
        progress=progress_of("claims.extract_article", version.pk) if run is None else Progress("unknown"),
        cards=cards,
        order=order,
        blocks=blocks[1:] if head else blocks,
        head=head,
        can_mark=may_mark(article, user),
        was_reread=len(runs) > 1,
        passed=over,
        passed_total=getattr(run, "passed_total", 0),
        look_before=Draft.objects.visible_to(user).newest_of(article),
    )
