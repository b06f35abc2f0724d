"""Claimants, as readers' lists have them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from rest_framework import serializers

from .fields import Timestamp


class RatingCountSerializer(serializers.Serializer[Any]):
    """How often a rating was given, retracted checks not counted."""

    slug = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of ours, not Field.label
    count = serializers.IntegerField(min_value=1)


class ClaimantSerializer(serializers.Serializer[Any]):
    id = serializers.CharField(
        source="slug", help_text="For the filter claimant of the publications, and for the address here."
    )
    name = serializers.CharField(help_text="As in the newest check.")
    url = serializers.SerializerMethodField(help_text="The public page.")
    checks = serializers.IntegerField(min_value=0, help_text="Published and not retracted.")
    retracted = serializers.IntegerField(min_value=0)
    first_published_at = Timestamp(help_text="When the first version of the first check came out.")
    last_published_at = Timestamp(help_text="When the first version of the newest check came out.")
    ratings = RatingCountSerializer(
        many=True, help_text="From true to false. What is checked is chosen: this is no score of a person."
    )

    def get_url(self, claimant: Any) -> str:
        return settings.SITE_URL + reverse("reviews:public_claimant", args=[claimant.slug])
