"""The public log of corrections."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from rest_framework import serializers

from reviews.models import Change
from reviews.models.publication import LATER

from .fields import Lines, Timestamp

KINDS = [(kind, Change(kind).label) for kind in LATER]


class CorrectedClaimSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="claim_public_id")
    text = serializers.CharField(source="claim_text")


class PublishedChangeSerializer(serializers.Serializer[Any]):
    """One later version of a published check and what it changed."""

    id = serializers.UUIDField(source="public_id", help_text="The publication that changed it.")
    version = serializers.IntegerField(source="number", min_value=2)
    kind = serializers.ChoiceField(KINDS, source="change")
    text = Lines(source="change_note", help_text="What changed and why, in our words.")
    published_at = Timestamp()
    replaces = serializers.UUIDField(help_text="The publication before it: show this one in its place.")
    is_superseded = serializers.BooleanField(help_text="A newer version came out since.")
    claim = CorrectedClaimSerializer(source="*")
    rating = serializers.SerializerMethodField(help_text="The rating's label now; null for a retraction.")
    rating_before = serializers.CharField(
        help_text="The label of the version before; null where that was a retraction.", allow_null=True
    )
    url = serializers.CharField(source="public_url", help_text="The public page.")
    publication = serializers.SerializerMethodField(help_text="Where the whole publication is read.")

    def get_rating(self, change: Any) -> str | None:
        return None if change.is_retraction else change.rating_label

    def get_publication(self, change: Any) -> str:
        return settings.SITE_URL + reverse("api-v1:publication", kwargs={"id": change.public_id})
