"""A newer extractor reads an article again. What people decided stays; the rest follows the reading."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.db import transaction

from claimtracker import jobs
from claimtracker.ledger import audit, outbox

from .. import states
from ..extraction import ExtractedClaim
from ..models import Appearance, ArticleVersion, Claim, ExtractionRun
from .extraction import (
    Analysis,
    appearance_facts,
    claim_facts,
    claimants_named,
    ranks_of,
    write_claims,
    write_run,
)
from .match_marks import mark_claims
from .reread_plan import Plan, Standing, plan_rereading

BATCH = 200  # rows in one UPDATE

CLAIM_FIELDS = ["text", "changes", "claimant", "kind", "score", "extractor_version", "state", "withdrawn_by"]
APPEARANCE_FIELDS = [
    *("start", "end", "quote", "prefix", "suffix", "claimant_name", "claimant_start", "claimant_end"),
    *("attribution", "cue", "score", "rank", "parts", "reasons", "extractor_version"),
]


@dataclass(frozen=True, slots=True)
class Rereading:
    """What came of it, as ids of claims; ``returned`` were withdrawn before and are found again."""

    run: ExtractionRun
    refreshed: list[int] = field(default_factory=list)
    returned: list[int] = field(default_factory=list)
    withdrawn: list[int] = field(default_factory=list)


def lock_claims_of(version: ArticleVersion) -> list[Claim]:
    """Every claim that stands in the version, locked in one order until the transaction ends."""
    here = version.appearances.values("claim")
    return list(Claim.objects.select_for_update().filter(pk__in=here).order_by("pk"))


def shown_elsewhere(version: ArticleVersion, claims: Collection[Claim]) -> set[int]:
    """Ids of those that stand at another place too: one article's reading does not decide about them."""
    places = Appearance.objects.filter(claim__in=claims).values_list("claim_id", "version_id")
    seen: dict[int, int] = {}
    for claim_id, _version_id in places:
        seen[claim_id] = seen.get(claim_id, 0) + 1
    return {claim_id for claim_id, count in seen.items() if count > 1}


def plan_for(version: ArticleVersion, analysis: Analysis, kept: Collection[int]) -> Plan:
    """What ``analysis`` would change; ``kept`` are ids of claims that people decided on. Reads only."""
    places = version.appearances.values_list("pk", "start", "end", "claim_id")
    standing = [Standing(pk, start, end, claim_id in kept) for pk, start, end, claim_id in places]
    if analysis.extraction is None:  # what cannot be read says nothing about what is there
        return Plan(kept=[one.key for one in standing])
    return plan_rereading(standing, analysis.claims)


@transaction.atomic
def apply_rereading(version: ArticleVersion, *, analysis: Analysis, kept: Collection[int]) -> Rereading:
    """Write a newer reading: refresh in place what nobody touched, withdraw of that what is not found any
    more, add what is new. The claims in ``kept`` (ids) are not touched, and their words not offered again.

    The caller holds the locks of the article and of its claims. Emits claim.extracted, claim.restored and
    claim.withdrawn; audits article.reread, claim.refreshed and claim.withdrawn.
    """
    plan = plan_for(version, analysis, kept)
    rows = {row.pk: row for row in version.appearances.select_related("claim")}
    before = {row.claim_id: _as_searched(row.claim) for row in rows.values()}
    returned = _refresh(version, analysis, {rows[key]: item for key, item in plan.refreshed.items()})
    gone = [rows[key].claim for key in plan.gone if rows[key].claim.state == states.SUGGESTED]
    _withdraw(gone, by=analysis.extractor_version)
    changed = [row.claim_id for row in rows.values() if before[row.claim_id] != _as_searched(row.claim)]
    mark_claims(changed)
    for claim_id in changed:
        jobs.enqueue("claims.match_claim", claim_id)
    new = write_claims(version, plan.new, analysis)
    run = write_run(
        version,
        analysis,
        claims_new=len(new),
        claims_refreshed=len(plan.refreshed),
        claims_kept=len(plan.kept),
        claims_withdrawn=len(gone),
    )
    audit.record(
        "article.reread",
        by=audit.SYSTEM,
        subject=version.article,
        details={
            "version": version.number,
            "extractor": run.extractor_version,
            "outcome": run.outcome,
            "new": run.claims_new,
            "refreshed": run.claims_refreshed,
            "kept": run.claims_kept,
            "withdrawn": run.claims_withdrawn,
        },
    )
    refreshed = [rows[key].claim_id for key in plan.refreshed]
    return Rereading(run, refreshed, returned, [claim.pk for claim in gone])


def _refresh(
    version: ArticleVersion, analysis: Analysis, found: Mapping[Appearance, ExtractedClaim]
) -> list[int]:
    """Put what was found in place of what was there, under the same ids. Returns those that had been gone."""
    claimants = claimants_named({item.claimant for item in found.values() if item.claimant})
    ranks, returned, told = ranks_of(analysis), [], []
    for place, item in found.items():
        claim = place.claim
        before, former = _as_read(place), claim.extractor_version
        for name, value in claim_facts(item, claimants).items():
            setattr(claim, name, value)
        for name, value in appearance_facts(version.body, item).items():
            setattr(place, name, value)
        place.rank = ranks[item.start, item.end]
        place.extractor_version = claim.extractor_version = analysis.extractor_version
        if claim.state == states.WITHDRAWN:
            states.CLAIM.check(claim.state, states.SUGGESTED)
            claim.state, claim.withdrawn_by = states.SUGGESTED, ""
            returned.append(claim)
        told.append((claim, former, before if before != _as_read(place) else {}))
    Claim.objects.bulk_update([place.claim for place in found], CLAIM_FIELDS, batch_size=BATCH)
    Appearance.objects.bulk_update(list(found), APPEARANCE_FIELDS, batch_size=BATCH)
    for claim, former, before in told:
        details = {"extractor": analysis.extractor_version, "from": former, "before": before}
        audit.record("claim.refreshed", by=audit.SYSTEM, subject=claim, details=details)
    for claim in returned:
        outbox.emit("claim.restored", subject=claim)
    return [claim.pk for claim in returned]


def _as_read(place: Appearance) -> dict[str, object]:
    """What people see of a claim; when it changes, the former is kept in the audit."""
    claim = place.claim
    return {
        "text": claim.text,
        "claimant": claim.claimant_id,
        "kind": claim.kind,
        "start": place.start,
        "end": place.end,
    }


def _as_searched(claim: Claim) -> tuple[object, ...]:
    return (claim.text, claim.claimant_id, claim.state)


def _withdraw(claims: Collection[Claim], *, by: str) -> None:
    for claim in claims:
        states.CLAIM.check(claim.state, states.WITHDRAWN)
        claim.state, claim.withdrawn_by = states.WITHDRAWN, by
    Claim.objects.bulk_update(claims, ["state", "withdrawn_by"], batch_size=BATCH)
    for claim in claims:
        audit.record("claim.withdrawn", by=audit.SYSTEM, subject=claim, details={"extractor": by})
        outbox.emit("claim.withdrawn", subject=claim)
