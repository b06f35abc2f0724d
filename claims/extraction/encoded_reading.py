"""An article read by the encoder with the rules beside it: spans and voices by both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

from claims.extraction.attributions import encode_blocks, find_attributions
from claims.extraction.attributions_claimants import Claimants
from claims.extraction.encoder.runtime import MODEL_FOLDER, Encoded, calibration
from claims.extraction.model import EXTRACTOR_VERSION, Block, ExtractedClaim, Extraction
from claims.extraction.offering import tells_of_speech
from claims.extraction.parts import Anatomy
from claims.extraction.reading import Reading, read_article
from claims.extraction.selection import Candidate, candidates, chosen, passed_over
from claims.extraction.standalone import Rewriter
from claims.extraction.voices import Voices

_NO_REASON = "a statement of fact that can be tested"


def read_encoded(
    text: str,
    blocks: Sequence[Block],
    language: str,
    *,
    published: date | None = None,
    folder: Path = MODEL_FOLDER,
) -> Extraction:
    """The article's claims with calibrated scores, and why its other sentences are none."""
    fitted = calibration(folder)
    reading, encoded, weighed = weigh(text, blocks, fitted["claim"], folder=folder)
    offered = chosen(weighed, fitted["claim"]["threshold"])
    order = sorted(range(len(offered)), key=lambda i: (-offered[i].score, offered[i].start))
    rank_of = {i: rank for rank, i in enumerate(order, 1)}
    rewriter = Rewriter(text, reading.parsed, reading.cast, reading.discourse, published=published)
    anatomy = Anatomy(text, reading.parsed, reading.cast, published=published)
    best: dict[int, float] = {}
    for candidate in weighed:
        number = candidate.found.sentence
        best[number] = max(best.get(number, 0.0), candidate.score)
    spans = [(c.start, c.end) for c in offered]
    return Extraction(
        EXTRACTOR_VERSION,
        language,
        reading.sentences,
        tuple(_claim(text, c, rank_of[i], rewriter, anatomy) for i, c in enumerate(offered)),
        tuple(blocks),
        passed_over=passed_over(encoded, blocks, spans, best),
        model=str(fitted.get("model", "")),
    )


def weigh(
    text: str, blocks: Sequence[Block], curve: Mapping[str, float], *, folder: Path = MODEL_FOLDER
) -> tuple[Reading, Encoded, list[Candidate]]:
    """Every span that may be a claim with its score, before any is left out."""
    with ThreadPoolExecutor(1) as beside:  # the encoder computes outside the interpreter's lock
        encoding = beside.submit(encode_blocks, text, blocks, folder=folder)
        reading = read_article(text, blocks)
        encoded = encoding.result()
    relations = find_attributions(text, blocks, parsed=reading.parsed, encoded=encoded, cast=reading.cast)
    voices = Claimants(text, relations, Voices(encoded))
    return reading, encoded, candidates(text, reading, encoded, voices, blocks, curve)


def _claim(
    text: str, candidate: Candidate, rank: int, rewriter: Rewriter, anatomy: Anatomy
) -> ExtractedClaim:
    start, end, voice, finding = candidate.start, candidate.end, candidate.voice, candidate.finding
    speaks = finding is not None and voice.name is None and tells_of_speech(finding)
    kind, parts = anatomy.of(start, end, about_speech=speaks)
    wording = rewriter.reword(
        start,
        end,
        piece=finding.piece if finding is not None else None,
        claimant=voice.name,
        in_quotation=voice.attribution == "quoted",
    )
    return ExtractedClaim(
        text=wording.text,
        quote=text[start:end],
        start=start,
        end=end,
        claimant=voice.name,
        claimant_span=voice.source,
        attribution=voice.attribution,
        kind=kind,
        score=round(candidate.score, 3),
        reasons=candidate.worth.reasons or (_NO_REASON,),
        cue=voice.cue,
        changes=wording.changes,
        parts=parts,
        rank=rank,
    )
