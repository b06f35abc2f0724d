"""The claims in a partner's articles."""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from .. import selectors
from ..base import PartnerView
from ..pagination import PAGE_PARAMETERS
from ..serializers import ClaimSerializer


class ClaimListView(PartnerView):
    parameters = PAGE_PARAMETERS

    @extend_schema(
        operation_id="list_claims",
        summary="The claims in your articles, newest first",
        responses=ClaimSerializer(many=True),
        tags=["claims"],
    )
    def get(self, request: Request) -> Response:
        return self.page(selectors.claims_of(self.principal.partner), ClaimSerializer)


class ClaimView(PartnerView):
    @extend_schema(
        operation_id="read_claim",
        summary="One claim of your articles",
        responses=ClaimSerializer,
        tags=["claims"],
    )
    def get(self, request: Request, id: UUID) -> Response:
        claim = get_object_or_404(selectors.claims_of(self.principal.partner), public_id=id)
        return Response(ClaimSerializer(claim).data)
