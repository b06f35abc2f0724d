"""Looking up whether a claim was seen before. A machine suggests; only a person confirms (families)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from claimtracker import jobs
from claimtracker.ledger import audit, outbox

from .. import states
from ..matching.agreement import sentence
from ..matching.finding import Finding, Found, find_known
from ..matching.wording import statement_of
from ..models import Claim, ClaimMatch, Grade, KnownClaim, MatchEntry
from .curation import lock_claim

MATCH = "claims.match_claim"
MATCH_RECENT = "claims.match_recent"
MOST_SUGGESTED = 8
BATCH = 200


@dataclass(frozen=True, slots=True)
class Lookup:
    """What was found for a claim's wording, kept until it can be written."""

    wording: str
    finding: Finding


def awaits_index(claim: Claim) -> bool:
    """Whether the indexer has not come to the claim yet. It is looked up only afterwards: of two claims that
    come in at the same moment, the one that is looked up later then finds the other."""
    return MatchEntry.objects.filter(claim=claim, is_stale=True).exists()


def known_claims_await_index() -> bool:
    """Whether the indexer has not come to every known claim yet."""
    return MatchEntry.objects.filter(known_claim__isnull=False, is_stale=True).exists()


def look_up(claim: Claim) -> Lookup:
    """Search for what is known of ``claim``. Slow (a model): never call it inside a transaction."""
    appearance = claim.appearances.select_related("version__article").defer("version__body").first()
    language = appearance.version.article.language if appearance else ""
    claimant = claim.claimant.name if claim.claimant else ""
    family = Claim.objects.family_of(claim).values_list("pk", flat=True)
    finding = find_known(
        statement_of(claim.text, claimant=claimant),
        language=language,
        exclude=list(family),
        limit=MOST_SUGGESTED,
    )
    return Lookup(claim.text, finding)


@transaction.atomic
def record_matches(claim: Claim, *, lookup: Lookup) -> list[ClaimMatch]:
    """Bring the suggestions of a claim in line with what was found; returns those that are new.

    Locks the claim, then its matches. What a person decided stays; an open suggestion that is found no more
    lapses, one that lapsed and is found again is suggested again. Writes nothing when the claim was set aside
    or reworded meanwhile (another lookup is under way). Audits claim.matched when something changed; emits
    match.suggested for each strong one that is new.
    """
    claim = lock_claim(claim.pk)
    if claim.state in states.SET_ASIDE or claim.text != lookup.wording:
        return []
    wanted = _by_target(claim, lookup.finding.found)
    there = {_target(row): row for row in ClaimMatch.objects.select_for_update().filter(_either(claim))}
    new, changed = [], []
    for target, found in wanted.items():
        row = there.get(target)
        if row is None:
            row = ClaimMatch(claim_id=target[0], known_claim_id=target[1], other_claim_id=target[2])
            _score(row, found, lookup.finding.method)
            new.append(row)
        elif row.state in (states.PROPOSED, states.LAPSED):
            _score(row, found, lookup.finding.method)
            if row.state == states.LAPSED:
                states.CLAIM_MATCH.check(row.state, states.PROPOSED)
                row.state = states.PROPOSED
            changed.append(row)
    for target, row in there.items():
        if target not in wanted and row.state == states.PROPOSED and row.claim_id == claim.pk:
            states.CLAIM_MATCH.check(row.state, states.LAPSED)
            row.state = states.LAPSED
            changed.append(row)
    _write(claim, new, changed, lookup.finding.method)
    return new


def _by_target(claim: Claim, found: Iterable[Found]) -> dict[tuple[int, int | None, int | None], Found]:
    """(claim, known claim, earlier claim) → what was found; of two of our claims the later is the claim."""
    graded = [one for one in found if one.grade is not None]
    others = Claim.objects.filter(pk__in=[one.candidate.claim_id for one in graded]).standing()
    standing = set(others.values_list("pk", flat=True))
    known = KnownClaim.objects.filter(pk__in=[one.candidate.known_claim_id for one in graded]).standing()
    offered = dict(known.values_list("pk", "claim"))
    wanted: dict[tuple[int, int | None, int | None], Found] = {}
    for one in graded:
        known_id, other_id = one.candidate.known_claim_id, one.candidate.claim_id
        if known_id is not None and known_id in offered and offered[known_id] != claim.pk:
            wanted.setdefault((claim.pk, known_id, None), one)
        elif other_id is not None and other_id in standing and other_id != claim.pk:
            wanted.setdefault((max(claim.pk, other_id), None, min(claim.pk, other_id)), one)
    return wanted


def _either(claim: Claim) -> Q:
    return Q(claim=claim) | Q(other_claim=claim)


def _target(row: ClaimMatch) -> tuple[int, int | None, int | None]:
    return row.claim_id, row.known_claim_id, row.other_claim_id


def _score(row: ClaimMatch, found: Found, method: str) -> None:
    row.grade = Grade(found.grade or Grade.POSSIBLE)
    row.score = round(found.probability or 0.0, 4)
    row.lexical, row.semantic = round(found.candidate.bm25, 3), found.candidate.cosine
    row.reasons = [{**reason.as_json(), "text": sentence(reason)} for reason in found.agreement.reasons]
    row.method_version = method


def _write(claim: Claim, new: list[ClaimMatch], changed: list[ClaimMatch], method: str) -> None:
    ClaimMatch.objects.bulk_create(new)
    for row in changed:
        row.updated_at = timezone.now()
    ClaimMatch.objects.bulk_update(
        changed,
        ["grade", "score", "lexical", "semantic", "reasons", "method_version", "state", "updated_at"],
    )
    outbox.emit_all("match.suggested", [(row, {}) for row in new if row.grade == Grade.STRONG])
    lapsed = sum(row.state == states.LAPSED for row in changed)
    if new or lapsed:
        details = {"method": method, "new": [row.pk for row in new], "lapsed": lapsed}
        audit.record("claim.matched", by=audit.SYSTEM, subject=claim, details=details)


def ask_to_match(claim_ids: Iterable[int]) -> None:
    """Enqueue the lookup of these claims."""
    jobs.enqueue_all((MATCH, claim_id) for claim_id in claim_ids)


def ask_to_match_recent() -> None:
    """Enqueue the job that looks recent claims up again: what others found may have come in since."""
    jobs.enqueue(MATCH_RECENT, "all")


def match_some_recent(*, after: int) -> int | None:
    """Enqueue the next lookups of standing claims of the last settings.MATCHING_RECENT_DAYS beyond the id
    ``after``. Returns the last id, None when there were no more."""
    since = timezone.now() - timedelta(days=settings.MATCHING_RECENT_DAYS)
    rows = Claim.objects.standing().filter(created_at__gte=since, pk__gt=after).order_by("pk")
    found = list(rows.values_list("pk", flat=True)[:BATCH])
    ask_to_match(found)
    return found[-1] if found else None
