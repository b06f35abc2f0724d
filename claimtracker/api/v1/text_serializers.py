"""Texts that are only looked at: their claims, and what is known of one."""

from __future__ import annotations

from datetime import date
from typing import Any, get_args

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from claims.extraction.model import Attribution, ClaimKind
from claims.models import Grade

from .claim_parts import ClaimPartsSerializer, WordingChangeSerializer
from .fields import LEFT_OUT, MISSING, Text, Whole
from .serializers import language_tag
from .strict import StrictSerializer

MOST_EXTRACTED = 20_000
MOST_MATCHED = 2_000
MOST_RESULTS = 20


class Day(serializers.DateField):
    default_error_messages = {
        "invalid": "Write the day like 2026-11-20.",
        "required": MISSING,
        "null": LEFT_OUT,
    }

    def to_internal_value(self, value: Any) -> date:
        if not isinstance(value, str):
            self.fail("invalid", format="")
        day: date = super().to_internal_value(value)
        return day


class TextToReadSerializer(StrictSerializer):
    text = Text(max_length=MOST_EXTRACTED, trim_whitespace=False)
    published_on = Day(
        required=False, help_text="The text's own day, by which words like “yesterday” are read."
    )


class FoundClaimSerializer(serializers.Serializer[Any]):
    rank = serializers.IntegerField(min_value=1, help_text="Its place among the text's claims by score.")
    text = serializers.CharField(help_text="A wording that stands without the text.")
    changes = WordingChangeSerializer(many=True, help_text="The words of text that are not the quote's.")
    quote = serializers.CharField()
    start = serializers.IntegerField(min_value=0, help_text="Code points of the text that was sent.")
    end = serializers.IntegerField(min_value=1, help_text="Exclusive.")
    claimant = serializers.CharField(allow_null=True, help_text="As the text names them; null: its author.")
    claimant_start = serializers.SerializerMethodField()
    claimant_end = serializers.SerializerMethodField()
    attribution = serializers.ChoiceField([(name, name) for name in get_args(Attribution)])
    kind = serializers.ChoiceField([(name, name) for name in get_args(ClaimKind)])
    score = serializers.FloatField(min_value=0, max_value=1, help_text="How likely a desk would check it.")
    reasons = serializers.ListField(child=serializers.CharField())
    parts = ClaimPartsSerializer(help_text="Amounts, dates and names in the claim's words.")

    @extend_schema_field({"type": ["integer", "null"], "minimum": 0})
    def get_claimant_start(self, claim: Any) -> int | None:
        return claim.claimant_span[0] if claim.claimant_span else None

    @extend_schema_field({"type": ["integer", "null"], "minimum": 1})
    def get_claimant_end(self, claim: Any) -> int | None:
        return claim.claimant_span[1] if claim.claimant_span else None


class TextClaimsSerializer(serializers.Serializer[Any]):
    extractor = serializers.CharField(source="version", help_text="By which extractor.")
    language = serializers.CharField()
    claims = FoundClaimSerializer(many=True, help_text="In the order of the text.")


class TextToMatchSerializer(StrictSerializer):
    text = Text(max_length=MOST_MATCHED, help_text="What is said: a sentence, or a post.")
    claimant = Text(required=False, max_length=300, help_text="Who says it.")
    language = language_tag()
    limit = Whole(
        required=False,
        min_value=1,
        max_value=MOST_RESULTS,
        help_text=f"How many results at most, 1 to {MOST_RESULTS} (5 unless told).",
    )


class KnownClaimSerializer(serializers.Serializer[Any]):
    text = serializers.CharField()
    claimant = serializers.CharField()
    claimed_on = serializers.DateField(allow_null=True)
    title = serializers.CharField(help_text="Of the review.")
    rating = serializers.CharField(help_text="In the publisher's own words, never a truth value.")
    publisher = serializers.CharField()
    publisher_site = serializers.CharField()
    url = serializers.CharField(help_text="Where the review can be read.")
    reviewed_on = serializers.DateField(allow_null=True)
    language = serializers.CharField()
    publication = serializers.UUIDField(
        allow_null=True, help_text="Ours: read it at publications/{id}. null: another publisher's."
    )


class MatchResultSerializer(serializers.Serializer[Any]):
    score = serializers.FloatField(
        allow_null=True,
        min_value=0,
        max_value=1,
        help_text="How likely it says the same; null where it was found by its words alone.",
    )
    grade = serializers.ChoiceField(
        Grade.choices, allow_null=True, help_text="null: only something alike. A person decides either way."
    )
    reasons = serializers.ListField(child=serializers.CharField(), help_text="What agrees and what does not.")
    known_claim = KnownClaimSerializer()


class MatchesSerializer(serializers.Serializer[Any]):
    method = serializers.CharField(help_text="Scores of another method are not comparable.")
    results = MatchResultSerializer(many=True, help_text="The likeliest first.")
