"""Claims come out of an article version: the slow reading first, then one short write."""

from __future__ import annotations

import time
from dataclasses import dataclass

from claimtracker.accounts.models import Desk
from claimtracker.ledger import audit, outbox

from ..extraction import EXTRACTOR_VERSION, Block, ExtractedClaim, Extraction, UnsupportedText, extract
from ..models import Appearance, ArticleVersion, Claim, Claimant, ExtractionRun

CONTEXT = 32  # code points kept before and after a quote, to find it again in a changed text


@dataclass(frozen=True, slots=True)
class Analysis:
    """What the extractor said of one version: an extraction, or the sentence why there is none.
    ``seconds`` of work."""

    extraction: Extraction | None
    refusal: str
    seconds: float


def analyse_version(version: ArticleVersion) -> Analysis:
    """Read the text. Slow (models, no database): never call it inside a transaction."""
    started = time.perf_counter()
    blocks = [Block(kind=block["kind"], start=block["start"], end=block["end"]) for block in version.blocks]
    try:
        extraction, refusal = extract(version.body, blocks=blocks), ""
    except UnsupportedText as error:
        extraction, refusal = None, str(error)
    return Analysis(extraction, refusal, time.perf_counter() - started)


def record_extraction(version: ArticleVersion, *, analysis: Analysis) -> ExtractionRun:
    """Write claims and appearances and emit claim.extracted for each. Call inside a transaction.

    Once per version and extractor version: a second call returns the run that is there. A span that already
    carries a claim keeps it.
    """
    run, created = ExtractionRun.objects.get_or_create(
        version=version,
        extractor_version=EXTRACTOR_VERSION,
        defaults={
            "outcome": ExtractionRun.Outcome.EXTRACTED
            if analysis.extraction
            else ExtractionRun.Outcome.REFUSED,
            "message": analysis.refusal,
            "language": analysis.extraction.language if analysis.extraction else "",
            "sentences": analysis.extraction.sentences if analysis.extraction else 0,
            "claims_found": len(analysis.extraction.claims) if analysis.extraction else 0,
            "seconds": analysis.seconds,
        },
    )
    if not created:
        return run
    claims = _write_claims(version, analysis.extraction.claims) if analysis.extraction else []
    audit.record(
        "article.extracted",
        by=audit.SYSTEM,
        subject=version.article,
        details={
            "version": version.number,
            "extractor": EXTRACTOR_VERSION,
            "claims": len(claims),
            "outcome": run.outcome,
        },
    )
    for claim in claims:
        outbox.emit("claim.extracted", subject=claim)
    return run


def _write_claims(version: ArticleVersion, found: tuple[ExtractedClaim, ...]) -> list[Claim]:
    taken = set(version.appearances.values_list("start", "end"))
    new = [item for item in found if (item.start, item.end) not in taken]
    claimants = _claimants({item.claimant for item in new if item.claimant})
    desk: Desk = version.article.desk
    claims = Claim.objects.bulk_create(
        Claim(
            text=item.text,
            claimant=claimants.get(item.claimant or ""),
            kind=item.kind,
            score=item.score,
            desk=desk,
            extractor_version=EXTRACTOR_VERSION,
        )
        for item in new
    )
    Appearance.objects.bulk_create(
        _appearance(version, claim, item) for claim, item in zip(claims, new, strict=True)
    )
    return claims


def _claimants(names: set[str]) -> dict[str, Claimant]:
    Claimant.objects.bulk_create([Claimant(name=name[:300]) for name in sorted(names)], ignore_conflicts=True)
    known = {
        claimant.name: claimant
        for claimant in Claimant.objects.filter(name__in=[name[:300] for name in names])
    }
    return {name: known[name[:300]] for name in names}


def _appearance(version: ArticleVersion, claim: Claim, item: ExtractedClaim) -> Appearance:
    span = item.claimant_span
    return Appearance(
        claim=claim,
        version=version,
        start=item.start,
        end=item.end,
        quote=item.quote,
        prefix=version.body[max(0, item.start - CONTEXT) : item.start],
        suffix=version.body[item.end : item.end + CONTEXT],
        claimant_name=(item.claimant or "")[:300],
        claimant_start=span[0] if span else None,
        claimant_end=span[1] if span else None,
        attribution=item.attribution,
        cue=item.cue[:100],
        score=item.score,
        reasons=[reason[:200] for reason in item.reasons],
        extractor_version=EXTRACTOR_VERSION,
    )
