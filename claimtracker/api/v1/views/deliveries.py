"""What was sent to a partner's endpoints: read, and sent again."""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from claimtracker.partners import actions, event_types, states
from claimtracker.partners.selectors import deliveries_of, deliveries_to

from .. import filters
from ..base import PartnerView
from ..examples import webhooks as examples
from ..webhook_serializers import (
    DeliveryDetailSerializer,
    DeliverySerializer,
    ReplayedSerializer,
    ReplaySerializer,
)
from .webhooks import FOR_WEBHOOKS, WebhookView

MESSAGE_ID = OpenApiParameter(
    "id",
    {"type": "string", "pattern": "^msg_[0-9a-f]{32}$"},
    OpenApiParameter.PATH,
    description="The webhook-id of the message.",
)


class DeliveryListView(WebhookView):
    is_list = True
    shape = DeliverySerializer
    filters = (
        filters.choice("state", "How far it has come.", sorted(states.DELIVERY.states)),
        filters.choice("event_type", "What it tells.", sorted(event_types.BY_NAME)),
    )

    @extend_schema(
        operation_id="list_deliveries",
        summary="What was sent to a webhook endpoint, newest first",
        description=(
            "Each message once, however many tries it took; `GET /deliveries/{id}` has every try, with the "
            "exact body and headers. `state` finds those that failed."
        ),
        responses=DeliverySerializer(many=True),
        examples=[examples.answer(examples.DELIVERY)],
        tags=["webhooks"],
    )
    def get(self, request: Request, id: UUID) -> Response:
        return self.page(deliveries_to(self.endpoint(id)).filter(**self.asked))


class ReplaysView(WebhookView):
    http_method_names = ["post"]

    @extend_schema(
        operation_id="replay_deliveries",
        summary="Send again everything that failed since a moment",
        description=(
            "What failed for good at this endpoint at or after `since` is sent again, oldest first, under "
            "the same `webhook-id` and from the foot of the ladder; up to 500 in one call. Where a newer "
            "version of the same claim was made since, that one tells you all, and the older is passed over."
        ),
        request=ReplaySerializer,
        responses={202: ReplayedSerializer},
        examples=[
            examples.request({"since": "2026-11-19T00:00:00Z"}),
            examples.answer({"replayed": 12, "passed_over": 1, "has_more": False}, status=202),
        ],
        tags=["webhooks"],
    )
    def post(self, request: Request, id: UUID) -> Response:
        endpoint = self.endpoint(id)
        sent = ReplaySerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        replayed = actions.replay_failed(
            endpoint, since=sent.validated_data["since"], by=self.principal.audit_actor()
        )
        answer = {
            "replayed": len(replayed.replayed),
            "passed_over": replayed.passed_over,
            "is_more": replayed.is_more,
        }
        return Response(ReplayedSerializer(answer).data, status=202)


class DeliveryView(PartnerView):
    scopes = FOR_WEBHOOKS
    shape = DeliveryDetailSerializer

    @extend_schema(
        operation_id="read_delivery",
        summary="One message with every try",
        description=(
            "The exact body, and for each try the headers that we sent (the signature, never the secret) and "
            "what came back. Tries are kept for a while, see `WEBHOOK_LOG_DAYS` of the newsroom: 30 days "
            "unless it chose another time."
        ),
        parameters=[MESSAGE_ID],
        responses=DeliveryDetailSerializer,
        examples=[examples.answer(examples.DELIVERY_DETAIL)],
        tags=["webhooks"],
    )
    def get(self, request: Request, id: str) -> Response:
        delivery = get_object_or_404(deliveries_of(self.principal.partner), message_id=id)
        return self.one(delivery)


class ReplayView(PartnerView):
    http_method_names = ["post"]
    scopes = FOR_WEBHOOKS

    @extend_schema(
        operation_id="replay_delivery",
        summary="Send a message again that failed",
        description=(
            "Under the same `webhook-id`, from the foot of the ladder. 409 when it has not failed, its "
            "endpoint is off, or a newer version of the same claim took its place."
        ),
        parameters=[MESSAGE_ID],
        request=None,
        responses={202: DeliverySerializer},
        examples=[examples.answer(examples.DELIVERY, status=202)],
        tags=["webhooks"],
    )
    def post(self, request: Request, id: str) -> Response:
        delivery = get_object_or_404(deliveries_of(self.principal.partner), message_id=id)
        actions.replay_delivery(delivery, by=self.principal.audit_actor())
        return Response(
            DeliverySerializer(deliveries_to(delivery.endpoint).get(pk=delivery.pk)).data, status=202
        )
