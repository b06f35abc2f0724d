"""A partner's own key."""

from __future__ import annotations

from claimtracker.partners.limits import usage_field
from claimtracker.partners.usage import add_batch, days_back
from tests.api.conftest import Asker

from . import Endpoint, Stranger, Thing


def own_key(owner: Asker) -> Thing:
    return Thing(marks=(f'"{owner.key.prefix}"',))


def own_usage(owner: Asker) -> Thing:
    day = days_back(1).isoformat()
    add_batch("made", {usage_field(day, owner.key.pk, "claims", "requests"): 7130})
    return Thing(marks=('"requests":7130',))


ENDPOINTS = [
    Endpoint("api-v1:key", "GET", None, own_key, Stranger.SEES_NONE),
    Endpoint("api-v1:key-rotation", "POST", None, own_key, Stranger.SEES_NONE, body={}, status=201),
    Endpoint("api-v1:usage", "GET", None, own_usage, Stranger.SEES_NONE),
]
