"""The scales under which checks are published."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from reviews.models import Rating


class OfferedRatingSerializer(serializers.Serializer[Any]):
    slug = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of ours, not Field.label
    meaning = serializers.ChoiceField(
        Rating.Meaning.choices, help_text="graded: a place on the scale; the others have none."
    )
    value = serializers.IntegerField(allow_null=True, help_text="Its place; null for one without.")
    description = serializers.CharField(source="guidance", help_text="When it is given.")


class RatingScaleSerializer(serializers.Serializer[Any]):
    id = serializers.CharField(source="slug")
    name = serializers.CharField()
    is_default = serializers.BooleanField(help_text="New checks are rated on this one.")
    best = serializers.IntegerField(allow_null=True, help_text="The value that stands for true.")
    worst = serializers.IntegerField(allow_null=True, help_text="The value that stands for false.")
    ratings = OfferedRatingSerializer(
        many=True,
        source="ratings_in_force",
        help_text="In our order, without those that are given no more: older checks may still bear them.",
    )
