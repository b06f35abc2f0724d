"""What a partner has of ours, what of it was corrected, and what it did about that."""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from claimtracker.kernel.errors import ActionRefused
from claimtracker.partners import receipts
from claimtracker.partners.acknowledging import acknowledge
from claimtracker.partners.holdings import Held
from reviews.models import Publication

from .. import filters
from ..base import PartnerView
from ..event_serializers import (
    AcknowledgementRequestSerializer,
    AcknowledgementSerializer,
    ReceiptSerializer,
)
from ..examples import receipts as examples


class ReceiptListView(PartnerView):
    is_list = True
    shape = ReceiptSerializer
    filters = (filters.choice("state", "How far it has come.", receipts.STATES),)

    @extend_schema(
        operation_id="list_receipts",
        summary="What of ours you have that was corrected or retracted since, newest first",
        description=(
            "One row for each check whose older version you read with your key or were sent: what you have, "
            "what it says now, whether our message reached you, and whether you have dealt with it. Deal "
            "with it by reading the new version, or say what you did: `POST "
            "publications/{id}/acknowledgement`. What is still open some days after the correction is told "
            "once more by the event "
            "`correction.unacknowledged`."
        ),
        responses=ReceiptSerializer(many=True),
        examples=[examples.answer(examples.RECEIPT)],
        tags=["events"],
    )
    def get(self, request: Request) -> Response:
        partner = self.principal.partner
        rows = receipts.in_state(receipts.corrections_for(partner), self.asked.get("state"))
        page = self.paginate_queryset(rows) or []
        return self.page_of(receipts.receipts_of(page, partner=partner))


class AcknowledgementView(PartnerView):
    http_method_names = ["post"]

    @extend_schema(
        operation_id="acknowledge_publication",
        summary="Say what you did about a version of a fact-check",
        description=(
            "Our desk then knows that your readers see what we say today. Say it of the newest version; said "
            "again, the newest word counts, and a `url` that you leave out stays as it was. Needs the scope "
            "`read`, like reading the version."
        ),
        request=AcknowledgementRequestSerializer,
        responses=AcknowledgementSerializer,
        examples=[
            examples.request({"status": "updated", "url": "https://wire.example/bridge"}),
            examples.answer(examples.ACKNOWLEDGEMENT),
        ],
        tags=["events"],
    )
    def post(self, request: Request, id: UUID) -> Response:
        publication = get_object_or_404(Publication.objects.select_related("claim"), public_id=id)
        sent = AcknowledgementRequestSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        newest = Publication.objects.current().get(claim=publication.claim_id)
        if newest.pk != publication.pk:
            raise ActionRefused(
                f"Version {newest.number} is public by now. Read publications/{newest.public_id}, and "
                "acknowledge that one.",
                code="superseded",
            )
        row = acknowledge(
            self.principal.partner,
            Held(publication.public_id, publication.claim.public_id, publication.number),
            by=self.principal.audit_actor(),
            **sent.validated_data,
        )
        return Response(AcknowledgementSerializer(row).data)
