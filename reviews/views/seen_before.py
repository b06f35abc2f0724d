"""The panel "Seen before" of the workspace: what it says of each match, and what may be done with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from claims import policies as claim_policies
from claims import states as claim_states
from claims.matching.agreement import Reason, sentence
from claims.matching.marking import Piece, marked_words
from claims.models import Claim, ClaimMatch, KnownClaim
from claims.selectors import Family
from claimtracker.accounts.models import User
from claimtracker.kernel.addresses import normalised_url
from claimtracker.kernel.decisions import Decision, Denied

from .. import policies
from ..forms import MergeForm, NoteForm, SplitForm
from ..selectors.seen_before import SeenBefore, members_of
from ..selectors.standing import Standing
from ..selectors.workspace import Workspace
from .stages import Stage, rating_of, stage_of
from .wording import moment, safe_link

SHOWN = 3  # open suggestions; the rest is folded away


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why a match was suggested, in sentences: what speaks for it, what against."""

    agreeing: list[str]
    against: list[str]


@dataclass(frozen=True, slots=True)
class SeenRow:
    """One match. Of another publisher's review ``stage`` is None and ``rating`` in their words; of a claim of
    ours ``rating`` is published, with its ``step``."""

    match: ClaimMatch
    pieces: list[Piece]
    who: str
    claimant: str
    rating: str
    step: int | None
    stage: Stage | None
    when: Any
    language: str
    link: str
    title: str
    reasons: Reasons
    decide: Decision
    decided: str
    is_on_board: bool


@dataclass(frozen=True, slots=True)
class FamilyRow:
    """One claim of the family; ``match`` is the confirmed one that joins it with the claim of the page."""

    claim: Claim
    stage: Stage
    rating: str
    step: int | None
    appearances: int
    is_this: bool
    is_ticked: bool
    match: ClaimMatch | None


@dataclass(slots=True)
class FamilyForms:
    """The forms of the panel that were sent and refused, shown again as typed."""

    merge: MergeForm | None = None
    split: SplitForm | None = None
    detach: NoteForm | None = None


def seen_context(user: User, space: Workspace, found: SeenBefore, sent: FamilyForms) -> dict[str, Any]:
    """Everything that the panel shows. Asks the database nothing that grows with its rows."""
    rows = [_row(match, user, space, found) for match in found.matches]
    is_open = [row for row in rows if row.match.state == claim_states.PROPOSED]
    sure = [row for row in rows if row.match.state == claim_states.ACCEPTED_MATCH]
    family = found.family
    everybody = members_of(family)
    part = claim_policies.can_part_families(user, [space.claim, family.canonical or space.claim])
    return {
        "suggested": len(is_open),
        "likely": is_open[:SHOWN],
        "less_likely": is_open[SHOWN:],
        "known_reviews": [row for row in sure if row.stage is None],
        "later": found.later,
        "rejected": [row for row in rows if row.match.state == claim_states.REJECTED_MATCH],
        "family": family,
        "family_rows": _family_rows(space.claim, found, sent.split) if family.size > 1 else [],
        "family_head": _family_head(space.claim, family),
        "can_part": part,
        "can_split": part if len(everybody) > 1 else Denied(_("You see no other claim of this family.")),
        "can_merge": claim_policies.can_curate_claim(user, space.claim),
        "carry_over": _carry_over(user, space, found) if family.size > 1 else None,
        "carried_from": found.publication,
        "is_carried": _is_carried(space, found),
        "check_anyway": _check_anyway(user, space, found),
        "merge_form": sent.merge or MergeForm(prefix="merge"),
        "split_form": sent.split or SplitForm(prefix="split"),
        "detach_form": sent.detach or NoteForm(prefix="detach"),
    }


def _row(match: ClaimMatch, user: User, space: Workspace, found: SeenBefore) -> SeenRow:
    known, ours = match.known_claim, match.ours
    text = known.text if known else str(ours)
    standing = found.standings.get(ours.pk, Standing()) if ours else Standing()
    rating, step = rating_of(standing.publication) if ours else (known.rating if known else "", None)
    url = known.url if known and ours is None else ""
    is_sure = match.state == claim_states.ACCEPTED_MATCH
    return SeenRow(
        match=match,
        pieces=marked_words(text, space.claim.text, match.reasons),
        who=_("Our claim %(n)s") % {"n": ours.pk} if ours else (known.publisher if known else ""),
        claimant=_claimant(known, ours),
        rating=rating,
        step=step,
        stage=stage_of(ours, standing) if ours else None,
        when=(known.reviewed_on or known.claimed_on) if known else (ours.created_at if ours else None),
        language=_language(known.language) if known and ours is None else "",
        link=reverse("reviews:claim_detail", args=[ours.pk]) if ours else safe_link(url),
        title=known.title if known and ours is None else "",
        reasons=reasons_of(match.reasons),
        decide=claim_policies.can_decide_match(user, match, seen=found.seen),
        decided=_decided(match),
        is_on_board=bool(url) and is_sure and _is_on_board(space, url),
    )


def reasons_of(stored: Iterable[dict[str, Any]]) -> Reasons:
    """The reasons that a match keeps, as sentences."""
    said: dict[bool, list[str]] = {True: [], False: []}
    for one in stored:
        reason = Reason(one["part"], bool(one["agrees"]), str(one["here"]), str(one["there"]))
        said[reason.agrees].append(str(one.get("text") or sentence(reason)))
    return Reasons(said[True], said[False])


def _claimant(known: KnownClaim | None, ours: Claim | None) -> str:
    if known:
        return known.claimant
    return ours.claimant.name if ours and ours.claimant else ""


def _language(code: str) -> str:
    """The language's name, where it is not the newsroom's own; the code where nobody knows its name."""
    short = code.partition("-")[0].lower()
    if not code or short == settings.LANGUAGE_CODE.partition("-")[0]:
        return ""
    try:
        return str(get_language_info(short)["name_translated"])
    except KeyError:
        return code


def _decided(match: ClaimMatch) -> str:
    if match.decided_at is None:
        return ""
    facts = {"name": match.decided_by or _("Somebody"), "when": moment(match.decided_at)}
    if match.state == claim_states.ACCEPTED_MATCH:
        return _("%(name)s confirmed it, %(when)s") % facts
    return _("%(name)s rejected it, %(when)s") % facts


def _is_on_board(space: Workspace, url: str) -> bool:
    try:
        address = normalised_url(url)
    except ValueError:
        return False
    return any(item.source.url == address for item in space.evidence)


def _family_rows(claim: Claim, found: SeenBefore, sent: SplitForm | None) -> list[FamilyRow]:
    matches = {
        match.ours.pk: match
        for match in found.matches
        if match.ours and match.state == claim_states.ACCEPTED_MATCH
    }
    ticked = set(sent["claims"].value() or ()) if sent else set()
    rows = []
    for one in members_of(found.family):
        standing = found.standings[one.pk]
        rating, step = rating_of(standing.publication)
        rows.append(
            FamilyRow(
                claim=one,
                stage=stage_of(one, standing),
                rating=rating,
                step=step,
                appearances=found.appearances.get(one.pk, 0),
                is_this=one.pk == claim.pk,
                is_ticked=str(one.pk) in ticked,
                match=matches.get(one.pk),
            )
        )
    return rows


def _family_head(claim: Claim, family: Family) -> str:
    """What the family goes by, in a sentence."""
    if family.size < 2:
        return ""
    if claim.canonical_id is None:
        return _("One of %(n)d claims of this meaning, and the one that speaks for them.") % {
            "n": family.size
        }
    if family.canonical is None:
        return _("One of %(n)d claims of this meaning; the first is at another desk.") % {"n": family.size}
    return _("One of %(n)d claims of this meaning; the first is claim %(first)s.") % {
        "n": family.size,
        "first": family.canonical.pk,
    }


def _carry_over(user: User, space: Workspace, found: SeenBefore) -> Decision:
    return policies.can_carry_over_verdict(
        user, space.claim, task=space.research, verdict=space.verdict, publication=found.publication
    )


def _is_carried(space: Workspace, found: SeenBefore) -> bool:
    """The draft of this page came from what could be carried over."""
    origin = space.verdict.carried_from_id if space.verdict else None
    return bool(found.publication and origin == found.publication.pk)


def _check_anyway(user: User, space: Workspace, found: SeenBefore) -> Decision | None:
    """Offered where the family's being checked elsewhere left this claim without a task."""
    if found.family.size < 2 or space.open_task or space.verdict:
        return None
    return policies.can_research_member(user, space.claim, is_checked_elsewhere=True)
