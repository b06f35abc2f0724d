"""What a claim is made of and why it was offered, as the API gives it. Positions are code points."""

from __future__ import annotations

from typing import Any, get_args

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from claims.extraction.model import Approximation, ChangeReason


class WordingChangeSerializer(serializers.Serializer[Any]):
    """Words of the claim's ``text`` that are not the article's."""

    start = serializers.IntegerField(min_value=0, help_text="Position in the claim's text.")
    end = serializers.IntegerField(min_value=0)
    was = serializers.CharField(help_text="What the article has there; empty for an addition.")
    why = serializers.ChoiceField([(why, why) for why in get_args(ChangeReason)])


class QuantitySerializer(serializers.Serializer[Any]):
    """A number with its unit; ``low`` and ``high`` bound it, null where it is open."""

    start = serializers.IntegerField(min_value=0, help_text="Position in the article's body.")
    end = serializers.IntegerField(min_value=0)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    unit = serializers.CharField()
    approximation = serializers.ChoiceField([(name, name) for name in get_args(Approximation)])


class DateMentionSerializer(serializers.Serializer[Any]):
    """A stretch of time, both ends included; null where the article's own day is not known."""

    start = serializers.IntegerField(min_value=0, help_text="Position in the article's body.")
    end = serializers.IntegerField(min_value=0)
    earliest = serializers.DateField(allow_null=True)
    latest = serializers.DateField(allow_null=True)


class NamedThingSerializer(serializers.Serializer[Any]):
    """A name, in the fullest form that the article gives."""

    start = serializers.IntegerField(min_value=0, help_text="Position in the article's body.")
    end = serializers.IntegerField(min_value=0)
    name = serializers.CharField()
    kind = serializers.ChoiceField([(kind, kind) for kind in ("person", "organisation", "place", "other")])


class ClaimPartsSerializer(serializers.Serializer[Any]):
    quantities = QuantitySerializer(many=True)
    dates = DateMentionSerializer(many=True)
    names = NamedThingSerializer(many=True)


class FoundSerializer(serializers.Serializer[Any]):
    """What a reading says of a claim at its place in the article."""

    rank = serializers.IntegerField(
        min_value=1,
        allow_null=True,
        help_text="Its place among the article's claims by score, from 1; null for a claim that we marked.",
    )
    reasons = serializers.ListField(
        child=serializers.CharField(), help_text="Why it was offered as a claim, for people."
    )
    parts = serializers.SerializerMethodField(help_text="Amounts, dates and names in the claim's words.")

    def get_fields(self) -> dict[str, Any]:
        """These after the claim's own fields."""
        fields = super().get_fields()
        return fields | {name: fields.pop(name) for name in ("rank", "reasons", "parts")}

    @extend_schema_field(ClaimPartsSerializer)
    def get_parts(self, appearance: Any) -> dict[str, Any]:
        return {name: appearance.parts.get(name, []) for name in ("quantities", "dates", "names")}
