"""The shapes of events, of what a partner holds, and of what it says about it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from claimtracker.partners import receipts, states
from claimtracker.partners.models import Acknowledgement, Way
from claimtracker.partners.receipts import Receipt
from claimtracker.partners.withheld import told_by
from reviews.models import Change

from .fields import Choice, Lines, WebAddress
from .strict import StrictSerializer

RECEIPT_STATES = [(state, state) for state in receipts.STATES]
TOLD_STATES = [(state, state) for state in states.DELIVERY.states]


class RatingLabel(serializers.CharField):
    """null where there is none."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_null=True, **options)

    def to_representation(self, value: str) -> str | None:  # type: ignore[override]  # a label is a str or missing
        return value or None


class EventSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="event.uid")
    type = serializers.CharField()
    timestamp = serializers.DateTimeField(source="event.created_at")
    data = serializers.SerializerMethodField(method_name="told")  # type: ignore[assignment]  # a field of ours, not Serializer.data

    @extend_schema_field(OpenApiTypes.OBJECT)
    def told(self, placed: Any) -> dict[str, Any]:
        return told_by(placed.event, self.context["withheld"])


class EventPageSerializer(serializers.Serializer[Any]):
    results = EventSerializer(many=True, help_text="Oldest first.")
    cursor = serializers.CharField(
        help_text="Ask with after={cursor} for what comes then. It is given when there are no results too."
    )
    has_more = serializers.BooleanField(help_text="There are more events already: ask again at once.")


class AcknowledgementRequestSerializer(StrictSerializer):
    status = Choice(
        Acknowledgement.Status.choices,
        help_text=(
            "updated: your page shows this version. removed: you took the check down. not_used: you never "
            "showed it."
        ),
    )
    url = WebAddress(required=False, max_length=1000, help_text="Your page, where readers see it.")


class AcknowledgementSerializer(serializers.Serializer[Acknowledgement]):
    publication = serializers.UUIDField()
    version = serializers.IntegerField(min_value=1)
    status = serializers.ChoiceField(Acknowledgement.Status.choices)
    url = serializers.CharField()
    at = serializers.DateTimeField()


class GotSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField(min_value=1)
    publication = serializers.UUIDField()
    rating = RatingLabel(help_text="What that version says; null for a retraction.")
    way = serializers.ChoiceField(Way.choices)
    at = serializers.DateTimeField()


class ToldSerializer(serializers.Serializer[Any]):
    """How the message of the new version came to your endpoints."""

    delivery = serializers.CharField(source="message_id", help_text="Read it at deliveries/{id}.")
    state = serializers.ChoiceField(TOLD_STATES)
    finished_at = serializers.DateTimeField(allow_null=True)


class ReceiptSerializer(serializers.Serializer[Any]):
    publication = serializers.UUIDField(
        source="correction.publication", help_text="The version that corrects what you have."
    )
    version = serializers.IntegerField(source="correction.version", min_value=1)
    change = serializers.ChoiceField(Change.choices, source="correction.change")
    change_note = Lines(source="correction.change_note")
    claim = serializers.UUIDField(source="correction.claim")
    claim_text = serializers.CharField(source="correction.claim_text")
    rating = RatingLabel(source="correction.rating", help_text="What it says now; null for a retraction.")
    url = serializers.CharField(source="correction.url", help_text="The public page.")
    published_at = serializers.DateTimeField(source="correction.published_at")
    state = serializers.ChoiceField(
        RECEIPT_STATES,
        help_text=(
            "open: as far as we know you still show what was corrected. read: you read the new "
            "version. acknowledged: you told us what you did."
        ),
    )
    you_have = GotSerializer(source="had", help_text="The newest of the versions that it corrects.")
    told = serializers.SerializerMethodField()
    event_read_at = serializers.DateTimeField(source="saw_event", allow_null=True)
    read_at = serializers.DateTimeField(source="read.at", allow_null=True, default=None)
    acknowledgement = serializers.SerializerMethodField()

    @extend_schema_field(ToldSerializer(allow_null=True))
    def get_told(self, receipt: Receipt) -> dict[str, Any] | None:
        return None if receipt.told is None else dict(ToldSerializer(receipt.told).data)

    @extend_schema_field(AcknowledgementSerializer(allow_null=True))
    def get_acknowledgement(self, receipt: Receipt) -> dict[str, Any] | None:
        row = receipt.acknowledgement
        return None if row is None else dict(AcknowledgementSerializer(row).data)
