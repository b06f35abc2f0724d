"""The publish gate as plain rules: what must be mended (error) and what a reader may ask (warning).

Criteria are those of the IFCN code of principles (2020 numbering).
"""

from .facts import CitedEvidence, ClaimantContact, Finding, NextVersion, Proposal, ReplyStatus
from .gate import errors, findings, open_errors, proposal_errors
from .rules import EXPLAINABLE, RULES

__all__ = [
    "EXPLAINABLE",
    "RULES",
    "CitedEvidence",
    "ClaimantContact",
    "Finding",
    "NextVersion",
    "Proposal",
    "ReplyStatus",
    "errors",
    "findings",
    "open_errors",
    "proposal_errors",
]
