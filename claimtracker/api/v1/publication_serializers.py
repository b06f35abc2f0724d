"""What the public saw, from the snapshot and from nothing else."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from claims.models import RestrictedClaim
from claims.models.claim import Attribution, ClaimKind
from reviews.models import Change
from reviews.models.basis import TextState
from reviews.models.evidence import Source, Stance
from reviews.standards import ReplyStatus

from .fields import Lines, Timestamp
from .selectors.publications import is_taken_back
from .serializers import TopicSerializer
from .writing import written


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
    published_at = Timestamp(allow_null=True, default=None)


class PublicSourceSerializer(serializers.Serializer[Any]):
    title = serializers.CharField()
    publisher = serializers.CharField()
    kind = serializers.ChoiceField(Source.Kind.choices)
    url = serializers.CharField(allow_null=True, default=None)
    citation = serializers.CharField(allow_null=True, default=None)
    accessed_at = Timestamp(allow_null=True, default=None)
    interest_note = serializers.CharField(
        default="", help_text="What the source has to gain or lose by the claim."
    )


class ArchiveSerializer(serializers.Serializer[Any]):
    """The copy that we keep of a cited page, which is not shown: by its SHA-256 you can tell whether yours is
    the same."""

    taken_at = Timestamp()
    sha256 = serializers.CharField(help_text="Of the page as it was sent, in hexadecimal.")
    media_type = serializers.CharField()
    has_quotation = serializers.BooleanField(help_text="The quoted words stand in it.")


class PublicEvidenceSerializer(serializers.Serializer[Any]):
    stance = serializers.ChoiceField(Stance.choices)
    quotation = Lines()
    note = Lines()
    is_withheld = serializers.BooleanField(
        default=False,
        help_text=(
            "The source is confidential: only its kind and stance are public. A source that was named may be "
            "withheld later: remove it from your copy then."
        ),
    )
    source = PublicSourceSerializer()  # type: ignore[assignment]  # a field of ours, not Field.source
    archive = ArchiveSerializer(
        allow_null=True,
        default=None,
        help_text="null for what is no page, for sources that we withhold, and in versions from before we "
        "kept copies.",
    )


class PublicClaimSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    text = serializers.CharField()
    quote = serializers.CharField()
    kind = serializers.ChoiceField(ClaimKind.choices)


class CorrectionSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField()
    kind = serializers.ChoiceField(Change.choices)
    text = Lines()
    at = Timestamp()


class RecheckSerializer(serializers.Serializer[Any]):
    """We looked again and the finding was the same; ``text`` is what we looked at."""

    version = serializers.IntegerField()
    text = Lines()
    at = Timestamp()


class CheckedTextSerializer(serializers.Serializer[Any]):
    """How the newest text of the article stands to the one that was checked. ``reworded``: these words are
    not the same any more, and we look at the check again; ``removed``: they no longer stand there."""

    state = serializers.ChoiceField(TextState.choices)
    version = serializers.IntegerField(
        source="version.number", allow_null=True, default=None, help_text="The newer text; null for none."
    )
    since = Timestamp(
        source="version.created_at", allow_null=True, default=None, help_text="When it came in."
    )


class DepartureSerializer(serializers.Serializer[Any]):
    """``by`` is ``lead`` where a lead let the check go out with the finding, ``desk`` otherwise."""

    criterion = serializers.CharField()
    finding = serializers.CharField()
    reason = serializers.CharField()
    by = serializers.ChoiceField([("lead", "lead"), ("desk", "desk")])


class PublicReplySerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    role = serializers.CharField()
    text = Lines()
    received_at = Timestamp()


class RightOfReplySerializer(serializers.Serializer[Any]):
    """What readers are told of the other side. ``reason`` is why nobody was asked."""

    status = serializers.ChoiceField(
        [(status.value, status.value) for status in ReplyStatus],
        help_text="When this version was published.",
    )
    who = serializers.CharField()
    asked_at = Timestamp(allow_null=True)
    reason = serializers.CharField()
    replies = PublicReplySerializer(many=True, help_text="Those that are quoted beside the verdict.")


class RestrictionOfCheckSerializer(serializers.Serializer[Any]):
    """``hidden``: a moderator looks into something, and it may come back; ``taken_down``: for legal
    reasons."""

    kind = serializers.ChoiceField(RestrictedClaim.Kind.choices)
    reason = Lines(help_text="What readers are told; empty for what is hidden.")
    since = Timestamp()


class PublicationSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="public_id")
    version = serializers.IntegerField(source="number")
    is_superseded = serializers.BooleanField(help_text="A newer version of this publication exists.")
    superseded_by = serializers.UUIDField(
        allow_null=True,
        default=None,
        help_text="The publication that is the newest version of this check; null for the newest itself.",
    )
    url = serializers.CharField(source="snapshot.url", help_text="The public page.")
    published_at = Timestamp()
    change = serializers.ChoiceField(
        Change.choices, help_text="What this version is to the one before it; first for the first."
    )
    change_note = Lines(help_text="What changed and why, in our words; empty for the first version.")
    is_retracted = serializers.SerializerMethodField(
        help_text="We took the check back, whichever version of it this is: rating is null, and change_note "
        "of the newest version says why.",
    )
    restriction = RestrictionOfCheckSerializer(
        source="snapshot.restriction",
        allow_null=True,
        default=None,
        help_text="null for what can be read. What is hidden or taken down at present says nothing else of "
        "itself: rating is null, texts are empty.",
    )
    corrections = CorrectionSerializer(
        source="snapshot.corrections", many=True, default=[], help_text="Up to this version, oldest first."
    )
    rechecks = RecheckSerializer(
        source="snapshot.rechecks",
        many=True,
        default=[],
        help_text="Up to this version, oldest first: when we looked again and found the same.",
    )
    article_text = CheckedTextSerializer(source="text_since")
    claim = PublicClaimSerializer(source="snapshot.claim")
    topics = TopicSerializer(
        source="snapshot.topics",
        many=True,
        default=[],
        help_text="Empty in versions from before we kept them.",
    )
    language = serializers.SerializerMethodField(
        help_text="Of the text that the claim stands in; null where it is not known."
    )
    claimant = serializers.CharField(source="snapshot.claimant.name", allow_null=True, default=None)
    attribution = serializers.ChoiceField(Attribution.choices, source="snapshot.attribution")
    rating = serializers.SerializerMethodField()
    summary = Lines(source="snapshot.summary")
    rationale = Lines(source="snapshot.rationale")
    appearances = PublicAppearanceSerializer(source="snapshot.appearances", many=True)
    evidence = PublicEvidenceSerializer(source="snapshot.evidence", many=True)
    right_of_reply = RightOfReplySerializer(
        source="snapshot.right_of_reply",
        allow_null=True,
        default=None,
        help_text="null for a claim in the reporter's own voice, and in versions from before we kept it.",
    )
    standards = DepartureSerializer(
        source="snapshot.standards", many=True, default=[], help_text="Where we could not meet our standards."
    )

    def get_is_retracted(self, publication: Any) -> bool:
        return is_taken_back(publication)

    def get_language(self, publication: Any) -> str | None:
        return publication.snapshot["claim"].get("language") or None

    @extend_schema_field(RatingSerializer(allow_null=True))
    def get_rating(self, publication: Any) -> dict[str, Any] | None:
        if is_taken_back(publication) or publication.snapshot["rating"] is None:
            return None
        return written(RatingSerializer, publication.snapshot["rating"])
