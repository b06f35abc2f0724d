"""What tests of the claim page's families and matches send and set up."""

from __future__ import annotations

import datetime
from typing import Any

from django.test import Client

from claims.models import Claim, ClaimMatch
from tests import factories
from tests.web.review_words import url


def known(**fields: Any) -> Any:
    facts = {
        "text": "The city spent 1,200 million on roads, Ann Lee said",
        "publisher_name": "Snopes",
        "url": "https://snopes.example/roads",
        "rating": "Mostly False",
        "language": "de",
        "reviewed_on": datetime.date(2026, 6, 3),
    }
    return factories.make_known_claim(**{**facts, **fields})


def post(client: Client, claim: Claim, path: str, **sent: Any) -> Any:
    return client.post(url(claim, path), sent)


def decide(client: Client, match: ClaimMatch, path: str, **sent: Any) -> Any:
    return post(client, match.claim, f"matches/{match.pk}/{path}/", **sent)
