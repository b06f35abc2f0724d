"""What a partner says of an article that it sends once more is taken; what did not come is listed."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from claims.actions.batches import WORK_OFF
from claims.actions.extraction import analyse_version, record_extraction
from claims.actions.fetching import record_fetch
from claims.models import ArticleFetch, ArticleVersion
from claims.sources import UnreadableArticle
from claimtracker.ledger.models import AuditEntry
from claimtracker.partners.models import Partner
from tests.factories import make_partner
from tests.support.due_jobs import run_due

from .conftest import Asker
from .reading import ids, rows

pytestmark = pytest.mark.django_db

BODY = "The harbour handled 4 million containers last year, the port authority said on Monday.\n"
NEW = {
    "byline": "Jo Park",
    "url": "https://wire.example/harbour",
    "published_at": "2026-11-20T09:30:00Z",
    "language": "en-GB",
}


def sent(asker: Asker, status: int = 200, **fields: Any) -> dict[str, Any]:
    response = asker.post("articles", {"body": BODY, **fields})
    assert response.status_code == status, response.content
    answer: dict[str, Any] = response.json()
    return answer


def told(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: answer[name] for name in NEW}


def described() -> list[dict[str, Any]]:
    return list(AuditEntry.objects.filter(verb="article.described").values_list("details", flat=True))


@pytest.mark.parametrize("name", [{"external_id": "wire-1"}, {}])
def test_the_same_text_with_other_facts_takes_them(asker: Asker, name: dict[str, str]) -> None:
    first = sent(asker, 201, **name, byline="Ann Lee")
    again = sent(asker, **name, **NEW)
    assert (again["id"], again["version"]) == (first["id"], 1)
    assert told(again) == NEW
    assert described() == [{"fields": sorted(NEW)}]
    assert told(sent(asker, **name)) == NEW, "what is left out stays as it was"
    assert told(sent(asker, **name, **NEW)) == NEW
    assert len(described()) == 1, "nothing changed"


def test_another_text_with_other_facts_takes_both(asker: Asker) -> None:
    first = sent(asker, 201, external_id="wire-1")
    again = sent(asker, external_id="wire-1", **NEW, body=BODY.replace("4 million", "5 million"))
    assert (again["id"], again["version"], told(again)) == (first["id"], 2, NEW)


def test_of_what_nobody_decided_on_yet_everything_is_taken(partner: Partner) -> None:
    untrusted = Asker(make_partner("new", is_trusted=False))
    sent(untrusted, 201, external_id="wire-1")
    assert told(sent(untrusted, external_id="wire-1", **NEW)) == NEW


def test_items_of_a_batch_take_them_too_and_are_named_as_their_articles(asker: Asker) -> None:
    sent(asker, 201, external_id="wire-1")
    url = "https://wire.example/by-address"
    items = [{"body": BODY, "external_id": "wire-1", **NEW}, {"url": url}, {"body": BODY}, {"x": 1}]
    job = asker.post("articles/bulk", {"articles": items}, Idempotency_Key="b-1").json()
    run_due(WORK_OFF)
    assert told(rows(asker, "articles", external_id="wire-1")[0]) == NEW
    items = asker.get(f"jobs/{job['id']}").json()["items"]
    assert [item["external_id"] for item in items] == ["wire-1", url, "", ""]
    assert [item["outcome"] for item in items] == ["updated", "pending", "created", ""]


def test_what_is_told_while_a_page_is_being_fetched_is_kept(asker: Asker) -> None:
    url = "https://wire.example/harbour"
    asker.post("articles", {"url": url, "byline": "Ann Lee"})
    asker.post("articles", {"url": url, "language": "en", "byline": "Jo Park"})
    assert ArticleFetch.objects.get().told == {"byline": "Jo Park", "language": "en"}


def test_what_did_not_come_is_found_by_its_state(asker: Asker) -> None:
    by_url = {}
    for name in ("a", "b", "c"):
        url = f"https://wire.example/{name}"
        by_url[name] = asker.post("articles", {"url": url, "language": "en"}).json()["id"]
    Asker(make_partner("other")).post("articles", {"url": "https://wire.example/d"})
    fetch = ArticleFetch.objects.get(public_id=by_url["b"])
    record_fetch(fetch, outcome=UnreadableArticle("url", "http", "The page answered 404."))
    sent(asker, 201, external_id="mine")
    assert ids(asker, "articles", state="pending") == {by_url["a"], by_url["c"]}
    [failed] = rows(asker, "articles", state="failed")
    assert failed == asker.get(f"articles/{by_url['b']}?fields={','.join(failed)}").json()
    assert (failed["id"], failed["state_reason"]) == (by_url["b"], "The page answered 404.")
    assert ids(asker, "articles", state="pending", url="https://wire.example/a") == {by_url["a"]}
    assert ids(asker, "articles", state="pending", language="de") == set()
    assert len(ids(asker, "articles")) == 1
    page = asker.get("articles?state=pending&limit=1&fields=id").json()
    assert page["results"] == [{"id": by_url["c"]}]
    following = asker.get(page["next"].partition("/api/v1/")[2]).json()
    assert following["results"] == [{"id": by_url["a"]}]
    sent(asker, 201, external_id="https://wire.example/b")
    assert rows(asker, "articles", state="failed") == [], "it came in another way"


def test_what_is_pending_costs_the_same_at_3_and_at_30(asker: Asker) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            asker.get("articles?state=pending&limit=100")
        return len(captured)

    asker.get("articles?state=pending")
    counts = []
    for count in (3, 30):
        while ArticleFetch.objects.count() < count:
            asker.post("articles", {"url": f"https://wire.example/{ArticleFetch.objects.count()}"})
        counts.append(queries())
    assert counts[0] == counts[1]


def read(article_id: str) -> None:
    version = ArticleVersion.objects.get(article__public_id=article_id)
    with transaction.atomic():
        record_extraction(version, analysis=analyse_version(version))


def test_a_text_whose_sender_names_no_language_has_the_one_it_was_read_in(asker: Asker) -> None:
    body = BODY + "It had handled 3.6 million in 2024, and the mayor wants 5 million by 2030.\n"
    article = sent(asker, 201, body=body)
    assert article["language"] == ""
    read(article["id"])
    answer = asker.get(f"articles/{article['id']}").json()
    assert answer["language"] == "en"
    assert ids(asker, "articles", language="en") == {article["id"]}
    claims = rows(asker, "claims", language="en")
    assert claims and {claim["language"] for claim in claims} == {"en"}


def test_the_language_that_its_sender_names_stays(asker: Asker) -> None:
    article = sent(asker, 201, language="en-GB")
    read(article["id"])
    assert asker.get(f"articles/{article['id']}").json()["language"] == "en-GB"
