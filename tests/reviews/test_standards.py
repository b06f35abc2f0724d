"""The publish gate."""

from __future__ import annotations

from reviews.standards import CitedEvidence, Proposal, errors, findings

GOOD = (
    CitedEvidence("supports", "Statistics Office", "dataset", True),
    CitedEvidence("refutes", "City Council", "primary", True),
)


def proposal(**changes) -> Proposal:
    facts = {
        "rating": "False",
        "has_value": True,
        "summary": "It was a third of that.",
        "rationale": "The accounts list it line by line.",
        "evidence": GOOD,
    }
    return Proposal(**{**facts, **changes})


def codes(**changes) -> list[str]:
    return [finding.code for finding in findings(proposal(**changes))]


def test_a_complete_proposal_has_no_findings():
    assert codes() == []


def test_what_is_missing_is_an_error_with_its_field():
    found = errors(proposal(rating="", summary=" ", rationale="Because.", evidence=()))
    assert [(finding.code, finding.field) for finding in found] == [
        ("rating_missing", "rating"),
        ("summary_missing", "summary"),
        ("rationale_missing", "rationale"),
        ("no_source", "evidence"),
    ]


def test_a_source_that_nobody_can_find_does_not_count():
    assert "no_source" in codes(evidence=[CitedEvidence("refutes", "Somebody", "expert", False)])


def test_weaknesses_are_warnings():
    one = CitedEvidence("refutes", "City Council", "secondary", True)
    assert codes(evidence=[one]) == ["one_publisher", "no_primary_source"]
    assert [finding.severity for finding in findings(proposal(evidence=[one]))] == ["error", "warning"]
    two = [one, CitedEvidence("refutes", "Gazette", "primary", True)]
    assert codes(evidence=two) == ["one_sided"]
    assert codes(evidence=two, has_value=False) == []
