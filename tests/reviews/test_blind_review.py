"""Blind review: who is drawn, who may do it, what comes of it, and that nobody knows better before."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from claimtracker.accounts.models import Role, User
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from reviews import policies
from reviews.actions.adjudication import return_disputed
from reviews.actions.assignment import release_task, take_task
from reviews.actions.blind_review import submit_blind_review, waive_blind_review
from reviews.actions.deciding import record_review
from reviews.actions.second_review import approve_verdict, request_changes
from reviews.actions.verdicts import submit_verdict, take_back_verdict
from reviews.models import Review, ReviewTask, TaskHolder, Verdict
from reviews.sampling import draw, is_drawn, topic_in
from tests import factories

pytestmark = pytest.mark.django_db

REASON = "The accounts list a third of the sum."


@pytest.fixture(autouse=True)
def always(settings: Any) -> None:
    settings.REVIEW_BLIND_RATE = 1.0


@pytest.fixture
def author() -> User:
    return factories.make_user(name="Mara Okafor")


@pytest.fixture
def reader() -> User:
    return factories.make_user(name="Tom Reed")


@pytest.fixture
def editor() -> User:
    return factories.make_user(Role.EDITOR, name="Priya Raman")


def blind_task(verdict: Verdict) -> ReviewTask:
    return ReviewTask.objects.get(claim=verdict.claim, kind="blind_review")


def test_the_draw_is_the_same_each_time_and_unlike_with_another_key():
    names = [f"claim-{n}" for n in range(2000)]
    drawn = {name for name in names if is_drawn("key", name, rate=0.2)}
    assert drawn == {name for name in names if is_drawn("key", name, rate=0.2)}
    assert drawn <= {name for name in names if is_drawn("key", name, rate=0.3)}
    assert 320 < len(drawn) < 480  # 400 of 2000, within four deviations
    other = {name for name in names if is_drawn("another key", name, rate=0.2)}
    assert len(drawn & other) < 140  # 80 by chance
    assert draw("key", "claim-1") != draw("key", "claim-2")


def test_nothing_is_drawn_at_nought_and_everything_at_one():
    assert not any(is_drawn("key", str(n), rate=0) for n in range(500))
    assert all(is_drawn("key", str(n), rate=1) for n in range(500))


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("The Vaccine cuts deaths by half.", "vaccine"),
        ("Vaccines cut deaths.", ""),
        ("A climate-change tax is planned.", "climate change"),
        ("Nothing here.", ""),
    ],
)
def test_a_topic_is_found_as_words(text, topic):
    assert topic_in([text], ["vaccine", "climate change", " "]) == topic


@pytest.mark.parametrize(
    ("rate", "topics", "sampling"),
    [(0.0, [], "not_chosen"), (1.0, [], "chance"), (0.0, ["roads"], "topic")],
)
def test_the_rate_and_the_listed_topics_choose(settings, author, rate, topics, sampling):
    settings.REVIEW_BLIND_RATE, settings.REVIEW_BLIND_TOPICS = rate, topics
    verdict = factories.make_submitted_verdict(author)
    assert verdict.sampling == sampling
    is_open = ReviewTask.objects.filter(claim=verdict.claim, kind="blind_review").open().exists()
    assert is_open == (sampling != "not_chosen")


def test_it_is_drawn_once_for_each_verdict(settings, author, editor):
    settings.REVIEW_BLIND_RATE = 0.0
    verdict = factories.make_submitted_verdict(author)
    settings.REVIEW_BLIND_RATE = 1.0
    request_changes(verdict, by=editor, reason="Cite the accounts.")
    again = submit_verdict(
        ReviewTask.objects.open().get(),
        by=author,
        rating=factories.make_rating(),
        summary="A third of it.",
        rationale="The accounts say so, line by line.",
    )
    assert again.sampling == "not_chosen"
    assert not ReviewTask.objects.filter(kind="blind_review").exists()


def test_the_same_rating_lets_the_second_person_decide(author, reader, editor):
    verdict = factories.make_submitted_verdict(author)
    with pytest.raises(NotPermitted, match="Decide after it") as refused:
        approve_verdict(verdict, by=editor, revision=1)
    assert refused.value.code == "blind_open"
    task = take_task(blind_task(verdict), by=reader)
    review = submit_blind_review(task, by=reader, rating=factories.make_rating("false"), reason=REASON)
    assert (review.first_rating, review.rating, review.desk) == (
        verdict.rating,
        verdict.rating,
        verdict.claim.desk,
    )
    assert approve_verdict(verdict, by=editor, revision=1).approver == editor


def test_another_rating_goes_to_a_lead(author, reader):
    verdict = factories.make_submitted_verdict(author)
    task = take_task(blind_task(verdict), by=reader)
    submit_blind_review(task, by=reader, rating=factories.make_rating("true"), reason=REASON)
    verdict.refresh_from_db()
    open_task = ReviewTask.objects.open().get()
    assert (verdict.state, open_task.kind) == ("disputed", "adjudication")


def test_a_blind_review_has_a_rating_and_a_reason_of_who_has_it(author, reader):
    task = take_task(blind_task(factories.make_submitted_verdict(author)), by=reader)
    with pytest.raises(ActionRefused, match="how the sources lead you") as refused:
        submit_blind_review(task, by=reader, rating=factories.make_rating(), reason=" ")
    assert refused.value.field == "reason"
    with pytest.raises(NotPermitted, match="Take the blind review first"):
        submit_blind_review(task, by=factories.make_user(), rating=factories.make_rating(), reason=REASON)


def test_nobody_does_it_who_may_know_the_verdict(author, editor):
    verdict = factories.make_submitted_verdict(author)
    task = blind_task(verdict)
    second = take_task(ReviewTask.objects.get(kind="second_review"), by=editor)
    release_task(second, by=editor)
    moderator = factories.make_user(Role.CHECKER)
    moderator.is_superuser = True
    moderator.save()
    for person, sentence in (
        (author, "You proposed this verdict"),
        (editor, "you may know its verdict already"),
        (moderator, "Moderators see every verdict"),
        (factories.make_user(Role.REPORTER), "Only checkers"),
    ):
        with pytest.raises(NotPermitted, match=sentence):
            take_task(task, by=person)


def test_the_database_keeps_who_had_the_verdict_away_from_the_blind_review(author, editor):
    verdict = factories.make_submitted_verdict(author)
    second = take_task(ReviewTask.objects.get(kind="second_review"), by=editor)
    release_task(second, by=editor)
    assert TaskHolder.objects.filter(claim=verdict.claim, user=editor, kind="second_review").exists()
    for person, sentence in ((editor, "does not review it blind"), (author, "not review it blind")):
        with pytest.raises(IntegrityError, match=sentence), transaction.atomic():
            ReviewTask.objects.filter(pk=blind_task(verdict).pk).update(
                state="taken", assignee=person, lease_until=timezone.now()
            )


def test_who_reviews_blind_does_not_take_the_second_review_meanwhile(author):
    verdict = factories.make_submitted_verdict(author)
    editor = factories.make_user(Role.EDITOR)
    take_task(blind_task(verdict), by=editor)
    with pytest.raises(NotPermitted, match="Send your rating first"):
        take_task(ReviewTask.objects.get(kind="second_review"), by=editor)


def test_the_database_lets_nobody_approve_while_it_is_open(author, editor):
    verdict = factories.make_submitted_verdict(author)
    record_review(verdict, verdict.claim, None, by=editor, kind="second_review", outcome="approved")
    with (
        pytest.raises(IntegrityError, match="blind review of this claim is still open"),
        transaction.atomic(),
    ):
        Verdict.objects.filter(pk=verdict.pk).update(
            state="approved", approver=editor, approved_at=timezone.now()
        )


def test_a_lead_goes_on_without_it_with_a_reason(author, editor):
    verdict = factories.make_submitted_verdict(author)
    lead = factories.make_user(Role.LEAD)
    with pytest.raises(NotPermitted, match="Only leads"):
        waive_blind_review(blind_task(verdict), by=editor, reason="Nobody is there.")
    with pytest.raises(ActionRefused, match="Say why"):
        waive_blind_review(blind_task(verdict), by=lead, reason="")
    assert waive_blind_review(blind_task(verdict), by=lead, reason="Nobody is there.").state == "cancelled"
    assert approve_verdict(verdict, by=editor, revision=1).state == "approved"


def test_a_verdict_that_is_taken_back_asks_again(author, reader):
    verdict = factories.make_submitted_verdict(author)
    first = blind_task(verdict)
    take_back_verdict(verdict, by=author)
    first.refresh_from_db()
    assert first.state == "cancelled"
    submit_verdict(
        ReviewTask.objects.open().get(),
        by=author,
        rating=factories.make_rating("true"),
        summary="A third of it.",
        rationale="The accounts say so, line by line.",
    )
    task = take_task(ReviewTask.objects.open().get(kind="blind_review"), by=reader)
    submit_blind_review(task, by=reader, rating=factories.make_rating("true"), reason=REASON)
    assert Review.objects.get().revision == 2


def test_who_agreed_with_another_rating_has_not_agreed_with_this_one(author, reader):
    """Else an author could have the rating of the sources confirmed, take it back and propose another."""
    verdict = factories.make_submitted_verdict(author)
    submit_blind_review(
        take_task(blind_task(verdict), by=reader), by=reader, rating=verdict.rating, reason=REASON
    )
    words = {"summary": "A third of it.", "rationale": "The accounts say so, line by line."}
    take_back_verdict(verdict, by=author)
    submit_verdict(ReviewTask.objects.open().get(), by=author, rating=verdict.rating, **words)
    assert not ReviewTask.objects.open().filter(kind="blind_review").exists(), "better words, the same rating"
    verdict.refresh_from_db()
    take_back_verdict(verdict, by=author)
    submit_verdict(ReviewTask.objects.open().get(), by=author, rating=factories.make_rating("true"), **words)
    again = ReviewTask.objects.open().get(kind="blind_review")
    assert take_task(again, by=factories.make_user()).state == "taken"


def test_what_a_lead_returned_is_not_read_blind_a_second_time(author, reader):
    verdict, lead = factories.make_submitted_verdict(author), factories.make_user(Role.LEAD)
    submit_blind_review(
        take_task(blind_task(verdict), by=reader),
        by=reader,
        rating=factories.make_rating("true"),
        reason=REASON,
    )
    verdict.refresh_from_db()
    return_disputed(verdict, by=lead, revision=1, reason="Both overlook the second page.")
    task = ReviewTask.objects.open().get()
    submit_verdict(
        task,
        by=author,
        rating=verdict.rating,
        summary="A third.",
        rationale="The audited accounts say so on page 2.",
    )
    assert {task.kind for task in ReviewTask.objects.open()} == {"second_review"}


def test_only_those_who_cannot_be_asked_see_the_verdict(author, reader, editor):
    verdict = factories.make_submitted_verdict(author)
    claim_id = verdict.claim_id
    assert policies.may_see_verdict(author, claim_id)
    assert not policies.may_see_verdict(reader, claim_id)
    assert not policies.may_see_verdict(editor, claim_id)
    take_task(ReviewTask.objects.get(kind="second_review"), by=editor)
    assert policies.may_see_verdict(editor, claim_id)
    task = take_task(blind_task(verdict), by=reader)
    assert not policies.may_see_verdict(reader, claim_id)
    submit_blind_review(task, by=reader, rating=factories.make_rating(), reason=REASON)
    assert policies.may_see_verdict(reader, claim_id)
