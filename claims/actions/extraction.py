"""Claims come out of an article version: the slow reading first, then one short write."""

from __future__ import annotations

import datetime
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils import timezone

from claimtracker.accounts.models import Desk
from claimtracker.ledger import audit, outbox

from ..extraction import EXTRACTOR_VERSION, Block, ExtractedClaim, Extraction, UnsupportedText, extract
from ..models import Appearance, Article, ArticleVersion, Claim, Claimant, ExtractionRun
from .match_marks import mark_claims

CONTEXT = 32  # code points kept before and after a quote, to find it again in a changed text


@dataclass(frozen=True, slots=True)
class Analysis:
    """What the extractor said of one version: an extraction, or the sentence why there is none.
    ``seconds`` of work."""

    extraction: Extraction | None
    refusal: str
    seconds: float

    @property
    def extractor_version(self) -> str:
        return self.extraction.version if self.extraction else EXTRACTOR_VERSION

    @property
    def claims(self) -> tuple[ExtractedClaim, ...]:
        return self.extraction.claims if self.extraction else ()


def analyse_version(version: ArticleVersion) -> Analysis:
    """Read the text. Slow (models, no database but the article's row): never call it inside a transaction."""
    started = time.perf_counter()
    blocks = [Block(kind=block["kind"], start=block["start"], end=block["end"]) for block in version.blocks]
    extraction, refusal = None, ""
    try:
        extraction = extract(version.body, blocks=blocks, published=day_of(version.article))
    except UnsupportedText as error:
        refusal = str(error)
    return Analysis(extraction, refusal, time.perf_counter() - started)


def day_of(article: Article) -> datetime.date | None:
    """The article's own day where the newsroom is, by which "yesterday" is read; None when nobody said it."""
    return timezone.localdate(article.published_at) if article.published_at else None


def record_extraction(version: ArticleVersion, *, analysis: Analysis) -> ExtractionRun:
    """Write the claims and appearances of a first reading and emit claim.extracted for each. Call inside a
    transaction. Locks the article, so that nobody marks the same words meanwhile.

    A version that was read before keeps what is there: its newest run is returned, and only
    rereading.apply_rereading reads it again. A span that already carries a claim keeps it.
    """
    lock_article(version)
    earlier = version.extraction_runs.without_sentences().order_by("-id").first()
    if earlier is not None:
        return earlier
    taken = set(version.appearances.values_list("start", "end"))
    new = [item for item in analysis.claims if (item.start, item.end) not in taken]
    claims = write_claims(version, new, analysis)
    run = write_run(version, analysis, claims_new=len(claims), claims_kept=len(analysis.claims) - len(new))
    audit.record(
        "article.extracted",
        by=audit.SYSTEM,
        subject=version.article,
        details={
            "version": version.number,
            "extractor": run.extractor_version,
            "claims": len(claims),
            "outcome": run.outcome,
        },
    )
    return run


def lock_article(version: ArticleVersion) -> Article:
    """The version's article, locked until the transaction ends: one reading or marking at a time."""
    return Article.objects.select_for_update().get(pk=version.article_id)


def write_run(version: ArticleVersion, analysis: Analysis, **counts: int) -> ExtractionRun:
    """The row that says what this extractor made of this version; ``counts`` as the model names them."""
    found = analysis.extraction
    outcome = ExtractionRun.Outcome.EXTRACTED if found else ExtractionRun.Outcome.REFUSED
    return ExtractionRun.objects.create(
        version=version,
        extractor_version=analysis.extractor_version,
        outcome=outcome,
        message=analysis.refusal,
        language=found.language if found else "",
        sentences=found.sentences if found else 0,
        claims_found=len(analysis.claims),
        left_out=found.left_out if found else 0,
        passed_over=[
            {**asdict(sentence), "score": round(sentence.score, 3)}
            for sentence in (found.passed_over if found else ())
        ],
        model=found.model[:200] if found else "",
        seconds=analysis.seconds,
        **counts,
    )


def write_claims(version: ArticleVersion, new: Sequence[ExtractedClaim], analysis: Analysis) -> list[Claim]:
    """Claims with their appearances for spans that carry none, and claim.extracted for each."""
    claimants = claimants_named({item.claimant for item in new if item.claimant})
    ranks = ranks_of(analysis)
    desk: Desk = version.article.desk
    claims = Claim.objects.bulk_create(
        Claim(
            desk=desk,
            **claim_facts(item, claimants),
            extractor_version=analysis.extractor_version,
        )
        for item in new
    )
    Appearance.objects.bulk_create(
        Appearance(
            claim=claim,
            version=version,
            rank=ranks[item.start, item.end],
            extractor_version=analysis.extractor_version,
            **appearance_facts(version.body, item),
        )
        for claim, item in zip(claims, new, strict=True)
    )
    mark_claims(claim.pk for claim in claims)
    for claim in claims:
        outbox.emit("claim.extracted", subject=claim)
    return claims


def ranks_of(analysis: Analysis) -> dict[tuple[int, int], int]:
    """Span → place in the article from 1: the extractor's own, or by score where it gives none."""
    found = analysis.claims
    if all(item.rank >= 1 for item in found):
        return {(item.start, item.end): item.rank for item in found}
    strongest = sorted(found, key=lambda item: (-item.score, item.start))
    return {(item.start, item.end): place for place, item in enumerate(strongest, 1)}


def claimants_named(names: set[str]) -> dict[str, Claimant]:
    """Name as found → its row, made when it is new."""
    Claimant.objects.bulk_create([Claimant(name=name[:300]) for name in sorted(names)], ignore_conflicts=True)
    known = {
        claimant.name: claimant
        for claimant in Claimant.objects.filter(name__in=[name[:300] for name in names])
    }
    return {name: known[name[:300]] for name in names}


def claim_facts(item: ExtractedClaim, claimants: dict[str, Claimant]) -> dict[str, Any]:
    """What a reading says of a claim, as the fields of its row."""
    return {
        "text": item.text,
        "changes": [asdict(change) for change in item.changes],
        "claimant": claimants.get(item.claimant or ""),
        "kind": item.kind,
        "score": item.score,
    }


def appearance_facts(body: str, item: ExtractedClaim) -> dict[str, Any]:
    """What a reading says of the claim's place in ``body``, as the fields of the appearance."""
    span = item.claimant_span
    return {
        "start": item.start,
        "end": item.end,
        "quote": item.quote,
        "prefix": body[max(0, item.start - CONTEXT) : item.start],
        "suffix": body[item.end : item.end + CONTEXT],
        "claimant_name": (item.claimant or "")[:300],
        "claimant_start": span[0] if span else None,
        "claimant_end": span[1] if span else None,
        "attribution": item.attribution,
        "cue": item.cue[:100],
        "score": item.score,
        "reasons": [reason[:200] for reason in item.reasons],
        "parts": {name: list(found) for name, found in asdict(item.parts).items()},
    }
