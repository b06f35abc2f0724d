"""Texts that are looked at and not kept: the claims in one, and what is known of one."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from claims.extraction import UnsupportedText, extract
from claims.sources import UnreadableArticle
from claimtracker.partners.models import Scope

from ..base import PartnerView
from ..examples.texts import EXTRACTING, MATCHING
from ..in_turn import in_turn
from ..known_matches import matches_of
from ..problems import CONTENT_TYPE
from ..receipts import note_reviews, published_matches
from ..text_serializers import (
    MatchesSerializer,
    TextClaimsSerializer,
    TextToMatchSerializer,
    TextToReadSerializer,
)


class ExtractView(PartnerView):
    http_method_names = ["post"]
    scopes = {"POST": Scope.SUBMIT}
    keeps_nothing = True

    @extend_schema(
        operation_id="extract_claims",
        summary="The claims in a text, which is not kept",
        description=(
            "What the tracker would find in an article of these words: each claim with its place, who makes "
            "it, its kind and its score. At most 20,000 characters; nothing of them is kept, logged or seen "
            "by anybody, so that drafts may be sent, and an `Idempotency-Key` changes nothing. 503 with "
            "`Retry-After` says that too many texts are being read, or that one took longer than 10 s."
        ),
        request=TextToReadSerializer,
        responses={
            200: TextClaimsSerializer,
            (503, CONTENT_TYPE): OpenApiResponse(
                {"$ref": "#/components/schemas/Problem"}, "Try again after Retry-After."
            ),
        },
        examples=EXTRACTING,
        tags=["claims"],
    )
    def post(self, request: Request) -> Response:
        sent = TextToReadSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        text, day = sent.validated_data["text"], sent.validated_data.get("published_on")
        try:
            extraction = in_turn(lambda: extract(text, published=day))
        except UnsupportedText as error:
            raise UnreadableArticle("text", error.code, str(error)) from error
        return Response(TextClaimsSerializer(extraction).data)


class MatchView(PartnerView):
    http_method_names = ["post"]
    scopes = {"POST": Scope.READ}
    keeps_nothing = True

    @extend_schema(
        operation_id="match_text",
        summary="What is known of a text already",
        description=(
            "Published reviews, ours and other publishers', of claims that say the same as the text or "
            "something alike, the likeliest first. What was not published is never among them. The text is "
            "not kept, and an `Idempotency-Key` changes nothing."
        ),
        request=TextToMatchSerializer,
        responses=MatchesSerializer,
        examples=MATCHING,
        tags=["match"],
    )
    def post(self, request: Request) -> Response:
        sent = TextToMatchSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        asked = dict(sent.validated_data)
        found = matches_of(asked.pop("text"), **asked)
        note_reviews(self.principal.partner, published_matches(found))
        return Response(MatchesSerializer(found).data)
