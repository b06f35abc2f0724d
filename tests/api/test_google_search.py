"""The search that is compatible with Google's Fact Check Tools: shape, parameters, keys, limits, errors."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.actions.match_index import index_everything
from claimtracker.kernel.secret_addresses import masked
from claimtracker.partners.keys import revoke_key
from claimtracker.partners.models import Holding
from reviews.models import Publication, PublicCheck
from tests import factories

pytestmark = pytest.mark.django_db

SEARCH = "/factcheck/v1alpha1/claims:search"
SITE = "localhost"


@pytest.fixture(autouse=True)
def nobody_asked_before() -> Iterator[None]:
    """Who asks without a key is counted in the cache, by their address: all tests have the same."""
    cache.clear()
    yield
    cache.clear()


def ask(headers: dict[str, str] | None = None, **params: Any) -> HttpResponse:
    return Client().get(SEARCH, params, headers=headers or {})


def found(**params: Any) -> list[str]:
    response = ask(**params)
    assert response.status_code == 200, response.content
    return [claim["text"] for claim in json.loads(response.content).get("claims", [])]


def refused(response: HttpResponse, code: int, status: str) -> dict[str, Any]:
    """The error, which has Google's shape."""
    assert response.status_code == code, response.content
    content = json.loads(response.content)
    assert set(content) == {"error"}
    error: dict[str, Any] = content["error"]
    assert (error["code"], error["status"]) == (code, status) and error["message"]
    return error


def publish(quote: str, **options: Any) -> Publication:
    article = factories.make_article(f"“{quote},” the mayor Ann Lee said.\n", **options)
    return factories.make_publication(claim=factories.make_claim(quote, article=article))


def test_a_claim_has_googles_shape(settings: Any) -> None:
    when = timezone.now() - timedelta(days=9)
    publication = publish("The city built 900 homes", url="https://gazette.example/1", published_at=when)
    content = json.loads(ask(query="homes").content)
    review = {
        "publisher": {"name": settings.PUBLISHER_NAME, "site": SITE},
        "url": publication.snapshot["url"],
        "title": "The city built 900 homes",
        "reviewDate": f"{publication.published_at:%Y-%m-%dT%H:%M:%SZ}",
        "textualRating": "False",
        "languageCode": "en",
    }
    claim = {
        "text": "The city built 900 homes",
        "claimant": "Ann Lee",
        "claimDate": f"{when:%Y-%m-%d}T00:00:00Z",
    }
    assert content == {"claims": [{**claim, "claimReview": [review]}]}


def test_what_is_not_known_is_left_out() -> None:
    article = factories.make_article("The city built 900 homes, it was said.\n")
    claim = factories.make_claim("The city built 900 homes", article=article, claimant="")
    factories.make_publication(claim=claim)
    (shown,) = json.loads(ask(query="homes").content)["claims"]
    assert set(shown) == {"text", "claimReview"}


def test_nothing_found_is_an_empty_object() -> None:
    assert json.loads(ask(query="homes").content) == {}


def test_only_what_stands_is_found_and_in_its_newest_words() -> None:
    retracted = publish("The city closed 40 homes")
    corrected = publish("The city built 900 homes")
    factories.make_submitted_verdict(
        factories.make_user(),
        claim=factories.make_claim(article=factories.make_article("It built homes, x\n")),
    )
    factories.make_retraction(retracted)
    factories.make_correction(corrected, rating="half-true")
    (claim,) = json.loads(ask(query="homes").content)["claims"]
    assert claim["text"] == "The city built 900 homes"
    assert [review["textualRating"] for review in claim["claimReview"]] == ["Half true"]


def test_a_sentence_in_other_words_finds_what_shares_most_of_them() -> None:
    publish("The city council built 900 new homes last year")
    publish("Buses in the harbour district are free")
    index_everything()
    assert found(query="harbour council says that it built 900 new homes")[:1] == [
        "The city council built 900 new homes last year"
    ]
    assert found(query="Penguins of the southern ice are free to swim in district waters of ice") == []


def test_filters_narrow() -> None:
    old, new = publish("The city built 900 homes"), publish("The city built 90 homes")
    PublicCheck.objects.filter(publication=old).update(
        language="de", changed_at=timezone.now() - timedelta(days=10)
    )
    both = [new.snapshot["claim"]["text"], old.snapshot["claim"]["text"]]
    assert found(query="homes") == both
    assert found(query="homes", languageCode="de-CH") == both[1:]
    assert found(query="homes", languageCode="en-GB") == both[:1]
    assert found(query="homes", languageCode="fr") == []
    assert found(query="homes", maxAgeDays=9) == both[:1]
    assert found(query="homes", maxAgeDays=11) == both
    for site in (SITE, f"www.{SITE}", f"http://{SITE}:8000/"):
        assert found(reviewPublisherSiteFilter=site) == both
    assert found(query="homes", reviewPublisherSiteFilter="nytimes.com") == []
    assert found(review_publisher_site_filter=SITE, page_size=1) == both[:1]


def test_the_age_is_that_of_claim_or_review_whichever_is_newer() -> None:
    yesterday = timezone.now() - timedelta(days=1)
    publication = publish("The city built 900 homes", url="https://gazette.example/1", published_at=yesterday)
    PublicCheck.objects.filter(publication=publication).update(changed_at=timezone.now() - timedelta(days=40))
    assert len(found(query="homes", maxAgeDays=3)) == 1
    assert found(query="homes", maxAgeDays=0), "0 is Google's word for no limit"


@pytest.mark.parametrize("asked", [{"query": "homes"}, {"reviewPublisherSiteFilter": SITE}])
def test_pages_go_on_where_the_last_one_ended(asked: dict[str, str]) -> None:
    texts = [publish(f"The city built {n} homes").snapshot["claim"]["text"] for n in range(100, 107)]
    seen: list[str] = []
    params: dict[str, Any] = {**asked, "pageSize": 3}
    for _page in range(3):
        content = json.loads(ask(**params).content)
        seen += [claim["text"] for claim in content["claims"]]
        if not seen[3:]:
            publish("The city built 999 homes")  # what comes in meanwhile shifts nothing
        params["pageToken"] = content.get("nextPageToken", "")
    assert seen == texts[::-1]
    assert params["pageToken"] == ""


def test_pages_of_likely_checks_go_on_too() -> None:
    for n in range(100, 105):
        publish(f"The city council built {n} new homes last year")
    index_everything()
    asked = {"query": "council boasts about new homes built last year", "pageSize": 2}
    first = json.loads(ask(**asked).content)
    second = json.loads(ask(**asked, pageToken=first["nextPageToken"]).content)
    third = json.loads(ask(**asked, pageToken=second["nextPageToken"]).content)
    pages = [page["claims"] for page in (first, second, third)]
    assert [len(page) for page in pages] == [2, 2, 1] and "nextPageToken" not in third
    assert len({claim["text"] for page in pages for claim in page}) == 5


def test_offset_counts_only_without_a_token() -> None:
    texts = [publish(f"The city built {n} homes").snapshot["claim"]["text"] for n in range(100, 105)][::-1]
    assert found(query="homes", offset=2) == texts[2:]
    assert found(query="homes", offset=50) == []
    token = json.loads(ask(query="homes", pageSize=2, offset=1).content)["nextPageToken"]
    assert found(query="homes", pageSize=2, pageToken=token, offset=4) == texts[3:5]


@pytest.mark.parametrize(
    "changed",
    [
        {"query": "roads"},
        {"languageCode": "en"},
        {"reviewPublisherSiteFilter": SITE},
        {"maxAgeDays": 3},
        {"pageSize": 3},
    ],
)
def test_a_token_is_refused_for_another_search(changed: dict[str, Any]) -> None:
    for n in range(100, 104):
        publish(f"The city built {n} homes")
    asked = {"query": "homes", "pageSize": 2}
    token = json.loads(ask(**asked).content)["nextPageToken"]
    assert ask(**asked, pageToken=token).status_code == 200
    error = refused(ask(**{**asked, **changed}, pageToken=token), 400, "INVALID_ARGUMENT")
    assert error["details"][0]["fieldViolations"][0]["field"] == "pageToken"


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({}, "query"),
        ({"query": "   "}, "query"),
        ({"query": "x" * 2001}, "query"),
        ({"query": "homes", "pageSize": "ten"}, "pageSize"),
        ({"query": "homes", "pageSize": "-1"}, "pageSize"),
        ({"query": "homes", "offset": str(2**31)}, "offset"),
        ({"query": "homes", "maxAgeDays": "1.5"}, "maxAgeDays"),
        ({"query": "homes", "languageCode": "!"}, "languageCode"),
        ({"query": "homes", "pageToken": "abc"}, "pageToken"),
        ({"query": "homes", "pageToken": "abc:def:ghi"}, "pageToken"),
        ({"query": "homes", "quary": "x"}, "quary"),
        ({"query": "homes", "alt": "proto"}, "alt"),
        ({"query": "homes", "callback": "f"}, "callback"),
        ({"query": "homes", "access_token": "x"}, "access_token"),
    ],
)
def test_what_cannot_be_read_is_named(params: dict[str, str], field: str) -> None:
    error = refused(ask(**params), 400, "INVALID_ARGUMENT")
    (details,) = error["details"]
    assert details["@type"] == "type.googleapis.com/google.rpc.BadRequest"
    assert details["fieldViolations"] == [{"field": field, "description": error["message"]}]


def test_a_large_page_is_cut_and_extra_words_of_googles_are_let_through() -> None:
    publish("The city built 900 homes")
    assert found(query="homes", pageSize=10_000, alt="json", quotaUser="me", **{"$.xgafv": "2"})
    assert b"\n" in ask(query="homes").content
    assert b"\n" not in ask(query="homes", prettyPrint="false").content


def test_a_key_is_taken_where_google_and_we_take_it() -> None:
    key, plain = factories.make_key()
    assert '"burst";r=' in ask(query="homes", key=plain)["RateLimit"]
    for response in (
        ask(query="homes", key=plain),
        ask({"X-Goog-Api-Key": plain}, query="homes"),
        ask({"Authorization": f"Bearer {plain}"}, query="homes"),
    ):
        assert response.status_code == 200
        assert response["Cache-Control"] == "private, no-cache"
    key.refresh_from_db()
    assert key.last_used_at is not None
    assert "public" in ask(query="homes")["Cache-Control"]


def test_what_a_partner_found_by_its_key_it_is_known_to_have() -> None:
    publication = publish("The city built 900 homes")
    publish("The harbour was closed")
    key, plain = factories.make_key()
    ask(query="homes")
    assert not Holding.objects.exists()
    ask(query="homes", key=plain)
    (held,) = Holding.objects.filter(partner=key.partner)
    assert (held.publication, held.version) == (publication.public_id, 1)


def test_a_key_that_opens_nothing_is_told_so() -> None:
    key, plain = factories.make_key()
    revoke_key(key, by="system")
    for sent in (plain, "ct_nothing", "AIza-of-google"):
        error = refused(ask(query="homes", key=sent), 400, "INVALID_ARGUMENT")
        assert error["details"][0]["reason"] == "API_KEY_INVALID"
        assert sent not in json.dumps(error)
    _key, blind = factories.make_key(scopes=["submit"])
    error = refused(ask(query="homes", key=blind), 403, "PERMISSION_DENIED")
    assert "read" in error["message"]


def test_without_a_key_one_may_ask_less_often(settings: Any) -> None:
    settings.FACTCHECK_SEARCH_RATE = "2/min"
    settings.TRUSTED_PROXIES = 1
    assert [ask(query="homes").status_code for _ in range(2)] == [200, 200]
    response = ask(query="homes")
    error = refused(response, 429, "RESOURCE_EXHAUSTED")
    assert "A key of ours allows more" in error["message"]
    assert 1 <= int(response["Retry-After"]) <= 60
    assert error["details"][0]["reason"] == "RATE_LIMIT_EXCEEDED"
    assert ask({"X-Forwarded-For": "203.0.113.9"}, query="homes").status_code == 200
    settings.API_PER_MINUTE = 1
    _key, plain = factories.make_key()
    assert ask(query="homes", key=plain).status_code == 200, "who has a key has the limits of that key"
    response = ask(query="homes", key=plain)
    error = refused(response, 429, "RESOURCE_EXHAUSTED")
    assert "key of ours" not in error["message"] and "RateLimit" in error["message"]
    assert 1 <= int(response["Retry-After"]) <= 60 and '"burst";r=0' in response["RateLimit"]


def test_other_addresses_and_methods_answer_in_the_same_shape() -> None:
    error = refused(Client().get("/factcheck/v1alpha1/claims:imageSearch"), 501, "UNIMPLEMENTED")
    assert "claims:search" in error["message"]
    for path in ("pages", "claims:search/", "claims"):
        refused(Client().get(f"/factcheck/v1alpha1/{path}"), 404, "NOT_FOUND")
    response = Client().post(SEARCH, {"query": "homes"})
    refused(response, 405, "UNIMPLEMENTED")
    assert response["Allow"] == "GET, HEAD"


def test_pages_of_other_sites_may_ask() -> None:
    assert ask(query="homes")["Access-Control-Allow-Origin"] == "*"
    assert ask(query="")["Access-Control-Allow-Origin"] == "*"


def test_as_many_queries_for_many_claims_as_for_few() -> None:
    counted = []
    for more in (3, 27):
        for n in range(more):
            publish(f"The city built {more}{n} homes")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert found(query="homes", pageSize=100)
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 2, counted


def test_no_log_line_holds_a_key() -> None:
    _key, plain = factories.make_key()
    line = masked(f"GET {SEARCH}?query=homes&key={plain} HTTP/1.1")
    assert plain.rpartition("_")[2] not in line and "query=homes" in line
