"""Requests: please check this."""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from claims.actions.check_requests import Asked, ask_for_check, vote_for_request
from claimtracker.partners.models import Scope
from reviews.actions.requests import answer_from_published

from .. import filters
from ..base import PartnerView
from ..examples.requests import ASKING, LISTED, READ, VOTING
from ..request_selectors import own_requests, requests_seen_by
from ..request_serializers import (
    REQUEST_STATES,
    CheckRequestSerializer,
    CheckRequestSubmissionSerializer,
    VoteSerializer,
)
from ..submissions import sender_of

FILTERS = (
    filters.choice("status", "Of this status only.", [status for status, _label in REQUEST_STATES]),
    filters.choice("voted", "Only what you ask for yourself.", ["true"]),
)
SCOPES = dict.fromkeys(("GET", "POST"), Scope.REQUEST)


class RequestListView(PartnerView):
    is_list = True
    shape = CheckRequestSerializer
    filters = FILTERS
    scopes = SCOPES

    @extend_schema(
        operation_id="list_requests",
        summary="What you and other partners ask us to check, newest first",
        description="Of others only what they share: without who asked, their notes and urls.",
        responses=CheckRequestSerializer(many=True),
        examples=LISTED,
        tags=["requests"],
    )
    def get(self, request: Request) -> Response:
        partner = self.principal.partner
        rows = own_requests(partner) if "voted" in self.asked else requests_seen_by(partner)
        status = self.asked.get("status")
        return self.page(rows.filter(state=status) if status else rows)

    @extend_schema(
        operation_id="ask_for_check",
        summary="Ask us to check something",
        description=(
            "Where the same was asked for already, in the same or nearly the same words, your request counts "
            "as a vote for it: the answer is 200 with that request, whatever became of it, else 201. Where "
            "one check of ours stands that says just that, the request is `answered` at once with its "
            "`publication`; never where we would have to guess. If that is about another claim, ask again "
            "with `differs_from`. You are "
            "told by the webhook events `request.answered` and `request.declined`, which no other partner "
            "gets, or by reading it. What others ask for is never shown with who asked, their notes or urls."
        ),
        request=CheckRequestSubmissionSerializer,
        responses={
            201: OpenApiResponse(CheckRequestSerializer, "Nobody asked for it before."),
            200: OpenApiResponse(CheckRequestSerializer, "It was asked for before; you ask for it now, too."),
        },
        examples=ASKING,
        tags=["requests"],
    )
    def post(self, request: Request) -> Response:
        sent = CheckRequestSubmissionSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        fields = dict(sent.validated_data)
        asked = ask_for_check(
            fields.pop("text"),
            sender=sender_of(self.principal),
            is_shared=fields.pop("shared", True),
            **fields,
        )
        if "differs_from" not in fields:
            answer_from_published(asked.request)
        return _answer(self, asked, is_new=asked.created)


class RequestView(PartnerView):
    scopes = SCOPES
    shape = CheckRequestSerializer

    @extend_schema(
        operation_id="read_request",
        summary="What became of something that we were asked to check",
        description="`status` says how far it is; `publication` leads to the answer, once there is one.",
        responses=CheckRequestSerializer,
        examples=READ,
        tags=["requests"],
    )
    def get(self, request: Request, id: UUID) -> Response:
        row = get_object_or_404(requests_seen_by(self.principal.partner), public_id=id)
        return self.one(row)


class VotesView(PartnerView):
    http_method_names = ["post"]
    scopes = SCOPES

    @extend_schema(
        operation_id="vote_for_request",
        summary="Ask for the same as another partner",
        description="Once for each partner: 201 the first time, 200 then. You are told as if you had asked.",
        request=VoteSerializer,
        responses={
            201: OpenApiResponse(CheckRequestSerializer, "Counted."),
            200: OpenApiResponse(CheckRequestSerializer, "You asked for it already."),
        },
        examples=VOTING,
        tags=["requests"],
    )
    def post(self, request: Request, id: UUID) -> Response:
        sent = VoteSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        row = get_object_or_404(requests_seen_by(self.principal.partner), public_id=id)
        asked = vote_for_request(row, sender=sender_of(self.principal), **sent.validated_data)
        return _answer(self, asked, is_new=asked.counted)


def _answer(view: PartnerView, asked: Asked, *, is_new: bool) -> Response:
    row = requests_seen_by(view.principal.partner).get(pk=asked.request.pk)
    address = view.request.build_absolute_uri(reverse("api-v1:request", kwargs={"id": row.public_id}))
    return Response(
        CheckRequestSerializer(row).data, status=201 if is_new else 200, headers={"Location": address}
    )
