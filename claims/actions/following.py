"""The claims of an article are looked for in its next version: each of their places has a fate there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import transaction

from claimtracker import jobs
from claimtracker.jobs.models import Job
from claimtracker.ledger import audit, outbox

from ..anchoring import METHOD, Anchored, Passage, reanchor
from ..models import CARRIED, Anchoring, Appearance, ArticleVersion, Fate, Following
from .copies import lock_claims_of
from .extraction import lock_article
from .versions import FOLLOW
from .writing_claims import place_in

EXTRACT = "claims.extract_article"


class NotYetFollowed(RuntimeError):
    """The version before was not compared with its own predecessor, and no job is going to."""


def version_before(version: ArticleVersion) -> ArticleVersion:
    """Raises ArticleVersion.DoesNotExist for a first version."""
    return ArticleVersion.objects.get(article=version.article_id, number=version.number - 1)


def is_followed(version: ArticleVersion) -> bool:
    """Whether what became of the claims of the version before is known."""
    return version.number == 1 or Following.objects.filter(version=version).exists()


def awaits_earlier(version: ArticleVersion) -> bool:
    """Whether the version before is still being compared or read: its claims are not all there yet. Raises
    NotYetFollowed where that job failed for good."""
    earlier = version_before(version)
    open_jobs = Job.objects.open().filter(object_id=str(earlier.pk), kind__in=(FOLLOW, EXTRACT))
    kinds = set(open_jobs.values_list("kind", flat=True))
    if is_followed(earlier):
        return EXTRACT in kinds and not earlier.extraction_runs.exists()
    if FOLLOW not in kinds:
        raise NotYetFollowed(f"version {earlier.number} of the article was not compared; run its job first")
    return True


@transaction.atomic
def follow_version(version: ArticleVersion) -> Following:
    """Find every place of a claim of the version before in this one, and keep what became of it. Unchanged
    and moved ones stand here too; a reworded one has a place to look at; a removed one has none. Once for
    each version: a second call returns what is there.

    Locks the article, then the claims of the version before. Audits article.followed, emits it, and enqueues
    the reading of this version.
    """
    lock_article(version)
    done = Following.objects.filter(version=version).first()
    if done is not None:
        return done
    before = version_before(version)
    lock_claims_of(before)
    places = list(before.appearances.order_by("start", "end"))
    passages = [Passage(place.start, place.end) for place in places]
    found = reanchor(before.body, version.body, passages) if passages else []
    anchored = list(zip(places, found, strict=True))
    _write_anchorings(before, version, anchored)
    counts = Counter(str(one.fate) for one in found)
    tally = {str(fate): counts[fate] for fate in Fate.values}
    following = Following.objects.create(version=version, method=METHOD, **tally)
    payload = {"version": version.pk, "number": version.number, **tally}
    audit.record(
        "article.followed", by=audit.SYSTEM, subject=version.article, details={**payload, "method": METHOD}
    )
    outbox.emit("article.followed", subject=version.article, payload=payload)
    jobs.enqueue(EXTRACT, version.pk)
    after = ArticleVersion.objects.filter(article=version.article_id, number=version.number + 1).first()
    if after is not None:
        jobs.enqueue(FOLLOW, after.pk)  # where its own job gave up waiting for this one
    return following


def _write_anchorings(
    before: ArticleVersion, version: ArticleVersion, anchored: Sequence[tuple[Appearance, Anchored]]
) -> None:
    """One for each place. Two claims never stand on the same words, so of two that end up there the first
    one, as the older text has them, has the place."""
    new: dict[tuple[int, int], Appearance] = {}
    for place, found in anchored:
        if found.start is not None and found.end is not None:
            span = (found.start, found.end)
            new.setdefault(span, _placed(place, found, before.body, version))
    Appearance.objects.bulk_create(new.values())
    Anchoring.objects.bulk_create(_anchorings(version, anchored, new))


def _anchorings(
    version: ArticleVersion,
    anchored: Sequence[tuple[Appearance, Anchored]],
    new: dict[tuple[int, int], Appearance],
) -> Iterator[Anchoring]:
    for place, found in anchored:
        there = new.get((found.start, found.end)) if found.start is not None and found.end else None
        yield Anchoring(
            appearance=place,
            to_version=version,
            fate=str(found.fate),
            start=found.start,
            end=found.end,
            score=found.score,
            runner_up=found.runner_up,
            method=METHOD,
            why=found.why,
            new_appearance=there if there is not None and there.claim_id == place.claim_id else None,
        )


def _placed(place: Appearance, found: Anchored, old: str, version: ArticleVersion) -> Appearance:
    """The claim's place in the new text. What a reading says of the words goes along where they are the same
    words; the reading of this version fills in the rest."""
    assert found.start is not None and found.end is not None  # noqa: S101 - the caller looked
    body, start = version.body, found.start
    carried = str(found.fate) in CARRIED
    shift = start - place.start if carried else None
    return Appearance(
        claim_id=place.claim_id,
        version=version,
        **place_in(body, start, found.end),
        claimant_name=place.claimant_name,
        attribution=place.attribution,
        cue=place.cue,
        score=place.score,
        reasons=place.reasons if carried else [],
        extractor_version=place.extractor_version,
        parts=_parts(place.parts, old, body, shift),
        **_claimant(place, old, body, shift),
    )


def _claimant(place: Appearance, old: str, new: str, shift: int | None) -> dict[str, int | None]:
    start, end = place.claimant_start, place.claimant_end
    if start is None or end is None or not _same(old, new, start, end, shift):
        return {"claimant_start": None, "claimant_end": None}
    return {"claimant_start": start + (shift or 0), "claimant_end": end + (shift or 0)}


def _parts(parts: dict[str, Any], old: str, new: str, shift: int | None) -> dict[str, Any]:
    """Those whose words stand at the same distance from the claim's own."""
    if shift is None:
        return {}
    return {
        name: [
            {**part, "start": part["start"] + shift, "end": part["end"] + shift}
            for part in found
            if _same(old, new, part["start"], part["end"], shift)
        ]
        for name, found in parts.items()
    }


def _same(old: str, new: str, start: int, end: int, shift: int | None) -> bool:
    return shift is not None and start + shift >= 0 and old[start:end] == new[start + shift : end + shift]
