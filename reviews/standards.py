"""The publish gate as plain rules: what must be mended (error) and what a reader may ask (warning).

Criteria are those of the IFCN code of principles (2020 numbering).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class CitedEvidence:
    stance: str
    publisher: str
    source_kind: str
    can_be_found: bool


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the gate looks at. ``has_value`` is False for ratings such as "not checkable"."""

    rating: str
    has_value: bool
    summary: str
    rationale: str
    evidence: Sequence[CitedEvidence]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the gate found. ``field`` is the input to mend."""

    code: str
    severity: Literal["error", "warning"]
    criterion: str
    message: str
    field: str = ""


def findings(proposal: Proposal) -> list[Finding]:
    """Every finding, errors first. Empty means that nothing is to be said."""
    found = [*_text_findings(proposal), *_evidence_findings(proposal)]
    return sorted(found, key=lambda finding: finding.severity)


def errors(proposal: Proposal) -> list[Finding]:
    return [finding for finding in findings(proposal) if finding.severity == "error"]


def _text_findings(proposal: Proposal) -> list[Finding]:
    found = []
    if not proposal.rating:
        found.append(Finding("rating_missing", "error", "5.4", "Choose a rating.", "rating"))
    if not proposal.summary.strip():
        found.append(
            Finding(
                "summary_missing",
                "error",
                "5.1",
                "Say the finding in one sentence for the reader.",
                "summary",
            )
        )
    if len(proposal.rationale.split()) < 5:
        found.append(
            Finding(
                "rationale_missing",
                "error",
                "5.1",
                "Explain how the evidence leads to the rating.",
                "rationale",
            )
        )
    return found


def _evidence_findings(proposal: Proposal) -> list[Finding]:
    evidence = proposal.evidence
    if not any(item.can_be_found for item in evidence):
        return [
            Finding(
                "no_source",
                "error",
                "3.1",
                "Add at least one source with its address or full citation.",
                "evidence",
            )
        ]
    found = []
    publishers = {item.publisher.strip().casefold() for item in evidence if item.publisher.strip()}
    if len(publishers) < 2:
        found.append(
            Finding(
                "one_publisher",
                "warning",
                "3.3",
                "All evidence comes from one publisher; look for a second.",
                "evidence",
            )
        )
    if not any(item.source_kind in {"primary", "dataset"} for item in evidence):
        found.append(
            Finding(
                "no_primary_source", "warning", "3.2", "No primary source or data set is cited.", "evidence"
            )
        )
    stances = {item.stance for item in evidence} - {"context"}
    if proposal.has_value and len(evidence) > 1 and len(stances) < 2:
        found.append(
            Finding(
                "one_sided",
                "warning",
                "5.3",
                "All evidence points one way; was the other side sought?",
                "evidence",
            )
        )
    return found
