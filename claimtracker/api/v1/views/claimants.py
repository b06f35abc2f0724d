"""Claimants of whom checks are public."""

from __future__ import annotations

import re

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from reviews.selectors.public_claimants import claimant_slugs, public_claimants

from ..base import PartnerView
from ..claimant_serializers import ClaimantSerializer
from ..examples.directory import CLAIMANTS
from ..pagination import NewestFirst


class ByClaimant(NewestFirst):
    """In the order of their ids, which begin with the name."""

    ordering = "claimant_slug"

    def is_position(self, position: str) -> bool:
        return re.fullmatch(r"[a-z0-9-]{1,80}", position) is not None


class ClaimantListView(PartnerView):
    is_list = True
    shape = ClaimantSerializer
    pagination_class = ByClaimant

    @extend_schema(
        operation_id="list_claimants",
        summary="Claimants of whom fact-checks are public, by name",
        description=(
            "Whoever made a claim that we published a check of. What is checked is chosen, so the counts are "
            "no score of a person; the public page says how claims are chosen."
        ),
        responses=ClaimantSerializer(many=True),
        examples=CLAIMANTS,
        tags=["claimants"],
    )
    def get(self, request: Request) -> Response:
        page = self.paginate_queryset(claimant_slugs()) or []
        return self.page_of(public_claimants(row["claimant_slug"] for row in page))


class ClaimantView(PartnerView):
    shape = ClaimantSerializer

    @extend_schema(
        operation_id="read_claimant",
        summary="One claimant with the balance of published checks",
        description="Somebody of whom nothing is public is not there: 404.",
        responses=ClaimantSerializer,
        examples=CLAIMANTS,
        tags=["claimants"],
    )
    def get(self, request: Request, id: str) -> Response:
        found = public_claimants([id])
        if not found:
            raise Http404
        return self.one(found[0])
