"""What partners send, and what they read of it."""

from __future__ import annotations

from typing import Any

import pytest

from claims.actions.ingest import accept_article, reject_article
from claims.models import Article, ExtractionRun
from claimtracker.accounts.models import Role
from claimtracker.api.v1.publication_serializers import PublicationSerializer
from claimtracker.jobs.models import Job
from claimtracker.ledger.models import AuditActor, AuditEntry
from claimtracker.partners.models import Partner
from reviews.actions.assignment import take_task
from reviews.actions.publishing import publish_verdict
from reviews.actions.verdicts import approve_verdict, submit_verdict
from tests.factories import (
    make_appearance,
    make_claim,
    make_evidence,
    make_partner,
    make_publication,
    make_rating,
    make_submission,
    make_task,
    make_user,
)

from .conftest import Asker, assert_problem

TEXT = "The harbour handled 4 million containers last year.\nThe port authority said so on Monday.\n"
PAGE = (
    "<html><head><title>Harbour grows</title></head><body><article><h1>Harbour grows</h1>"
    "<p>The harbour handled 4 million containers last year, the port authority said on Monday.</p>"
    "<p>It had handled 3.6 million the year before, and expects 4.2 million in the coming year.</p>"
    "<p>The authority will build a third terminal, its director told reporters at the quay.</p>"
    "</article></body></html>"
)


def pointers(problem: dict[str, Any]) -> dict[str, str]:
    return {error["pointer"]: error["detail"] for error in problem["errors"]}


def test_a_trusted_partner_s_article_is_taken_in(asker: Asker) -> None:
    sent = {
        "body": TEXT,
        "title": "Harbour grows",
        "byline": "Jo Park",
        "external_id": "wire-1",
        "url": "https://wire.example/harbour",
        "published_at": "2026-11-20T09:30:00+02:00",
        "language": "en",
    }
    response = asker.post("articles", sent)
    assert response.status_code == 201
    article = response.json()
    assert {name: article[name] for name in sent if name != "body"} | {"published_at": ""} == {
        **{name: value for name, value in sent.items() if name != "body"},
        "published_at": "",
    }
    assert article["published_at"] == "2026-11-20T07:30:00Z"
    assert (article["state"], article["version"]) == ("accepted", 1)
    assert article["extraction"] == {"state": "pending", "message": "", "claims_found": 0}
    assert response["Location"].endswith(f"/api/v1/articles/{article['id']}")

    row = Article.objects.get(public_id=article["id"])
    assert (row.origin, row.channel, row.desk) == ("partner:wire", "api", asker.partner.desk)
    assert Job.objects.filter(kind="claims.extract_article", object_id=row.versions.get().pk).count() == 1
    entry = AuditEntry.objects.about(row).get(verb="article.ingested")
    assert AuditActor.objects.get(ref=entry.actor_ref).label == "The Wire"


@pytest.mark.parametrize(
    "fact", [{}, {"published_at": "2026-11-20T10:30:00.123456+01:00", "byline": "B" * 300}]
)
def test_what_is_answered_at_once_is_what_is_read_later(asker: Asker, fact: dict[str, str]) -> None:
    taken = asker.post("articles", {"body": TEXT, "external_id": "x", "language": "en", **fact})
    assert taken.status_code == 201
    assert asker.get("articles").json()["results"] == [taken.json()]


def test_the_same_article_again_is_the_same_article(asker: Asker) -> None:
    sent = {"body": TEXT, "external_id": "wire-1"}
    first, again = asker.post("articles", sent), asker.post("articles", sent)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    assert Article.objects.count() == 1


def test_without_an_external_id_the_text_is_its_name(asker: Asker) -> None:
    first, again = asker.post("articles", {"body": TEXT}), asker.post("articles", {"body": TEXT})
    assert (first.status_code, again.status_code) == (201, 200)
    assert Article.objects.count() == 1


def test_another_text_under_the_same_external_id_is_the_next_version(asker: Asker) -> None:
    first = asker.post("articles", {"body": TEXT, "external_id": "wire-1", "title": "Wire"})
    changed = asker.post("articles", {"body": TEXT + " More.", "external_id": "wire-1", "title": "Wire"})
    assert (first.status_code, changed.status_code) == (201, 200)
    assert (first.json()["version"], changed.json()["version"]) == (1, 2)
    assert first.json()["id"] == changed.json()["id"]
    read = asker.get(f"articles/{changed.json()['id']}").json()
    assert read["body"] == TEXT + " More."
    assert read["extraction"]["state"] == "pending"
    again = asker.post("articles", {"body": TEXT + "  More.", "external_id": "wire-1", "title": "Wire"})
    assert (again.status_code, again.json()["version"]) == (200, 2)


def test_two_partners_may_use_the_same_external_id(asker: Asker) -> None:
    other = Asker(make_partner("other"))
    sent = {"body": TEXT, "external_id": "1"}
    assert asker.post("articles", sent).status_code == 201
    assert other.post("articles", sent).status_code == 201


def test_a_page_becomes_text(asker: Asker) -> None:
    response = asker.post("articles", {"html": PAGE, "url": "https://wire.example/harbour"})
    assert response.status_code == 201, response.content
    article = asker.get(f"articles/{response.json()['id']}").json()
    assert article["title"] == "Harbour grows"
    assert "3.6 million the year before" in article["body"]
    assert "<p>" not in article["body"]


def test_an_untrusted_partner_s_article_is_held(db: None) -> None:
    asker = Asker(make_partner("newcomer", is_trusted=False))
    moderator = make_user(Role.MODERATOR)
    response = asker.post("articles", {"body": TEXT, "external_id": "1"})
    assert (response.status_code, response.json()["state"]) == (201, "held")
    extraction = response.json()["extraction"]
    assert extraction["state"] == "pending"
    assert "A moderator has to accept this article first" in extraction["message"]
    assert not Job.objects.filter(kind="claims.extract_article").exists()

    article = Article.objects.get()
    reject_article(article, by=moderator, reason="This is an advertisement.")
    read = asker.get(f"articles/{article.public_id}").json()
    assert (read["state"], read["state_reason"]) == ("rejected", "This is an advertisement.")
    assert read["extraction"] == {
        "state": "refused", "message": "This is an advertisement.", "claims_found": 0,
    }  # fmt: skip
    accept_article(article, by=moderator)
    read = asker.get(f"articles/{article.public_id}").json()
    assert (read["state"], read["extraction"]["state"], read["extraction"]["message"]) == (
        "accepted", "pending", "",
    )  # fmt: skip
    assert Job.objects.filter(kind="claims.extract_article").count() == 1


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({}, {"#/body": "Send the article's text"}),
        ({"title": "Only a title"}, {"#/body": "Send the article's text"}),
        (
            {"url": "https://wire.example/a", "published_at": "soon"},
            {"#/published_at": "2026-11-20T09:30:00Z"},
        ),
        ({"body": TEXT, "html": PAGE}, {"#/html": "not both"}),
        ({"body": "   \n "}, {"#/body": "no text"}),
        ({"body": ""}, {"#/body": "must not be empty"}),
        ({"body": None}, {"#/body": "rather than sending null"}),
        ({"body": 5}, {"#/body": "JSON string"}),
        ({"body": "x" * 1_000_001}, {"#/body": "1,000,000"}),
        ({"html": "<html><body></body></html>"}, {"#/html": ""}),
        ({"body": TEXT, "url": "javascript:alert(1)"}, {"#/url": "Write it in full"}),
        ({"body": TEXT, "url": "ftp://a.example/b"}, {"#/url": "Write it in full"}),
        ({"body": TEXT, "published_at": "yesterday"}, {"#/published_at": "2026-11-20T09:30:00Z"}),
        ({"body": TEXT, "published_at": 17}, {"#/published_at": "2026-11-20T09:30:00Z"}),
        ({"body": TEXT, "language": "English"}, {"#/language": "en-GB"}),
        ({"body": TEXT, "title": "t" * 501}, {"#/title": "500"}),
        ({"body": TEXT, "tittle": "x", "a/b": 1}, {"#/tittle": "no such field", "#/a~1b": "no such field"}),
        ({"tittle": "x"}, {"#/tittle": "no such field", "#/body": "Send the article's text"}),
        ({"body": "", "tittle": "x"}, {"#/tittle": "no such field", "#/body": "must not be empty"}),
        (
            {"url": "nope", "tittle": "x"},
            {"#/url": "Write it in full", "#/tittle": "no such field"},
        ),
        ({"body": TEXT, "title": "a\x00b"}, {"#/title": "Null characters"}),
        ({"body": TEXT, "url": "nope", "language": "?"}, {"#/url": "", "#/language": ""}),
        ([], {"#": "object"}),
        ("text", {"#": "object"}),
    ],
)
def test_what_cannot_be_taken_in_names_the_field_and_the_mend(
    asker: Asker, sent: Any, expected: dict[str, str]
) -> None:
    problem = assert_problem(asker.post("articles", sent), 400)
    found = pointers(problem)
    assert set(found) == set(expected)
    for pointer, says in expected.items():
        assert says in found[pointer]
    assert not Article.objects.exists()


def test_the_article_says_how_its_extraction_went(asker: Asker) -> None:
    article = make_submission(asker.partner)
    version = article.versions.get()

    def extraction() -> dict[str, Any]:
        listed = asker.get("articles").json()["results"][0]["extraction"]
        assert asker.get(f"articles/{article.public_id}").json()["extraction"] == listed
        result: dict[str, Any] = listed
        return result

    refused = {"outcome": "refused", "message": "This text is in French; only English is read."}
    ExtractionRun.objects.create(version=version, extractor_version="1", **refused)
    assert extraction() == {"state": "refused", "message": refused["message"], "claims_found": 0}
    ExtractionRun.objects.create(version=version, extractor_version="2", outcome="extracted", claims_found=3)
    assert extraction() == {"state": "extracted", "message": "", "claims_found": 3}


def test_the_article_carries_its_claims_at_their_places(asker: Asker) -> None:
    article = make_submission(
        asker.partner, "Berlin grew – 😀 – by 4% in 2025, said Ann Lee. Rents fell by 2%, she said.\n"
    )
    first = make_claim("by 4% in 2025", article=article)
    second = make_claim("Rents fell by 2%", article=article, claimant="")
    read = asker.get(f"articles/{article.public_id}").json()
    assert [claim["id"] for claim in read["claims"]] == [str(first.public_id), str(second.public_id)]
    for claim in read["claims"]:
        assert read["body"][claim["start"] : claim["end"]] == claim["quote"]
        assert claim["review"] == {
            "status": "waiting", "publication": None, "rating": None, "url": None, "published_at": None,
        }  # fmt: skip
    assert [claim["claimant"] for claim in read["claims"]] == ["Ann Lee", ""]


def test_the_check_of_a_claim_is_told_without_its_verdict_until_it_is_public(asker: Asker) -> None:
    claim = make_claim(article=make_submission(asker.partner))

    def review() -> dict[str, Any]:
        listed = asker.get("claims").json()["results"][0]
        assert asker.get(f"claims/{claim.public_id}").json() == listed
        result: dict[str, Any] = listed["review"]
        return result

    assert review()["status"] == "waiting"
    checker, editor = make_user(Role.CHECKER), make_user(Role.EDITOR)
    task = take_task(make_task(claim), by=checker)
    assert review()["status"] == "in_review"

    make_evidence(claim, checker)
    verdict = submit_verdict(
        task,
        by=checker,
        rating=make_rating("false"),
        summary="The SECRET summary.",
        rationale="The SECRET reasons, spelt out line by line as the standards ask.",
    )
    assert review() == {
        "status": "in_review",
        "publication": None,
        "rating": None,
        "url": None,
        "published_at": None,
    }
    verdict = approve_verdict(verdict, by=editor, revision=verdict.revision)
    assert review()["status"] == "in_review"
    assert b"SECRET" not in asker.get(f"claims/{claim.public_id}").content
    publication = publish_verdict(verdict, by=editor)
    assert review()["status"] == "published"
    assert review()["publication"] == str(publication.public_id)
    assert review()["rating"] == "False"
    assert review()["url"] == publication.snapshot["url"]


def test_a_claim_shows_its_appearances_in_one_s_own_articles_only(asker: Asker, partner: Partner) -> None:
    claim = make_claim(
        "The river rose 2 metres", article=make_submission(partner, "The river rose 2 metres, they said.\n")
    )
    elsewhere = make_submission(
        make_partner("rival"), "SECRET: The river rose 2 metres, they said.\n"
    ).versions.get()
    start = elsewhere.body.index("The river")
    make_appearance(claim, elsewhere, start, start + len("The river rose 2 metres"))
    appearances = asker.get(f"claims/{claim.public_id}").json()["appearances"]
    assert [appearance["quote"] for appearance in appearances] == ["The river rose 2 metres"]
    assert len(appearances) == 1


def test_a_publication_is_its_snapshot(asker: Asker) -> None:
    publication = make_publication()
    read = asker.get(f"publications/{publication.public_id}").json()
    snapshot = publication.snapshot
    assert read["rating"] == snapshot["rating"]
    assert read["language"] == (snapshot["claim"].pop("language") or None)
    assert read["topics"] == snapshot["topics"]
    assert read["claim"] == snapshot["claim"]
    assert read["claimant"] == snapshot["claimant"]["name"]
    for item in snapshot["evidence"]:
        del item["source"]["id"]  # our own, by which a source that becomes confidential is found
        item["source"]["accessed_at"] = item["source"]["accessed_at"].replace("+00:00", "Z")
    assert read["evidence"] == snapshot["evidence"]
    assert (read["version"], read["is_superseded"]) == (1, False)
    assert asker.get("publications").json()["results"] == [read]


def test_lines_of_a_publication_end_alike(db: None) -> None:
    publication: Any = make_publication()
    publication.is_superseded = False
    publication.snapshot["rationale"] = "One.\r\nTwo.\rThree.\n"
    publication.snapshot["summary"] = "In short:\r\nno."
    publication.snapshot["evidence"][0]["quotation"] = "A quoted\r\npassage."
    given = PublicationSerializer(publication).data
    assert (given["rationale"], given["summary"]) == ("One.\nTwo.\nThree.\n", "In short:\nno.")
    assert given["evidence"][0]["quotation"] == "A quoted\npassage."


def test_a_claim_without_a_claimant_can_be_published(asker: Asker) -> None:
    publication = make_publication(claim=make_claim(claimant=""), rating="unproven")
    read = asker.get(f"publications/{publication.public_id}").json()
    assert read["claimant"] is None
    assert read["rating"]["value"] is None


def test_claim_review_is_json_ld(asker: Asker) -> None:
    publication = make_publication()
    path = f"publications/{publication.public_id}/claim-review"
    response = asker.get(path)
    assert response["Content-Type"] == "application/ld+json"
    assert response.json() == publication.claim_review
    plain = asker.get(path, Accept="application/json")
    assert plain["Content-Type"] == "application/json"
    assert plain.json() == publication.claim_review
