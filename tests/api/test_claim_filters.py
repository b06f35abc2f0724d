"""Each filter of the list of claims finds what it says and nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from claims.actions.curation import dismiss_claim, edit_claim
from claims.models import Article, Claim
from claimtracker.accounts.models import Role
from claimtracker.api.v1.review_status import Stage
from reviews.actions.assignment import release_task, take_task
from reviews.actions.restrictions import hide_check
from reviews.actions.routing import route_claim
from tests.factories import (
    make_appearance,
    make_article,
    make_claim,
    make_publication,
    make_retraction,
    make_submission,
    make_submitted_verdict,
    make_task,
    make_topic,
    make_user,
)

from .conftest import Asker, assert_problem
from .reading import asked, ids, rows

pytestmark = pytest.mark.django_db


def own(asker: Asker, body: str | None = None, **fields: Any) -> Claim:
    return make_claim(article=make_submission(asker.partner, body), **fields)


def name(claim: Claim) -> str:
    return str(claim.public_id)


def test_state_finds_exactly_the_claims_that_are_there(asker: Asker) -> None:
    lead = make_user(Role.LEAD)
    own(asker)
    make_task(own(asker))
    take_task(make_task(own(asker)), by=make_user())
    make_submitted_verdict(make_user(), claim=own(asker))
    make_publication(claim=own(asker))
    make_retraction(make_publication(claim=own(asker)))
    hidden = own(asker)
    make_publication(claim=hidden)
    hide_check(hidden, by=make_user(Role.MODERATOR), reason="privacy", note="It names a child.")
    dismiss_claim(own(asker), by=lead, reason="No fact in it.")
    Claim.objects.filter(pk=own(asker).pk).update(state="withdrawn", withdrawn_by="reader-2")
    checked_and_dismissed = own(asker)
    make_publication(claim=checked_and_dismissed)
    Claim.objects.filter(pk=checked_and_dismissed.pk).update(state="confirmed")
    dismiss_claim(checked_and_dismissed, by=lead, reason="Said by nobody.")
    everything = rows(asker, "claims")
    assert {row["review"]["status"] for row in everything} == set(Stage.values)
    for stage in Stage.values:
        expected = {row["id"] for row in everything if row["review"]["status"] == stage}
        assert ids(asker, "claims", state=stage) == expected, stage


def test_claimant_is_the_whole_name_in_any_case(asker: Asker) -> None:
    ann = own(asker)
    own(asker, claimant="Ann Leeds")
    own(asker, claimant="")
    for written in ("Ann Lee", "ann lee", " ANN  LEE "):
        assert ids(asker, "claims", claimant=written) == {name(ann)}
    assert ids(asker, "claims", claimant="Ann") == set()


def test_topic_is_what_routing_holds_it_to_be_about_and_stands_in_the_answer(asker: Asker) -> None:
    make_topic("Health", ["hospital"])
    make_topic("Beds", ["beds"])
    about = own(asker, "The hospital has 40 beds, the mayor said.\n")
    other = own(asker)
    for claim in (about, other):
        route_claim(claim.pk)
    assert ids(asker, "claims", topic="health") == {name(about)}
    assert ids(asker, "claims", topic="nothing") == set()
    shown = {row["id"]: row["topics"] for row in rows(asker, "claims")}
    assert shown[name(about)] == [
        {"slug": "beds", "name": "Beds"},
        {"slug": "health", "name": "Health"},
    ]
    assert shown[name(other)] == []


def test_kind_and_score(asker: Asker) -> None:
    low, high = own(asker, score=0.2), own(asker, score=0.9)
    Claim.objects.filter(pk=low.pk).update(kind="event")
    assert ids(asker, "claims", kind="event") == {name(low)}
    assert ids(asker, "claims", score_min="0.9") == {name(high)}
    assert ids(asker, "claims", score_max="0.2") == {name(low)}
    assert ids(asker, "claims", score_min="0.3", score_max="0.8") == set()
    assert ids(asker, "claims", score_min="0", score_max="1.0") == {name(low), name(high)}


def test_language_is_that_of_one_s_own_articles(asker: Asker) -> None:
    german, british, unknown = own(asker), own(asker), own(asker)
    for claim, language in ((german, "de"), (british, "en-GB"), (unknown, "")):
        Article.objects.filter(versions__appearances__claim=claim).update(language=language)
    assert ids(asker, "claims", language="en") == {name(british)}
    assert ids(asker, "claims", language="en-GB") == {name(british)}
    assert ids(asker, "claims", language="en-US") == set()
    assert ids(asker, "claims", language="de") == {name(german)}
    shown = {row["id"]: row["language"] for row in rows(asker, "claims")}
    assert shown == {name(german): "de", name(british): "en-GB", name(unknown): None}


def test_words_are_found_whatever_their_endings(asker: Asker) -> None:
    claim = own(asker, text="The council raised taxes by 4 per cent")
    own(asker)
    for words in ("tax", "council taxes", '"raised taxes"', "taxes -roads", "nothing or council"):
        assert ids(asker, "claims", q=words) == {name(claim)}, words
    for words in ("council roads", "taxes -council", "the"):
        assert ids(asker, "claims", q=words) == set(), words


def test_updated_since_tells_of_everything_that_the_answer_shows(asker: Asker) -> None:
    lead, checker = make_user(Role.LEAD), make_user()

    def moves(claim: Claim, change: Any) -> None:
        before = rows(asker, "claims")[0]
        since = timezone.now().isoformat()
        assert ids(asker, "claims", updated_since=since) == set()
        change()
        [after] = rows(asker, "claims", updated_since=since)
        assert after["id"] == name(claim)
        assert after["updated_at"] > before["updated_at"]
        assert {**after, "updated_at": ""} != {**before, "updated_at": ""}

    make_topic("Roads", ["roads"])
    claim = own(asker)
    moves(claim, lambda: edit_claim(claim, by=lead, text="The city spent much on roads", claimant="Ann Lee"))
    moves(claim, lambda: route_claim(claim.pk))
    task = make_task(claim)
    moves(claim, lambda: take_task(task, by=checker))
    moves(claim, lambda: release_task(task, by=checker))
    moves(claim, lambda: make_publication(claim=claim))


def test_updated_since_tells_of_a_new_place_in_one_s_own_article_only(asker: Asker) -> None:
    claim = own(asker, "Rents fell by 2 per cent, he said.\n")
    since = timezone.now().isoformat()
    body = "Once more: Rents fell by 2 per cent, he said.\n"
    for article, seen in ((make_article(body), set()), (make_submission(asker.partner, body), {name(claim)})):
        version = article.versions.get()
        start = body.index("Rents")
        make_appearance(claim, version, start, start + 5)
        assert ids(asker, "claims", updated_since=since) == seen


def test_what_is_not_shown_is_no_change(asker: Asker) -> None:
    claim = own(asker)
    since = timezone.now().isoformat()
    Claim.objects.filter(pk=claim.pk).update(dismissed_because="", extractor_version="another")
    stale = Claim.objects.get(pk=claim.pk)
    stale.changed_at = timezone.now() - timedelta(days=9)
    stale.save()
    assert ids(asker, "claims", updated_since=since) == set()
    assert Claim.objects.get(pk=claim.pk).changed_at > timezone.now() - timedelta(days=1)


def test_filters_hold_together(asker: Asker) -> None:
    found = own(asker, score=0.9, text="The council raised taxes")
    own(asker, score=0.2, text="The council raised taxes")
    own(asker, score=0.9, text="The council raised taxes", claimant="Bo")
    own(asker, score=0.9)
    hits = ids(
        asker, "claims", score_min=0.5, claimant="Ann Lee", q="taxes", kind="quantity", state="waiting"
    )
    assert hits == {name(found)}


def test_another_partner_s_claim_is_found_by_no_filter(asker: Asker) -> None:
    make_claim(text="The council raised taxes")
    for filters in ({"q": "taxes"}, {"claimant": "Ann Lee"}, {"kind": "quantity"}, {"state": "waiting"}):
        assert ids(asker, "claims", **filters) == set()


@pytest.mark.parametrize(
    ("filters", "parameter", "says"),
    [
        ({"state": "open"}, "state", "waiting, in_review, published, retracted, withheld, dismissed"),
        ({"kind": "opinion"}, "kind", "quantity, event"),
        ({"claimant": " "}, "claimant", "empty"),
        ({"claimant": "x" * 301}, "claimant", "300"),
        ({"claimant": "Ann\x00Lee"}, "claimant", "NUL"),
        ({"topic": "Health Care"}, "topic", "slug like health"),
        ({"score_min": "1.1"}, "score_min", "0 to 1"),
        ({"score_min": "-0.1"}, "score_min", "0 to 1"),
        ({"score_min": "nan"}, "score_min", "0 to 1"),
        ({"score_max": "high"}, "score_max", "0 to 1"),
        ({"score_min": "0.8", "score_max": "0.2"}, "score_min", "above score_max"),
        ({"language": "english"}, "language", "like en"),
        ({"language": "en\n"}, "language", "like en"),
        ({"updated_since": "yesterday"}, "updated_since", "2026-11-20T09:30:00Z"),
        ({"updated_since": "2026-11-20"}, "updated_since", "time zone"),
        ({"updated_since": "2026-11-20T09:30:00"}, "updated_since", "time zone"),
        ({"updated_since": "2026-13-20T09:30:00Z"}, "updated_since", "2026-11-20T09:30:00Z"),
        ({"q": ""}, "q", "empty"),
        ({"q": "x" * 201}, "q", "200"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_mend(
    asker: Asker, filters: dict[str, str], parameter: str, says: str
) -> None:
    problem = assert_problem(asker.get(f"claims?{asked(**filters)}"), 400, says)
    assert [error["parameter"] for error in problem["errors"]] == [parameter]


def test_a_moment_with_an_unescaped_plus_is_told_so(asker: Asker) -> None:
    assert_problem(asker.get("claims?updated_since=2026-11-20T09:30:00+01:00"), 400, "%2B")
    assert asker.get("claims?updated_since=2026-11-20T09:30:00%2B01:00").status_code == 200


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ("0001-01-01T00:00:00Z", 200),
        ("9999-12-31T23:59:59.999999Z", 200),
        ("2026-11-20T09:30:00+18:16", 200),  # a zone that PostgreSQL would refuse
        ("0001-01-01T00:00:00+14:00", 400),
        ("9999-12-31T23:59:59-14:00", 400),
        ("2026-11-20T09:30:00+99:00", 400),
    ],
)
def test_moments_at_the_edges(asker: Asker, sent: str, status: int) -> None:
    for path in ("claims", "articles", "publications", "corrections"):
        assert asker.get(f"{path}?{asked(updated_since=sent)}").status_code == status


def test_a_filter_that_is_sent_twice_is_refused(asker: Asker) -> None:
    assert_problem(asker.get("claims?kind=event&kind=cause"), 400, "Send it once")
