"""On the article's page: other words for a claim, two claims of one, one decision about several."""

from __future__ import annotations

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from claims import states
from claims.models import Appearance, Article, Claim
from claimtracker.accounts.models import Role, User
from reviews.models import ReviewTask, Rulebook
from reviews.models.review_task import TaskKind
from tests import factories

pytestmark = pytest.mark.django_db

BODY = (
    "Ann Lee said crime rose by 40% last year and rents fell by 3%.\n\nShe said crime rose by 40% last year."
)
WHOLE, FIRST, SECOND = "crime rose by 40% last year and rents fell by 3%", "rents fell by 3%", "Ann Lee said"


@pytest.fixture
def article() -> Article:
    return factories.make_article(BODY)


@pytest.fixture
def place(article: Article) -> Appearance:
    return factories.make_claim(WHOLE, article=article).appearances.get()


def adjust_url(place: Appearance) -> str:
    return reverse("web:claim_adjust", args=[place.version.article_id, place.pk])


def decide(client: Client, article: Article, decision: str, claims: list[Claim], words: str) -> list[str]:
    address = reverse("web:claims_decide", args=[article.pk])
    sent = {"decision": decision, "words": words, "claims": [claim.pk for claim in claims]}
    response = client.post(address, sent)
    assert response.status_code == 302
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_the_page_shows_the_words_in_their_text_and_keeps_what_is_chosen(signed_in, place):
    page = signed_in.get(adjust_url(place)).content.decode()
    assert f">\n{WHOLE}</textarea>" in page
    assert '<p data-start="0">Ann Lee said crime' in page
    response = signed_in.post(adjust_url(place), {"quote": FIRST, "text": "Rents fell.", "second_quote": ""})
    assert response.status_code == 302
    assert response["Location"].endswith(f"#claim-{place.pk}")
    place.refresh_from_db()
    assert (place.quote, place.claim.text) == (FIRST, "Rents fell.")


def test_without_a_script_the_words_are_looked_up_and_errors_keep_what_was_typed(signed_in, place):
    response = signed_in.post(adjust_url(place), {"quote": "crime rose by 40% last year", "text": "Keep me"})
    assert response.status_code == 422
    page = response.content.decode()
    assert "stand in the text 2 times" in page
    assert "Keep me</textarea>" in page
    start = BODY.index("crime")
    sent = {"quote": WHOLE[:27], "start": start, "end": start + 27, "second_quote": FIRST}
    assert signed_in.post(adjust_url(place), sent).status_code == 302
    assert {claim.text for claim in Claim.objects.all()} == {WHOLE[:27], FIRST}


def test_what_is_refused_stands_at_its_field(signed_in, place):
    sent = {"quote": WHOLE, "second_quote": FIRST}
    response = signed_in.post(adjust_url(place), sent)
    assert response.status_code == 422
    errors = response.context["form"].errors
    assert errors == {
        "second_quote": ["The words of the two claims overlap. Choose others for the second one."]
    }


def test_words_under_a_verdict_are_closed(client, place):
    author = factories.make_user()
    factories.make_submitted_verdict(author, claim=place.claim)
    client.force_login(author)
    page = client.get(adjust_url(place)).content.decode()
    assert "The verdict waits for approval" in page
    assert "<textarea" not in page
    assert client.post(adjust_url(place), {"quote": FIRST}).status_code == 403
    place.refresh_from_db()
    assert place.quote == WHOLE


@pytest.mark.parametrize(("role", "desk", "status"), [("reporter", "politics", 403), ("lead", "world", 404)])
def test_who_adjusts(client, place, role, desk, status):
    client.force_login(factories.make_user(role, factories.make_desk(desk)))
    assert client.post(adjust_url(place), {"quote": FIRST}).status_code == status


def test_several_are_dismissed_at_once_and_who_is_refused_is_named(signed_in, article, place):
    other = factories.make_claim(SECOND, article=article)
    author = factories.make_user()
    decided = factories.make_submitted_verdict(author, claim=factories.make_claim("Ann", article=article))
    claims = [place.claim, other, decided.claim]
    told = decide(signed_in, article, "dismiss", claims, "Of no consequence")
    assert told[0] == "2 claims are dismissed; you can restore each below."
    assert told[1].startswith("“Ann”: A verdict on this claim waits")
    assert Claim.objects.filter(state=states.DISMISSED).count() == 2


def test_several_are_to_be_checked_by_triage_or_by_a_word(signed_in, article, place):
    Rulebook.objects.create(pk=Rulebook.ONLY, first_step="triage")
    task = factories.make_task(factories.make_claim(SECOND, article=article))
    assert task.kind == TaskKind.TRIAGE
    told = decide(signed_in, article, "check", [place.claim, task.claim], "Many people shared it.")
    assert told == ["2 claims are to be checked."]
    assert ReviewTask.objects.get(claim=task.claim, kind=TaskKind.RESEARCH).state == "queued"
    assert set(Claim.objects.values_list("state", flat=True)) == {states.CONFIRMED}
    assert "decided already" in decide(signed_in, article, "check", [place.claim], "Again.")[-1]


def test_those_that_say_the_same_become_one_family(signed_in, article, place):
    other = factories.make_claim(SECOND, article=article)
    told = decide(signed_in, article, "same", [place.claim, other], "The same figure.")
    assert told == ["1 claim is in one family with the first."]
    assert Claim.objects.family_of(place.claim).count() == 2
    assert "at least two" in decide(signed_in, article, "same", [other], "Alone.")[-1]


@pytest.mark.parametrize(
    ("decision", "words", "says"),
    [("dismiss", " ", "Say why"), ("burn", "x", "Choose claims first"), ("", "x", "Choose claims first")],
)
def test_a_decision_needs_claims_and_words(signed_in, article, place, decision, words, says):
    assert says in decide(signed_in, article, decision, [place.claim], words)[0]
    assert "Choose claims first" in decide(signed_in, article, "dismiss", [], "Because.")[-1]
    assert Claim.objects.get().state == states.SUGGESTED


def test_claims_of_others_are_never_decided_about(client, article, place):
    elsewhere = factories.make_claim()
    client.force_login(factories.make_user(Role.REPORTER))
    told = decide(client, article, "dismiss", [place.claim, elsewhere], "Because.")
    assert len(told) == 1 and told[0].startswith(f"“{WHOLE}”: Only checkers")
    assert not Claim.objects.filter(state=states.DISMISSED).exists()


def test_the_rail_offers_it_to_who_may(
    signed_in: Client, client: Client, article: Article, place: Appearance
) -> None:
    factories.make_claim(SECOND, article=article)
    address = reverse("web:article_detail", args=[article.pk])
    page = signed_in.get(address).content.decode()
    assert page.count('name="claims"') == 2
    assert adjust_url(place) in page
    reporter: User = factories.make_user(Role.REPORTER)
    client.force_login(reporter)
    page = client.get(address).content.decode()
    assert 'id="decide"' not in page
    assert "/adjust/" not in page
