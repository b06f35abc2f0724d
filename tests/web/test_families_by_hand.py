"""The claim's page: families by hand, and what a confirmed match is good for."""

from __future__ import annotations

import pytest
from django.test import Client

from claims.actions.families import confirm_match, merge_families, reject_match
from claims.models import Claim
from claimtracker.accounts.models import Membership, Role, User
from reviews.models import Evidence, ReviewTask, Verdict
from tests import factories
from tests.web.review_words import url
from tests.web.seen_before import decide, known, post

pytestmark = pytest.mark.django_db


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


# --- families by hand


def test_families_are_merged_by_number_or_address(signed_in: Client, claim: Claim) -> None:
    one, two = factories.make_claim(), factories.make_claim()
    for other, given in ((one, f"#{one.pk}"), (two, f"https://claims.example/claims/{two.pk}/#family")):
        answer = (
            post(
                signed_in, other, "family/merge/", **{"merge-other": str(claim.pk), "merge-note": "The same."}
            )
            if other == one
            else post(signed_in, claim, "family/merge/", **{"merge-other": given, "merge-note": "The same."})
        )
        assert answer.status_code == 302, answer.text
    assert set(claim.members.all()) == {one, two}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("", "Give the other claim"),
        ("the tram one", "not the number or the address"),
        ("999999", "no claim 999999 that you see"),
    ],
)
def test_what_cannot_be_merged_keeps_what_was_typed(
    signed_in: Client, claim: Claim, given: str, says: str
) -> None:
    answer = post(signed_in, claim, "family/merge/", **{"merge-other": given, "merge-note": "Said twice."})
    assert answer.status_code == 422
    assert says in answer.text
    assert "Said twice." in answer.text


def test_a_claim_is_detached_with_a_reason(signed_in: Client, checker: User, claim: Claim) -> None:
    member = factories.make_claim()
    merge_families(member, into=claim, by=checker, note="The same.")
    assert post(signed_in, member, "family/detach/", **{"detach-note": ""}).status_code == 422
    assert post(signed_in, member, "family/detach/", **{"detach-note": "Another year."}).status_code == 302
    member.refresh_from_db()
    assert member.canonical is None


def test_ticked_claims_are_split_off(signed_in: Client, checker: User, claim: Claim) -> None:
    members = [factories.make_claim() for _ in range(3)]
    for member in members:
        merge_families(member, into=claim, by=checker, note="The same.")
    none = post(signed_in, claim, "family/split/", **{"split-note": "Another year."})
    assert none.status_code == 422
    assert "Tick the claims that leave." in none.text
    assert "Another year." in none.text
    ticked = {"split-claims": [str(one.pk) for one in members[1:]]}
    silent = post(signed_in, claim, "family/split/", **{"split-note": "", **ticked})
    assert silent.context["family_rows"][-1].is_ticked
    assert (
        post(signed_in, claim, "family/split/", **{"split-note": "Another year.", **ticked}).status_code
        == 302
    )
    assert [Claim.objects.get(pk=one.pk).canonical for one in members] == [claim, None, members[1]]


# --- what a confirmed one is good for


def test_their_review_becomes_a_source_once(signed_in: Client, checker: User, claim: Claim) -> None:
    match = factories.make_match(claim, known=known())
    assert decide(signed_in, match, "review").status_code == 409
    confirm_match(match, by=checker)
    assert decide(signed_in, match, "review")["Location"] == f"{url(claim)}#evidence"
    evidence = Evidence.objects.get(claim=claim)
    assert (evidence.stance, evidence.source.publisher) == ("context", "Snopes")
    assert "Their review is on the board" in signed_in.get(url(claim)).text


def test_a_published_verdict_of_the_family_fills_the_draft(signed_in: Client, checker: User) -> None:
    published = factories.make_publication().claim
    claim = factories.make_claim()
    confirm_match(factories.make_match(claim, known=published.known_claim), by=checker)
    page = signed_in.get(url(claim))
    assert "Take the claim&#x27;s research task first" in page.text
    assert "another of its family is checked or in hand" in page.text
    assert post(signed_in, claim, "check-anyway/").status_code == 302
    assert ReviewTask.objects.get(claim=claim).assignee == checker
    assert post(signed_in, claim, "verdict/carry-over/").status_code == 302
    verdict = Verdict.objects.get(claim=claim)
    assert (verdict.state, verdict.rating.slug) == ("draft", "false")
    page = signed_in.get(url(claim))
    assert f"The draft began with the verdict on claim {published.pk}." in page.text
    assert page.context["panel"] == "write"


def test_a_member_of_two_desks_sees_who_is_hidden_from_others(client: Client, claim: Claim) -> None:
    world = factories.make_desk("world")
    both, politics = factories.make_user(), factories.make_user()
    Membership.objects.create(user=both, desk=world, role=Role.CHECKER)
    abroad = factories.make_article(desk=world)
    foreign = factories.make_claim(article=abroad, text="The river rose by a metre in one night")
    merge_families(foreign, into=claim, by=both, note="The same.")
    client.force_login(politics)
    page = client.get(url(claim))
    assert "1 claim is at a desk whose work you do not see." in page.text
    assert foreign.text not in page.text
    client.force_login(both)
    assert foreign.text in client.get(url(claim)).text


def test_a_rejection_stays_readable_for_everybody(client: Client, checker: User, claim: Claim) -> None:
    reject_match(factories.make_match(claim, known=known()), by=checker, note="Another country.")
    client.force_login(factories.make_user(Role.REPORTER))
    page = client.get(url(claim)).text
    assert "Mara Okafor rejected it" in page
    assert "Another country." in page
