"""Each filter of the list of articles finds what it says and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from claims.actions.ingest import accept_article, reject_article
from claims.models import Article, ExtractionRun
from claimtracker.accounts.models import Role
from claimtracker.partners.models import Partner
from tests.factories import make_article, make_partner, make_submission, make_user, make_version

from .conftest import Asker, assert_problem
from .reading import asked, ids, rows

pytestmark = pytest.mark.django_db


def name(article: Article) -> str:
    return str(article.public_id)


def test_state(partner: Partner) -> None:
    Partner.objects.filter(pk=partner.pk).update(is_trusted=False)
    partner.refresh_from_db()
    asker, moderator = Asker(partner), make_user(Role.MODERATOR, is_staff=True)
    held, accepted, rejected = (make_submission(partner) for _ in range(3))
    accept_article(accepted, by=moderator)
    reject_article(rejected, by=moderator, reason="No news.")
    for state, article in (("held", held), ("accepted", accepted), ("rejected", rejected)):
        assert ids(asker, "articles", state=state) == {name(article)}, state


def test_external_id_and_url(asker: Asker) -> None:
    by_id = make_submission(asker.partner, external_id="wire-1")
    by_url = make_submission(asker.partner, url="https://wire.example/a?b=1&c=2")
    make_submission(asker.partner, external_id="wire-10")
    make_submission(make_partner("other"), external_id="wire-1")
    assert ids(asker, "articles", external_id="wire-1") == {name(by_id)}
    assert ids(asker, "articles", url="https://wire.example/a?b=1&c=2") == {name(by_url)}
    assert ids(asker, "articles", url="https://wire.example/a") == set()


def test_language(asker: Asker) -> None:
    german, british = make_submission(asker.partner), make_submission(asker.partner)
    Article.objects.filter(pk=german.pk).update(language="de")
    Article.objects.filter(pk=british.pk).update(language="en-GB")
    assert ids(asker, "articles", language="en") == {name(british)}
    assert ids(asker, "articles", language="de") == {name(german)}
    assert ids(asker, "articles", language="de-AT") == set()


def test_updated_since_tells_of_texts_readings_and_decisions(asker: Asker) -> None:
    article = make_submission(asker.partner)
    make_article()

    def moves(change: Any) -> None:
        [before] = rows(asker, "articles")
        since = timezone.now().isoformat()
        assert ids(asker, "articles", updated_since=since) == set()
        change()
        [after] = rows(asker, "articles", updated_since=since)
        assert after["updated_at"] > before["updated_at"]

    def read() -> None:
        version = article.versions.order_by("-number")[0]
        ExtractionRun.objects.create(version=version, extractor_version="x", outcome="extracted")

    moves(read)
    moves(lambda: make_version(article, "The city spent 9 million on roads and schools this year.\n"))
    moves(lambda: Article.objects.filter(pk=article.pk).update(byline="Jo Park"))
    since = timezone.now().isoformat()
    Article.objects.filter(pk=article.pk).update(last_seen_at=timezone.now())
    assert ids(asker, "articles", updated_since=since) == set(), "that it came in again changes nothing"


@pytest.mark.parametrize(
    ("filters", "parameter", "says"),
    [
        ({"state": "open"}, "state", "held, accepted, rejected"),
        ({"external_id": ""}, "external_id", "empty"),
        ({"external_id": "x" * 501}, "external_id", "500"),
        ({"url": "a\x00b"}, "url", "NUL"),
        ({"language": "*"}, "language", "like en"),
        ({"updated_since": "2026"}, "updated_since", "time zone"),
        ({"kind": "event"}, "kind", "no query parameter"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_mend(
    asker: Asker, filters: dict[str, str], parameter: str, says: str
) -> None:
    problem = assert_problem(asker.get(f"articles?{asked(**filters)}"), 400, says)
    assert [error["parameter"] for error in problem["errors"]] == [parameter]
