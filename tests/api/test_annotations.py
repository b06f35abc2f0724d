"""The claims of an article as W3C Web Annotations, by the API and as a file."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from claims.actions.curation import dismiss_claim
from claims.actions.following import follow_version
from claims.actions.versions import record_version
from claims.models import Article
from claims.sources import parse_text
from claimtracker.accounts.models import Role
from claimtracker.partners.models import Partner
from reviews.actions.corrections import retract_publication
from tests.factories import (
    make_claim,
    make_desk,
    make_partner,
    make_publication,
    make_submission,
    make_user,
)

from .conftest import Asker, assert_problem

SENTENCES = [f"The port of Norwood {number} handled {number} million tonnes." for number in range(12)]
TEXT = "\n".join(SENTENCES) + "\n"


def annotated(partner: Partner) -> Article:
    """An article of which one claim was checked, one was not, and one was dismissed."""
    article = make_submission(partner)
    checked = make_claim(article=article)
    make_publication(claim=checked)
    return article


def test_every_claim_has_its_words_and_its_place(asker: Asker) -> None:
    article = annotated(asker.partner)
    body = article.versions.get().body
    response = asker.get(f"articles/{article.public_id}/annotations")
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "application/ld+json"
    sent = response.json()
    assert sent["@context"][0] == "http://www.w3.org/ns/anno.jsonld"
    assert (sent["type"], sent["total"], sent["version"]) == ("AnnotationCollection", 1, 1)
    page = sent["first"]
    assert (page["type"], page["partOf"]) == ("AnnotationPage", sent["id"])
    (annotation,) = page["items"]
    quote, position = annotation["target"]["selector"]
    assert body[position["start"] : position["end"]] == quote["exact"]
    assert body.index(quote["prefix"] + quote["exact"] + quote["suffix"]) >= 0
    assert annotation["target"]["state"]["version"] == 1
    assert annotation["motivation"] == "assessing"
    assert annotation["body"][1]["value"]
    assert annotation["body"][2]["source"].startswith(settings.SITE_URL)
    assert len({one["id"] for one in page["items"]} | {sent["id"]}) == 2


def test_what_nobody_checked_is_described_and_what_was_dismissed_is_left_out(asker: Asker) -> None:
    article = make_submission(asker.partner, TEXT)
    make_claim(SENTENCES[0], article=article)
    dismissed = make_claim(SENTENCES[1], article=article)
    dismiss_claim(dismissed, by=make_user(Role.EDITOR, article.desk), reason="An opinion.")
    items = asker.get(f"articles/{article.public_id}/annotations").json()["first"]["items"]
    assert [one["motivation"] for one in items] == ["describing"]


def test_a_verdict_that_was_taken_back_assesses_nothing(asker: Asker) -> None:
    article = make_submission(asker.partner)
    publication = make_publication(claim=make_claim(article=article))
    lead = make_user(Role.LEAD, article.desk)
    retract_publication(publication.claim, by=lead, version=publication.number, note="The source erred.")
    (item,) = asker.get(f"articles/{article.public_id}/annotations").json()["first"]["items"]
    assert (item["motivation"], len(item["body"])) == ("describing", 1)


def test_a_version_is_asked_for_by_its_number(asker: Asker) -> None:
    article = annotated(asker.partner)
    path = f"articles/{article.public_id}/annotations"
    assert asker.get(f"{path}?version=1").json() == asker.get(path).json()
    assert_problem(asker.get(f"{path}?version=7"), 404)
    for value in ("0", "-1", "x", "1.5", "99999999999"):
        assert_problem(asker.get(f"{path}?version={value}"), 400, "whole number")


def test_a_verdict_assesses_only_the_words_that_were_checked(asker: Asker) -> None:
    """The next version reworded one claim and left the other: what was checked is said of the one alone."""
    article = make_submission(asker.partner, TEXT)
    claims = [make_claim(sentence, article=article) for sentence in SENTENCES[2:4]]
    for claim in claims:
        make_publication(claim=claim)
    changed = parse_text(TEXT.replace("handled 3 million", "handled 5 million"), title=article.title)
    follow_version(record_version(article, changed, by="system").version)

    def said(version: int) -> list[tuple[str, str]]:
        sent = asker.get(f"articles/{article.public_id}/annotations?version={version}").json()
        return [(one.get("fate", ""), one["motivation"]) for one in sent["first"]["items"]]

    assert said(1) == [("", "assessing"), ("", "assessing")]
    assert said(2) == [("unchanged", "assessing"), ("reworded", "describing")]


def test_another_partner_s_article_is_not_there(asker: Asker) -> None:
    article = make_submission(make_partner("other"))
    assert_problem(asker.get(f"articles/{article.public_id}/annotations"), 404)


@pytest.mark.parametrize("claims", [3, 12])
def test_the_number_of_queries_is_the_same_for_many_claims(
    asker: Asker, claims: int, django_assert_num_queries: Any
) -> None:
    article = make_submission(asker.partner, TEXT)
    for sentence in SENTENCES[:claims]:
        make_claim(sentence, article=article)
    path = f"articles/{article.public_id}/annotations"
    asker.get(path)
    with django_assert_num_queries(QUERIES):
        assert asker.get(path).json()["total"] == claims


QUERIES = 9  # one finds what is published of the text, which the partner's receipts take note of


def test_the_same_as_a_file_from_the_article_page(client: Client, asker: Asker) -> None:
    article = annotated(asker.partner)
    address = f"/articles/{article.pk}/annotations.jsonld"
    assert client.get(address).status_code == 302, "anonymous people sign in first"
    client.force_login(make_user(Role.REPORTER, make_desk("elsewhere")))
    assert client.get(address).status_code == 404
    client.force_login(make_user(Role.EDITOR, article.desk))
    response = client.get(address)
    assert response["Content-Type"] == "application/ld+json"
    assert response["Content-Disposition"] == f'attachment; filename="article-{article.pk}-version-1.jsonld"'
    sent = json.loads(response.content)
    by_key = asker.get(f"articles/{article.public_id}/annotations").json()
    assert sent["first"]["items"][0]["target"] == by_key["first"]["items"][0]["target"]
    assert client.get(f"{address}?version=9").status_code == 404
    assert client.get(f"{address}?version=x").status_code == 404
    assert address in client.get(f"/articles/{article.pk}/").content.decode()
