"""Versions, places, claimants, rating scales and corrections as partners read them."""

from __future__ import annotations

import hashlib

import pytest
from django.conf import settings

from claimtracker.accounts.models import Role
from reviews.actions.ratings import retire_rating, save_rating, save_scale, use_scale
from reviews.models import Rating
from reviews.reader_facts import claimant_slug
from tests.factories import (
    make_another_appearance,
    make_appearance,
    make_claim,
    make_correction,
    make_partner,
    make_publication,
    make_rating,
    make_retraction,
    make_scale,
    make_submission,
    make_user,
    make_version,
)

from .conftest import Asker, assert_problem
from .reading import rows

pytestmark = pytest.mark.django_db

LATER = "The city spent 77 million on roads last year, the mayor Ann Lee said.\n"


def test_the_versions_of_an_article_and_each_text(asker: Asker) -> None:
    article = make_submission(asker.partner, "The city spent 7 million 🚧 on roads, Ann Lee said.\n")
    make_version(article, LATER)
    newest, first = rows(asker, f"articles/{article.public_id}/versions")
    assert (newest["number"], newest["is_newest"]) == (2, True)
    assert (first["number"], first["is_newest"]) == (1, False)
    assert "body" not in newest
    for listed in (first, newest):
        read = asker.get(f"articles/{article.public_id}/versions/{listed['number']}").json()
        assert {**listed, "body": read["body"]} == read
        assert read["length"] == len(read["body"])
        assert read["sha256"] == hashlib.sha256(read["body"].encode()).hexdigest()
        annotations = asker.get(read["annotations"].partition("/api/v1/")[2]).json()
        assert annotations["version"] == read["number"]
    assert newest["annotations"].startswith(settings.SITE_URL)


@pytest.mark.parametrize("number", ["3", "0", "99999999999999999999", "-1", "one"])
def test_a_version_that_there_is_not(asker: Asker, number: str) -> None:
    article = make_submission(asker.partner)
    assert_problem(asker.get(f"articles/{article.public_id}/versions/{number}"), 404)


def test_the_versions_of_another_s_article_are_not_there(asker: Asker) -> None:
    article = make_submission(make_partner("other"))
    for path in ("versions", "versions/1"):
        assert_problem(asker.get(f"articles/{article.public_id}/{path}"), 404)


def test_the_places_of_a_claim_lead_to_its_words(asker: Asker) -> None:
    article = make_submission(asker.partner, "Roads 🚧: the city spent 7 million, Ann Lee said.\n")
    claim = make_claim("the city spent 7 million", article=article)
    later = make_version(article, "Also: the city spent 7 million on roads and 🚲, Ann Lee said.\n")
    mine = make_another_appearance(claim, origin=asker.partner.origin)
    make_another_appearance(claim)
    places = rows(asker, f"claims/{claim.public_id}/appearances")
    assert all(
        place["article"] in {str(article.public_id), str(mine.version.article.public_id)} for place in places
    )
    assert str(mine.version.article.public_id) == places[0]["article"]
    assert {(place["version"], place["is_newest_version"]) for place in places[1:]} == {
        (number, number == later.number) for number in {place["version"] for place in places[1:]}
    }
    for place in places:
        body = asker.get(f"articles/{place['article']}/versions/{place['version']}").json()["body"]
        words, position = place["selectors"]
        assert body[position["start"] : position["end"]] == words["exact"] == place["quote"]
        around = words["prefix"] + words["exact"] + words["suffix"]
        assert around in body
        assert (place["start"], place["end"]) == (position["start"], position["end"])


def test_the_places_of_a_claim_that_is_not_one_s_own_are_not_there(asker: Asker) -> None:
    assert_problem(asker.get(f"claims/{make_claim().public_id}/appearances"), 404)


def test_claimants_have_the_balance_of_what_is_public(asker: Asker) -> None:
    for rating in ("false", "true", "false"):
        make_publication(rating=rating)
    make_retraction(make_publication())
    make_publication(claim=make_claim(claimant="Zoe Park"))
    make_publication(claim=make_claim(claimant=""))
    make_claim(claimant="Nobody Checked")
    ann, zoe = rows(asker, "claimants")
    assert (ann["name"], zoe["name"]) == ("Ann Lee", "Zoe Park")
    assert ann["id"] == claimant_slug("Ann Lee")
    assert (ann["checks"], ann["retracted"]) == (3, 1)
    assert ann["ratings"] == [
        {"slug": "true", "label": "True", "count": 1},
        {"slug": "false", "label": "False", "count": 2},
    ]
    assert ann["url"] == f"{settings.SITE_URL}/claimants/{ann['id']}/"
    assert asker.get(f"claimants/{ann['id']}").json() == ann
    found = rows(asker, "publications", claimant=ann["id"])
    assert len(found) == ann["checks"] + ann["retracted"]


def test_a_claimant_without_a_public_check_is_not_there(asker: Asker) -> None:
    make_claim(claimant="Nobody Checked")
    for slug in (claimant_slug("Nobody Checked"), "nobody"):
        assert_problem(asker.get(f"claimants/{slug}"), 404)


def test_rating_scales_have_what_a_check_can_be_given(asker: Asker) -> None:
    lead = make_user(Role.LEAD)
    retire_rating(make_rating("unproven"), by=lead)
    Rating.objects.filter(slug="true").update(guidance="It holds in what matters.")
    [scale] = rows(asker, "rating-scales")
    assert (scale["id"], scale["is_default"], scale["best"], scale["worst"]) == ("truth", True, 5, 1)
    assert [(one["slug"], one["value"], one["meaning"]) for one in scale["ratings"]] == [
        ("false", 1, "graded"),
        ("half-true", 3, "graded"),
        ("true", 5, "graded"),
    ]
    assert scale["ratings"][2]["description"] == "It holds in what matters."
    assert asker.get("rating-scales/truth").json() == scale
    assert_problem(asker.get("rating-scales/none"), 404)


def test_a_scale_that_leads_prepare_is_shown_when_it_is_used(asker: Asker) -> None:
    lead = make_user(Role.LEAD)
    make_publication()
    coming = save_scale(None, by=lead, name="Coming")
    for value, label in ((1, "Wrong"), (2, "Right")):
        save_rating(
            None,
            by=lead,
            scale=coming,
            label=label,
            meaning="graded",
            value=value,
            position=value,
            guidance="",
        )
    assert [scale["id"] for scale in rows(asker, "rating-scales")] == ["truth"]
    assert_problem(asker.get("rating-scales/coming"), 404)
    use_scale(coming, by=lead)
    shown = {scale["id"]: scale["is_default"] for scale in rows(asker, "rating-scales")}
    assert shown == {"coming": True, "truth": False}, "checks on the former one are public"


def test_a_published_rating_lies_on_its_scale(asker: Asker) -> None:
    make_scale()
    publication = make_publication()
    rating = asker.get(f"publications/{publication.public_id}").json()["rating"]
    [scale] = rows(asker, "rating-scales")
    assert (rating["best"], rating["worst"]) == (scale["best"], scale["worst"])
    assert rating["slug"] in {one["slug"] for one in scale["ratings"]}


def test_corrections_lead_from_what_was_to_what_is(asker: Asker) -> None:
    first = make_publication()
    second = make_correction(first, rating="true", note="The office revised it.")
    third = make_correction(second, rating="true", change="rechecked", note="It is the same.")
    fourth = make_retraction(third, note="The document was forged.")
    log = rows(asker, "corrections")
    assert [(row["id"], row["kind"], row["replaces"]) for row in log] == [
        (str(fourth.public_id), "retraction", str(third.public_id)),
        (str(third.public_id), "rechecked", str(second.public_id)),
        (str(second.public_id), "verdict_change", str(first.public_id)),
    ]
    assert [(row["rating_before"], row["rating"]) for row in log] == [
        ("True", None),
        ("True", "True"),
        ("False", "True"),
    ]
    assert [row["is_superseded"] for row in log] == [False, True, True]
    assert [row["text"] for row in log] == [
        "The document was forged.",
        "It is the same.",
        "The office revised it.",
    ]
    for row in log:
        read = asker.get(row["publication"].partition("/api/v1/")[2]).json()
        assert (read["id"], read["version"], read["url"]) == (row["id"], row["version"], row["url"])
        assert read["published_at"] == row["published_at"]
        assert row["claim"] == {"id": read["claim"]["id"], "text": read["claim"]["text"]}
    assert [row["id"] for row in rows(asker, "corrections", kind="retraction")] == [str(fourth.public_id)]
    since = third.published_at.isoformat()
    assert len(rows(asker, "corrections", updated_since=since)) == 2
    assert_problem(asker.get("corrections?kind=first"), 400, "clarification")


def test_a_place_of_a_claim_that_is_said_twice_stands_twice(asker: Asker) -> None:
    body = "Rents fell by 2 per cent, he said. Once more: Rents fell by 2 per cent.\n"
    article = make_submission(asker.partner, body)
    claim = make_claim("Rents fell by 2 per cent", article=article)
    start = body.rindex("Rents")
    make_appearance(claim, article.versions.get(), start, start + len("Rents fell by 2 per cent"))
    places = rows(asker, f"claims/{claim.public_id}/appearances")
    assert [place["start"] for place in places] == [start, 0]
