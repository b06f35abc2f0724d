"""What is public: fact checks and their ClaimReview."""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from reviews.selectors.text import with_text
from reviews.selectors.withholding import withhold

from .. import selectors
from ..base import PartnerView
from ..pagination import PAGE_PARAMETERS
from ..problems import Retracted
from ..publication_serializers import PublicationSerializer
from ..receipts import note_read
from ..renderers import LinkedDataRenderer


class PublicationListView(PartnerView):
    parameters = PAGE_PARAMETERS

    @extend_schema(
        operation_id="list_publications",
        summary="Published fact-checks in their newest version, newest first",
        responses=PublicationSerializer(many=True),
        tags=["publications"],
    )
    def get(self, request: Request) -> Response:
        rows = with_text(withhold(self.paginate_queryset(selectors.current_publications()) or ()))
        note_read(self.principal.partner, rows)
        return self.get_paginated_response(PublicationSerializer(rows, many=True).data)


class PublicationView(PartnerView):
    @extend_schema(
        operation_id="read_publication",
        summary="One version of a published fact-check",
        responses=PublicationSerializer,
        tags=["publications"],
    )
    def get(self, request: Request, id: UUID) -> Response:
        publication = get_object_or_404(selectors.publications(), public_id=id)
        note_read(self.principal.partner, [publication])
        return Response(PublicationSerializer(with_text(withhold([publication]))[0]).data)


class ClaimReviewView(PartnerView):
    renderer_classes = [LinkedDataRenderer, JSONRenderer]

    @extend_schema(
        operation_id="read_claim_review",
        summary="The fact-check as schema.org ClaimReview",
        responses={
            (200, "application/ld+json"): OpenApiTypes.OBJECT,
            (200, "application/json"): OpenApiTypes.OBJECT,
        },
        tags=["publications"],
    )
    def get(self, request: Request, id: UUID) -> Response:
        publication = get_object_or_404(selectors.publications(), public_id=id)
        if publication.is_retraction:
            raise Retracted()
        note_read(self.principal.partner, [publication])
        return Response(publication.claim_review)
