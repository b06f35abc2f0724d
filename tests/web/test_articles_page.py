"""The article page: its text with the claims marked, what members do there, and who may see it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from claims import states
from claims.actions.ingest import reject_article
from claims.models import Article, Claim
from claimtracker.accounts.models import Role, User
from claimtracker.jobs.models import Job
from claimtracker.ledger import audit
from reviews.actions.assignment import take_task
from reviews.actions.withdrawing import withdraw_article
from tests import factories

from .conftest import STORY

pytestmark = pytest.mark.django_db
Read = Callable[[Article], Article]


def address(article: Article, name: str = "web:article_detail", *more: int) -> str:
    return reverse(name, args=[article.pk, *more])


def page_of(client: Client, article: Article, query: str = "") -> str:
    response = client.get(address(article) + query)
    assert response.status_code == 200
    return response.content.decode()


def queries_of(client: Client, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


# --- the text and its marks


def test_the_text_is_set_by_its_blocks_with_the_claims_marked(signed_in: Client, read: Read) -> None:
    article = read(factories.make_article(STORY, title="Council closes four libraries"))
    page = page_of(signed_in, article)
    assert page.count("<h1") == 1
    assert '<p class="byline"' in page
    appearances = list(article.versions.get().appearances.all())
    assert len(appearances) >= 3
    for appearance in appearances:
        assert f'id="span-{appearance.pk}"' in page
        assert f'id="claim-{appearance.pk}"' in page
        assert escape(appearance.quote) in page


def test_the_rail_is_ordered_by_text_or_by_score(signed_in: Client) -> None:
    article = factories.make_article("Weak claim here. Strong claim there.")
    weak = factories.make_claim("Weak claim here", article=article, score=0.2)
    strong = factories.make_claim("Strong claim there", article=article, score=0.9)
    dismissed = factories.make_claim("claim", article=article, score=1.0)
    Claim.objects.filter(pk=dismissed.pk).update(state="dismissed", dismissed_because="Opinion")

    def order(query: str) -> list[int]:
        response = signed_in.get(address(article) + query)
        return [card.claim.pk for card in response.context["page"].rail]

    assert order("") == [weak.pk, dismissed.pk, strong.pk]
    assert order("?order=score") == [strong.pk, weak.pk, dismissed.pk]
    assert order("?order=nonsense") == order("")


def test_why_who_and_where_it_waits_stand_on_the_card(signed_in: Client, checker: User) -> None:
    claim = factories.make_claim()
    factories.make_task(claim)
    article = claim.appearances.get().version.article
    page = page_of(signed_in, article)
    assert "A number: million" in page
    assert "Ann Lee, reported" in page
    assert "waits in the queue" in page
    assert reverse("reviews:claim_detail", args=[claim.pk]) in page
    take_task(claim.review_tasks.get(), by=checker)
    assert "with you" in page_of(signed_in, article)


def test_a_published_claim_shows_its_rating(signed_in: Client, checker: User) -> None:
    publication = factories.make_publication()
    article = publication.claim.appearances.get().version.article
    page = page_of(signed_in, article)
    assert "claim--published" in page
    assert publication.snapshot["rating"]["label"] in page


# --- while it is read, and when it cannot be


def test_the_page_waits_for_its_claims_and_is_replaced_when_they_are_there(
    signed_in: Client, read: Read
) -> None:
    article = factories.make_article(STORY)
    progress = address(article, "web:article_progress")
    waiting = page_of(signed_in, article)
    assert f'hx-get="{progress}?seen=queued"' in waiting
    htmx = {"HX-Request": "true"}
    assert signed_in.get(f"{progress}?seen=queued", headers=htmx).status_code == 204
    Job.objects.filter(object_id=str(article.versions.get().pk)).update(state="dead", cause="fault")
    assert "could not be found" in signed_in.get(f"{progress}?seen=queued", headers=htmx).content.decode()
    read(article)
    done = signed_in.get(f"{progress}?seen=dead", headers=htmx)
    assert (done["HX-Retarget"], done["HX-Reswap"]) == ("#reader", "outerHTML")
    assert done.content.decode().count('class="claim-card"') == article.versions.get().appearances.count()
    assert "hx-trigger" not in done.content.decode(), "it stops asking"


def test_how_many_are_before_it_is_said(signed_in: Client) -> None:
    factories.make_article()
    article = factories.make_article()
    assert "1 other is before it" in page_of(signed_in, article)


def test_a_held_submission_is_marked_and_cannot_be_worked_on(signed_in: Client) -> None:
    article = factories.make_article(held=True, origin="partner:wire")
    page = page_of(signed_in, article)
    assert "a moderator has to let it in" in page
    assert "data-mark-form" not in page
    sent = signed_in.post(address(article, "web:claim_add"), {"quote": "The city"})
    assert sent.status_code == 403
    moderator = factories.make_user(Role.MODERATOR)
    reject_article(article, by=moderator, reason="Not journalism")
    assert "Not journalism" in page_of(signed_in, article)


def test_what_its_sender_withdrew_says_so_and_so_do_its_claims(signed_in: Client) -> None:
    article = factories.make_article()
    claim = factories.make_claim(article=article, extractor_version="reader-1")
    withdraw_article(article, by=audit.partner_actor("partner:wire", "The Wire"))
    page = page_of(signed_in, article)
    assert "Its sender withdrew this article." in page
    assert "1 claim was withdrawn with it" in page
    assert "Withdrawn with the article, by its sender." in page
    assert "data-mark-form" not in page
    assert signed_in.post(address(article, "web:claim_add"), {"quote": "The city"}).status_code == 403
    workspace = signed_in.get(reverse("reviews:claim_detail", args=[claim.pk])).content.decode()
    assert "Who sent the article has withdrawn it" in workspace
    assert "withdrew the article, and this claim with it" in workspace
    listed = signed_in.get(reverse("web:article_list") + "?reading=withdrawn").content.decode()
    assert article.title in listed and "Its sender withdrew it" in listed
    rejected = signed_in.get(reverse("web:article_list") + "?reading=rejected").content.decode()
    assert article.title not in rejected


# --- marking a claim


def test_words_are_marked_by_their_code_points(signed_in: Client) -> None:
    article = factories.make_article("🙂 Prices rose 😀 by 9 per cent. Prices rose again.")
    body = article.versions.get().body
    start = body.index("Prices rose 😀")
    words = {"quote": "Prices rose", "start": start, "end": start + len("Prices rose")}
    response = signed_in.post(address(article, "web:claim_add"), {**words, "claimant": "Ann Lee"})
    claim = Claim.objects.get()
    appearance = claim.appearances.get()
    assert response["Location"] == f"{address(article)}#claim-{appearance.pk}"
    assert (appearance.start, appearance.quote, appearance.attribution) == (2, "Prices rose", "reported")
    assert str(claim.claimant) == "Ann Lee"
    assert claim.state == states.CONFIRMED


def test_typed_words_are_found_in_the_text(signed_in: Client) -> None:
    article = factories.make_article("The mayor spent\n8 million on roads.")
    signed_in.post(address(article, "web:claim_add"), {"quote": " spent 8  million "})
    assert Claim.objects.get().appearances.get().quote == "spent\n8 million"


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"quote": ""}, "Select the words"),
        ({"quote": "never said"}, "do not stand in the text"),
        ({"quote": "Prices rose"}, "2 times"),
        ({"quote": "Prices rose", "start": "900", "end": "950"}, "2 times"),
        ({"quote": "Prices rose", "start": "x", "end": "y"}, "2 times"),
    ],
)
def test_words_that_cannot_be_placed_are_refused_with_the_form_still_filled(
    signed_in: Client, sent: dict[str, str], says: str
) -> None:
    article = factories.make_article("Prices rose. Prices rose again.")
    response = signed_in.post(address(article, "web:claim_add"), {**sent, "claimant": "Ann Lee"})
    assert response.status_code == 422
    assert says in response.context["form"].errors["quote"][0]
    assert 'value="Ann Lee"' in response.content.decode()
    assert not Claim.objects.exists()


def test_the_same_words_are_not_marked_twice(signed_in: Client) -> None:
    claim = factories.make_claim()
    appearance = claim.appearances.get()
    article = appearance.version.article
    response = signed_in.post(address(article, "web:claim_add"), {"quote": appearance.quote})
    assert response.status_code == 422
    assert "already marked" in response.context["form"].errors["quote"][0]


# --- dismissing and restoring


def test_a_claim_is_dismissed_with_a_reason_and_restored(signed_in: Client) -> None:
    claim = factories.make_claim()
    factories.make_task(claim)
    article = claim.appearances.get().version.article
    dismiss = address(article, "web:claim_dismiss", claim.pk)
    missing = signed_in.post(dismiss, {"reason": " "}, follow=True)
    assert "Say why" in missing.content.decode()
    sent = signed_in.post(dismiss + "?order=score", {"reason": "An opinion"})
    assert sent["Location"] == f"{address(article)}?order=score#claim-{claim.appearances.get().pk}"
    claim.refresh_from_db()
    assert (claim.state, claim.review_tasks.get().state) == ("dismissed", "cancelled")
    page = page_of(signed_in, article)
    assert "Dismissed: An opinion" in page
    assert "claim-card--dismissed" in page
    signed_in.post(address(article, "web:claim_restore", claim.pk))
    claim.refresh_from_db()
    assert claim.state == "confirmed"


def test_a_claim_whose_verdict_waits_is_not_dismissed(signed_in: Client, checker: User) -> None:
    verdict = factories.make_submitted_verdict(checker)
    article = verdict.claim.appearances.get().version.article
    dismiss = address(article, "web:claim_dismiss", verdict.claim_id)
    assert dismiss not in page_of(signed_in, article)
    answer = signed_in.post(dismiss, {"reason": "An opinion"}, follow=True)
    assert "waits for approval" in answer.content.decode()


def test_a_claim_of_another_article_is_not_found_here(signed_in: Client) -> None:
    claim, other = factories.make_claim(), factories.make_article()
    sent = signed_in.post(address(other, "web:claim_dismiss", claim.pk), {"reason": "An opinion"})
    assert sent.status_code == 404


# --- who


@pytest.fixture
def ladder() -> dict[str, tuple[Client, int, int, int]]:
    """For each person: a client, and the status of reading, of marking and of dismissing."""
    people = {
        "anonymous": (None, 302, 302, 302),
        "another desk": (factories.make_user(Role.LEAD, factories.make_desk("world")), 404, 404, 404),
        "reporter": (factories.make_user(Role.REPORTER), 200, 302, 403),
        "moderator elsewhere": (
            factories.make_user(Role.MODERATOR, factories.make_desk("mods")),
            200,
            403,
            403,
        ),
        "checker": (factories.make_user(Role.CHECKER), 200, 302, 302),
    }
    factories.make_desk()
    rungs = {}
    for name, (person, *statuses) in people.items():
        client = Client()
        if person:
            client.force_login(person)
        rungs[name] = (client, *statuses)
    return rungs


@pytest.mark.parametrize("rung", ["anonymous", "another desk", "reporter", "moderator elsewhere", "checker"])
def test_who_may_read_mark_and_dismiss(ladder: dict[str, tuple[Client, int, int, int]], rung: str) -> None:
    client, reading, marking, dismissing = ladder[rung]
    claim = factories.make_claim()
    article = claim.appearances.get().version.article
    assert client.get(address(article)).status_code == reading
    assert client.get(address(article, "web:article_progress") + "?seen=queued").status_code in (reading, 204)
    marked = client.post(address(article, "web:claim_add"), {"quote": "the mayor Ann Lee said"})
    assert marked.status_code == marking
    assert Claim.objects.count() == (2 if (rung in ("reporter", "checker")) else 1)
    dismissed = client.post(address(article, "web:claim_dismiss", claim.pk), {"reason": "An opinion"})
    assert dismissed.status_code == dismissing
    claim.refresh_from_db()
    assert (claim.state == "dismissed") == (rung == "checker")
    if rung == "anonymous":
        assert dismissed["Location"].startswith(reverse("account_login"))


def test_a_desk_sees_an_article_for_a_claim_that_was_routed_to_it_and_only_that_claim(client: Client) -> None:
    world = factories.make_desk("world")
    article = factories.make_article("Prices rose by 9 per cent. Troops left the city.")
    theirs = factories.make_claim("Prices rose by 9 per cent", article=article)
    ours = factories.make_claim("Troops left the city", article=article)
    Claim.objects.filter(pk=ours.pk).update(desk=world)
    client.force_login(factories.make_user(Role.CHECKER, world))
    page = client.get(address(article)).context["page"]
    assert [card.claim.pk for card in page.cards] == [ours.pk]
    assert client.get(address(article, "web:claim_restore", theirs.pk))["Location"] == address(article)


def test_a_refusal_is_a_calm_page_with_its_sentence_and_a_way_back(client: Client) -> None:
    claim = factories.make_claim()
    article = claim.appearances.get().version.article
    client.force_login(factories.make_user(Role.REPORTER))
    refused = client.post(
        address(article, "web:claim_dismiss", claim.pk),
        {"reason": "An opinion"},
        headers={"Referer": f"http://testserver{address(article)}"},
    )
    assert refused.status_code == 403
    page = refused.content.decode()
    assert "Only checkers, editors and leads of the Politics desk can do this." in page
    assert f'href="{address(article)}"' in page
    foreign = client.post(
        address(article, "web:claim_dismiss", claim.pk),
        {"reason": "An opinion"},
        headers={"Referer": "https://evil.example/trap"},
    )
    assert "evil.example" not in foreign.content.decode()


def test_a_refusal_for_htmx_is_a_toast(client: Client) -> None:
    claim = factories.make_claim()
    article = claim.appearances.get().version.article
    client.force_login(factories.make_user(Role.REPORTER))
    toast = client.post(
        address(article, "web:claim_dismiss", claim.pk), {"reason": "x"}, headers={"HX-Request": "true"}
    )
    assert (toast.status_code, toast["HX-Retarget"]) == (409, "#toasts")
    assert "Only checkers" in toast.content.decode()
    assert "<html" not in toast.content.decode()


def test_a_session_that_ran_out_leads_htmx_to_the_sign_in_page(client: Client) -> None:
    article = factories.make_article()
    answer = client.get(address(article, "web:article_progress"), headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer["HX-Redirect"].startswith(reverse("account_login"))


# --- budgets


def test_the_page_asks_the_same_for_three_and_thirty_claims(signed_in: Client, checker: User) -> None:
    def article_with(count: int) -> Article:
        body = " ".join(f"Price number {n} rose." for n in range(count))
        article = factories.make_article(body)
        for n in range(count):
            claim = factories.make_claim(
                f"Price number {n} rose", article=article, claimant=f"Person {count} {n}"
            )
            task = factories.make_task(claim)
            if n == 0:
                take_task(task, by=checker)
        return article

    few, many = article_with(3), article_with(30)
    signed_in.get(address(few))
    assert queries_of(signed_in, address(few)) == queries_of(signed_in, address(many)) <= 21
