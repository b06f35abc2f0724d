"""Webhook endpoints: registered, changed, tried and removed by the partner itself."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from claimtracker.partners import actions, endpoints, event_types
from claimtracker.partners.models import Scope, WebhookEndpoint
from claimtracker.partners.selectors import deliveries_to, endpoints_of

from ..base import PartnerView
from ..examples import webhooks as examples
from ..webhook_serializers import (
    DeliverySerializer,
    EndpointChangeSerializer,
    EndpointCreationSerializer,
    EndpointSerializer,
    EndpointWithSecretSerializer,
    EventTypeListSerializer,
    SecretRotationSerializer,
)

FOR_WEBHOOKS = dict.fromkeys(("GET", "POST", "PATCH", "DELETE"), Scope.WEBHOOKS)


class WebhookView(PartnerView):
    """What concerns one of the partner's own endpoints."""

    scopes = FOR_WEBHOOKS

    def endpoint(self, public_id: UUID) -> WebhookEndpoint:
        return get_object_or_404(endpoints_of(self.principal.partner), public_id=public_id)


class EndpointListView(WebhookView):
    is_list = True
    shape = EndpointSerializer
    keeps_nothing = True  # the answer of POST holds a secret

    @extend_schema(
        operation_id="list_webhook_endpoints",
        summary="Your webhook endpoints, newest first",
        description="Without those that you removed. Secrets are shown when they are made and never again.",
        responses=EndpointSerializer(many=True),
        examples=[examples.answer(examples.ENDPOINT)],
        tags=["webhooks"],
    )
    def get(self, request: Request) -> Response:
        return self.page(endpoints_of(self.principal.partner))

    @extend_schema(
        operation_id="create_webhook_endpoint",
        summary="Register a webhook endpoint",
        description=(
            "The answer holds its `secret`, this once and is kept nowhere: was it lost on its way, the "
            "address is registered (409), and rotating its secret gives you another. Addresses inside "
            "private networks are refused: now where the address tells it (a bare IP address, `*.local`, "
            "`*.internal`, your machine's own name), at every try where only its look-up does."
        ),
        request=EndpointCreationSerializer,
        responses={201: EndpointWithSecretSerializer},
        examples=[
            examples.request(
                {name: examples.ENDPOINT[name] for name in ("url", "event_types", "description")}
            ),
            examples.answer({**examples.ENDPOINT, **examples.SECRET}, status=201),
        ],
        tags=["webhooks"],
    )
    def post(self, request: Request) -> Response:
        sent = EndpointCreationSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        endpoint = endpoints.create_endpoint(
            self.principal.partner, by=self.principal.audit_actor(), **sent.validated_data
        )
        address = reverse("api-v1:webhook-endpoint", kwargs={"id": endpoint.public_id})
        return Response(
            EndpointWithSecretSerializer(endpoint).data,
            status=201,
            headers={"Location": request.build_absolute_uri(address), "Cache-Control": "no-store"},
        )


class EndpointView(WebhookView):
    http_method_names = ["get", "head", "patch", "delete"]
    shape = EndpointSerializer

    @extend_schema(
        operation_id="read_webhook_endpoint",
        summary="One webhook endpoint",
        description=(
            "Where it sends, which types of events, and whether it is on; `disabled_because` says why it is "
            "not. Its secret was shown when it was made, and is not shown again."
        ),
        responses=EndpointSerializer,
        examples=[examples.answer(examples.ENDPOINT)],
        tags=["webhooks"],
    )
    def get(self, request: Request, id: UUID) -> Response:
        return self.one(self.endpoint(id))

    @extend_schema(
        operation_id="change_webhook_endpoint",
        summary="Change a webhook endpoint, or switch it off or on",
        description=(
            "What you leave out stays. Messages under way go to the new address from their next try on. "
            "Switched on again it gets what happens from then on; have what failed sent again by `replays`."
        ),
        request=EndpointChangeSerializer,
        responses=EndpointSerializer,
        examples=[examples.request({"is_active": True}), examples.answer(examples.ENDPOINT)],
        tags=["webhooks"],
    )
    def patch(self, request: Request, id: UUID) -> Response:
        endpoint = self.endpoint(id)
        sent = EndpointChangeSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        changed = endpoints.change_endpoint(endpoint, by=self.principal.audit_actor(), **sent.validated_data)
        return Response(EndpointSerializer(changed).data)

    @extend_schema(
        operation_id="remove_webhook_endpoint",
        summary="Remove a webhook endpoint",
        description=(
            "Nothing more is sent to it, and its secret is forgotten. What was sent can still be read, each "
            "message at `deliveries/{id}`. The address may be registered anew."
        ),
        responses={204: OpenApiResponse(description="Removed.")},
        tags=["webhooks"],
    )
    def delete(self, request: Request, id: UUID) -> Response:
        endpoints.remove_endpoint(self.endpoint(id), by=self.principal.audit_actor())
        return Response(status=204)


class RotationView(WebhookView):
    http_method_names = ["post"]
    keeps_nothing = True  # its answer holds a secret

    @extend_schema(
        operation_id="rotate_webhook_secret",
        summary="Give a webhook endpoint a new secret",
        description=(
            "The answer holds the new `secret`, this once. For `overlap_hours` (24 unless told) each message "
            "bears two signatures in `webhook-signature`, of the new secret and of the old one: put the new "
            "one in place meanwhile, and no message is lost. Of three secrets the oldest ends at once; was "
            "the answer lost on its way, rotate again and put that one in place: what your receiver refuses "
            "until then is sent again."
        ),
        request=SecretRotationSerializer,
        responses=EndpointWithSecretSerializer,
        examples=[
            examples.request({"overlap_hours": 24}),
            examples.answer(
                {
                    **examples.ENDPOINT,
                    "previous_secret_ends_at": "2026-11-21T09:30:00Z",
                    **examples.SECRET,
                }
            ),
        ],
        tags=["webhooks"],
    )
    def post(self, request: Request, id: UUID) -> Response:
        endpoint = self.endpoint(id)
        sent = SecretRotationSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        overlap = timedelta(hours=sent.validated_data["overlap_hours"])
        rotated = endpoints.rotate_secret(endpoint, by=self.principal.audit_actor(), overlap=overlap)
        return Response(EndpointWithSecretSerializer(rotated).data, headers={"Cache-Control": "no-store"})


class TestView(WebhookView):
    http_method_names = ["post"]

    @extend_schema(
        operation_id="test_webhook_endpoint",
        summary="Send a test message to a webhook endpoint",
        description=(
            "A `webhook.test`, signed like any other, goes to this endpoint only, in one try. Read what came "
            "of it at `deliveries/{id}` a moment later."
        ),
        request=None,
        responses={202: DeliverySerializer},
        examples=[
            examples.answer(
                {
                    **examples.DELIVERY,
                    "event_type": event_types.TEST,
                    "tries": 0,
                    "last_status_code": None,
                    "last_error": None,
                },
                status=202,
            )
        ],
        tags=["webhooks"],
    )
    def post(self, request: Request, id: UUID) -> Response:
        endpoint = self.endpoint(id)
        sent = actions.send_test(endpoint, by=self.principal.audit_actor())
        return Response(DeliverySerializer(deliveries_to(endpoint).get(pk=sent.pk)).data, status=202)


class EventTypeListView(PartnerView):
    scopes = FOR_WEBHOOKS

    @extend_schema(
        operation_id="list_event_types",
        summary="The types of events that an endpoint may ask for",
        description=(
            "Each with what it tells and an example of its `data`. `addressed` ones go to the one partner "
            "whom they concern. `webhook.test` is not among them: it comes to whoever asks for a test."
        ),
        responses=EventTypeListSerializer,
        examples=[
            examples.answer(
                {
                    "results": [
                        {
                            "type": described.type,
                            "description": described.description,
                            "addressed": described.addressed,
                            "example": described.example,
                        }
                        for described in event_types.DESCRIBED[:1]
                    ]
                }
            )
        ],
        tags=["webhooks"],
    )
    def get(self, request: Request) -> Response:
        offered = [event_types.BY_NAME[name] for name in event_types.offered_event_types()]
        return Response(EventTypeListSerializer({"results": offered}).data)
