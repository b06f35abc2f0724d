"""Each filter of the list of publications finds what it says, and never what is not public."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from claims.models import Article, Claim
from claimtracker.accounts.models import Role
from claimtracker.api.v1.publication_serializers import PublicationSerializer
from reviews.actions.routing import route_claim
from reviews.models import Publication
from reviews.reader_facts import claimant_slug
from tests.factories import (
    make_approved_verdict,
    make_claim,
    make_correction,
    make_publication,
    make_retraction,
    make_submission,
    make_topic,
    make_user,
)

from .conftest import Asker, assert_problem
from .reading import asked, ids, rows

pytestmark = pytest.mark.django_db


def name(publication: Publication) -> str:
    return str(publication.public_id)


def test_rating(asker: Asker) -> None:
    false, true = make_publication(), make_publication(rating="true")
    changed = make_correction(make_publication(), rating="true")
    make_retraction(make_publication())
    assert ids(asker, "publications", rating="false") == {name(false)}
    assert ids(asker, "publications", rating="true") == {name(true), name(changed)}


def test_claimant_by_name_or_id(asker: Asker) -> None:
    ann = make_publication()
    make_publication(claim=make_claim(claimant="Bo Park"))
    make_publication(claim=make_claim(claimant=""))
    for written in ("Ann Lee", "ann  lee", claimant_slug("Ann Lee")):
        assert ids(asker, "publications", claimant=written) == {name(ann)}
    assert ids(asker, "publications", claimant="Ann") == set()


def test_topic_and_language(asker: Asker) -> None:
    make_topic("Roads", ["roads"])
    claim, other = make_claim(), make_claim(article=make_submission(asker.partner, "Rents fell, he said.\n"))
    Article.objects.filter(versions__appearances__claim=claim).update(language="en-GB")
    Article.objects.filter(versions__appearances__claim=other).update(language="de")
    for one in (claim, other):
        route_claim(one.pk)
    publication, german = make_publication(claim=claim), make_publication(claim=other)
    assert ids(asker, "publications", topic="roads") == {name(publication)}
    assert ids(asker, "publications", topic="nothing") == set()
    assert ids(asker, "publications", language="en") == {name(publication)}
    assert ids(asker, "publications", language="en-GB") == {name(publication)}
    assert ids(asker, "publications", language="de") == {name(german)}
    shown = {row["id"]: (row["topics"], row["language"]) for row in rows(asker, "publications")}
    assert shown[name(publication)] == ([{"slug": "roads", "name": "Roads"}], "en-GB")
    assert shown[name(german)] == ([], "de")


def test_words_of_claim_and_summary_in_the_newest_version(asker: Asker) -> None:
    claim = make_claim(text="The council raised taxes by 4 per cent")
    publication = make_publication(claim=claim)
    make_publication()
    assert ids(asker, "publications", q="tax") == {name(publication)}
    assert ids(asker, "publications", q="taxes third") == {name(publication)}, "a word of each"
    second = make_correction(publication)
    assert ids(asker, "publications", q="taxes third") == set(), "only the first version said a third"
    assert ids(asker, "publications", q="taxes half") == {name(second)}


def test_published_since_and_retracted(asker: Asker) -> None:
    first = make_publication()
    since = timezone.now().isoformat()
    retraction = make_retraction(make_publication())
    assert ids(asker, "publications", updated_since=since) == {name(retraction)}
    assert ids(asker, "publications", is_retracted="true") == {name(retraction)}
    assert ids(asker, "publications", is_retracted="false") == {name(first)}
    corrected = make_correction(first)
    assert name(corrected) in ids(asker, "publications", updated_since=since)


def test_nothing_that_is_not_public_is_found_by_any_filter(asker: Asker) -> None:
    """Approved by two people, and not published."""
    make_topic("Roads", ["roads"])
    claim = make_claim(article=make_submission(asker.partner))
    Article.objects.filter(versions__appearances__claim=claim).update(language="en")
    route_claim(claim.pk)
    make_approved_verdict(make_user(), make_user(Role.EDITOR), claim=claim)
    since = claim.created_at.isoformat()
    every: list[dict[str, Any]] = [
        {},
        {"rating": "false"},
        {"claimant": "Ann Lee"},
        {"topic": "roads"},
        {"language": "en"},
        {"q": "roads"},
        {"q": "third"},
        {"updated_since": since},
        {"is_retracted": "false"},
    ]
    for filters in every:
        assert ids(asker, "publications", **filters) == set(), filters
    for path in ("claimants", "corrections"):
        assert rows(asker, path) == []
    [seen] = rows(asker, "claims", state="in_review")
    assert seen["review"] == {
        "status": "in_review",
        "publication": None,
        "rating": None,
        "url": None,
        "published_at": None,
    }


def test_the_archive_of_a_cited_page_is_told_and_older_snapshots_have_none(asker: Asker) -> None:
    publication = make_publication()
    archive = {
        "taken_at": "2026-11-20T09:41:12+00:00",
        "sha256": "ab" * 32,
        "media_type": "text/html",
        "has_quotation": True,
    }
    snapshot = publication.snapshot
    for kept, shown in (
        (archive, {**archive, "taken_at": "2026-11-20T09:41:12Z"}),
        (None, None),
    ):
        evidence = [{**snapshot["evidence"][0], "archive": kept}]
        row = asker_sees(asker, publication, {**snapshot, "evidence": evidence})
        assert row["evidence"][0]["archive"] == shown
    before = {**snapshot, "claim": {**snapshot["claim"]}}
    del before["topics"], before["claim"]["language"]
    before["evidence"] = [{k: v for k, v in snapshot["evidence"][0].items() if k != "archive"}]
    row = asker_sees(asker, publication, before)
    assert (row["topics"], row["language"], row["evidence"][0]["archive"]) == ([], None, None)


def asker_sees(asker: Asker, publication: Publication, snapshot: dict[str, Any]) -> dict[str, Any]:
    """A publication whose snapshot is another: stored ones never change, so one is shown as it would be."""
    publication.snapshot, publication.is_superseded = snapshot, False
    shown: dict[str, Any] = dict(PublicationSerializer(publication).data)
    return shown


@pytest.mark.parametrize(
    ("filters", "parameter", "says"),
    [
        ({"rating": "Mostly False"}, "rating", "slug like false"),
        ({"topic": "-"}, "topic", "slug"),
        ({"language": "e"}, "language", "like en"),
        ({"updated_since": "2026-11-20T09:30"}, "updated_since", "time zone"),
        ({"is_retracted": "yes"}, "is_retracted", "true or false"),
        ({"q": "  "}, "q", "empty"),
        ({"claimant": ""}, "claimant", "empty"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_mend(
    asker: Asker, filters: dict[str, str], parameter: str, says: str
) -> None:
    problem = assert_problem(asker.get(f"publications?{asked(**filters)}"), 400, says)
    assert [error["parameter"] for error in problem["errors"]] == [parameter]


def test_a_claim_of_nobody_has_no_claimant_to_be_found_by(asker: Asker) -> None:
    publication = make_publication(claim=make_claim(claimant=""))
    assert Claim.objects.get(pk=publication.claim_id).claimant is None
    assert rows(asker, "claimants") == []
