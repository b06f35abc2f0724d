"""Decisions on one verdict that meet: whoever comes second is told so, and nothing of both is ever mixed."""

from __future__ import annotations

import pytest
from django.utils import timezone

from claimtracker.accounts.models import Role, User
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from claimtracker.ledger.models import AuditEntry
from reviews.actions.assignment import take_task
from reviews.actions.blind_review import submit_blind_review
from reviews.actions.conflicts import declare_conflict
from reviews.actions.corrections import retract_publication
from reviews.actions.handover import give_task
from reviews.actions.publishing import publish_verdict
from reviews.actions.recheck import open_recheck
from reviews.actions.replies import log_contact
from reviews.actions.reply_decisions import set_reply_aside, show_reply
from reviews.actions.second_review import approve_verdict, dissent_from_verdict
from reviews.actions.verdicts import submit_verdict, take_back_verdict
from reviews.models import Publication, Reply, Review, ReviewTask, Verdict
from tests import factories
from tests.support.drills import drill_size
from tests.support.races import Outcome, forced_interleaving

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

ROUNDS = drill_size(3, long=6)
WORDS = {"summary": "A third of it is right.", "rationale": "The audited accounts list a third of the sum."}


def code_of(outcome: Outcome) -> str:
    """Why a side was refused; empty where it won. Any other error is a failure."""
    if outcome.won:
        return ""
    assert isinstance(outcome.error, ActionRefused), outcome.error
    return outcome.error.code


def codes(outcomes: tuple[Outcome, Outcome]) -> tuple[str, str]:
    return code_of(outcomes[0]), code_of(outcomes[1])


@pytest.fixture
def author() -> User:
    return factories.make_user()


@pytest.fixture
def editor() -> User:
    return factories.make_user(Role.EDITOR)


@pytest.fixture
def lead() -> User:
    return factories.make_user(Role.LEAD)


def test_a_proposal_that_is_sent_twice_is_one(author):
    rating = factories.make_rating()
    for _ in range(ROUNDS):
        task = factories.make_taken_task(author)
        factories.make_evidence(task.claim, author)

        def send(task: ReviewTask = task) -> Verdict:
            return submit_verdict(task, by=author, rating=rating, **WORDS)

        assert sorted(codes(forced_interleaving(send, send, over=task.claim))) == ["", "not_yours"]
        verdict = Verdict.objects.get(claim=task.claim)
        assert (verdict.revision, verdict.revisions.count()) == (1, 1)
        assert ReviewTask.objects.open().get(claim=task.claim).kind == "second_review"


def test_a_proposal_and_a_handover_of_its_task_never_both_happen(author, lead):
    rating, colleague = factories.make_rating(), factories.make_user()
    for _ in range(ROUNDS):
        task = factories.make_taken_task(author)
        factories.make_evidence(task.claim, author)
        outcomes = forced_interleaving(
            lambda task=task: submit_verdict(task, by=author, rating=rating, **WORDS),
            lambda task=task: give_task(task, by=lead, to=colleague, note="Go on from here."),
            over=task,
        )
        assert codes(outcomes) in [("", "not_open"), ("not_yours", "")]
        task.refresh_from_db()
        assert (task.state, task.assignee) == (("done", author) if outcomes[0].won else ("taken", colleague))
        assert Verdict.objects.filter(claim=task.claim).exists() == outcomes[0].won


def test_nobody_begins_to_review_what_its_author_takes_back(author, editor):
    for _ in range(ROUNDS):
        verdict = factories.make_submitted_verdict(author)
        task = ReviewTask.objects.get(claim=verdict.claim, kind="second_review")
        outcomes = forced_interleaving(
            lambda verdict=verdict: take_back_verdict(verdict, by=author),
            lambda task=task: take_task(task, by=editor),
            over=task,
        )
        assert sorted(outcome.won for outcome in outcomes) == [False, True], outcomes
        codes(outcomes)
        verdict.refresh_from_db()
        task.refresh_from_db()
        expected = ("draft", "cancelled") if outcomes[0].won else ("submitted", "taken")
        assert (verdict.state, task.state) == expected


def test_what_is_taken_back_is_not_approved(author, editor):
    for _ in range(ROUNDS):
        verdict = factories.make_submitted_verdict(author)
        outcomes = forced_interleaving(
            lambda verdict=verdict: take_back_verdict(verdict, by=author),
            lambda verdict=verdict: approve_verdict(verdict, by=editor, revision=1),
            over=verdict.claim,
        )
        assert codes(outcomes) in [("", "not_submitted"), ("not_submitted", "")]
        verdict.refresh_from_db()
        assert verdict.state == ("draft" if outcomes[0].won else "approved")


def test_who_declares_a_conflict_meanwhile_approves_before_or_not_at_all(author):
    """Whoever comes second knows of the first: the declaration finds nothing in hand, or the approval is
    refused with the reason."""
    for _ in range(ROUNDS):
        verdict, editor = factories.make_submitted_verdict(author), factories.make_user(Role.EDITOR)
        task = ReviewTask.objects.get(claim=verdict.claim, kind="second_review")
        take_task(task, by=editor)
        approved, declared = forced_interleaving(
            lambda verdict=verdict, editor=editor: approve_verdict(verdict, by=editor, revision=1),
            lambda verdict=verdict, editor=editor: declare_conflict(
                by=editor, kind="claim", claim=verdict.claim, reason="My sister wrote the accounts."
            ),
            over=task,
        )
        assert declared.won, declared.error
        task.refresh_from_db()
        if approved.won:
            assert (task.state, task.assignee) == ("done", editor)
        else:
            assert isinstance(approved.error, NotPermitted), approved.error
            assert approved.error.code == "conflict_of_interest"
            assert (task.state, task.assignee) == ("queued", None)
        assert Review.objects.filter(verdict=verdict).exists() == approved.won


def test_a_dissent_and_an_approval_never_both_happen(author, editor, lead):
    other = factories.make_rating("true")
    for _ in range(ROUNDS):
        verdict = factories.make_submitted_verdict(author)
        outcomes = forced_interleaving(
            lambda verdict=verdict: dissent_from_verdict(
                verdict, by=lead, revision=1, rating=other, reason="It is all right."
            ),
            lambda verdict=verdict: approve_verdict(verdict, by=editor, revision=1),
            over=verdict.claim,
        )
        assert codes(outcomes) in [("", "disputed"), ("not_submitted", "")]
        verdict.refresh_from_db()
        assert verdict.state == ("disputed" if outcomes[0].won else "approved")
        assert Review.objects.filter(verdict=verdict).count() == 1


@pytest.mark.parametrize("rating", ["false", "true"])
def test_a_blind_rating_is_heard_before_anybody_approves(settings, author, editor, rating):
    settings.REVIEW_BLIND_RATE = 1.0
    reader, given = factories.make_user(), factories.make_rating(rating)
    for _ in range(ROUNDS):
        verdict = factories.make_submitted_verdict(author)
        task = take_task(ReviewTask.objects.get(claim=verdict.claim, kind="blind_review"), by=reader)
        outcomes = forced_interleaving(
            lambda task=task: submit_blind_review(task, by=reader, rating=given, reason="The accounts."),
            lambda verdict=verdict: approve_verdict(verdict, by=editor, revision=1),
            over=verdict.claim,
        )
        late = "" if rating == "false" else "disputed"
        assert codes(outcomes) in [("", late), ("", "blind_open")]
        verdict.refresh_from_db()
        differs = "submitted" if rating == "false" else "disputed"
        assert verdict.state == ("approved" if outcomes[1].won else differs)


def test_of_two_who_ask_for_a_correction_one_opens_it(editor, lead):
    for _ in range(ROUNDS):
        claim = factories.make_publication().claim
        outcomes = forced_interleaving(
            lambda claim=claim: open_recheck(claim, by=editor, reason="A figure is wrong."),
            lambda claim=claim: open_recheck(claim, by=lead, reason="The office revised it."),
            over=claim,
        )
        assert sorted(codes(outcomes)) == ["", "already_open"]
        assert ReviewTask.objects.open().filter(claim=claim).count() == 1


def corrected(author: User, editor: User) -> Verdict:
    """The approved verdict of a correction that is not public yet."""
    first = factories.make_publication()
    task = take_task(open_recheck(first.claim, by=editor, reason="A figure is wrong."), by=author)
    verdict = submit_verdict(task, by=author, rating=factories.make_rating(), **WORDS)
    return approve_verdict(verdict, by=editor, revision=1)


def publish(verdict: Verdict, by: User, note: str = "The office revised it.") -> Publication:
    return publish_verdict(verdict, by=by, change="correction", change_note=note)


def test_of_two_corrections_at_once_one_goes_out(author, editor, lead):
    for _ in range(ROUNDS):
        verdict = corrected(author, editor)
        outcomes = forced_interleaving(
            lambda verdict=verdict: publish(verdict, editor, "A figure was wrong."),
            lambda verdict=verdict: publish(verdict, lead, "The office revised it."),
            over=verdict.claim,
        )
        assert sorted(codes(outcomes)) == ["", "already_published"]
        versions = Publication.objects.filter(claim=verdict.claim).order_by("number")
        assert [version.change for version in versions] == ["first", "correction"]
        told = AuditEntry.objects.filter(verb="publication.corrected", details__claim=verdict.claim_id)
        assert told.count() == 1


def test_a_retraction_and_a_correction_never_pass_each_other(author, editor, lead):
    """The lead takes back what was read, and no correction from before brings it back unread."""
    for _ in range(ROUNDS):
        verdict = corrected(author, editor)
        outcomes = forced_interleaving(
            lambda verdict=verdict: publish(verdict, editor),
            lambda verdict=verdict: retract_publication(
                verdict.claim, by=lead, version=1, note="The document was forged."
            ),
            over=verdict.claim,
        )
        assert codes(outcomes) in [("", "changed"), ("retracted_since", "")]
        last = Publication.objects.filter(claim=verdict.claim).order_by("number").last()
        assert last is not None
        assert (last.number, last.change) == (2, "correction" if outcomes[0].won else "retraction")


def test_what_two_leads_take_back_at_once_is_taken_back_once(lead):
    other = factories.make_user(Role.LEAD)
    for _ in range(ROUNDS):
        claim = factories.make_publication().claim
        outcomes = forced_interleaving(
            lambda claim=claim: retract_publication(claim, by=lead, version=1, note="It was forged."),
            lambda claim=claim: retract_publication(claim, by=other, version=1, note="It was forged."),
            over=claim,
        )
        assert sorted(codes(outcomes)) == ["", "already_retracted"]


@pytest.mark.parametrize("was_set_aside", [True, False])
def test_a_reply_is_quoted_by_this_version_or_asked_for_in_the_next(author, editor, lead, was_set_aside):
    """Nothing goes out past a reply that nobody read; one that was set aside and is shown after all is quoted
    or rechecked, never forgotten."""
    said = {"channel": "phone", "outcome": "replied", "words": "Not so.", "person": "Lee"}
    for _ in range(ROUNDS):
        verdict = factories.make_approved_verdict(author, editor)
        log_contact(verdict.claim, by=author, at=timezone.now(), **said)
        reply = Reply.objects.get(claim=verdict.claim)
        if was_set_aside:
            set_reply_aside(reply, by=editor, reason="Not to the matter.")
        outcomes = forced_interleaving(
            lambda reply=reply: show_reply(reply, by=editor),
            lambda verdict=verdict: publish_verdict(verdict, by=lead),
            over=verdict.claim,
        )
        asked = ReviewTask.objects.open().filter(claim=verdict.claim, cause="reply").exists()
        if outcomes[1].won:
            assert outcomes[0].won
            assert bool(outcomes[1].value.snapshot["right_of_reply"]["replies"]) != asked
            assert was_set_aside or not asked
        else:
            assert (codes(outcomes), was_set_aside, asked) == (("", "reply_unread"), False, False)
