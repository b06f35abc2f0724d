"""A newer extractor reads an article again. What people decided stays; the rest follows the reading."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from claimtracker import jobs
from claimtracker.ledger import audit, outbox

from .. import states
from ..matching.offers import Offer, said_at
from ..models import Anchoring, Appearance, ArticleVersion, Claim, ExtractionRun
from .extraction import Analysis, write_run
from .match_marks import mark_claims
from .reread_plan import Standing, plan_rereading
from .writing_claims import (
    PLACE_FIELDS,
    Destinations,
    appearance_facts,
    claim_facts,
    claimants_named,
    destinations_of,
    write_claims,
)

BATCH = 200  # rows in one UPDATE

CLAIM_FIELDS = ["text", "changes", "claimant", "kind", "score", "extractor_version", "state", "withdrawn_by"]


@dataclass(frozen=True, slots=True)
class Rereading:
    """What came of it, as ids of claims; ``returned`` were withdrawn before and are found again."""

    run: ExtractionRun
    refreshed: list[int] = field(default_factory=list)
    returned: list[int] = field(default_factory=list)
    withdrawn: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Sorting:
    """What a newer reading means for the claims that are there. ``refreshed``: claim id → its places with
    what was found at each, the strongest first; ``left``: places where the reading finds nothing, or another
    statement, though it finds the claim; ``gone``: claims that it finds nowhere."""

    refreshed: dict[int, list[tuple[Appearance, Offer]]] = field(default_factory=dict)
    left: list[Appearance] = field(default_factory=list)
    gone: list[Claim] = field(default_factory=list)
    kept: set[int] = field(default_factory=set)
    destinations: Destinations = field(default_factory=Destinations)


def shown_elsewhere(version: ArticleVersion, claims: Collection[Claim]) -> set[int]:
    """Ids of those that stand in another version too, or were looked for in one: this version's reading does
    not decide about them."""
    places = Appearance.objects.filter(claim__in=claims).exclude(version=version)
    followed = Anchoring.objects.filter(appearance__version=version, appearance__claim__in=claims)
    return {
        *places.values_list("claim_id", flat=True),
        *followed.values_list("appearance__claim_id", flat=True),
    }


def sort_out(
    version: ArticleVersion,
    analysis: Analysis,
    *,
    kept: Collection[int],
    copies: Sequence[ArticleVersion],
) -> Sorting:
    """What ``analysis`` would change; ``kept`` are ids of claims that people decided on, ``copies`` the
    near-identical versions. Reads only."""
    rows = {row.pk: row for row in version.appearances.select_related("claim__claimant")}
    claims = {row.claim_id: row.claim for row in rows.values()}
    for row in rows.values():
        row.claim = claims[row.claim_id]  # one object for a claim, wherever it stands
    sorting = Sorting(kept={row.claim_id for row in rows.values() if row.claim_id in kept})
    if analysis.extraction is None:  # what cannot be read says nothing about what is there
        sorting.kept = set(claims)
        return sorting
    standing = [Standing(row.pk, row.start, row.end, row.claim_id in kept) for row in rows.values()]
    plan = plan_rereading(standing, analysis.claims)
    offer_at = {offer.span: offer for offer in analysis.offers}
    found = {rows[key]: offer_at[item.start, item.end] for key, item in plan.refreshed.items()}
    parted = _refreshed(sorting, found)
    _gone(sorting, [rows[key] for key in plan.gone])
    there = [
        (said_at(row), row.claim)
        for row in rows.values()
        if row.claim_id in kept and row.claim.state != states.WITHDRAWN
    ]
    there += [(offer.said, place.claim) for places in sorting.refreshed.values() for place, offer in places]
    new = [*(offer_at[item.start, item.end] for item in plan.new), *parted]
    sorting.destinations = destinations_of(
        version, sorted(new, key=lambda offer: offer.span), there=there, copies=copies
    )
    return sorting


def _refreshed(sorting: Sorting, found: Mapping[Appearance, Offer]) -> list[Offer]:
    """Puts each claim's places together. A place that now states something else leaves its claim: returns
    what is found there."""
    places: dict[int, list[tuple[Appearance, Offer]]] = {}
    for place, offer in sorted(found.items(), key=lambda entry: entry[1].order):
        places.setdefault(place.claim_id, []).append((place, offer))
    parted = []
    for claim_id, its in places.items():
        statement = its[0][1].statement
        sorting.refreshed[claim_id] = [entry for entry in its if entry[1].statement == statement]
        for place, offer in its:
            if offer.statement != statement:
                sorting.left.append(place)
                parted.append(offer)
    return parted


def _gone(sorting: Sorting, places: Sequence[Appearance]) -> None:
    """A claim that is still found loses the places where it is not; one that is found nowhere keeps them."""
    gone: dict[int, Claim] = {}
    for place in places:
        if place.claim_id in sorting.refreshed:
            sorting.left.append(place)
        elif place.claim.state == states.SUGGESTED:
            gone[place.claim_id] = place.claim
    sorting.gone = list(gone.values())


@transaction.atomic
def apply_rereading(
    version: ArticleVersion,
    *,
    analysis: Analysis,
    kept: Collection[int],
    copies: Sequence[ArticleVersion] = (),
) -> Rereading:
    """Write a newer reading: refresh in place what nobody touched, withdraw of that what is not found any
    more, add what is new. The claims in ``kept`` (ids) are not touched, and their words not offered again:
    they only gain the places where the reading finds them said once more.

    The caller holds the article, the near-identical ``copies`` (copies.hold_copies), and the claims of all of
    them. Emits claim.extracted, claim.appeared, claim.restored and claim.withdrawn; audits article.reread,
    claim.refreshed and claim.withdrawn.
    """
    sorting = sort_out(version, analysis, kept=kept, copies=copies)
    touched = [places[0][0].claim for places in sorting.refreshed.values()] + sorting.gone
    before = {claim.pk: _as_searched(claim) for claim in touched}
    returned = _refresh(version, analysis, sorting)
    withdraw_claims(sorting.gone, by=analysis.extractor_version)
    gone = {claim.pk for claim in sorting.gone}
    changed = [claim.pk for claim in touched if before[claim.pk] != _as_searched(claim)]
    _have_looked_up([claim_id for claim_id in changed if claim_id not in gone])
    new = write_claims(version, sorting.destinations, extractor_version=analysis.extractor_version)
    run = write_run(
        version,
        analysis,
        claims_new=len(new),
        claims_refreshed=len(sorting.refreshed),
        claims_kept=len(sorting.kept),
        claims_withdrawn=len(sorting.gone),
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
            "shared": len(sorting.destinations.shared),
            "refreshed": run.claims_refreshed,
            "kept": run.claims_kept,
            "withdrawn": run.claims_withdrawn,
        },
    )
    return Rereading(run, list(sorting.refreshed), returned, [claim.pk for claim in sorting.gone])


def _refresh(version: ArticleVersion, analysis: Analysis, sorting: Sorting) -> list[int]:
    """Put what was found in place of what was there, under the same ids. Returns those that had been gone."""
    found = list(sorting.refreshed.values())
    names = {offer.item.claimant for places in found for _place, offer in places if offer.item.claimant}
    claimants, returned, told = claimants_named(names), [], []
    left = _spans_by_claim(sorting.left)
    for places in found:
        claim = places[0][0].claim
        before, former = _as_read(places, left), claim.extractor_version
        for name, value in claim_facts([offer for _place, offer in places], claimants).items():
            setattr(claim, name, value)
        for place, offer in places:
            for name, value in appearance_facts(version.body, offer).items():
                setattr(place, name, value)
            place.extractor_version = analysis.extractor_version
        claim.extractor_version = analysis.extractor_version
        if claim.state == states.WITHDRAWN:
            states.CLAIM.check(claim.state, states.SUGGESTED)
            claim.state, claim.withdrawn_by = states.SUGGESTED, ""
            returned.append(claim)
        told.append((claim, former, before if before != _as_read(places, {}) else {}))
    Appearance.objects.filter(pk__in=[place.pk for place in sorting.left]).delete()
    Claim.objects.bulk_update([places[0][0].claim for places in found], CLAIM_FIELDS, batch_size=BATCH)
    every_place = [place for places in found for place, _offer in places]
    Appearance.objects.bulk_update(every_place, PLACE_FIELDS, batch_size=BATCH)
    for claim, former, before in told:
        details = {"extractor": analysis.extractor_version, "from": former, "before": before}
        audit.record("claim.refreshed", by=audit.SYSTEM, subject=claim, details=details)
    outbox.emit_all("claim.restored", [(claim, {}) for claim in returned])
    return [claim.pk for claim in returned]


def _spans_by_claim(places: Collection[Appearance]) -> dict[int, list[list[int]]]:
    spans: dict[int, list[list[int]]] = {}
    for place in places:
        spans.setdefault(place.claim_id, []).append([place.start, place.end])
    return spans


def _as_read(
    places: Sequence[tuple[Appearance, Offer]], left: Mapping[int, list[list[int]]]
) -> dict[str, object]:
    """What people see of a claim; when it changes, the former is kept in the audit."""
    claim = places[0][0].claim
    return {
        "text": claim.text,
        "claimant": claim.claimant_id,
        "kind": claim.kind,
        "places": sorted([[place.start, place.end] for place, _offer in places] + left.get(claim.pk, [])),
    }


def _have_looked_up(claim_ids: Collection[int]) -> None:
    """Their words or their standing changed: they are indexed and looked up anew."""
    mark_claims(claim_ids)
    jobs.enqueue_all(("claims.match_claim", claim_id) for claim_id in claim_ids)


def _as_searched(claim: Claim) -> tuple[object, ...]:
    return (claim.text, claim.claimant_id, claim.state)


def withdraw_claims(claims: Collection[Claim], *, by: str, actor: Any = audit.SYSTEM) -> None:
    """``by`` is the reading that finds them no more, or who takes them back. The caller holds them. Audits
    and emits claim.withdrawn for each that the newsroom saw."""
    for claim in claims:
        states.CLAIM.check(claim.state, states.WITHDRAWN)
        claim.state, claim.withdrawn_by = states.WITHDRAWN, by
    Claim.everything.bulk_update(claims, ["state", "withdrawn_by"], batch_size=BATCH)
    seen = [claim for claim in claims if not claim.is_sandbox]
    for claim in seen:
        audit.record("claim.withdrawn", by=actor, subject=claim, details={"extractor": by})
        outbox.emit("claim.withdrawn", subject=claim)
    _have_looked_up([claim.pk for claim in seen])
