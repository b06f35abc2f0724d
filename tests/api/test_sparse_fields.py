"""``fields`` chooses what an answer holds, everywhere in the same way."""

from __future__ import annotations

import pytest
import yaml
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.models import Article
from tests.factories import make_claim, make_correction, make_publication, make_submission

from .conftest import Asker, assert_problem
from .reading import queries_of
from .test_openapi import SNAPSHOT

pytestmark = pytest.mark.django_db

# answers whose form is another's standard
WITHOUT = {"read_annotations", "read_claim_review"}


@pytest.fixture
def addresses(asker: Asker) -> dict[str, str]:
    """By operation, an address with something behind it."""
    claim = make_claim(article=make_submission(asker.partner))
    article = claim.appearances.get().version.article
    publication = make_correction(make_publication(claim=claim))
    claimant = asker.get("claimants").json()["results"][0]["id"]
    return {
        "list_articles": "articles",
        "read_article": f"articles/{article.public_id}",
        "list_versions": f"articles/{article.public_id}/versions",
        "read_version": f"articles/{article.public_id}/versions/1",
        "list_claims": "claims",
        "read_claim": f"claims/{claim.public_id}",
        "list_appearances": f"claims/{claim.public_id}/appearances",
        "list_publications": "publications",
        "read_publication": f"publications/{publication.public_id}",
        "list_corrections": "corrections",
        "list_claimants": "claimants",
        "read_claimant": f"claimants/{claimant}",
        "list_rating_scales": "rating-scales",
        "read_rating_scale": "rating-scales/truth",
    }


def test_every_field_can_be_asked_for_alone(asker: Asker, addresses: dict[str, str]) -> None:
    for operation, path in addresses.items():
        whole = asker.get(path).json()
        is_list = operation.startswith("list_")
        row = whole["results"][0] if is_list else whole
        for name in row:
            answer = asker.get(f"{path}?fields={name}").json()
            shown = answer["results"][0] if is_list else answer
            assert shown == {name: row[name]}, (operation, name)
        two = list(row)[::-1][:2]
        answer = asker.get(f"{path}?fields={','.join(two)}").json()
        shown = answer["results"][0] if is_list else answer
        assert shown == {name: row[name] for name in two}, operation


def test_an_unknown_field_is_refused_and_the_known_ones_named(
    asker: Asker, addresses: dict[str, str]
) -> None:
    for path in addresses.values():
        for sent in ("nonsense", "", "id,", "id,,id", " id", "review.status"):
            problem = assert_problem(asker.get(f"{path}?fields={sent}"), 400, "Known are")
            assert problem["errors"][0]["parameter"] == "fields"
    detail = assert_problem(asker.get("claims?fields=nonsense"), 400)["detail"]
    assert "“nonsense”" in detail and "id, text, changes" in detail


def test_a_field_left_out_costs_no_query(asker: Asker, addresses: dict[str, str]) -> None:
    for path, cheap in (
        ("articles", "id,title"),
        ("publications", "id,published_at"),
        (addresses["read_article"], "id,title"),
        (addresses["read_publication"], "id,version"),
    ):
        asker.get(path)
        assert queries_of(asker, f"{path}?fields={cheap}") < queries_of(asker, path), path


def test_a_field_of_claims_left_out_is_not_looked_for(asker: Asker, addresses: dict[str, str]) -> None:
    for path in ("claims", addresses["read_claim"]):
        for fields, reads in (("id,text", False), ("review", True)):
            with CaptureQueriesContext(connection) as captured:
                assert asker.get(f"{path}?fields={fields}").status_code == 200
            assert any("reviews_publication" in query["sql"] for query in captured) == reads, (path, fields)


def test_a_text_is_not_read_where_nobody_asked_for_it(asker: Asker, addresses: dict[str, str]) -> None:
    path = addresses["read_article"]
    for fields, reads in (("id,claims", True), ("body", True), ("id,version", False), ("title", False)):
        with CaptureQueriesContext(connection) as captured:
            assert asker.get(f"{path}?fields={fields}").status_code == 200
        assert any('"body"' in query["sql"] for query in captured) == reads, fields


def test_every_reading_operation_takes_fields(addresses: dict[str, str]) -> None:
    schema = yaml.safe_load(SNAPSHOT.read_text(encoding="utf-8"))
    without = set()
    for item in schema["paths"].values():
        if operation := item.get("get"):
            names = {parameter["name"] for parameter in operation.get("parameters", [])}
            if "fields" not in names:
                without.add(operation["operationId"])
    assert not without & set(addresses)
    assert without >= WITHOUT


def test_what_is_sent_has_no_fields_to_choose(asker: Asker) -> None:
    sent = {"body": "The city spent 3 million on roads.\n"}
    assert_problem(asker.post("articles?fields=id", sent), 400, "no query parameter")
    assert not Article.objects.exists()
