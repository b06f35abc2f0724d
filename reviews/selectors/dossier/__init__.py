"""The dossier of a claim: everything that is known of how its verdict came about, as one dict. The page and
the file say the same of it; docs/dossier.md describes it, field by field."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import timezone

from claims.models import Claim
from claimtracker.ledger.tracing import standing_of

from .board import evidence_of
from .facts import who
from .outside import complaints_of, contacts_of, replies_of, reply_requests_of
from .places import appearances_of, claim_facts
from .public import publications_of
from .trail import timeline_of
from .verdicts import standards_of, verdicts_of

FORMAT = "claimtracker-dossier"
SHAPE = 1  # grows when a field goes or means another thing; a new field alone changes nothing


def dossier_of(claim: Claim, user: Any, *, reads_complaints: bool) -> dict[str, Any]:
    """Everything of ``claim`` that ``user`` may read, in plain values. The same number of queries for a short
    history as for a long one. Asks no policy: actions.dossiers does."""
    board = evidence_of(claim, user)
    places, elsewhere = appearances_of(claim, user)
    timeline = timeline_of(
        claim, sources=board.sources_shown, articles={place["article"] for place in places}
    )
    return {
        "format": FORMAT,
        "shape": SHAPE,
        "made": {
            "at": timezone.now().isoformat(),
            "by": who(user),
            "newsroom": settings.PUBLISHER_NAME,
            "site": settings.SITE_URL,
        },
        "claim": claim_facts(claim),
        "appearances": places,
        "appearances_withheld": elsewhere,
        "verdicts": verdicts_of(claim),
        "evidence": board.items,
        "evidence_withheld": board.withheld,
        "contacts": contacts_of(claim),
        "reply_requests": reply_requests_of(claim),
        "replies": replies_of(claim),
        "complaints": complaints_of(claim, may_read=reads_complaints),
        "publications": publications_of(claim),
        "standards": standards_of(claim, board.hidden_titles),
        "timeline": timeline,
        "ledger": standing_of(timeline),
    }


__all__ = ["FORMAT", "SHAPE", "dossier_of"]
