"""What becomes of a partner's wish inside."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from claims import states
from claims.actions.check_requests import accept_request, ask_for_check, decline_request, vote_for_request
from claims.actions.curation import dismiss_claim
from claims.actions.submitting import Sender
from claims.models import Article, CheckRequest, Claim, MatchEntry, RequestVote
from claimtracker.accounts.models import Role, User
from claimtracker.jobs.models import Job
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from claimtracker.ledger import audit
from claimtracker.ledger.models import AuditEntry, OutboxEvent
from reviews.actions.priority import weigh_after
from reviews.actions.routing import route_claim
from reviews.models import ReviewTask
from tests.factories import make_claim, make_desk, make_publication, make_user
from tests.support.races import forced_interleaving

TEXT = "The harbour handled 4 million containers last year."


def sender(name: str = "wire") -> Sender:
    return Sender(f"partner:{name}", audit.partner_actor(f"partner:{name}", name.capitalize()))


@pytest.fixture
def moderator(db: None) -> User:
    make_desk()
    return make_user(Role.MODERATOR)


@pytest.fixture
def request_(db: None) -> CheckRequest:
    return ask_for_check(TEXT, sender=sender(), url="https://social.example/81").request


def test_it_becomes_a_claim_of_its_own(request_: CheckRequest, moderator: User) -> None:
    accepted = accept_request(request_, by=moderator)
    claim = accepted.claim
    assert claim is not None
    assert (claim.text, claim.state) == (TEXT, states.CONFIRMED)
    place = claim.appearances.get()
    assert place.quote == place.version.body == TEXT
    article = Article.objects.get()
    assert article.origin == "requests"
    assert OutboxEvent.objects.filter(type="claim.extracted", subject_id=str(claim.pk)).exists()
    assert MatchEntry.objects.filter(claim=claim).exists()
    assert AuditEntry.objects.get(verb="request.accepted").details == {"claim": claim.pk}


def test_reading_its_text_makes_no_second_claim_of_it(request_: CheckRequest, moderator: User) -> None:
    from claims.actions.extraction import analyse_version, record_extraction

    accept_request(request_, by=moderator)
    version = Article.objects.get().versions.get()
    record_extraction(version, analysis=analyse_version(version))
    assert Claim.objects.count() == 1


def test_where_a_partner_met_it_is_not_made_public(request_: CheckRequest, moderator: User) -> None:
    claim = accept_request(request_, by=moderator).claim
    assert claim is not None
    assert Article.objects.get().url == ""
    publication = make_publication(claim=claim)
    assert "social.example" not in str([publication.snapshot, publication.claim_review])
    assert publication.snapshot["appearances"] == []
    assert request_.votes.get().url == "https://social.example/81", "moderators read it"


def test_what_was_declined_after_all_is_accepted_as_the_same_claim(
    request_: CheckRequest, moderator: User
) -> None:
    first = accept_request(request_, by=moderator).claim
    assert first is not None
    decline_request(request_, by=moderator, reason="An opinion.")
    vote_for_request(request_, sender=sender("echo"))
    again = accept_request(request_, by=moderator)
    assert (again.state, again.claim, again.reason) == (states.ACCEPTED_REQUEST, first, "")
    assert (Claim.objects.count(), Article.objects.count()) == (1, 1)


def test_nor_is_it_taken_for_a_claim_that_it_was_linked_to(request_: CheckRequest, moderator: User) -> None:
    linked = make_claim()
    accept_request(request_, by=moderator, claim=linked)
    decline_request(request_, by=moderator, reason="Another matter.")
    own = accept_request(request_, by=moderator).claim
    assert own is not None
    assert (own.text, own == linked) == (TEXT, False)


def test_its_own_claim_may_have_been_dismissed_meanwhile(request_: CheckRequest, moderator: User) -> None:
    claim = accept_request(request_, by=moderator).claim
    assert claim is not None
    decline_request(request_, by=moderator, reason="An opinion.")
    dismiss_claim(claim, by=make_user(Role.EDITOR, claim.desk), reason="An opinion.")
    with pytest.raises(ActionRefused, match=r"was dismissed\. Restore it first"):
        accept_request(request_, by=moderator)


def test_it_is_linked_to_a_claim_that_we_have(request_: CheckRequest, moderator: User) -> None:
    claim = make_claim()
    assert accept_request(request_, by=moderator, claim=claim).claim == claim
    assert Claim.objects.count() == 1


def test_not_to_one_that_was_set_aside(request_: CheckRequest, moderator: User) -> None:
    claim = make_claim()
    dismiss_claim(claim, by=make_user(Role.EDITOR, claim.desk), reason="Nothing to check.")
    with pytest.raises(ActionRefused, match="Restore it first"):
        accept_request(request_, by=moderator, claim=claim)
    request_.refresh_from_db()
    assert request_.state == states.RECEIVED_REQUEST


@pytest.mark.parametrize(
    "put",
    [{"state": "dismissed", "dismissed_because": "No."}, {"state": "withdrawn", "withdrawn_by": "rules-2"}],
)
def test_why_not_is_said_in_the_person_s_language(
    request_: CheckRequest, moderator: User, put: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = make_claim()
    Claim.objects.filter(pk=claim.pk).update(**put)
    monkeypatch.setattr("django.utils.translation._trans.gettext", str.upper)
    with pytest.raises(ActionRefused) as refused:
        accept_request(request_, by=moderator, claim=claim)
    assert (refused.value.reason, refused.value.code) == (refused.value.reason.upper(), "set_aside")


def test_moderators_decide_and_say_why_not(request_: CheckRequest, moderator: User) -> None:
    lead = make_user(Role.LEAD)
    with pytest.raises(NotPermitted):
        accept_request(request_, by=lead)
    with pytest.raises(NotPermitted):
        decline_request(request_, by=lead, reason="No.")
    with pytest.raises(ActionRefused, match="Say why"):
        decline_request(request_, by=moderator, reason=" ")
    decline_request(request_, by=moderator, reason="An opinion.")
    with pytest.raises(ActionRefused, match="cannot become"):
        decline_request(request_, by=moderator, reason="Again.")
    assert accept_request(request_, by=moderator).reason == "", "one may think better of it"


def test_a_claim_that_partners_ask_for_is_more_urgent(request_: CheckRequest, moderator: User) -> None:
    claim = make_claim()
    route_claim(claim.pk)
    task = ReviewTask.objects.get(claim=claim)
    before = task.priority
    accept_request(request_, by=moderator, claim=claim)
    weigh_after(OutboxEvent.objects.get(type="request.accepted"))
    task.refresh_from_db()
    once = task.priority
    assert once > before
    assert any("its check asked for by wire" in part["why"] for part in task.priority_parts)
    vote_for_request(request_, sender=sender("echo"))
    weigh_after(OutboxEvent.objects.get(type="request.voted"))
    task.refresh_from_db()
    assert task.priority > once
    assert Job.objects.filter(kind="reviews.weigh_tasks").count() == 2


def test_a_request_that_was_declined_weighs_nothing(request_: CheckRequest, moderator: User) -> None:
    claim = make_claim()
    route_claim(claim.pk)
    accept_request(request_, by=moderator, claim=claim)
    decline_request(request_, by=moderator, reason="Nothing is known of it.")
    weigh_after(OutboxEvent.objects.get(type="request.accepted"))
    parts = ReviewTask.objects.get(claim=claim).priority_parts
    assert next(part for part in parts if part["part"] == "partners")["value"] == 0


@pytest.mark.django_db(transaction=True)
def test_the_same_asked_at_one_moment_is_one_request() -> None:
    senders = [sender(f"wire-{number}") for number in range(8)]
    together = threading.Barrier(8)
    made: list[bool] = []

    def ask(who: Sender) -> None:
        together.wait()
        try:
            made.append(ask_for_check(TEXT, sender=who).created)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask, args=[who]) for who in senders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == [False] * 7 + [True]
    assert (CheckRequest.objects.count(), RequestVote.objects.count()) == (1, 8)


@pytest.mark.django_db(transaction=True)
def test_of_two_decisions_one_stands() -> None:
    make_desk()
    moderator = make_user(Role.MODERATOR)
    request = ask_for_check(TEXT, sender=sender()).request
    claim = make_claim()
    outcomes = forced_interleaving(
        lambda: accept_request(request, by=moderator, claim=claim),
        lambda: accept_request(request, by=moderator, claim=claim),
        over=request,
    )
    assert sorted(outcome.won for outcome in outcomes) == [False, True]
