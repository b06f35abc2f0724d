"""Search finds what one may see, marks the words, and costs the same for any number of hits."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.actions.curation import dismiss_claim
from claims.models import ArticleVersion, Claim
from claimtracker.accounts.models import Role
from claimtracker.kernel import full_text
from claimtracker.web.search import CHECK_WORDS, SOURCE_WORDS
from reviews.models import Publication, Source
from tests import factories

pytestmark = pytest.mark.django_db
ADDRESS = reverse("web:search")


def found(client: Client, words: str, **narrowed: str) -> dict[str, list[str]]:
    """The titles of the hits by kind."""
    response = client.get(ADDRESS, {"q": words, **narrowed})
    assert response.status_code == 200
    return {
        group.kind: ["".join(text for text, _hit in hit.title) for hit in group.hits]
        for group in response.context["groups"]
        if group.hits
    }


def claim_of(text: str) -> Claim:
    return factories.make_claim(text, article=factories.make_article(f"{text}, Ann Lee said.", title="News"))


def test_all_that_has_the_words_is_found_whatever_its_endings_and_accents(signed_in: Client) -> None:
    article = factories.make_article("The mayor of Kovač raised taxes again.", title="Budget night")
    factories.make_claim("raised taxes", article=article)
    publication = factories.make_publication(claim=factories.make_claim("The mayor", article=article))
    assert found(signed_in, "tax") == {"claims": ["raised taxes"], "articles": ["Budget night"]}
    assert found(signed_in, "kovac mayor") == {"articles": ["Budget night"]}
    assert found(signed_in, "mayor", kind="publications") == {"publications": ["The mayor"]}
    evidence = publication.claim.evidence.get()
    assert found(signed_in, evidence.source.title) == {"sources": [evidence.source.title]}


def test_phrases_and_words_to_leave_out(signed_in: Client) -> None:
    claim_of("crime rose")
    claim_of("rose gardens fell")
    assert found(signed_in, '"crime rose"')["claims"] == ["crime rose"]
    assert found(signed_in, "rose -crime")["claims"] == ["rose gardens fell"]


def test_hits_are_marked_and_nothing_of_a_text_is_run(signed_in: Client) -> None:
    factories.make_article("<script>alert(1)</script> The bridge cost 4 million & more.", title="Bridge <b>")
    page = signed_in.get(ADDRESS, {"q": "bridge"}).content.decode()
    assert '<mark class="hit">Bridge</mark> &lt;b&gt;' in page
    assert "4 million &amp; more" in page
    assert "<script>alert" not in page


def test_only_what_the_person_sees(client: Client) -> None:
    article = factories.make_article("Harbour dues doubled in May.", title="Harbour")
    factories.make_claim("Harbour dues doubled in May", article=article)
    client.force_login(factories.make_user(Role.CHECKER, factories.make_desk("world")))
    assert found(client, "harbour") == {}
    assert "Only what your desks see is searched" in client.get(ADDRESS, {"q": "harbour"}).content.decode()
    client.logout()
    assert client.get(ADDRESS, {"q": "harbour"}).status_code == 302


def test_what_is_confidential_is_found_by_nobody_else(client: Client) -> None:
    claim = factories.make_claim()
    lead, other = factories.make_user(Role.LEAD), factories.make_user(Role.CHECKER)
    factories.make_evidence(
        claim, lead, title="Zanzibar memo", is_confidential=True, confidential_because="A person at risk."
    )
    client.force_login(other)
    assert found(client, "zanzibar") == {}
    client.force_login(lead)
    assert list(found(client, "zanzibar")) == ["sources"]


def test_it_is_narrowed_by_kind_desk_time_and_state(signed_in: Client, checker) -> None:
    one = claim_of("Rents rose in spring")
    claim_of("Rents rose in autumn")
    dismiss_claim(one, by=checker, reason="An opinion.")
    assert found(signed_in, "rents", kind="claims", state="dismissed") == {"claims": ["Rents rose in spring"]}
    assert len(found(signed_in, "rents", kind="claims", desk="politics", since="day")["claims"]) == 2
    assert found(signed_in, "rents", desk="nowhere") == {}
    assert found(signed_in, "rents", kind="sources") == {}
    assert len(found(signed_in, "rents", kind="nonsense", since="century", state="x")["claims"]) == 2


def test_only_the_newest_text_of_an_article_is_found(signed_in: Client) -> None:
    article = factories.make_article("The old wharf stays.", title="Harbour")
    factories.make_version(article, "The new pier stays.")
    assert found(signed_in, "wharf stays") == {}
    assert list(found(signed_in, "pier")) == ["articles"]


def test_one_kind_is_paged_and_the_count_says_where_it_stops(signed_in: Client) -> None:
    article = factories.make_article("\n".join(f"Bus {n} was late." for n in range(27)))
    for n in range(27):
        factories.make_claim(f"Bus {n} was late", article=article)
    page = signed_in.get(ADDRESS, {"q": "bus", "kind": "claims"})
    (group,) = page.context["groups"]
    assert (len(group.hits), group.count) == (25, 27)
    older = signed_in.get(ADDRESS + group.older_url).context["groups"][0]
    assert len(older.hits) == 2
    (first,) = [
        group for group in signed_in.get(ADDRESS, {"q": "bus"}).context["groups"] if group.kind == "claims"
    ]
    assert len(first.hits) == 5


def test_it_costs_the_same_for_any_number_of_hits(signed_in: Client) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert signed_in.get(ADDRESS, {"q": "mayor"}).status_code == 200
        return len(captured)

    def one_more() -> None:
        number = Claim.objects.count()
        factories.make_publication(claim=claim_of(f"The mayor spoke {number} times"))

    one_more()
    before = cost()
    for _ in range(3):
        one_more()
    assert cost() == before


@pytest.mark.parametrize("words", ["", "   ", "'", "a & | !b:*", "\x00", "(", '"', "-", "x" * 5000])
def test_anything_may_be_typed(signed_in: Client, words: str) -> None:
    assert signed_in.get(ADDRESS, {"q": words}).status_code == 200
    assert signed_in.get(reverse("web:palette"), {"q": words}).status_code == 200


def test_the_palette_finds_while_one_types(signed_in: Client) -> None:
    claim_of("Harbour dues doubled in May")
    page = signed_in.get(reverse("web:palette"), {"q": "harb dou"}).content.decode()
    assert '<mark class="hit">Harbour</mark> dues <mark class="hit">doubled</mark>' in page
    assert f"{ADDRESS}?q=harb%20dou" in page


@pytest.mark.parametrize(
    ("rows", "index"),
    [
        (Claim.objects.alias(document=full_text.document("text")), "claim_by_stems"),
        (Source.objects.alias(document=full_text.document(*SOURCE_WORDS)), "source_by_words"),
        (Publication.objects.alias(document=full_text.document(*CHECK_WORDS)), "publication_by_words"),
        (ArticleVersion.objects.alias(document=full_text.long_document("title", "body")), "version_by_words"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_filters_are_the_expressions_of_the_indexes(rows: Any, index: str) -> None:
    """With scans forbidden, the plan uses it: of a handful of rows it would not be worth it."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_indexscan = off")
    assert index in rows.filter(document=full_text.query("mayor")).order_by().values("pk").explain()
