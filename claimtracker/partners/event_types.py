"""What partners can be told: each type of event in a sentence, with an example of its ``data``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings

TEST = "webhook.test"
TEST_WORDS = "This is a test."
UNACKNOWLEDGED = "correction.unacknowledged"
RETRACTED = "claim.verdict_retracted"
HIDDEN, TAKEN_DOWN = "claim.verdict_hidden", "claim.verdict_taken_down"
RESTORED = "claim.verdict_restored"
VERSIONS = "claim.verdict_"  # what the types of events that tell of a version of a check begin with
VERSION_DATA: dict[str, Any] = {
    "publication": "5f1c9a4e-6d2b-4c11-9f58-0a4d6f3f2b71",
    "version": 1,
    "change": "first",
    "change_note": "",
    "claim": "0b7d8a52-3a0f-4b6e-8c5d-9a51f4f0c2aa",
    "claim_text": "The bridge cost 3.2 million pounds.",
    "rating": "False",
    "url": "https://claims.example/fact-checks/the-bridge-cost-3-2-million-pounds-0b7d8a52/",
    "published_at": "2026-11-20T09:30:00Z",
}


@dataclass(frozen=True, slots=True)
class EventType:
    """``addressed``: it goes to the one partner whom it concerns."""

    type: str
    description: str
    example: dict[str, Any]

    @property
    def addressed(self) -> bool:
        return self.type in settings.OUTBOX_ADDRESSED


def _later(change: str, note: str, **also: Any) -> dict[str, Any]:
    return {**VERSION_DATA, "version": 2, "change": change, "change_note": note, **also}


def _restricted(restriction: str, reason: str = "") -> dict[str, Any]:
    """Ids, and nothing that the check says."""
    ids = {name: VERSION_DATA[name] for name in ("publication", "version", "claim")}
    return {**ids, "restriction": restriction, "reason": reason, "since": "2026-11-22T14:00:00Z"}


DESCRIBED = (
    EventType("claim.verdict_published", "The first version of a fact-check is public.", VERSION_DATA),
    EventType(
        "claim.verdict_corrected",
        "A later version is public: a clarification, a correction, another verdict or an update.",
        _later("verdict_change", "The council sent its invoices.", rating="Mostly true"),
    ),
    EventType(
        "claim.verdict_rechecked",
        "We looked again, and the finding is the same, word for word.",
        _later("rechecked", "The accounts for 2026 say the same."),
    ),
    EventType(
        RETRACTED,
        "What was published is taken back, so `rating` is null. Take it down, and say why in our words.",
        _later("retraction", "The document was forged.", rating=None),
    ),
    EventType(
        HIDDEN,
        "A check is not shown at present, while a moderator looks into something. Stop showing it, in every "
        "version; it may come back. `publication` is its newest version, which answers 410 until then.",
        _restricted("hidden"),
    ),
    EventType(
        TAKEN_DOWN,
        "A check was taken down for legal reasons, which `reason` tells readers. Delete your copies of every "
        "version, or ask your own lawyer; `publication` answers 451.",
        _restricted("taken_down", "A court forbids us to repeat the claim."),
    ),
    EventType(
        RESTORED,
        "A check that was hidden or taken down can be read again. Read `publication`: it may have been "
        "corrected meanwhile.",
        _restricted(""),
    ),
    EventType(
        UNACKNOWLEDGED,
        "You have an older version of a check that was corrected, and have neither acknowledged nor read "
        "the new one. Sent once for each correction.",
        _later("verdict_change", "The council sent its invoices.", rating="Mostly true")
        | {
            "you_have": {"version": 1, "rating": "False", "way": "read", "at": "2026-11-20T10:00:00Z"},
            "acknowledge_at": "https://claims.example/api/v1/publications/"
            "5f1c9a4e-6d2b-4c11-9f58-0a4d6f3f2b71/acknowledgement",
        },
    ),
    EventType(
        "request.answered",
        "What you asked us to check has a publication. Nobody hears who else asked for it.",
        {
            "request": "5c7f2f3e-8d0f-4f57-8c63-3a5c2b8f7d10",
            "publication": VERSION_DATA["publication"],
            "claim": VERSION_DATA["claim"],
            "rating": "False",
            "url": VERSION_DATA["url"],
        },
    ),
    EventType(
        "request.declined",
        "What you asked us to check will not be checked; `reason` says why.",
        {"request": "5c7f2f3e-8d0f-4f57-8c63-3a5c2b8f7d10", "reason": "It is an opinion."},
    ),
    EventType(
        TEST,
        "You asked for it, to try an endpoint. It goes to that endpoint only, in one try.",
        {"endpoint": "3a1f2f8e-90cf-4a51-b0cf-7a2f8c1f6d10", "message": TEST_WORDS},
    ),
)
BY_NAME = {described.type: described for described in DESCRIBED}


def offered_event_types() -> list[str]:
    """The types that endpoints may ask for, and that stand among the events."""
    return sorted(
        kind for kind, jobs in settings.OUTBOX_SUBSCRIPTIONS.items() if ("partners.fan_out", "event") in jobs
    )
