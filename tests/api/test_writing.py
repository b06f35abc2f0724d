"""Answers are written without serializers, and are what the serializers would have given."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer

from claims.actions.curation import dismiss_claim
from claimtracker.api.v1 import selectors
from claimtracker.api.v1.claim_answers import claim_answer, claim_answers
from claimtracker.api.v1.publication_serializers import PublicationSerializer
from claimtracker.api.v1.renderers import QuickJSONRenderer
from claimtracker.api.v1.serializers import ArticleDetailSerializer, ArticleSerializer, ClaimSerializer
from claimtracker.api.v1.sparse import Wanted
from claimtracker.api.v1.writing import Shape, written
from claimtracker.partners.models import Partner
from reviews.actions.routing import route_claim
from reviews.selectors.text import with_text
from reviews.selectors.withholding import withhold
from tests.factories import (
    make_another_appearance,
    make_claim,
    make_correction,
    make_partner,
    make_publication,
    make_retraction,
    make_submission,
    make_taken_task,
    make_topic,
    make_user,
)
from tests.support.council_story import STORY, story_reading


def as_json(answer: Any) -> Any:
    return json.loads(QuickJSONRenderer().render(answer))


def by_serializer(shape: Shape, row: Any) -> Any:
    return json.loads(JSONRenderer().render(shape(row).data))


@pytest.fixture
def told(partner: Partner) -> Partner:
    """A partner with claims in every state of their check."""
    from django.db import transaction

    from claims.actions.extraction import record_extraction

    article = make_submission(partner, STORY)
    version = article.versions.select_related("article__desk").get()
    with transaction.atomic():
        record_extraction(version, analysis=story_reading(version))
    make_topic("Roads", words=("road", "roads", "cost", "million", "council", "spent"))
    checker = make_user()
    route_claim(make_claim(article=make_submission(partner)).pk)
    make_taken_task(checker, make_claim(article=make_submission(partner)))
    dismiss_claim(make_claim(article=make_submission(partner)), by=checker, reason="No claim.")
    make_publication(claim=make_claim(article=make_submission(partner)))
    make_correction(make_publication(claim=make_claim(article=make_submission(partner))))
    make_retraction(make_publication(claim=make_claim(article=make_submission(partner))))
    return partner


@pytest.mark.parametrize("shape", [ClaimSerializer, ArticleSerializer, ArticleDetailSerializer])
def test_what_is_written_is_what_the_serializer_gives(told: Partner, shape: Shape) -> None:
    rows = {
        ClaimSerializer: selectors.claims_of,
        ArticleSerializer: selectors.articles_of,
        ArticleDetailSerializer: selectors.articles_in_full,
    }[shape](told)
    assert len(rows) >= 5
    for row in rows:
        assert as_json(written(shape, row)) == by_serializer(shape, row)


def test_a_page_of_claims_is_what_the_serializer_gives_and_one_statement(told: Partner) -> None:
    rows = list(selectors.claims_of(told).order_by("-id"))
    assert {row["status"] for row in (by_serializer(ClaimSerializer, row)["review"] for row in rows)} == {
        *("waiting", "in_review", "published", "retracted", "dismissed")
    }
    claim_answers([], told)  # now its plan is kept
    with CaptureQueriesContext(connection) as asked:
        answers = claim_answers([row.pk for row in rows], told)
    assert len(asked) == 1
    assert [as_json(answer) for answer in answers] == [by_serializer(ClaimSerializer, row) for row in rows]


@pytest.mark.parametrize("prepares", [True, False])
def test_one_claim_is_what_the_serializer_gives_and_that_of_another_is_none(
    told: Partner, settings: Any, prepares: bool
) -> None:
    settings.DATABASE_PREPARES = prepares
    for row in selectors.claims_of(told):
        assert as_json(claim_answer(row.public_id, told)) == by_serializer(ClaimSerializer, row)
        assert claim_answer(row.public_id, make_partner()) is None
    assert claim_answer(uuid4(), told) is None


def test_of_a_page_of_claims_only_what_is_asked_for_is_read(told: Partner) -> None:
    ids = list(selectors.claims_of(told).values_list("pk", flat=True))
    whole = claim_answers(ids, told)
    for name in whole[0]:
        with CaptureQueriesContext(connection) as asked:
            answers = claim_answers(ids, told, wanted=Wanted(frozenset({name})))
        assert answers == [{name: answer[name]} for answer in whole]
        assert ("reviews_publication" in asked[0]["sql"]) == (name in ("review", "updated_at"))


def test_places_in_articles_of_others_are_in_no_answer(told: Partner) -> None:
    claim = make_claim(article=make_submission(told))
    make_another_appearance(claim)
    assert len(claim_answers([claim.pk], told)[0]["appearances"]) == 1


@pytest.mark.usefixtures("told")
def test_so_it_is_for_every_version_of_a_publication() -> None:
    rows = with_text(withhold(list(selectors.publications())))
    assert {row.change for row in rows} >= {"first", "correction", "retraction"}
    for row in rows:
        assert as_json(written(PublicationSerializer, row)) == by_serializer(PublicationSerializer, row)


def test_only_the_fields_that_are_named_are_written_and_read() -> None:
    class Row:
        id = uuid4()

        @property
        def costly(self) -> str:
            raise AssertionError("nobody asked for it")

    class RowSerializer(serializers.Serializer[Any]):
        id = serializers.UUIDField()
        costly = serializers.CharField()

    assert written(RowSerializer, Row(), frozenset({"id"})) == {"id": Row.id}


def test_a_missing_value_is_the_default_and_without_one_an_error() -> None:
    class InnerSerializer(serializers.Serializer[Any]):
        name = serializers.CharField(source="who.name", default=None, allow_null=True)

    class StrictSerializer(serializers.Serializer[Any]):
        name = serializers.CharField()

    assert written(InnerSerializer, {"who": {}}) == {"name": None} == InnerSerializer({"who": {}}).data
    with pytest.raises(KeyError):
        written(StrictSerializer, {})


@pytest.mark.parametrize(
    "value",
    [
        datetime(2026, 11, 20, 9, 30, tzinfo=UTC),
        datetime(2026, 11, 20, 9, 30, 0, 5, tzinfo=UTC),
        datetime(2026, 11, 20, 9, 30, tzinfo=timezone(timedelta(hours=2))),
        uuid4(),
        Decimal("1.50"),
        gettext_lazy("published"),
        2**70,
        {"nested": [None, True, 1.5, "“ü”"]},
        {1: "one"},
    ],
)
def test_the_quick_renderer_says_what_djangos_says(value: Any) -> None:
    quick, plain = QuickJSONRenderer(), JSONRenderer()
    assert json.loads(quick.render({"value": value})) == json.loads(plain.render({"value": value}))


def test_what_is_asked_for_with_an_indent_gets_one() -> None:
    assert b"\n" in QuickJSONRenderer().render({"a": 1}, "application/json; indent=2", {})
    assert QuickJSONRenderer().render(None) == b""
