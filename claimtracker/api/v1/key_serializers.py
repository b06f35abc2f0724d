"""A partner's own key and usage."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from claimtracker.partners.keys import LONGEST_OVERLAP
from claimtracker.partners.limits import DAY, MINUTE, limits_of
from claimtracker.partners.models import ApiKey, Scope

from .fields import Whole
from .strict import StrictSerializer

MOST_HOURS = int(LONGEST_OVERLAP.total_seconds() // 3600)
NAMES_OF_LIMITS = [(name, name) for name in ("burst", "day")]


class LimitSerializer(serializers.Serializer[Any]):
    """``quota`` requests in any ``window`` seconds."""

    name = serializers.ChoiceField(NAMES_OF_LIMITS, help_text="As the RateLimit headers name it.")
    quota = serializers.IntegerField(min_value=0)
    window = serializers.IntegerField(min_value=1, help_text="Seconds; the day is one of UTC.")


class KeySerializer(serializers.Serializer[ApiKey]):
    prefix = serializers.CharField(help_text="Which key it is, without its secret.")
    label = serializers.CharField()  # type: ignore[assignment] # a field, which DRF moves out of the way
    partner = serializers.CharField(source="partner.name")
    sandbox = serializers.BooleanField(
        source="partner.is_sandbox",
        help_text="What a sandbox sends is seen by nobody else and is erased after some days.",
    )
    scopes = serializers.ListField(child=serializers.ChoiceField(Scope.choices))
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(allow_null=True, help_text="null: it does not end by itself.")
    last_used_at = serializers.DateTimeField(allow_null=True, help_text="To the minute; null: never.")
    limits = serializers.SerializerMethodField()

    @extend_schema_field(LimitSerializer(many=True))
    def get_limits(self, key: ApiKey) -> list[dict[str, Any]]:
        burst, day = limits_of(key.partner)
        return [
            {"name": "burst", "quota": burst, "window": MINUTE},
            {"name": "day", "quota": day, "window": DAY},
        ]


class RotationSerializer(StrictSerializer):
    overlap_hours = Whole(
        required=False,
        min_value=0,
        max_value=MOST_HOURS,
        help_text="How long the key that asks goes on working. 0 ends it at once; left out, it is 7 days.",
    )


class EndingKeySerializer(serializers.Serializer[ApiKey]):
    prefix = serializers.CharField()
    ends_at = serializers.SerializerMethodField()

    @extend_schema_field(serializers.DateTimeField())
    def get_ends_at(self, key: ApiKey) -> Any:
        ends_at = key.revoked_at or key.expires_at
        return serializers.DateTimeField().to_representation(ends_at) if ends_at else None


class NewKeySerializer(KeySerializer):
    key = serializers.CharField(help_text="The key itself. It is shown this once.")
    replaces = EndingKeySerializer()


class UsageRowSerializer(serializers.Serializer[Any]):
    day = serializers.DateField(help_text="Of UTC.")
    group = serializers.CharField(help_text="The resource: the first word of the address.")
    requests = serializers.IntegerField(min_value=0, help_text="That were let in.")
    errors = serializers.IntegerField(  # type: ignore[assignment] # as above
        min_value=0, help_text="Of those, how many got a 4xx or 5xx."
    )
    limited = serializers.IntegerField(min_value=0, help_text="That got a 429 and count nowhere else.")


class UsageTotalSerializer(serializers.Serializer[Any]):
    requests = serializers.IntegerField(min_value=0)
    errors = serializers.IntegerField(min_value=0)  # type: ignore[assignment] # as above
    limited = serializers.IntegerField(min_value=0)


class UsageSerializer(serializers.Serializer[Any]):
    since = serializers.DateField()
    total = UsageTotalSerializer()
    results = UsageRowSerializer(many=True)
