"""Readers suggest claims: heard, weighed, folded, decided on and forgotten."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from claims.actions.check_requests import accept_request, ask_for_check, decline_request
from claims.actions.submitting import Sender
from claims.actions.suggestions import (
    Said,
    accept_with_pages,
    erase_suggestion_words,
    forget_suggestions,
    let_suggestion_in,
    refuse_suggestion,
    suggest_claim,
)
from claims.models import ArticleFetch, CheckRequest, Claim, RequestVote, Suggestion, SuggestionWords
from claimtracker.accounts.models import Role, User
from claimtracker.intake.blocking import set_block
from claimtracker.intake.models import SpamPhrase
from claimtracker.intake.senders import email_digest
from claimtracker.intake.tokens import new_token
from claimtracker.jobs.models import Job
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from claimtracker.ledger import audit
from claimtracker.ledger.models import AuditEntry, AuditNote, OutboxEvent
from reviews.models import Mailing, Notification
from tests import factories
from tests.factories import make_suggestion

pytestmark = pytest.mark.django_db

TEXT = "The harbour handled 4 million containers last year."
PILLS = "Buy pills now. " * 30


@pytest.fixture
def moderator() -> User:
    factories.make_desk()
    return factories.make_user(Role.MODERATOR)


def test_it_is_heard_and_nothing_is_fetched_told_or_mailed() -> None:
    row = make_suggestion(said={"name": "Zora Quill", "email": "zora@reader.example", "why": "Prices."})
    assert (row.state, row.request.text, row.request.state) == ("joined", TEXT, "received")
    assert row.reference.startswith("S-") and len(row.reference) == 10
    assert (row.words.email, row.words.url) == ("zora@reader.example", "https://social.example/81")
    assert not ArticleFetch.objects.exists() and not Claim.objects.exists()
    assert not Job.objects.exists() and not OutboxEvent.objects.exists()
    assert not Notification.objects.exists() and not Mailing.objects.exists()
    entry = AuditEntry.objects.get(verb="suggestion.received")
    assert "Zora" not in str(entry.details) and not AuditNote.objects.exists()


def test_the_same_from_many_is_one_request_with_a_count() -> None:
    first = make_suggestion()
    for text in ("  the HARBOUR handled 4 million containers, last year", TEXT):
        assert make_suggestion(text).request == first.request
    assert make_suggestion("The harbour handled 5 million containers last year.").request != first.request
    assert first.request.suggestions.count() == 3
    assert CheckRequest.objects.count() == 2


def test_readers_and_partners_meet_in_one_request_that_partners_see_by_their_own_words() -> None:
    reader = make_suggestion()
    assert not CheckRequest.objects.seen_by("partner:other").exists(), "no partner reads what readers wrote"
    sender = Sender("partner:wire", audit.partner_actor("partner:1", "Wire"))
    asked = ask_for_check(TEXT, sender=sender)
    assert asked.request == reader.request and asked.counted
    assert RequestVote.objects.count() == 1, "a reader is no vote"


def test_a_form_sent_twice_is_one(moderator: User) -> None:
    token = new_token()
    first = make_suggestion(token=token)
    assert make_suggestion("Something else entirely happened.", token=token) == first
    assert Suggestion.objects.count() == 1


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"text": "  no  "}, "text"),
        ({"text": "x" * 1001}, "text"),
        ({"url": "", "said_where": " "}, "said_where"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "https://user:pw@social.example/"}, "url"),
        ({"url": "https://social.example/\x00"}, "url"),
        ({"said_by": "x" * 301}, "said_by"),
        ({"why": "x" * 2001}, "why"),
        ({"name": "x" * 201}, "name"),
        ({"email": "zora@"}, "email"),
        ({"email": "zora@x.example\nBcc: all@x.example"}, "email"),
        ({"said_on": date(2999, 1, 1)}, "said_on"),
    ],
)
def test_what_is_wrong_is_named_at_its_field(said: dict[str, Any], field: str) -> None:
    whole = {"text": TEXT, "url": "https://social.example/81", **said}
    with pytest.raises(ActionRefused) as refused:
        suggest_claim(Said(**whole), token=new_token())
    assert refused.value.field == field
    assert not Suggestion.objects.exists() and not CheckRequest.objects.exists()


def test_a_token_is_whole_or_refused() -> None:
    for token in ("", "short", "x" * 44, "x" * 42 + "/"):
        with pytest.raises(ActionRefused) as refused:
            make_suggestion(token=token)
        assert refused.value.code == "bad_token"


def test_what_looks_like_spam_waits_by_itself_with_its_reasons(settings: Any) -> None:
    row = make_suggestion(PILLS, seconds=1.0)
    assert (row.state, row.request) == ("held", None)
    assert {one["code"] for one in row.spam_reasons} == {"repeated", "fast"}
    assert row.spam_points == 70
    assert not CheckRequest.objects.exists()
    settings.INTAKE_HOLD_FROM = 101
    assert make_suggestion(PILLS, seconds=1.0).state == "joined"


def test_what_moderators_list_and_who_sends_much_counts() -> None:
    SpamPhrase.objects.create(phrase="miracle cure", points=60)
    assert make_suggestion("A MIRACLE  cure for everything was found in town.").state == "held"
    earlier = [make_suggestion(f"The bridge cost {n} million pounds.", sender="a" * 64) for n in range(9)]
    assert [row.state for row in earlier[:4]] == ["joined"] * 4
    assert {one["code"] for one in earlier[8].spam_reasons} == {"often"}
    again = make_suggestion("The bridge cost 1 million pounds.", sender="a" * 64)
    assert {one["code"] for one in again.spam_reasons} == {"often", "same_again"} and again.state == "held"
    assert make_suggestion("The bridge cost 1 million pounds.", sender="b" * 64).spam_points == 0
    german = make_suggestion("Der Hafen hat im vergangenen Jahr vier Millionen Container umgeschlagen.")
    assert {one["code"] for one in german.spam_reasons} == {"other_language"}


def test_a_moderator_lets_it_in_or_refuses_it_with_a_reason(moderator: User) -> None:
    held = make_suggestion(TEXT, seconds=None, said={"why": PILLS})
    assert held.state == "held"
    for person in (factories.make_user(Role.LEAD), factories.make_user(Role.EDITOR)):
        with pytest.raises(NotPermitted):
            let_suggestion_in(held, by=person)
        with pytest.raises(NotPermitted):
            refuse_suggestion(held, by=person, reason="No.")
        with pytest.raises(NotPermitted):
            erase_suggestion_words(held, by=person)
    with pytest.raises(ActionRefused) as refused:
        refuse_suggestion(held, by=moderator, reason=" ")
    assert refused.value.field == "reason"
    refuse_suggestion(held, by=moderator, reason="We see an advertisement.")
    let_in = let_suggestion_in(held, by=moderator)
    assert (let_in.state, let_in.request.text, let_in.reason) == ("joined", TEXT, "")
    for act in (let_suggestion_in, lambda row, by: refuse_suggestion(row, by=by, reason="No.")):
        with pytest.raises(ActionRefused):
            act(held, by=moderator)


def test_accepting_makes_a_claim_and_fetches_the_pages_that_readers_named(moderator: User) -> None:
    first = make_suggestion()
    make_suggestion(said={"url": "https://social.example/81"})
    make_suggestion(said={"url": "", "said_where": "On the radio"})
    make_suggestion(said={"url": "https://news.example/a"})
    assert accept_with_pages(first.request, by=moderator) == 2
    fetched = set(ArticleFetch.objects.values_list("url", flat=True))
    assert fetched == {"https://social.example/81", "https://news.example/a"}
    assert Job.objects.filter(kind="claims.fetch_article").count() == 2
    claim = Claim.objects.get()
    assert claim.text == TEXT
    first.request.refresh_from_db()
    assert first.request.claim == claim
    late = make_suggestion()
    assert late.request.state == "accepted"
    assert Job.objects.filter(kind="claims.fetch_article").count() == 2, "only a moderator has pages fetched"


def test_a_blocked_page_or_sender_is_refused(moderator: User) -> None:
    row = make_suggestion(said={"url": "https://hoax.example/1"})
    set_block("domain", "hoax.example", by=moderator, reason="Hoaxes")
    with pytest.raises(ActionRefused) as refused:
        make_suggestion("Another thing was said on the radio.", said={"url": "https://a.hoax.example/2"})
    assert (refused.value.code, refused.value.field) == ("blocked_domain", "url")
    with pytest.raises(ActionRefused):
        accept_with_pages(row.request, by=moderator)
    row.request.refresh_from_db()
    assert row.request.state == "received" and not Claim.objects.exists(), "all of it or nothing"
    set_block("address", "f" * 64, by=moderator, reason="Floods us", label="Sender")
    set_block("email", email_digest("zora@x.example"), by=moderator, reason="Threats", label="An address")
    for facts in ({"sender": "f" * 64}, {"said": {"email": "ZORA@x.example"}}):
        with pytest.raises(NotPermitted) as blocked:
            make_suggestion("The tower fell in the storm of March.", **facts)
        assert blocked.value.code == "sender_blocked"
    assert make_suggestion("The tower fell in the storm of March.", sender="e" * 64).pk


def test_its_words_go_when_asked_and_in_time(moderator: User, settings: Any) -> None:
    asked = make_suggestion("The tower fell in the storm of March.", said={"name": "Zora Quill"})
    assert erase_suggestion_words(asked, by=moderator) and not erase_suggestion_words(asked, by=moderator)
    declined, waiting = make_suggestion(), make_suggestion("The bridge cost 9 million pounds.")
    refused = make_suggestion(PILLS, seconds=1.0)
    decline_request(declined.request, by=moderator, reason="An opinion.")
    refuse_suggestion(refused, by=moderator, reason="An advertisement.")
    assert forget_suggestions() == 0
    later = timezone.now() - timedelta(days=settings.SUGGESTION_KEEP_DAYS + 1)
    CheckRequest.objects.filter(pk=declined.request_id).update(updated_at=later)
    Suggestion.objects.filter(pk=refused.pk).update(decided_at=later)
    assert forget_suggestions() == 1, "one that came in since is not old"
    settings.SUGGESTION_KEEP_DAYS = -1
    assert forget_suggestions() == 1 and forget_suggestions() == 0
    assert list(SuggestionWords.objects.values_list("suggestion", flat=True)) == [waiting.pk]
    assert AuditEntry.objects.filter(verb="suggestion.erased").count() == 3
    held = make_suggestion(PILLS, seconds=1.0)
    erase_suggestion_words(held, by=moderator)
    with pytest.raises(ActionRefused, match="erased"):
        let_suggestion_in(held, by=moderator)


def test_the_database_keeps_what_was_received(moderator: User) -> None:
    row = make_suggestion()
    for change in (
        lambda: Suggestion.objects.filter(pk=row.pk).update(reference="S-OTHER"),
        lambda: Suggestion.objects.filter(pk=row.pk).update(state="held", request=None),
        lambda: Suggestion.objects.filter(pk=row.pk).update(request=None),
        lambda: Suggestion.objects.filter(pk=row.pk).delete(),
        lambda: SuggestionWords.objects.filter(suggestion=row).update(text="Another."),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_a_decided_request_takes_in_who_comes_later(moderator: User) -> None:
    declined = make_suggestion().request
    decline_request(declined, by=moderator, reason="An opinion.")
    assert make_suggestion().request.state == "declined"
    accept_request(declined, by=moderator)
    assert make_suggestion().request == declined
