"""An answer that somebody has already is not sent again."""

from __future__ import annotations

import pytest

from claims.actions.curation import edit_claim
from claimtracker.accounts.models import Role
from tests.factories import make_claim, make_publication, make_submission, make_user

from .conftest import Asker

pytestmark = pytest.mark.django_db


@pytest.fixture
def paths(asker: Asker) -> list[str]:
    claim = make_claim(article=make_submission(asker.partner))
    article = claim.appearances.get().version.article
    publication = make_publication(claim=claim)
    return [
        "articles",
        "claims?kind=quantity",
        "publications",
        "claimants",
        "rating-scales",
        "corrections",
        f"articles/{article.public_id}",
        f"articles/{article.public_id}/versions/1",
        f"articles/{article.public_id}/annotations",
        f"claims/{claim.public_id}",
        f"publications/{publication.public_id}",
        f"publications/{publication.public_id}/claim-review",
    ]


def test_an_unchanged_answer_is_a_304_with_the_limits(asker: Asker, paths: list[str]) -> None:
    for path in paths:
        first = asker.get(path)
        tag = first["ETag"]
        assert tag.startswith('"') and tag.endswith('"') and len(tag) == 34, path
        again = asker.get(path, If_None_Match=tag)
        assert (again.status_code, again.content) == (304, b""), path
        assert again["ETag"] == tag
        assert again["Cache-Control"] == "private, no-cache"
        assert "Content-Type" not in again
        left = [int(answer["RateLimit"].split("r=")[1].split(";")[0]) for answer in (first, again)]
        assert left[1] == left[0] - 1, "it counts as any request"
        assert asker.ask("HEAD", path, If_None_Match=tag).status_code == 304


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ("{tag}", 304),
        ("W/{tag}", 304),
        ('"another", {tag}', 304),
        ("*", 304),
        ('"another"', 200),
        ("nonsense", 200),
        ("", 200),
    ],
)
def test_what_if_none_match_may_name(asker: Asker, sent: str, status: int) -> None:
    tag = asker.get("articles")["ETag"]
    assert asker.get("articles", If_None_Match=sent.format(tag=tag)).status_code == status


def test_a_change_has_another_tag(asker: Asker) -> None:
    claim = make_claim(article=make_submission(asker.partner))
    path = f"claims/{claim.public_id}"
    old = {asked: asker.get(asked)["ETag"] for asked in (path, "claims")}
    edit_claim(claim, by=make_user(Role.LEAD), text="The city spent much on roads", claimant="Ann Lee")
    for asked, tag in old.items():
        response = asker.get(asked, If_None_Match=tag)
        assert response.status_code == 200
        assert response["ETag"] != tag


def test_other_fields_are_another_answer(asker: Asker) -> None:
    make_claim(article=make_submission(asker.partner))
    assert asker.get("claims?fields=id")["ETag"] != asker.get("claims?fields=text")["ETag"]


def test_a_compressed_answer_has_a_weak_tag_that_holds(asker: Asker) -> None:
    for _ in range(5):
        make_claim(article=make_submission(asker.partner))
    packed = asker.get("claims", Accept_Encoding="gzip")
    assert packed["Content-Encoding"] == "gzip"
    assert packed["ETag"].startswith('W/"')
    assert asker.get("claims", If_None_Match=packed["ETag"]).status_code == 304


def test_errors_and_what_was_sent_have_none(asker: Asker) -> None:
    assert "ETag" not in asker.get("claims?kind=nonsense", If_None_Match="*")
    sent = asker.post("articles", {"body": "The city spent 3 million.\n"}, If_None_Match="*")
    assert (sent.status_code, "ETag" in sent) == (201, False)
