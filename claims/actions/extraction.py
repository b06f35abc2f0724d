"""Claims come out of an article version: the slow reading first, then one short write."""

from __future__ import annotations

import datetime
import time
from dataclasses import asdict, dataclass, replace
from functools import cached_property

from django.utils import timezone
from django.utils.translation import gettext as _

from claimtracker.ledger import audit

from .. import states
from ..extraction import EXTRACTOR_VERSION, Block, ExtractedClaim, Extraction, UnsupportedText, extract
from ..matching.fingerprints import Fingerprint, fingerprint_of
from ..matching.offers import Offer, offers_of, said_at
from ..models import Article, ArticleVersion, Draft, ExtractionRun
from .copies import hold_copies, lock_claims_of
from .reading_again import dismissed_before, free_offers, refresh_carried
from .writing_claims import destinations_of, write_claims


@dataclass(frozen=True)
class Analysis:
    """What the extractor said of one version: an extraction, or the sentence why there is none.
    ``seconds`` of work; ``fingerprint`` of the text, where it was made beforehand."""

    extraction: Extraction | None
    refusal: str
    seconds: float
    fingerprint: Fingerprint | None = None

    @property
    def extractor_version(self) -> str:
        return self.extraction.version if self.extraction else EXTRACTOR_VERSION

    @property
    def claims(self) -> tuple[ExtractedClaim, ...]:
        return self.extraction.claims if self.extraction else ()

    @cached_property
    def offers(self) -> tuple[Offer, ...]:
        """The claims with what they have in common."""
        return offers_of(self.claims, self.extraction.blocks) if self.extraction else ()

    @property
    def statements(self) -> int:
        """How many different claims there are: what is said twice counts once."""
        return len({offer.statement for offer in self.offers})


def analyse_version(version: ArticleVersion) -> Analysis:
    """Read the text. Slow (models, no database but the article's row): never call it inside a transaction."""
    started = time.perf_counter()
    blocks = [Block(kind=block["kind"], start=block["start"], end=block["end"]) for block in version.blocks]
    extraction, refusal = None, ""
    try:
        extraction = extract(version.body, blocks=blocks, published=day_of(version.article))
    except UnsupportedText as error:
        refusal = str(error)
    fingerprint = fingerprint_of(version.body)
    analysis = Analysis(extraction, refusal, time.perf_counter() - started, fingerprint)
    analysis.offers  # noqa: B018 - compared here, so that nobody waits for it
    return analysis


def day_of(article: Article | Draft) -> datetime.date | None:
    """The text's own day where the newsroom is, by which "yesterday" is read; None when nobody said it."""
    return timezone.localdate(article.published_at) if article.published_at else None


def record_extraction(version: ArticleVersion, *, analysis: Analysis) -> ExtractionRun:
    """Write the claims and appearances of a first reading and the fingerprint of its text. Emits
    claim.extracted for each new claim and claim.appeared for each appearance on a claim of a near-identical
    article. Call inside a transaction. Locks the article, so that nobody marks the same words meanwhile, then
    near-identical texts (copies.hold_copies), then their claims.

    A version that was read before keeps what is there: its newest run is returned, and only
    rereading.apply_rereading reads it again. Words that already carry a claim keep it (reading_again.py).
    """
    analysis = unless_withdrawn(lock_article(version), analysis)
    earlier = version.extraction_runs.without_sentences().order_by("-id").first()
    if earlier is not None:
        return earlier
    copies = hold_copies(version, fingerprint=analysis.fingerprint)
    if copies:
        lock_claims_of(*copies)
    marked = list(version.appearances.select_related("claim"))
    offers = free_offers(version, analysis.offers, marked)
    refresh_carried(version, analysis.offers, marked, extractor_version=analysis.extractor_version)
    places = [*marked, *dismissed_before(version)]
    there = [(said_at(place), place.claim) for place in places]
    destinations = destinations_of(version, offers, there=there, copies=copies)
    claims = write_claims(version, destinations, extractor_version=analysis.extractor_version)
    run = write_run(version, analysis, claims_new=len(claims), claims_kept=analysis.statements - len(claims))
    audit.record(
        "article.extracted",
        by=audit.SYSTEM,
        subject=version.article,
        details={
            "version": version.number,
            "extractor": run.extractor_version,
            "claims": len(claims),
            "shared": len(destinations.shared),
            "outcome": run.outcome,
        },
    )
    return run


def lock_article(version: ArticleVersion) -> Article:
    """The version's article, locked until the transaction ends: one reading or marking at a time."""
    return Article.everything.select_for_update().get(pk=version.article_id)


def unless_withdrawn(article: Article, analysis: Analysis) -> Analysis:
    """Nothing is found in an article that its sender took back while it was read. The caller holds its
    lock."""
    if article.state != states.WITHDRAWN_ARTICLE:
        return analysis
    return replace(analysis, extraction=None, refusal=_("Its sender withdrew this article."))


def write_run(version: ArticleVersion, analysis: Analysis, **counts: int) -> ExtractionRun:
    """The row that says what this extractor made of this version; ``counts`` as the model names them."""
    found = analysis.extraction
    if found:
        _note_language(version, found.language)
    outcome = ExtractionRun.Outcome.EXTRACTED if found else ExtractionRun.Outcome.REFUSED
    return ExtractionRun.objects.create(
        version=version,
        extractor_version=analysis.extractor_version,
        outcome=outcome,
        message=analysis.refusal,
        language=found.language if found else "",
        sentences=found.sentences if found else 0,
        claims_found=analysis.statements,
        left_out=found.left_out if found else 0,
        passed_over=[
            {**asdict(sentence), "score": round(sentence.score, 3)}
            for sentence in (found.passed_over if found else ())
        ],
        model=found.model[:200] if found else "",
        seconds=analysis.seconds,
        **counts,
    )


def _note_language(version: ArticleVersion, language: str) -> None:
    """The article is in the language in which its text was read, unless its sender or its page names one."""
    if language and Article.everything.filter(pk=version.article_id, language="").update(language=language):
        version.article.language = language
