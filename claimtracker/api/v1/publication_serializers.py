"""What the public saw, from the snapshot and from nothing else."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from claims.models.claim import Attribution, ClaimKind
from reviews.models.evidence import Source, Stance

from .fields import Lines


class RatingSerializer(serializers.Serializer[Any]):
    """``value`` lies between ``worst`` and ``best``; all three are null for ratings outside the scale."""

    slug = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of ours, not Field.label
    value = serializers.IntegerField(allow_null=True, default=None)
    best = serializers.IntegerField(allow_null=True, default=None)
    worst = serializers.IntegerField(allow_null=True, default=None)


class PublicAppearanceSerializer(serializers.Serializer[Any]):
    quote = serializers.CharField()
    article_title = serializers.CharField()
    url = serializers.CharField(allow_null=True, default=None)
    site_name = serializers.CharField(allow_null=True, default=None)
    published_at = serializers.CharField(allow_null=True, default=None)


class PublicSourceSerializer(serializers.Serializer[Any]):
    title = serializers.CharField()
    publisher = serializers.CharField()
    kind = serializers.ChoiceField(Source.Kind.choices)
    url = serializers.CharField(allow_null=True, default=None)
    citation = serializers.CharField(allow_null=True, default=None)
    accessed_at = serializers.CharField(allow_null=True, default=None)
    interest_note = serializers.CharField(
        default="", help_text="What the source has to gain or lose by the claim."
    )


class PublicEvidenceSerializer(serializers.Serializer[Any]):
    stance = serializers.ChoiceField(Stance.choices)
    quotation = Lines()
    note = Lines()
    is_withheld = serializers.BooleanField(
        default=False, help_text="The source is confidential: only its kind and stance are public."
    )
    source = PublicSourceSerializer()  # type: ignore[assignment]  # a field of ours, not Field.source


class PublicClaimSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    text = serializers.CharField()
    quote = serializers.CharField()
    kind = serializers.ChoiceField(ClaimKind.choices)


class PublicationSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="public_id")
    version = serializers.IntegerField(source="number")
    is_superseded = serializers.BooleanField(help_text="A newer version of this publication exists.")
    url = serializers.CharField(source="snapshot.url", help_text="The public page.")
    published_at = serializers.DateTimeField()
    claim = PublicClaimSerializer(source="snapshot.claim")
    claimant = serializers.CharField(source="snapshot.claimant.name", allow_null=True, default=None)
    attribution = serializers.ChoiceField(Attribution.choices, source="snapshot.attribution")
    rating = RatingSerializer(source="snapshot.rating")
    summary = Lines(source="snapshot.summary")
    rationale = Lines(source="snapshot.rationale")
    appearances = PublicAppearanceSerializer(source="snapshot.appearances", many=True)
    evidence = PublicEvidenceSerializer(source="snapshot.evidence", many=True)
