"""The shapes of webhook endpoints and of what was sent to them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from claimtracker.partners import states
from claimtracker.partners.delivery import body_of
from claimtracker.partners.endpoints import LONGEST_OVERLAP
from claimtracker.partners.models import Delivery, WebhookEndpoint
from claimtracker.partners.withheld import speaks_of_withheld, withheld_claims

from .fields import MISSING, Flag, Moment, Text, Whole
from .strict import StrictSerializer

DELIVERY_STATES = [(state, state) for state in states.DELIVERY.states]


class EventTypes(serializers.ListField):
    child = Text(max_length=60)
    default_error_messages = {
        "not_a_list": 'This must be a list of event types, like ["claim.verdict_corrected"].',
        "null": "Send [] for all types.",
        "required": MISSING,
        "max_length": "These are too many: {max_length} types are the limit.",
    }


class EndpointChangeSerializer(StrictSerializer):
    """What is left out stays as it is."""

    url = Text(
        required=False,
        max_length=1000,
        help_text="Where messages are sent: https, a name, the usual port.",
    )
    event_types = EventTypes(
        required=False, max_length=50, help_text="Which events you want; an empty list means all."
    )
    description = Text(required=False, allow_blank=True, max_length=200, help_text="For your own use.")
    is_active = Flag(required=False, help_text="Whether messages are sent to it.")


class EndpointCreationSerializer(StrictSerializer):
    url = Text(max_length=1000, help_text="Where messages are sent: https, a name, the usual port.")
    event_types = EventTypes(
        required=False, max_length=50, help_text="Which events you want; left out or empty means all."
    )
    description = Text(required=False, allow_blank=True, max_length=200, help_text="For your own use.")


class EndpointSerializer(serializers.Serializer[WebhookEndpoint]):
    id = serializers.UUIDField(source="public_id")
    url = serializers.CharField()
    description = serializers.CharField()
    event_types = serializers.ListField(
        child=serializers.CharField(), help_text="Which events are sent to it; an empty list means all."
    )
    is_active = serializers.BooleanField()
    disabled_because = serializers.CharField(help_text="Why it is off; empty while it is on.")
    disabled_at = serializers.DateTimeField(allow_null=True)
    previous_secret_ends_at = serializers.DateTimeField(
        source="previous_secret_until",
        allow_null=True,
        help_text="Until then messages bear the signature of the secret before as well.",
    )
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class EndpointWithSecretSerializer(EndpointSerializer):
    secret = serializers.CharField(
        help_text="Verifies our signatures. It is shown in this answer and never again."
    )


class SecretRotationSerializer(StrictSerializer):
    overlap_hours = Whole(
        required=False,
        min_value=0,
        max_value=int(LONGEST_OVERLAP.total_seconds() // 3600),
        default=24,
        help_text="For how long messages bear the old signature as well; 0 ends the old secret at once.",
    )


class ReplaySerializer(StrictSerializer):
    since = Moment(help_text="Everything that failed for good at or after this moment is sent again.")


class ReplayedSerializer(serializers.Serializer[Any]):
    replayed = serializers.IntegerField(min_value=0, help_text="How many deliveries are sent again.")
    passed_over = serializers.IntegerField(
        min_value=0, help_text="How many are not, because a newer version of their claim was made since."
    )
    has_more = serializers.BooleanField(
        source="is_more", help_text="More failed than one call sends again: call once more."
    )


class DeliverySerializer(serializers.Serializer[Delivery]):
    id = serializers.CharField(source="message_id", help_text="The webhook-id of the message at every try.")
    endpoint = serializers.UUIDField(source="endpoint.public_id")
    event = serializers.UUIDField(source="event.uid", help_text="The event's id.")
    event_type = serializers.CharField()
    state = serializers.ChoiceField(
        DELIVERY_STATES,
        help_text=(
            "pending: on its way, see next_try_at. failed: not tried again unless you replay it. superseded: "
            "a newer version of the same claim took its place."
        ),
    )
    tries = serializers.IntegerField(min_value=0, help_text="Since it was made or last replayed.")
    last_status_code = serializers.IntegerField(
        allow_null=True, help_text="What your receiver answered last; null when there was no answer."
    )
    last_error = serializers.CharField(allow_null=True, help_text="What was wrong with the last try.")
    created_at = serializers.DateTimeField()
    next_try_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)


class AttemptSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField(min_value=1)
    started_at = serializers.DateTimeField(source="created_at")
    finished_at = serializers.DateTimeField(allow_null=True, help_text="null: under way at this moment.")
    url = serializers.CharField()
    request_headers = serializers.DictField(child=serializers.CharField())
    status_code = serializers.IntegerField(allow_null=True)
    response_headers = serializers.DictField(child=serializers.CharField())
    response_excerpt = serializers.CharField(help_text="How the answer's body begins.")
    error = serializers.CharField(help_text="What was wrong with it; empty for a try that arrived.")
    seconds = serializers.FloatField(min_value=0)


class DeliveryDetailSerializer(DeliverySerializer):
    body = serializers.SerializerMethodField(
        help_text="The exact body, in UTF-8; null when it was forgotten with the old tries. Without the "
        "words of a check that is hidden or was taken down since."
    )
    attempts = AttemptSerializer(many=True, help_text="Every try, oldest first.")

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_body(self, delivery: Delivery) -> str | None:
        if speaks_of_withheld(delivery.event, withheld_claims()):
            return body_of(delivery.event).decode()
        if delivery.body:
            return delivery.body
        return None if delivery.finished_at else body_of(delivery.event).decode()


class EventTypeSerializer(serializers.Serializer[Any]):
    type = serializers.CharField()
    description = serializers.CharField()
    addressed = serializers.BooleanField(help_text="Goes to the one partner whom it concerns.")
    example = serializers.DictField(help_text="An example of data.")


class EventTypeListSerializer(serializers.Serializer[Any]):
    results = EventTypeSerializer(many=True)
