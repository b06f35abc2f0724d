"""The right of reply: asked by a page that serves once, heard late too, recorded by itself when nobody
answers, and shown only when a second person says so."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, InternalError, ProgrammingError, transaction
from django.utils import timezone

from claimtracker.accounts.models import Role
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from claimtracker.ledger.models import AuditEntry
from reviews.actions.expiry import open_expired
from reviews.actions.gate import StandardsNotMet, override_standards
from reviews.actions.publishing import publish_verdict
from reviews.actions.replies import (
    ask_for_reply,
    call_off_request,
    close_unanswered,
    log_contact,
    receive_reply,
    token_digest,
)
from reviews.actions.reply_decisions import set_reply_aside, show_reply
from reviews.models import Contact, Notification, Reply, ReplyRequest, ReviewTask
from reviews.selectors.standards import contact_of
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def checker():
    return factories.make_user()


@pytest.fixture
def editor():
    return factories.make_user(Role.EDITOR)


def ask(claim, by, **changes):
    facts = {"person": "Ann Lee", "channel": "email", "question": "Where is it from?", "hours": 48}
    return ask_for_reply(claim, by=by, **{**facts, **changes})


def answer(token, **changes):
    return receive_reply(token, **{"name": "Ann Lee", "role": "Mayor", "text": "From the budget.", **changes})


def run_out(request, *, page: bool = False):
    past = timezone.now() - timedelta(minutes=1)
    ReplyRequest.objects.filter(pk=request.pk).update(
        deadline=past, expires_at=past if page else request.expires_at
    )


def test_asking_keeps_no_token_and_logs_the_contact(checker):
    claim = factories.make_claim()
    request, token = ask(claim, checker)
    assert len(token) >= 43
    assert (request.token_sha256, request.state) == (token_digest(token), "asked")
    assert token not in str(ReplyRequest.objects.values().get())
    line = Contact.objects.get()
    assert (line.outcome, line.channel, line.by) == ("asked", "email", checker)
    assert contact_of(claim).status == "awaited"


def test_an_answer_is_heard_once_and_waits_for_an_editor(checker, editor):
    claim = factories.make_claim()
    request, token = ask(claim, checker)
    reply = answer(token, text="From the\r\nbudget. ")
    request.refresh_from_db()
    assert (reply.state, reply.text, reply.is_late, request.state) == (
        "received",
        "From the\nbudget.",
        False,
        "answered",
    )
    assert Notification.objects.get(kind="reply").user == checker
    assert contact_of(claim).status == "waits_for_us"
    with pytest.raises(ActionRefused, match="sent from this page already"):
        answer(token)
    with pytest.raises(NotPermitted, match="Only editors and leads"):
        show_reply(reply, by=checker)
    assert show_reply(reply, by=editor).state == "shown"
    assert contact_of(claim).status == "replied"
    verbs = [entry.verb for entry in AuditEntry.objects.filter(verb__startswith="reply.").order_by("id")]
    assert verbs == ["reply.asked", "reply.received", "reply.shown"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"role": "x" * 201}, "role"),
        ({"text": ""}, "text"),
        ({"text": "x" * 5001}, "text"),
    ],
)
def test_a_reply_that_cannot_be_kept_is_refused_at_its_field(checker, changes, field):
    _request, token = ask(factories.make_claim(), checker)
    with pytest.raises(ActionRefused) as refused:
        answer(token, **changes)
    assert refused.value.field == field
    assert not Reply.objects.exists()


def test_no_other_token_opens_a_page(checker):
    ask(factories.make_claim(), checker)
    with pytest.raises(ActionRefused, match="no such page"):
        answer("A" * 43)


def test_that_nobody_answered_is_recorded_by_itself_once(checker):
    claim = factories.make_claim()
    request, token = ask(claim, checker)
    assert close_unanswered() == 0
    run_out(request)
    assert [close_unanswered(), close_unanswered()] == [1, 0]
    request.refresh_from_db()
    assert request.state == "unanswered"
    line = Contact.objects.get(outcome="no_reply")
    assert (line.by, line.at) == (None, request.deadline)
    assert Notification.objects.filter(kind="reply", user=checker).count() == 1
    assert contact_of(claim).status == "no_reply"
    assert answer(token).is_late
    request.refresh_from_db()
    assert request.state == "answered"


def test_a_page_whose_time_is_over_takes_no_reply(checker):
    request, token = ask(factories.make_claim(), checker)
    run_out(request, page=True)
    with pytest.raises(ActionRefused, match="its time is over"):
        answer(token)


def test_a_request_is_called_off_with_a_reason(checker):
    claim = factories.make_claim()
    request, token = ask(claim, checker)
    with pytest.raises(ActionRefused, match="asked already"):
        ask(claim, checker)
    with pytest.raises(ActionRefused, match="Say why"):
        call_off_request(request, by=checker, reason=" ")
    call_off_request(request, by=checker, reason="A namesake.")
    with pytest.raises(ActionRefused, match="called off"):
        answer(token)
    assert ask(claim, checker)[0].state == "asked"


def test_who_asks_and_whom(checker):
    claim = factories.make_claim()
    for outsider in (
        factories.make_user(Role.REPORTER),
        factories.make_user(Role.LEAD, factories.make_desk("city")),
    ):
        with pytest.raises(NotPermitted, match="Only checkers"):
            ask(claim, outsider)
    with pytest.raises(NotPermitted, match="nobody to ask"):
        ask(factories.make_claim(claimant=""), checker)
    for changes, field in (
        ({"person": " "}, "person"), ({"question": ""}, "question"),
        ({"channel": "page"}, "channel"), ({"hours": 1}, "hours"),
    ):  # fmt: skip
        with pytest.raises(ActionRefused) as refused:
            ask(claim, checker, **changes)
        assert refused.value.field == field


def test_words_from_the_telephone_wait_for_a_second_person(checker, editor):
    claim = factories.make_claim()
    facts = {"at": timezone.now(), "channel": "phone"}
    log_contact(claim, by=editor, outcome="replied", words="We stand by it.", **facts)
    reply = Reply.objects.get()
    assert (reply.name, reply.entered_by, reply.state) == ("Ann Lee", editor, "received")
    with pytest.raises(NotPermitted, match="A second person decides"):
        show_reply(reply, by=editor)
    with (
        pytest.raises(IntegrityError, match="nobody_decides_on_a_reply_they_wrote_down"),
        transaction.atomic(),
    ):
        Reply.objects.filter(pk=reply.pk).update(state="shown", decided_by=editor, decided_at=timezone.now())
    other = factories.make_user(Role.LEAD)
    with pytest.raises(ActionRefused, match="Say why"):
        set_reply_aside(reply, by=other, reason="")
    assert set_reply_aside(reply, by=other, reason="Abuse.").state == "set_aside"
    assert show_reply(reply, by=other).state == "shown"


def test_nobody_is_passed_over_without_a_reason(checker):
    claim = factories.make_claim()
    facts = {"at": timezone.now(), "channel": "other", "outcome": "not_contacted"}
    with pytest.raises(ActionRefused, match="Tell readers why"):
        log_contact(claim, by=checker, **facts)
    log_contact(claim, by=checker, note="He died in 1961.", **facts)
    assert contact_of(claim).status == "not_contacted"
    with pytest.raises(IntegrityError, match="nobody_is_passed_over_without_a_reason"), transaction.atomic():
        Contact.objects.create(claim=claim, note="", **facts)


def test_the_words_of_a_reply_and_the_log_never_change(checker):
    _request, token = ask(factories.make_claim(), checker)
    reply = answer(token)
    with pytest.raises((InternalError, ProgrammingError, IntegrityError)), transaction.atomic():
        Reply.objects.filter(pk=reply.pk).update(text="I was wrong.")
    with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
        Contact.objects.all().update(note="x")


def test_nothing_goes_out_while_an_answer_is_awaited_unless_a_lead_says_so(checker, editor):
    verdict = factories.make_approved_verdict(checker, editor)
    ask(verdict.claim, checker)
    with pytest.raises(StandardsNotMet, match=r"Ann Lee was asked for a reply and has until .*IFCN 5\.5"):
        publish_verdict(verdict, by=editor)
    lead = factories.make_user(Role.LEAD)
    override_standards(verdict.claim, by=lead, code="reply_awaited", reason="The vote is tomorrow.")
    publication = publish_verdict(verdict, by=editor)
    assert publication.snapshot["right_of_reply"]["status"] == "awaited"


def test_a_reply_is_quoted_with_the_version_and_a_later_one_opens_a_recheck(checker, editor):
    verdict = factories.make_approved_verdict(checker, editor)
    request, token = ask(verdict.claim, checker)
    run_out(request)
    close_unanswered()
    publication = publish_verdict(verdict, by=editor)
    assert (
        publication.snapshot["right_of_reply"]["status"],
        publication.snapshot["right_of_reply"]["replies"],
    ) == ("no_reply", [])
    show_reply(answer(token), by=editor)
    task = ReviewTask.objects.open().get(claim=verdict.claim)
    assert (task.kind, task.cause) == ("recheck", "reply")


def test_a_reply_that_is_public_and_set_aside_since_opens_a_recheck(checker, editor):
    verdict = factories.make_approved_verdict(checker, editor)
    _request, token = ask(verdict.claim, checker)
    reply = show_reply(answer(token), by=editor)
    publish_verdict(verdict, by=editor)
    set_reply_aside(reply, by=editor, reason="He says that the words are not his.")
    task = ReviewTask.objects.open().get(claim=verdict.claim)
    assert (task.kind, task.cause, task.why) == (
        "recheck",
        "reply",
        "A reply of Ann Lee is no longer to be quoted.",
    )


def test_a_check_whose_day_is_over_is_looked_at_again_once(checker, editor):
    today = timezone.localdate()
    verdict = factories.make_approved_verdict(checker, editor, valid_until=today)
    publication = publish_verdict(verdict, by=editor)
    assert publication.snapshot["valid_until"] == today.isoformat()
    assert open_expired() == 0


def test_expiry_opens_one_recheck_for_a_version(checker, editor, monkeypatch):
    today = timezone.localdate()
    verdict = factories.make_approved_verdict(checker, editor, valid_until=today)
    publish_verdict(verdict, by=editor)
    monkeypatch.setattr("reviews.actions.expiry.timezone.localdate", lambda: today + timedelta(days=1))
    assert [open_expired(), open_expired()] == [1, 0]
    task = ReviewTask.objects.open().get(claim=verdict.claim)
    assert (task.kind, task.cause) == ("recheck", "expired")
    assert "was held to be true until" in task.why
