"""The guide's examples of sending do what the guide says, against a live server, in every language."""

from __future__ import annotations

import re
import time

import pytest

import claims.tasks  # noqa: F401 - registers the jobs in this process
from claims.actions.check_requests import ask_for_check
from claims.models import Article, ArticleFetch, CheckRequest
from claimtracker.api.v1.submissions import sender_of
from claimtracker.partners.auth import PartnerPrincipal
from claimtracker.partners.models import Partner
from tests import factories

from .runs import Runs, until, work_off

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(120)]


def test_an_article_is_sent_and_sent_again(example: Runs) -> None:
    first, second = example.run("submit"), example.run("submit")
    article = Article.objects.get(external_id="gazette-4711")
    assert article.origin == "partner:gazette"
    for said, status in ((first, 201), (second, 200)):
        assert str(article.public_id) in said
        assert example.suffix == "sh" or said.startswith(f"{status} ")


def test_claims_are_waited_for(example: Runs) -> None:
    example.run("submit")
    article = Article.objects.get()
    with example.running("poll", ARTICLE=str(article.public_id)) as process:
        time.sleep(1.5)
        assert process.poll() is None, "it waits while they are looked for"
        work_off("claims.extract_article")
        said, _nothing = process.communicate(timeout=60)
    assert process.returncode == 0, said
    assert re.fullmatch(r"unchecked: .*900 homes.*\n", said) or "900 homes" in said, said


def test_what_is_held_is_not_waited_for(example: Runs) -> None:
    Partner.objects.update(is_trusted=False)
    example.run("submit")
    began = time.monotonic()
    said = example.gives_up("poll", ARTICLE=str(Article.objects.get().public_id))
    assert "held, pending: A moderator has to accept this article first" in said
    assert time.monotonic() - began < 30


def test_what_is_refused_is_not_waited_for(example: Runs) -> None:
    french = "Le conseil a construit 900 logements, a dit la maire Anne Lee mardi. " * 20
    article = factories.make_submission(example.partner, french)
    work_off("claims.extract_article")
    said = example.gives_up("poll", ARTICLE=str(article.public_id))
    assert re.search(r"accepted, refused: \w+", said), said


def test_an_address_is_enough(example: Runs) -> None:
    said = example.run("address", ARTICLE_URL="https://gazette.example/4711")
    fetch = ArticleFetch.objects.get()
    assert (fetch.url, said) == ("https://gazette.example/4711", f"pending {fetch.public_id}\n")
    fetch.state, fetch.message = ArticleFetch.State.FAILED, "The site has no page at this address."
    fetch.save()
    assert "failed, refused: The site has no page" in example.gives_up("poll", ARTICLE=str(fetch.public_id))


def test_many_go_in_one_request(example: Runs) -> None:
    with example.running("bulk") as process:
        until(lambda: process.poll() is not None or _taken_in())
        said, _nothing = process.communicate(timeout=60)
    assert process.returncode == 0, said
    good, bad = said.splitlines()
    assert good == "gazette-1: created"
    assert bad.startswith("gazette-2: failed, This must not be empty")


def _taken_in() -> bool:
    work_off("claims.work_off_batch")
    return Article.objects.filter(external_id="gazette-1").exists()


def test_an_article_is_changed_as_it_was_read(example: Runs) -> None:
    example.run("submit")
    id = str(Article.objects.get().public_id)
    assert example.run("change", ARTICLE=id) == "version 2: Council argues about homes, again\n"


def test_a_check_is_asked_for(example: Runs) -> None:
    said = example.run("request")
    request = CheckRequest.objects.get()
    assert said == f"received, 1 asked: {request.public_id}\n"
    assert example.run("request") == said, "the same wish is one"


def test_a_vote_counts_beside_another_partner_s(example: Runs) -> None:
    other = factories.make_partner("wire")
    text = "The harbour handled 4 million containers last year."
    ask_for_check(text, sender=sender_of(PartnerPrincipal(factories.make_key(other)[0])))
    assert example.run("vote") == f"2 asked: {text}\n"
