"""The shapes of requests and answers. The words of each field stand in the API's documentation."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from claims import states as claim_states
from claims.actions.describing import DESCRIBING
from claims.anchoring.w3c import position_selector
from claims.models import Article, ExtractionRun, Fate, HeldUpdate
from claims.models.claim import Attribution, ClaimKind
from claims.selectors import other_words
from reviews.models.basis import TextState

from .claim_parts import FoundSerializer, WordingChangeSerializer
from .fields import LEFT_OUT, LEFT_OUT_BLANK, Moment, Text, Timestamp, WebAddress
from .pending import FAILED, PENDING
from .review_status import ReviewStatus, Stage, review_status
from .strict import StrictSerializer
from .text_states import TEXT_STATES, text_state_of
from .writing import writer_of, written

INTAKE_STATES = [(state, state) for state in (PENDING, FAILED, *claim_states.INTAKE.states)]
UPDATED_FIELDS = [(name, name) for name in ("body", "title", *DESCRIBING)]
EXTRACTION_STATES = [(state, state) for state in ("pending", "extracted", "refused")]


def language_tag() -> serializers.RegexField:
    mend = "Give a language tag like en or en-GB."
    return serializers.RegexField(
        r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,6})?\Z",
        required=False,
        max_length=10,
        error_messages={
            "invalid": mend,
            "max_length": mend,
            "null": LEFT_OUT,
            "blank": LEFT_OUT_BLANK,
        },
    )


class ArticleSubmissionSerializer(StrictSerializer):
    """One of ``body`` (plain text) and ``html`` (the article's page), or ``url`` alone: then we fetch it."""

    body = Text(
        required=False, trim_whitespace=False, help_text="The article as plain text, up to 1,000,000 bytes."
    )
    html = Text(
        required=False, trim_whitespace=False, help_text="The article's page; its text is found in it."
    )
    title = Text(required=False, max_length=500, help_text="Taken from the text when left out.")
    byline = Text(required=False, max_length=300)
    external_id = Text(
        required=False,
        max_length=500,
        help_text="Your own id for the article. The same id with another text is its next version.",
    )
    url = WebAddress(
        required=False,
        max_length=2000,
        help_text="Where the article can be read. Without body and html it is fetched from there.",
    )
    published_at = Moment(required=False)
    language = language_tag()

    def faults_of(self, sent: dict[str, Any], faulty: set[str]) -> dict[str, ErrorDetail]:
        if faulty & {"body", "html", "url"}:
            return {}
        if "body" in sent and "html" in sent:
            return {"html": ErrorDetail("Send either body or html, not both.", "conflict")}
        if not {"body", "html", "url"} & set(sent):
            mend = "Send the article's text as body, its page as html, or the url to fetch it from."
            return {"body": ErrorDetail(mend, "required")}
        return {}


class ExtractionSerializer(serializers.Serializer[Any]):
    state = serializers.ChoiceField(
        EXTRACTION_STATES,
        help_text=(
            "refused: no claims are looked for, because a moderator rejected the article, you withdrew it or "
            "its text cannot be read; message says why."
        ),
    )
    message = serializers.CharField(help_text="What it waits for, or why it was refused; empty otherwise.")
    claims_found = serializers.IntegerField(help_text="Different claims: what is said twice counts once.")


class ReviewStatusSerializer(serializers.Serializer[ReviewStatus]):
    status = serializers.ChoiceField(Stage.choices)
    publication = serializers.UUIDField(allow_null=True)
    rating = serializers.CharField(allow_null=True)
    url = serializers.CharField(allow_null=True, help_text="The public page.")
    published_at = Timestamp(allow_null=True)


class HeldUpdateSerializer(serializers.Serializer[HeldUpdate]):
    """What you said last of an article that a moderator let in, and that we did not take (yet)."""

    state = serializers.ChoiceField(
        [(state, state) for state in claim_states.OPEN_UPDATE],
        help_text="held: a moderator has to see it first. rejected: the article stays as it is.",
    )
    reason = serializers.CharField(help_text="Why it was rejected; empty otherwise.")
    changes = serializers.ListField(
        child=serializers.ChoiceField(UPDATED_FIELDS), help_text="The fields of the article that it changes."
    )
    sent_at = Timestamp(source="created_at")
    updated_at = Timestamp(source="changed_at", help_text="When it was sent, or rejected.")


class ArticleSerializer(serializers.Serializer[Article]):
    id = serializers.UUIDField(source="public_id")
    external_id = serializers.CharField()
    state = serializers.ChoiceField(
        INTAKE_STATES,
        help_text=(
            "held: a moderator has to accept it before we work on it. pending: its page is being fetched; "
            "failed: it could not be. withdrawn: you took it back."
        ),
    )
    state_reason = serializers.CharField(
        source="intake_reason", help_text="Why it was rejected, or could not be fetched."
    )
    title = serializers.CharField()
    byline = serializers.CharField()
    url = serializers.CharField()
    language = serializers.CharField()
    published_at = Timestamp(allow_null=True)
    created_at = Timestamp()
    updated_at = serializers.SerializerMethodField(
        help_text="When something of this changed last, but for its claims, which have their own."
    )
    version = serializers.SerializerMethodField(
        help_text="The number of the newest version of its text; 0 while there is none."
    )
    extraction = serializers.SerializerMethodField()
    held_update = serializers.SerializerMethodField(
        help_text=(
            "A newer text, or other facts, that you sent of this article after a moderator accepted it: held "
            "until one accepts that, too, or rejected. null where nothing is: also once it is accepted, when "
            "the article says it. What you send later takes its place."
        )
    )

    @extend_schema_field(Timestamp())
    def get_updated_at(self, article: Any) -> datetime:
        version = newest_version(article)
        read_at = [run.created_at for run in version.runs]
        updates = [update.changed_at for update in article.last_updates]
        return max([article.changed_at, version.created_at, *read_at, *updates])

    @extend_schema_field(HeldUpdateSerializer(allow_null=True))
    def get_held_update(self, article: Any) -> dict[str, Any] | None:
        is_open = [update for update in article.last_updates if update.state in claim_states.OPEN_UPDATE]
        return written(HeldUpdateSerializer, is_open[0]) if is_open else None

    def get_version(self, article: Article) -> int:
        return newest_version(article).number

    @extend_schema_field(ExtractionSerializer)
    def get_extraction(self, article: Article) -> dict[str, Any]:
        run = max(newest_version(article).runs, key=lambda run: run.pk, default=None)
        if run is None:
            return _not_extracted(article)
        refused = run.outcome == ExtractionRun.Outcome.REFUSED
        return {
            "state": run.outcome,
            "message": run.message if refused else "",
            "claims_found": run.claims_found,
        }


def _not_extracted(article: Article) -> dict[str, Any]:
    state, message = "pending", ""
    if article.state == claim_states.HELD:
        message = "A moderator has to accept this article first; its claims are looked for after that."
    elif article.state == claim_states.REJECTED:
        state, message = "refused", article.intake_reason
    elif article.state == claim_states.WITHDRAWN_ARTICLE:
        state, message = "refused", "You withdrew this article."
    return {"state": state, "message": message, "claims_found": 0}


def fate_since() -> serializers.ChoiceField:
    return serializers.ChoiceField(
        Fate.choices,
        allow_null=True,
        help_text=(
            "What became of the claim's words there since the version before: unchanged, moved or reworded; "
            "null where the claim was found in this version first."
        ),
    )


class ArticleClaimSerializer(FoundSerializer):
    """A claim at its place in the article: code points of ``body``, ``end`` exclusive."""

    id = serializers.UUIDField(
        source="claim.public_id",
        help_text=(
            "The claim's. A claim that the article makes twice stands here twice; one that near-identical "
            "articles share has the same id in each."
        ),
    )
    text = serializers.CharField(source="claim.text", help_text="A wording that stands without the article.")
    changes = WordingChangeSerializer(
        source="claim.changes", many=True, help_text="The words of text that are not the article's."
    )
    quote = serializers.CharField()
    start = serializers.IntegerField(min_value=0)
    end = serializers.IntegerField(min_value=1)
    fate = fate_since()
    text_state = serializers.ChoiceField(
        [(state, state) for state in (TextState.SAME, TextState.REWORDED)],
        help_text="reworded: other words stand here than those of text, and a person has still to decide.",
    )
    claimant = serializers.CharField(
        source="claimant_name", help_text="As the text names them; empty for its author."
    )
    attribution = serializers.ChoiceField(Attribution.choices)
    kind = serializers.ChoiceField(ClaimKind.choices, source="claim.kind")
    score = serializers.FloatField(source="claim.score", min_value=0, max_value=1)
    review = serializers.SerializerMethodField()

    @extend_schema_field(ReviewStatusSerializer)
    def get_review(self, appearance: Any) -> dict[str, Any]:
        return written(ReviewStatusSerializer, review_status(appearance.claim))


class ArticleDetailSerializer(ArticleSerializer):
    body = serializers.SerializerMethodField(help_text="The exact text that positions count into.")
    claims = serializers.SerializerMethodField()

    def get_body(self, article: Article) -> str:
        return newest_version(article).body

    @extend_schema_field(ArticleClaimSerializer(many=True))
    def get_claims(self, article: Article) -> list[dict[str, Any]]:
        write = writer_of(ArticleClaimSerializer)
        version = newest_version(article)
        places = list(version.appearances.all())
        other = other_words([place.claim_id for place in places]) if version.number > 1 else {}
        for place in places:
            place.text_state = TextState.REWORDED if place.pk in other else TextState.SAME
        return [write(place) for place in places]


class SelectorSerializer(serializers.Serializer[Any]):
    """A selector of the W3C Web Annotation model: ``TextQuoteSelector`` has the exact words and what stands
    around them, ``TextPositionSelector`` their code points in the version's body."""

    type = serializers.ChoiceField([(name, name) for name in ("TextQuoteSelector", "TextPositionSelector")])
    exact = serializers.CharField(required=False)
    prefix = serializers.CharField(required=False)
    suffix = serializers.CharField(required=False)
    start = serializers.IntegerField(required=False, min_value=0)
    end = serializers.IntegerField(required=False, min_value=1)


class AppearanceSerializer(FoundSerializer):
    article = serializers.UUIDField(source="version.article.public_id")
    version = serializers.IntegerField(source="version.number")
    is_newest_version = serializers.BooleanField(help_text="No newer text of the article is here.")
    quote = serializers.CharField()
    start = serializers.IntegerField(min_value=0)
    end = serializers.IntegerField(min_value=1)
    fate = fate_since()
    attribution = serializers.ChoiceField(Attribution.choices)


class PlaceSerializer(AppearanceSerializer):
    """A place of a claim with all that is needed to find it again."""

    article_title = serializers.CharField(source="version.title")
    article_url = serializers.CharField(source="version.article.url")
    claimant = serializers.CharField(
        source="claimant_name", help_text="As the text names them; empty for its author."
    )
    created_at = Timestamp()
    selectors = serializers.SerializerMethodField(help_text="Into the body of this version.")

    @extend_schema_field(SelectorSerializer(many=True))
    def get_selectors(self, place: Any) -> list[dict[str, Any]]:
        words = {"exact": place.quote, "prefix": place.prefix, "suffix": place.suffix}
        return [{"type": "TextQuoteSelector", **words}, position_selector(place.start, place.end)]


class TopicSerializer(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()


class ClaimSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="public_id")
    text = serializers.CharField(help_text="A wording that stands without the article.")
    changes = WordingChangeSerializer(many=True, help_text="The words of text that are not the article's.")
    claimant = serializers.CharField(source="claimant.name", default=None, allow_null=True)
    kind = serializers.ChoiceField(ClaimKind.choices)
    score = serializers.FloatField(min_value=0, max_value=1)
    topics = TopicSerializer(many=True, help_text="What our routing holds it to be about.")
    language = serializers.SerializerMethodField(
        help_text="That of your article it stands in first; null where it is not known."
    )
    text_state = serializers.SerializerMethodField(
        help_text=(
            "How the newest texts of your articles stand to text. same: it stands there. reworded: other "
            "words stand in its place, and a person has still to decide whether it is the same claim. "
            "removed: it stands in none of them. unknown: a newer text is being looked through."
        )
    )
    created_at = Timestamp()
    updated_at = Timestamp(
        help_text="When its words, its review, its topics or its places in your articles changed last."
    )
    review = serializers.SerializerMethodField()
    appearances = AppearanceSerializer(many=True, help_text="In your own articles.")

    @extend_schema_field(ReviewStatusSerializer)
    def get_review(self, claim: Any) -> dict[str, Any]:
        return written(ReviewStatusSerializer, review_status(claim))

    @extend_schema_field(serializers.ChoiceField(TEXT_STATES))
    def get_text_state(self, claim: Any) -> str:
        return text_state_of(claim, claim.appearances.all())

    def get_language(self, claim: Any) -> str | None:
        places = claim.appearances.all()
        return (places[0].version.article.language or None) if places else None


def newest_version(article: Any) -> Any:
    """With its ``runs``, as selectors.articles_of reads them."""
    return article.newest[0]
