"""The texts of an article, one after the other."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from rest_framework import serializers

from .fields import Timestamp


class VersionSerializer(serializers.Serializer[Any]):
    """One text of an article, which never changes."""

    number = serializers.IntegerField(min_value=1)
    title = serializers.CharField()
    length = serializers.IntegerField(min_value=1, help_text="Of the body, in code points.")
    sha256 = serializers.CharField(help_text="Of the body in UTF-8, in hexadecimal.")
    created_at = Timestamp(help_text="When it came in.")
    is_newest = serializers.BooleanField()
    annotations = serializers.SerializerMethodField(help_text="Where the claims in this text are read.")

    def get_annotations(self, version: Any) -> str:
        address = reverse("api-v1:annotations", kwargs={"id": version.article.public_id})
        return f"{settings.SITE_URL}{address}?version={version.number}"


class VersionDetailSerializer(VersionSerializer):
    body = serializers.CharField(help_text="The exact text that positions of its claims count into.")
