"""Cursors lead both ways through a filtered list, and through no other."""

from __future__ import annotations

from base64 import b64decode
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.factories import make_claim, make_correction, make_publication, make_submission

from .conftest import Asker, assert_problem

pytestmark = pytest.mark.django_db

PATHS = (
    "claims?kind=quantity&score_min=0.5&fields=id",
    "articles?state=accepted",
    "publications?rating=false&claimant=Ann%20Lee",
    "claimants?",
    "corrections?kind=correction",
)


def path_of(url: str) -> str:
    return url.partition("/api/v1/")[2]


def fill(asker: Asker, count: int) -> None:
    for number in range(count):
        claim = make_claim(article=make_submission(asker.partner))
        make_claim(article=make_submission(asker.partner), score=0.1)
        make_correction(make_publication(claim=claim))
        make_publication(rating="true", claim=make_claim(claimant=f"Speaker {number}"))


def test_pages_lead_forth_and_back_and_keep_the_filters(asker: Asker) -> None:
    fill(asker, 4)
    for path in PATHS:
        walk(asker, path)


def walk(asker: Asker, path: str) -> None:
    """From page to page to the end and back again."""
    whole = asker.get(f"{path}&limit=100").json()["results"]
    assert len(whole) >= 4, path
    there, url = [], f"{path}&limit=2"
    pages = []
    while url:
        page = asker.get(url).json()
        pages.append(page["results"])
        there += page["results"]
        last, url = page, path_of(page["next"] or "")
        if page["next"]:
            kept = parse_qs(urlsplit(page["next"]).query)
            sent = parse_qs(urlsplit(path).query)
            assert {name: kept[name] for name in sent} == sent
    assert there == whole
    back, page = [], last
    while page["previous"]:
        page = asker.get(path_of(page["previous"])).json()
        back.insert(0, page["results"])
    assert [row for rows in back for row in rows] == whole[: -len(pages[-1])]


def test_a_cursor_of_other_filters_or_of_another_list_is_refused(asker: Asker) -> None:
    fill(asker, 3)
    following = path_of(asker.get("claims?kind=quantity&limit=1").json()["next"])
    cursor = parse_qs(urlsplit(following).query)["cursor"][0]
    assert asker.get(following).status_code == 200
    assert asker.get(f"claims?cursor={cursor}&kind=quantity&limit=3&fields=id").status_code == 200
    for path in (
        f"claims?cursor={cursor}",
        f"claims?cursor={cursor}&kind=event",
        f"claims?cursor={cursor}&kind=quantity&state=waiting",
        f"articles?cursor={cursor}",
    ):
        problem = assert_problem(asker.get(path), 400, "other filters")
        assert problem["errors"][0]["parameter"] == "cursor"


def test_an_address_with_a_slash_at_its_end_is_the_same_list(asker: Asker) -> None:
    fill(asker, 2)
    following = path_of(asker.get("claims?limit=1").json()["next"])
    assert asker.get(following.replace("claims?", "claims/?")).status_code == 200


def test_a_cursor_tells_no_filter_in_words(asker: Asker) -> None:
    fill(asker, 2)
    following = asker.get("claims?claimant=Ann%20Lee&limit=1").json()["next"]
    cursor = parse_qs(urlsplit(following).query)["cursor"][0]
    assert "Ann" not in b64decode(cursor).decode()
