"""A partner's own key: what it may, its successor, and what was asked with it."""

from __future__ import annotations

from datetime import timedelta

from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from claimtracker.partners import usage
from claimtracker.partners.keys import rotate_key

from .. import filters
from ..base import PartnerView
from ..key_serializers import KeySerializer, NewKeySerializer, RotationSerializer, UsageSerializer

MOST_DAYS = 90
USUAL_DAYS = 30
A_KEY = {
    "prefix": "k3v9q2m7x1bd",
    "label": "story desk",
    "partner": "The Wire",
    "sandbox": False,
    "scopes": ["read", "submit"],
    "created_at": "2026-11-20T09:30:00Z",
    "expires_at": "2027-11-20T09:30:00Z",
    "last_used_at": "2026-11-27T16:40:12Z",
    "limits": [
        {"name": "burst", "quota": 600, "window": 60},
        {"name": "day", "quota": 100000, "window": 86400},
    ],
}
A_NEW_KEY = {
    **A_KEY,
    "prefix": "p0c4t8w2n6yz",
    "last_used_at": None,
    "key": "ct_live_p0c4t8w2n6yz_…",
    "replaces": {"prefix": "k3v9q2m7x1bd", "ends_at": "2026-12-04T16:41:00Z"},
}
SOME_USAGE = {
    "since": "2026-10-29",
    "total": {"requests": 1204, "errors": 3, "limited": 0},
    "results": [
        {"day": "2026-11-27", "group": "articles", "requests": 204, "errors": 3, "limited": 0},
        {"day": "2026-11-27", "group": "claims", "requests": 1000, "errors": 0, "limited": 0},
    ],
}


class KeyView(PartnerView):
    """Any key may read itself."""

    scopes = {"GET": None}

    @extend_schema(
        operation_id="read_key",
        summary="The key that you ask with",
        description="Needs no scope. `limits` are those that the RateLimit headers count down.",
        responses=KeySerializer,
        examples=[OpenApiExample("A key", A_KEY, response_only=True)],
        tags=["key"],
    )
    def get(self, request: Request) -> Response:
        return Response(KeySerializer(self.principal.key).data)


class KeyRotationView(PartnerView):
    """Any key may have itself replaced: its successor may do no more than it."""

    http_method_names = ["post"]
    scopes = {"POST": None}
    keeps_nothing = True  # an answer with a secret: asked again, there is another successor

    @extend_schema(
        operation_id="rotate_key",
        summary="Replace the key that you ask with",
        description=(
            "Makes a successor with the same label and scopes; a key that ends after some time gets that "
            "time anew. Both work until the old one ends: after `overlap_hours`, 7 days unless told. Was the "
            "answer lost on its way, ask again with the old key: a successor that nobody used gives way to "
            "another. The contact of your organisation is told by mail. Needs no scope."
        ),
        request=RotationSerializer,
        responses={201: OpenApiResponse(NewKeySerializer, "The successor, with its secret, this once.")},
        examples=[
            OpenApiExample("Two days for the change", {"overlap_hours": 48}, request_only=True),
            OpenApiExample("The successor", A_NEW_KEY, response_only=True, status_codes=["201"]),
        ],
        tags=["key"],
    )
    def post(self, request: Request) -> Response:
        asked = RotationSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        hours = asked.validated_data.get("overlap_hours")
        overlap = None if hours is None else timedelta(hours=hours)
        key, plain = rotate_key(self.principal.key, overlap=overlap, by=self.principal.audit_actor())
        key.key = plain  # type: ignore[attr-defined] # for the answer only: it is kept nowhere
        return Response(NewKeySerializer(key).data, status=201, headers={"Cache-Control": "no-store"})


class UsageView(PartnerView):
    """Any key may read what its partner asked."""

    scopes = {"GET": None}
    filters = (
        filters.whole(
            "days",
            f"How many days back, today among them; {USUAL_DAYS} unless told.",
            str(USUAL_DAYS),
            most=MOST_DAYS,
        ),
    )

    @extend_schema(
        operation_id="read_usage",
        summary="What you asked, by day and resource",
        description=(
            "Over all keys of your organisation, newest day first; the last minute is missing. Needs no "
            "scope."
        ),
        responses=UsageSerializer,
        examples=[OpenApiExample("One day", SOME_USAGE, response_only=True)],
        tags=["key"],
    )
    def get(self, request: Request) -> Response:
        since = usage.days_back(self.asked.get("days", USUAL_DAYS))
        rows = list(usage.usage_of(self.principal.partner, since=since))
        return Response(UsageSerializer({"since": since, "total": usage.totals(rows), "results": rows}).data)
