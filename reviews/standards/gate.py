"""The rules applied to a proposal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from .facts import CitedEvidence, Finding, Proposal, ReplyStatus
from .rules import RULES

FEWEST_WORDS = 5  # of a rationale
FIRST_HAND = {"primary", "dataset"}


def findings(proposal: Proposal) -> list[Finding]:
    """Every finding, errors first. Empty means that nothing is to be said."""
    found = [_answered(finding, proposal) for finding in _found(proposal)]
    return sorted(found, key=lambda finding: finding.severity)


def errors(proposal: Proposal) -> list[Finding]:
    return [finding for finding in findings(proposal) if finding.severity == "error"]


def open_errors(proposal: Proposal) -> list[Finding]:
    """What keeps the proposal from being published: errors that no lead has answered for."""
    return [finding for finding in findings(proposal) if finding.is_open]


def proposal_errors(proposal: Proposal) -> list[Finding]:
    """What has to be mended before a second person is asked at all."""
    return [finding for finding in open_errors(proposal) if RULES[finding.code].stops_proposals]


def _answered(finding: Finding, proposal: Proposal) -> Finding:
    rule = RULES[finding.code]
    if rule.can_be_explained and (why := proposal.explained.get(finding.code)):
        return replace(finding, severity="warning", explanation=why)
    if finding.severity == "error" and rule.can_be_overridden:
        return replace(finding, override=proposal.overridden.get(finding.code, ""))
    return finding


def _found(proposal: Proposal) -> Iterator[Finding]:
    yield from _text_findings(proposal)
    yield from _evidence_findings(proposal)
    yield from _fairness_findings(proposal)
    yield from _newsroom_findings(proposal)
    yield from _correction_findings(proposal)


def _text_findings(proposal: Proposal) -> Iterator[Finding]:
    if not proposal.rating:
        yield _finding("rating_missing")
    if not proposal.summary.strip():
        yield _finding("summary_missing")
    if len(proposal.rationale.split()) < FEWEST_WORDS:
        yield _finding("rationale_missing")


def _evidence_findings(proposal: Proposal) -> Iterator[Finding]:
    evidence = proposal.evidence
    if any(item.is_confidential and not item.confidential_because.strip() for item in evidence):
        yield _finding("confidential_without_reason")  # without its name, since findings are published
    # what readers cannot look up counts for nothing here
    shown = _shown(proposal)
    if not any(item.can_be_found for item in shown):
        yield _finding("no_source")
        return
    incomplete = [item.title or item.publisher for item in shown if not _is_complete(item)]
    if incomplete:
        yield _finding("source_incomplete", which=_named(incomplete))
    publishers = {item.publisher.strip().casefold() for item in shown if item.publisher.strip()}
    if len(publishers) < 2:
        yield _finding("one_publisher")
    if not any(item.source_kind in FIRST_HAND for item in evidence):
        yield _finding("no_primary_source")
    stances = {item.stance for item in evidence} - {"context"}
    if proposal.has_value and len(evidence) > 1 and len(stances) < 2:
        yield _finding("one_sided")


def _fairness_findings(proposal: Proposal) -> Iterator[Finding]:
    if proposal.has_conflict:
        yield _finding("conflict_of_interest")
    claimant = proposal.claimant.strip()
    own = [item for item in _shown(proposal) if claimant and _is_of(claimant, item)]
    if any(not item.interest_note.strip() for item in own):
        yield _finding("interest_unknown", which=claimant)
    if proposal.selection_reason is not None and not proposal.selection_reason.strip():
        yield _finding("selection_unexplained")
    contact = proposal.contact
    if contact is None:
        return
    who = claimant or "the claimant"
    if contact.status == ReplyStatus.NOT_ASKED:
        yield _finding("claimant_not_asked", who=who)
    elif contact.status == ReplyStatus.AWAITED:
        yield _finding("reply_awaited", who=_capitalised(who), until=contact.until)
    elif contact.status == ReplyStatus.WAITS_FOR_US:
        yield _finding("reply_unread", who=who)


def _newsroom_findings(proposal: Proposal) -> Iterator[Finding]:
    if proposal.missing_policies:
        yield _finding("policy_missing", which=" and ".join(proposal.missing_policies))
    if not proposal.has_complaint_route:
        yield _finding("complaint_route_missing")


def _correction_findings(proposal: Proposal) -> Iterator[Finding]:
    change = proposal.next_version
    if change is None:
        return
    if not change.kind:
        yield _finding("correction_kind_missing")
    if not change.text.strip():
        yield _finding("correction_unexplained")
    if not (change.kind and proposal.rating):
        return
    is_other = proposal.rating != change.previous_rating
    if is_other and change.kind != "verdict_change":
        yield _finding("verdict_change_unnamed", before=change.previous_rating)
    elif not is_other and change.kind == "verdict_change":
        yield _finding("verdict_unchanged")
    elif change.kind == "rechecked" and change.differs:
        yield _finding("recheck_differs", which=", ".join(change.differs))


def _finding(code: str, **words: str) -> Finding:
    return RULES[code].found(code, **words)


def _shown(proposal: Proposal) -> list[CitedEvidence]:
    return [item for item in proposal.evidence if not item.is_confidential]


def _is_complete(item: CitedEvidence) -> bool:
    return bool(item.title.strip() and item.publisher.strip() and item.is_dated)


def _is_of(claimant: str, item: CitedEvidence) -> bool:
    """The source is the claimant's own."""
    return item.publisher.strip().casefold() == claimant.casefold()


def _named(titles: list[str]) -> str:
    return ", ".join(f"“{title}”" for title in titles[:3]) + (" and others" if len(titles) > 3 else "")


def _capitalised(name: str) -> str:
    return name[:1].upper() + name[1:]
