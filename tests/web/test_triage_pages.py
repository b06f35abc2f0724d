"""Triage on the claim's page and in the queue, and why a claim is where it is."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claims.models import Claim
from claimtracker.accounts.models import Role, User
from reviews.actions.assignment import take_task
from reviews.models import ReviewTask, Rulebook
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def triage(db: None) -> ReviewTask:
    Rulebook.objects.create(pk=Rulebook.ONLY, first_step="triage")
    return factories.make_task()


def page(claim: Claim) -> str:
    return f"/claims/{claim.pk}/"


def test_the_ladder(client: Client, triage: ReviewTask) -> None:
    path = page(triage.claim) + "triage/check/"
    sent = {"check-reason": "Many ask."}
    assert client.post(path, sent)["Location"].startswith("/account/login/")
    client.force_login(factories.make_user(Role.LEAD, factories.make_desk("world")))
    assert client.post(path, sent).status_code == 404
    client.force_login(factories.make_user(Role.REPORTER))
    refused = client.post(path, sent)
    assert refused.status_code == 403
    assert "Only checkers, editors and leads of the Politics desk decide on its triage." in refused.text
    client.force_login(factories.make_user())
    assert client.get(path)["Location"] == page(triage.claim)
    assert client.post(path, sent)["Location"] == page(triage.claim)
    triage.refresh_from_db()
    assert triage.state == "done"


def test_a_claim_is_checked_and_taken_at_once(signed_in: Client, checker: User, triage: ReviewTask) -> None:
    text = signed_in.get(page(triage.claim)).text
    assert "Check this claim" in text
    signed_in.post(
        page(triage.claim) + "triage/check/", {"check-reason": "Heard on three stations.", "check-take": "on"}
    )
    research = triage.claim.review_tasks.get(kind="research")
    assert (research.state, research.assignee) == ("taken", checker)
    text = signed_in.get(page(triage.claim)).text
    assert "Check this claim" not in text
    assert "Heard on three stations." in text
    assert "decided in triage: it is checked" in text


def test_a_missing_reason_is_asked_for_at_its_field(signed_in: Client, triage: ReviewTask) -> None:
    for verb, field in (("check", "check-reason"), ("dismiss", "triage-dismissal-reason")):
        response = signed_in.post(page(triage.claim) + f"triage/{verb}/", {field: " "})
        assert response.status_code == 422, verb
        assert f'id="id_{field}_error"' in response.text


def test_a_claim_is_dismissed_with_the_reason(signed_in: Client, triage: ReviewTask) -> None:
    signed_in.post(page(triage.claim) + "triage/dismiss/", {"triage-dismissal-reason": "A joke."})
    assert Claim.objects.get(pk=triage.claim_id).dismissed_because == "A joke."
    assert "decided in triage: it is not checked" in signed_in.get(page(triage.claim)).text


def test_a_claim_is_merged_by_number_or_address(signed_in: Client, triage: ReviewTask) -> None:
    known = factories.make_publication(claim=factories.make_claim(state="confirmed")).claim
    factories.make_strong_match(triage.claim, known=known.known_claim) if known.pk < triage.claim_id else None
    sent = {"triage-merge-other": f"http://x.example/claims/{known.pk}/", "triage-merge-note": "The same."}
    response = signed_in.post(page(triage.claim) + "triage/merge/", sent)
    assert response.status_code == 302
    assert Claim.objects.get(pk=triage.claim_id).canonical == known
    assert f"claim {known.pk} says the same" in signed_in.get(page(triage.claim)).text


@pytest.mark.parametrize("other", ["itself", "hidden", "999999", "nonsense", ""])
def test_a_claim_that_cannot_be_merged_into_is_said_at_the_field(
    signed_in: Client, triage: ReviewTask, other: str
) -> None:
    hidden = factories.make_claim(article=factories.make_article(desk=factories.make_desk("world")))
    number = {"itself": triage.claim_id, "hidden": hidden.pk}.get(other, other)
    sent = {"triage-merge-other": number, "triage-merge-note": "The same."}
    response = signed_in.post(page(triage.claim) + "triage/merge/", sent)
    assert response.status_code == 422
    assert 'id="id_triage-merge-other_error"' in response.text
    triage.refresh_from_db()
    assert triage.state == "queued"


def test_suggestions_stand_where_one_merges(signed_in: Client, triage: ReviewTask) -> None:
    later = factories.make_task()
    factories.make_match(later.claim, other=triage.claim)
    text = signed_in.get(page(later.claim)).text
    assert f'<a href="/claims/{triage.claim_id}/">#{triage.claim_id}</a>' in text


def test_somebody_was_faster(signed_in: Client, triage: ReviewTask) -> None:
    take_task(triage, by=factories.make_user(name="Ada Brandt"))
    response = signed_in.post(page(triage.claim) + "triage/check/", {"check-reason": "Many ask."})
    assert response.status_code == 409
    assert "Ada has this task already." in response.text
    assert "Many ask." in response.text


def test_without_triage_there_is_nothing_to_decide(signed_in: Client) -> None:
    task = factories.make_task()
    assert 'id="triage"' not in signed_in.get(page(task.claim)).text
    sent = {"check-reason": "Many ask."}
    assert signed_in.post(page(task.claim) + "triage/check/", sent).status_code == 404


def test_the_claim_page_says_why_it_is_here_and_what_makes_it_urgent(signed_in: Client) -> None:
    topic = factories.make_topic("Roads", ["roads"], harm=3)
    factories.make_rule(
        name="Streets", topics=[topic], lift=20, approval="lead", selection_reason="Roads matter to all."
    )
    task = factories.make_task()
    text = signed_in.get(page(task.claim)).text
    for said in (
        "Rule “Streets” (topic Roads)",
        "Priority 85 of 100",
        "Roads: grave",
        "rule “Streets”",
        "A lead of the desk has to approve.",
        "Roads matter to all.",
    ):
        assert said in text, said


def test_the_people_who_have_to_approve_are_named(signed_in: Client) -> None:
    editor = factories.make_user(Role.EDITOR, name="Ellen Marsh")
    factories.make_rule(approval="named", reviewers=[editor])
    assert (
        "Ellen Marsh or a lead of the desk has to approve."
        in signed_in.get(page(factories.make_task().claim)).text
    )


def test_a_person_says_to_readers_why_it_was_chosen(signed_in: Client, client: Client) -> None:
    claim = factories.make_task().claim
    path = page(claim) + "selection/"
    assert signed_in.post(path, {"selection-reason": ""}).status_code == 422
    signed_in.post(path, {"selection-reason": "The minister repeated it."})
    assert claim.route.__class__.objects.get(claim=claim).selection_reason == "The minister repeated it."
    client.force_login(factories.make_user(Role.REPORTER))
    assert client.post(path, {"selection-reason": "Because."}).status_code == 403


def test_readers_are_told_why_it_was_checked(client: Client) -> None:
    factories.make_rule(selection_reason="Roads matter to all.")
    publication = factories.make_publication()
    assert publication.snapshot["selection_reason"] == "Roads matter to all."
    text = client.get(f"/fact-checks/{publication.slug}/").text
    assert "Why we checked it" in text
    assert "Roads matter to all." in text


def test_editors_are_asked_why_it_was_chosen_before_it_goes_out(client: Client) -> None:
    verdict = factories.make_submitted_verdict(factories.make_user())
    client.force_login(factories.make_user(Role.EDITOR))
    asked = "Nobody has said why this claim was chosen."
    assert asked in client.get(page(verdict.claim)).text
    client.post(page(verdict.claim) + "selection/", {"selection-reason": "Many heard it."})
    assert asked not in client.get(page(verdict.claim)).text


def test_the_queue_says_what_makes_a_task_urgent(signed_in: Client) -> None:
    factories.make_task()
    assert "Priority 50: worth 40, fresh 10." in signed_in.get("/queue/").text


def test_many_suggestions_cost_the_same_queries(signed_in: Client, triage: ReviewTask) -> None:
    def cost(claim: Claim) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert signed_in.get(page(claim)).status_code == 200
        return len(queries)

    later = factories.make_task().claim
    factories.make_match(later, other=triage.claim)
    few = cost(later)
    more = [factories.make_claim() for _ in range(6)]
    last = factories.make_task().claim
    for claim in [triage.claim, *more]:
        factories.make_match(last, other=claim)
    assert cost(last) == few
