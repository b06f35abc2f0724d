"""The shapes of changes to articles, of many articles at once, and of the jobs that take those in."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from claims import states
from claims.actions.batches import MOST_ITEMS
from claims.models import Batch, BatchItem

from .fields import Moment, Text, Timestamp, WebAddress
from .mends import for_programs
from .serializers import ArticleSubmissionSerializer, language_tag
from .strict import StrictSerializer

JOB_KINDS = [("articles.bulk", "articles.bulk")]
JOB_STATES = [(state, state) for state in ("queued", "running", "done")]
ITEM_STATES = [(state, state) for state in states.BATCH_ITEM.states]


class ArticleChangeSerializer(StrictSerializer):
    """Only what is to change."""

    body = Text(required=False, trim_whitespace=False, help_text="The next version of its text.")
    html = Text(required=False, trim_whitespace=False, help_text="The page with its next version.")
    title = Text(required=False, max_length=500, help_text="Another title makes a next version, too.")
    byline = Text(required=False, max_length=300)
    url = WebAddress(required=False, max_length=2000)
    published_at = Moment(required=False)
    language = language_tag()

    def faults_of(self, sent: dict[str, Any], faulty: set[str]) -> dict[str, ErrorDetail]:
        if not sent:
            return {"non_field_errors": ErrorDetail("Send what is to change.", "required")}
        if "body" in sent and "html" in sent:
            return {"html": ErrorDetail("Send either body or html, not both.", "conflict")}
        return {}


class BulkSubmissionSerializer(serializers.Serializer[Any]):
    articles = serializers.ListField(
        child=ArticleSubmissionSerializer(),
        min_length=1,
        max_length=MOST_ITEMS,
        help_text="Each as one sends it alone, and judged alone: a faulty one stops no other.",
    )

    def to_internal_value(self, data: Any) -> Any:
        """The articles as they were sent: each is read on its own, so that one's faults are its own."""
        if not isinstance(data, dict) or not isinstance(data.get("articles"), list):
            raise serializers.ValidationError(
                {"articles": ErrorDetail("Send a JSON object with articles, a list.", "required")}
            )
        faults = {
            name: ErrorDetail("There is no such field. Known is articles.", "unknown")
            for name in sorted(set(data) - {"articles"})
        }
        if not 1 <= len(data["articles"]) <= MOST_ITEMS:
            faults["articles"] = ErrorDetail(
                f"Send 1 to {MOST_ITEMS} articles at once; these are {len(data['articles'])}.", "length"
            )
        if faults:
            raise serializers.ValidationError(faults)
        return {"articles": data["articles"]}


class JobCountsSerializer(serializers.Serializer[Any]):
    total = serializers.IntegerField(min_value=0)
    waiting = serializers.IntegerField(min_value=0)
    done = serializers.IntegerField(min_value=0)
    failed = serializers.IntegerField(min_value=0)


class JobSerializer(serializers.Serializer[Batch]):
    id = serializers.UUIDField(source="public_id")
    kind = serializers.SerializerMethodField()
    state = serializers.SerializerMethodField(help_text="done: every item is done or failed.")
    counts = serializers.SerializerMethodField()
    created_at = Timestamp()
    finished_at = Timestamp(allow_null=True)

    @extend_schema_field(serializers.ChoiceField(JOB_KINDS))
    def get_kind(self, batch: Batch) -> str:
        return JOB_KINDS[0][0]

    @extend_schema_field(serializers.ChoiceField(JOB_STATES))
    def get_state(self, batch: Any) -> str:
        if batch.finished_at is not None:
            return "done"
        return "running" if batch.done else "queued"

    @extend_schema_field(JobCountsSerializer)
    def get_counts(self, batch: Any) -> dict[str, int]:
        return {name: getattr(batch, name) for name in ("total", "waiting", "done", "failed")}


class JobItemSerializer(serializers.Serializer[BatchItem]):
    index = serializers.IntegerField(min_value=0, help_text="Its place in what was sent, from 0.")
    external_id = serializers.SerializerMethodField(
        help_text="As the article has it; as it was sent in an item that failed."
    )
    state = serializers.ChoiceField(ITEM_STATES)
    outcome = serializers.ChoiceField(
        [*BatchItem.Outcome.choices, ("", "")],
        help_text=(
            "pending: its page is being fetched; read the article to see whether it came. held: what is new "
            "of an article that is here already waits for a moderator."
        ),
    )
    article = serializers.SerializerMethodField(help_text="The article's id, once it has one.")
    problem = serializers.SerializerMethodField(help_text="What is to be mended in an item that failed.")

    def get_external_id(self, item: BatchItem) -> str:
        found = item.article or item.fetch
        return found.external_id if found else item.external_id

    @extend_schema_field({"type": ["string", "null"], "format": "uuid"})
    def get_article(self, item: BatchItem) -> str | None:
        found = item.article or item.fetch
        return str(found.public_id) if found else None

    @extend_schema_field({"oneOf": [{"$ref": "#/components/schemas/Problem"}, {"type": "null"}]})
    def get_problem(self, item: BatchItem) -> dict[str, Any] | None:
        return _for_programs(item.problem) if item.problem else None


def _for_programs(problem: dict[str, Any]) -> dict[str, Any]:
    errors = [{**error, "detail": for_programs(error["detail"])} for error in problem.get("errors", [])]
    return {**problem, "detail": for_programs(problem["detail"]), "errors": errors}


class JobDetailSerializer(JobSerializer):
    items = JobItemSerializer(many=True)
