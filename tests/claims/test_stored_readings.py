"""What a reading found is stored whole: changed words, parts, rank, what was passed over, whose weights."""

from __future__ import annotations

import datetime
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from claims.actions import extraction
from claims.actions.curation import edit_claim
from claims.extraction.model import (
    ClaimParts,
    DateMention,
    NamedThing,
    PassedOver,
    Quantity,
    WordingChange,
)
from claims.models import Appearance, ArticleVersion, Claim, ExtractionRun
from tests import factories
from tests.support.readings import first_reading, found, reading

pytestmark = pytest.mark.django_db

BODY = "Ann Lee spoke on Monday. She said several hundred people had left Eastmouth. It was a fine day."
SAID = "several hundred people had left Eastmouth"


def version_of(body: str = BODY) -> ArticleVersion:
    return factories.make_article(body).versions.select_related("article__desk").get()


def stored(version: ArticleVersion) -> tuple[ExtractionRun, Appearance]:
    start = BODY.index(SAID)
    parts = ClaimParts(
        quantities=(Quantity(start, start + 15, 200, 900, "people", "several"),),
        dates=(DateMention(17, 23, "2016-10-17", None),),
        names=(NamedThing(BODY.index("Eastmouth"), BODY.index("Eastmouth") + 9, "Eastmouth", "place"),),
    )
    claim = found(
        version,
        SAID,
        text="Several hundred people had left Eastmouth",
        changes=(WordingChange(0, 7, "several", "grammar"),),
        parts=parts,
        cue="said",
        score=0.82,
    )
    passed = (PassedOver(BODY.index("It was"), len(BODY), "opinion", 0.12345),)
    run = first_reading(version, claim, passed_over=passed, model="minilm 9f3a", left_out=3)
    return run, version.appearances.select_related("claim").get()


def test_everything_that_was_found_is_in_the_rows() -> None:
    run, place = stored(version_of())
    assert place.claim.changes == [{"start": 0, "end": 7, "was": "several", "why": "grammar"}]
    quantity = place.parts["quantities"][0]
    assert (quantity["low"], quantity["high"], quantity["unit"]) == (200, 900, "people")
    assert place.parts["dates"] == [{"start": 17, "end": 23, "earliest": "2016-10-17", "latest": None}]
    assert [name["name"] for name in place.parts["names"]] == ["Eastmouth"]
    assert (place.rank, place.cue) == (1, "said")
    assert run.passed_over == [
        {"start": BODY.index("It was"), "end": len(BODY), "reason": "opinion", "score": 0.123}
    ]
    assert (run.model, run.left_out, run.claims_new) == ("minilm 9f3a", 3, 1)


def test_ranks_are_counted_where_the_extractor_gives_none() -> None:
    version = version_of("One in four left. Two in five stayed. Three came.")
    weak, strong = (
        found(version, "One in four left", score=0.3),
        found(version, "Two in five stayed", score=0.9),
    )
    first_reading(version, weak, strong)
    assert list(version.appearances.order_by("start").values_list("rank", flat=True)) == [2, 1]


def test_the_day_of_the_article_goes_to_the_extractor(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[datetime.date | None] = []

    def extract(body: str, *, blocks: object, published: datetime.date | None) -> object:
        asked.append(published)
        return reading().extraction

    monkeypatch.setattr(extraction, "extract", extract)
    version = version_of()
    extraction.analyse_version(version)
    version.article.published_at = datetime.datetime(2016, 10, 19, 23, 30, tzinfo=datetime.UTC)
    extraction.analyse_version(version)
    assert asked == [None, datetime.date(2016, 10, 19)]


def test_a_version_that_was_read_is_not_read_as_if_it_were_new() -> None:
    version = version_of()
    run, _place = stored(version)
    with transaction.atomic():
        again = extraction.record_extraction(version, analysis=reading(found(version, "It was a fine day")))
    assert again == run
    assert Claim.objects.count() == 1


def test_changed_words_stay_marked_where_a_person_did_not_edit() -> None:
    _run, place = stored(version_of())
    checker = factories.make_user()
    claim = edit_claim(place.claim, by=checker, text="Several hundred people left Eastmouth", claimant="")
    assert claim.changes == [{"start": 0, "end": 7, "was": "several", "why": "grammar"}]
    assert claim.edited_at is not None
    claim = edit_claim(claim, by=checker, text="Some 400 people left Eastmouth", claimant="")
    assert claim.changes == []


@pytest.mark.parametrize(
    "changes",
    [
        [{"start": 0, "end": 999, "was": "", "why": "date"}],
        [{"start": -1, "end": 2, "was": "", "why": "date"}],
        [{"start": 3, "end": 2, "was": "", "why": "date"}],
        [{"was": "", "why": "date"}],
        {"start": 0, "end": 2},
    ],
)
def test_the_database_refuses_changes_that_do_not_lie_in_the_wording(changes: object) -> None:
    claim = factories.make_claim()
    with pytest.raises(IntegrityError, match="change"), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(changes=changes)


def test_the_database_refuses_a_wording_that_its_changes_outrun() -> None:
    _run, place = stored(version_of())
    with pytest.raises(IntegrityError, match="outside of the wording"), transaction.atomic():
        Claim.objects.filter(pk=place.claim_id).update(text="Short")


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"rank": 0}, "a_rank_counts_from_one"),
        ({"parts": []}, "the_parts_are_an_object"),
    ],
)
def test_the_database_refuses_parts_and_ranks_of_another_shape(fields: dict[str, object], says: str) -> None:
    _run, place = stored(version_of())
    with pytest.raises(IntegrityError, match=says), transaction.atomic():
        Appearance.objects.filter(pk=place.pk).update(**fields)


def test_the_database_withdraws_only_what_nobody_edited_and_by_a_reading_with_a_name() -> None:
    rule = "only_untouched_claims_are_withdrawn_by_a_reading"
    edited = edit_claim(factories.make_claim(), by=factories.make_user(), text="Better words", claimant="")
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        Claim.objects.filter(pk=edited.pk).update(state="withdrawn", withdrawn_by="reader-2")
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        Claim.objects.filter(pk=factories.make_claim().pk).update(state="withdrawn")
    dismissed = factories.make_claim()
    Claim.objects.filter(pk=dismissed.pk).update(state="dismissed", dismissed_because="x")
    with pytest.raises(IntegrityError, match="illegal transition"), transaction.atomic():
        Claim.objects.filter(pk=dismissed.pk).update(state="suggested")


def test_the_migration_dates_what_people_reworded_before() -> None:
    edited, other = factories.make_claim(), factories.make_claim()
    edit_claim(edited, by=factories.make_user(), text="Better words", claimant="")
    Claim.objects.filter(pk=edited.pk).update(edited_at=None)
    migration = import_module("claims.migrations.0003_remember_who_was_reworded")
    for _time in range(2):
        migration.date_the_edits(apps, SimpleNamespace(connection=connection))
        edited.refresh_from_db()
        other.refresh_from_db()
        assert edited.edited_at is not None
        assert other.edited_at is None
