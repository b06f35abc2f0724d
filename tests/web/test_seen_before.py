"""The claim's page: what was seen before, what people do about it, and who may."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claims.actions.families import confirm_match, merge_families
from claims.models import Claim, ClaimMatch
from claimtracker.accounts.models import Role, User
from tests import factories
from tests.web.review_words import url
from tests.web.seen_before import decide, known

pytestmark = pytest.mark.django_db

AGAINST = {"part": "number", "agrees": False, "here": "1,400", "there": "1,200"}
FOR = {"part": "name", "agrees": True, "here": "Ann Lee", "there": "Ann Lee"}


@pytest.fixture
def checker() -> User:
    return factories.make_user(name="Mara Okafor")


@pytest.fixture
def signed_in(client: Client, checker: User) -> Client:
    client.force_login(checker)
    return client


@pytest.fixture
def claim() -> Claim:
    return factories.make_claim()


# --- what it shows


def test_nothing_known_teaches_what_would_stand_here(signed_in: Client, claim: Claim) -> None:
    page = signed_in.get(url(claim)).text
    assert "Nothing like it is known" in page
    assert "Bring it together with another claim" in page


def test_a_suggestion_shows_whose_finding_it_is_and_why(signed_in: Client, claim: Claim) -> None:
    factories.make_strong_match(claim, known=known(), reasons=[FOR, AGAINST], method_version="ranking-7")
    page = signed_in.get(url(claim)).text
    for words in (
        "Very likely the same",
        "Rated <strong>“Mostly False”</strong> by Snopes",
        "3 Jun 2026",
        "German",
        'href="https://snopes.example/roads"',
        'rel="noopener noreferrer external"',
        '<mark class="against">1,200</mark>',
        '<mark class="agrees">city spent</mark>',
        "ranking-7",
        "0.96",
    ):
        assert words in page, words
    (row,) = signed_in.get(url(claim)).context["likely"]
    assert row.reasons.against == ["1,200 there, 1,400 here"]
    assert row.reasons.agreeing == ["Both name Ann Lee"]


def test_our_own_earlier_claim_shows_how_far_it_has_come(signed_in: Client) -> None:
    waiting, published = factories.make_claim(), factories.make_claim()
    factories.make_publication(claim=published)
    claim = factories.make_claim()
    factories.make_match(claim, other=waiting, score=0.8)
    factories.make_match(claim, known=published.known_claim, score=0.7)
    first, second = signed_in.get(url(claim)).context["likely"]
    assert (first.who, first.stage.label, first.rating) == (f"Our claim {waiting.pk}", "Suggested", "")
    assert (second.who, second.rating, second.step) == (f"Our claim {published.pk}", "False", 1)
    assert second.link == url(published)


def test_the_most_likely_come_first_and_the_rest_is_folded(signed_in: Client, claim: Claim) -> None:
    for score in (0.61, 0.9, 0.7, 0.8):
        factories.make_match(claim, known=known(url=f"https://snopes.example/{score}"), score=score)
    page = signed_in.get(url(claim))
    assert [row.match.score for row in page.context["likely"]] == [0.9, 0.8, 0.7]
    assert "1 more that is less likely" in page.text
    assert "4 suggestions" in page.text


def test_lapsed_and_withdrawn_ones_are_not_shown(signed_in: Client, claim: Claim) -> None:
    lapsed = factories.make_match(claim, known=known())
    ClaimMatch.objects.filter(pk=lapsed.pk).update(state="lapsed")
    withdrawn = known(url="https://snopes.example/2")
    factories.make_match(claim, known=withdrawn)
    type(withdrawn).objects.filter(pk=withdrawn.pk).update(
        withdrawn_at=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC), withdrawn_because="A hoax."
    )
    assert signed_in.get(url(claim)).context["suggested"] == 0


def test_an_address_that_is_no_web_address_is_no_link(signed_in: Client, claim: Claim) -> None:
    match = factories.make_match(claim, known=known())
    type(match.known_claim).objects.update(url="javascript:alert(1)")
    page = signed_in.get(url(claim)).text
    assert "javascript:" not in page
    assert "by Snopes" in page


def test_markup_in_what_others_say_stays_text(signed_in: Client, claim: Claim) -> None:
    match = factories.make_match(
        claim,
        known=known(text="<b>city</b> spent", rating="<i>False</i>", publisher_name="<u>S</u>"),
        reasons=[{**AGAINST, "there": "<b>city</b>"}],
    )
    page = signed_in.get(url(match.claim)).text
    for markup in ("<b>", "<i>F", "<u>"):
        assert markup not in page


def test_a_later_claim_is_named_on_the_earlier_ones_page(signed_in: Client, claim: Claim) -> None:
    later = factories.make_claim()
    factories.make_match(later, other=claim)
    page = signed_in.get(url(claim)).text
    assert "Later claims that may say the same" in page
    assert f'href="{url(later)}#seen-before"' in page


def test_thirty_suggestions_and_members_cost_as_many_queries_as_three(
    signed_in: Client, checker: User, claim: Claim
) -> None:
    earlier = factories.make_claim()
    claim = factories.make_claim()
    published = factories.make_publication(claim=earlier).claim

    def add(number: int) -> None:
        for _ in range(number):
            factories.make_match(claim, known=factories.make_known_claim(), reasons=[FOR, AGAINST])
            sure = factories.make_match(claim, known=factories.make_known_claim())
            confirm_match(sure, by=checker)
            member = factories.make_claim()
            merge_families(member, into=published, by=checker, note="The same.")
            factories.make_another_appearance(member)
            factories.make_match(factories.make_claim(), other=claim)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert signed_in.get(url(claim)).status_code == 200
        return len(queries)

    merge_families(claim, into=published, by=checker, note="The same.")
    add(3)
    cost()
    few = cost()
    add(12)
    assert cost() == few


# --- deciding


def test_a_match_is_confirmed_with_a_note_and_taken_back(
    signed_in: Client, checker: User, claim: Claim
) -> None:
    match = factories.make_match(claim, known=known())
    answer = decide(signed_in, match, "same", note="Word for word.")
    assert answer["Location"] == f"{url(claim)}#seen-before"
    match.refresh_from_db()
    assert (match.state, match.decided_by, match.note) == ("confirmed", checker, "Word for word.")
    page = signed_in.get(url(claim))
    assert "Mara Okafor confirmed it" in page.text
    assert page.context["suggested"] == 0
    decide(signed_in, match, "undo")
    match.refresh_from_db()
    assert match.state == "proposed"


def test_a_rejected_match_is_folded_away_and_can_be_considered_again(signed_in: Client, claim: Claim) -> None:
    match = factories.make_match(claim, known=known())
    decide(signed_in, match, "not-the-same", note="Another year.")
    page = signed_in.get(url(claim)).text
    assert "1 is not the same" in page
    assert "Another year." in page
    assert "Consider it again" in page
    decide(signed_in, match, "undo")
    assert signed_in.get(url(claim)).context["suggested"] == 1


def test_a_confirmed_claim_of_ours_makes_a_family_and_undo_parts_it(signed_in: Client, claim: Claim) -> None:
    new = factories.make_claim()
    match = factories.make_match(new, other=claim)
    decide(signed_in, match, "same")
    page = signed_in.get(url(new))
    assert page.context["family_head"] == (f"One of 2 claims of this meaning; the first is claim {claim.pk}.")
    assert [row.claim for row in page.context["family_rows"]] == [claim, new]
    assert "Undo the match with claim" in page.text
    assert "the one that speaks for them" in signed_in.get(url(claim)).context["family_head"]
    decide(signed_in, match, "undo")
    match.refresh_from_db()
    new.refresh_from_db()
    assert (match.state, new.canonical) == ("proposed", None)


def test_somebody_elses_decision_is_a_sentence(signed_in: Client, claim: Claim) -> None:
    match = factories.make_match(claim, known=known())
    confirm_match(match, by=factories.make_user(name="Ben Aslan"))
    answer = decide(signed_in, match, "same")
    assert answer.status_code == 409
    assert "Ben Aslan confirmed this match already." in answer.text


LADDER = ["matches/{match}/same/", "matches/{match}/not-the-same/", "matches/{match}/undo/"]
LADDER += ["matches/{match}/review/", "verdict/carry-over/", "check-anyway/", "family/detach/"]
LADDER += ["family/merge/", "family/split/"]


def test_the_ladder_of_every_address(client: Client, claim: Claim) -> None:
    member = factories.make_claim()
    merge_families(member, into=claim, by=factories.make_user(), note="The same.")
    match = factories.make_match(member, known=known())
    confirm_match(match, by=factories.make_user())
    sent = {
        "detach-note": "No.",
        "merge-note": "Yes.",
        "merge-other": str(factories.make_claim().pk),
        "split-note": "No.",
        "split-claims": [str(member.pk)],
    }
    paths = [path.format(match=match.pk) for path in LADDER]
    for path in paths:
        assert client.post(url(member, path), sent)["Location"].startswith("/account/login/"), path
    client.force_login(factories.make_user(Role.LEAD, desk=factories.make_desk("world")))
    for path in paths:
        assert client.post(url(member, path), sent).status_code == 404, path
    client.force_login(factories.make_user(Role.REPORTER))
    for path in paths:
        answer = client.post(url(member, path), sent)
        assert answer.status_code in (403, 409), path
        assert "Only checkers, editors and leads" in answer.text, path
        assert client.get(url(member, path))["Location"] == url(member)
    member.refresh_from_db()
    match.refresh_from_db()
    assert (member.canonical, match.state) == (claim, "confirmed")


def test_a_reporter_reads_but_each_button_says_why_not(client: Client, claim: Claim) -> None:
    factories.make_match(claim, known=known())
    client.force_login(factories.make_user(Role.REPORTER))
    page = client.get(url(claim)).text
    assert (
        page.count('disabled title="Only checkers, editors and leads of the Politics desk can do this."') == 2
    )
    assert "With a note" not in page
    assert "Bring it together" not in page


def test_a_claim_of_another_desk_cannot_be_matched_by_who_does_not_see_it(client: Client) -> None:
    world = factories.make_desk("world")
    foreign = factories.make_claim(article=factories.make_article(desk=world))
    published = factories.make_publication(claim=foreign).claim
    claim = factories.make_claim()
    hidden = factories.make_match(claim, other=foreign)
    public = factories.make_match(claim, known=published.known_claim)
    client.force_login(factories.make_user())
    (row,) = client.get(url(claim)).context["likely"]
    assert (row.match, bool(row.decide)) == (public, False)
    assert "The other claim belongs to a desk whose work you do not see." in row.decide.reason
    assert decide(client, hidden, "same").status_code == 404
    assert decide(client, public, "same").status_code == 409
