"""What the gate looks at, and what it says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class CitedEvidence:
    """``is_dated`` says that the day is kept on which the source was read."""

    stance: str
    publisher: str
    source_kind: str
    can_be_found: bool
    title: str = "untitled"
    is_dated: bool = True
    interest_note: str = ""
    is_confidential: bool = False
    confidential_because: str = ""


class ReplyStatus(StrEnum):
    """How far the claimant's right of reply has come."""

    NOT_ASKED = "not_asked"
    AWAITED = "awaited"
    WAITS_FOR_US = "waits_for_us"
    REPLIED = "replied"
    NO_REPLY = "no_reply"
    NOT_CONTACTED = "not_contacted"


@dataclass(frozen=True, slots=True)
class ClaimantContact:
    """``until`` is the deadline in words, while a reply is awaited."""

    status: ReplyStatus
    until: str = ""


@dataclass(frozen=True, slots=True)
class NextVersion:
    """What is said of a version after the first: ``kind`` and ``text`` as people chose them. A change of
    verdict is one of another rating than ``previous_rating``; ``differs`` names what else of the finding is
    not as it was, so that this is no plain re-check."""

    kind: str
    text: str
    previous_rating: str
    differs: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the gate looks at. ``has_value`` is False for ratings such as "not checkable".

    ``selection_reason`` and ``contact`` are None where they are not kept (a claim in the reporter's own
    voice has nobody to ask). ``explained`` holds, by a finding's code, why it could not be otherwise;
    ``overridden`` the reason for which a lead publishes all the same.
    """

    rating: str
    has_value: bool
    summary: str
    rationale: str
    evidence: Sequence[CitedEvidence]
    claimant: str = ""
    contact: ClaimantContact | None = None
    selection_reason: str | None = None
    has_conflict: bool = False
    missing_policies: Sequence[str] = ()
    has_complaint_route: bool = True
    next_version: NextVersion | None = None
    explained: Mapping[str, str] = field(default_factory=dict)
    overridden: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the gate found. ``field`` is the input to mend; ``explanation`` says why it could not be
    otherwise, ``override`` why a lead publishes all the same. Both are published, beside ``for_readers``."""

    code: str
    severity: Severity
    criterion: str
    message: str
    field: str = ""
    explanation: str = ""
    override: str = ""
    for_readers: str = ""

    @property
    def is_open(self) -> bool:
        """An error that nobody has answered for."""
        return self.severity == "error" and not self.override
