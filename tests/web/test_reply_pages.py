"""The reply page, which needs no account, and the desk's side of it."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from claimtracker.accounts.models import Role
from reviews.actions.replies import ask_for_reply
from reviews.models import Contact, Reply, ReplyRequest
from tests import factories
from tests.web.review_words import url

pytestmark = pytest.mark.django_db

WORDS = {"text": "It is from the budget.", "name": "Ann Lee", "role": "Mayor"}


@pytest.fixture
def checker():
    return factories.make_user(name="Mara Okafor")


@pytest.fixture
def address(checker):
    _request, token = ask_for_reply(
        factories.make_claim(),
        by=checker,
        person="Ann Lee",
        channel="email",
        question="Where is it from?",
        hours=48,
    )
    return f"/reply/{token}/"


def test_anybody_with_the_address_answers_once_without_account_or_cookie(address):
    client = Client(enforce_csrf_checks=True)
    page = client.get(address)
    assert page.status_code == 200
    assert "Where is it from?" in page.text
    assert (page["Cache-Control"], page["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert "noindex" in page["X-Robots-Tag"]
    assert not page.cookies
    sent = client.post(address, WORDS)
    assert sent.status_code == 200
    assert "Your reply is with the newsroom." in sent.text
    assert Reply.objects.get().text == WORDS["text"]
    again = client.get(address)
    assert "sent from this page already" in again.text
    assert "<form" not in again.text.split("<main", 1)[1].split("</main>")[0]
    assert client.post(address, WORDS).status_code == 409
    assert Reply.objects.count() == 1


def test_another_address_is_not_found(client, address):
    for wrong in ("/reply/nonsense/", address[:-2] + "x/", f"/reply/{'A' * 43}/"):
        assert client.get(wrong).status_code == 404
        assert client.post(wrong, WORDS).status_code == 404


def test_what_is_missing_is_said_at_its_field_and_nothing_typed_is_lost(client, address):
    refused = client.post(address, {**WORDS, "name": ""})
    assert refused.status_code == 422
    assert "Give your name." in refused.text
    assert WORDS["text"] in refused.text
    long = client.post(address, {**WORDS, "text": "x" * 5001})
    assert "Shorten your reply to 5,000 characters; it has 5001 now." in long.text
    assert not Reply.objects.exists()


def test_a_body_without_end_and_a_form_too_often_are_cut(client, address, settings, checker):
    assert client.post(address, {**WORDS, "text": "x" * 70_000}).status_code == 413
    settings.REPLY_PER_HOUR = 2
    answers = [client.post(address, {"text": ""}).status_code for _ in range(3)]
    assert answers == [422, 422, 429]
    assert not Reply.objects.exists()
    _request, token = ask_for_reply(
        factories.make_claim(), by=checker, person="Bo", channel="email", question="Why?", hours=24
    )
    # the same network address: a proxy's
    assert client.post(f"/reply/{token}/", WORDS).status_code == 200


def test_the_desk_asks_reads_and_quotes(client, checker):
    claim = factories.make_claim()
    sent = {
        "ask-person": "Ann Lee",
        "ask-channel": "email",
        "ask-question": "Where is it from?",
        "ask-hours": "48",
    }
    client.force_login(checker)
    assert "Nobody has asked Ann Lee yet." in client.get(url(claim)).text
    made = client.post(url(claim, "reply/ask/"), sent)
    assert (made.status_code, made["Cache-Control"]) == (200, "no-store")
    path = re.search(r"/reply/[\w-]{43}/", made.text)[0]
    page = client.get(url(claim)).text
    assert "Ann Lee is asked, and has until" in page
    assert path not in page
    Client().post(path, WORDS)
    page = client.get(url(claim)).text
    assert WORDS["text"] in page
    assert "Only editors and leads of the Politics desk decide on replies." in page
    reply = Reply.objects.get()
    assert client.post(url(claim, f"replies/{reply.pk}/show/")).status_code == 403
    client.force_login(factories.make_user(Role.EDITOR))
    assert (
        "quoted from the next version on"
        in client.post(url(claim, f"replies/{reply.pk}/show/"), follow=True).text
    )


def test_who_sees_and_uses_the_desks_side(client, checker):
    claim = factories.make_claim()
    sent = {"ask-person": "Ann Lee", "ask-channel": "email", "ask-question": "Why?", "ask-hours": "48"}
    assert client.post(url(claim, "reply/ask/"), sent).status_code == 302
    client.force_login(factories.make_user(Role.LEAD, factories.make_desk("city")))
    assert client.post(url(claim, "reply/ask/"), sent).status_code == 404
    client.force_login(factories.make_user(Role.REPORTER))
    refused = client.post(url(claim, "reply/ask/"), sent)
    assert (refused.status_code, ReplyRequest.objects.count()) == (403, 0)
    client.force_login(checker)
    assert client.post(url(claim, "reply/ask/"), {**sent, "ask-question": ""}).status_code == 422


def test_the_contact_log_takes_what_happened_another_way(client, checker):
    claim = factories.make_claim()
    client.force_login(checker)
    sent = {"contact-at": "2026-01-05T10:00", "contact-channel": "phone", "contact-outcome": "not_contacted"}
    refused = client.post(url(claim, "reply/log/"), sent)
    assert refused.status_code == 422
    assert "Tell readers why nobody was asked." in refused.text
    saved = client.post(url(claim, "reply/log/"), {**sent, "contact-note": "He died in 1961."}, follow=True)
    assert "He died in 1961." in saved.text
    assert Contact.objects.get().outcome == "not_contacted"


def test_readers_read_the_reply_beside_the_verdict(client):
    editor = factories.make_user(Role.EDITOR)
    checker = factories.make_user()
    verdict = factories.make_approved_verdict(checker, editor)
    from reviews.actions.publishing import publish_verdict
    from reviews.actions.replies import receive_reply
    from reviews.actions.reply_decisions import show_reply

    _request, token = ask_for_reply(
        verdict.claim, by=checker, person="Ann Lee", channel="email", question="Why?", hours=48
    )
    show_reply(receive_reply(token, **WORDS), by=editor)
    publication = publish_verdict(verdict, by=editor)
    text = client.get(f"/fact-checks/{publication.slug}/").text
    assert "What the other side says" in text
    assert WORDS["text"] in text
    assert "Ann Lee, Mayor" in text
    silent = factories.make_publication()
    assert "What the other side says" not in client.get(f"/fact-checks/{silent.slug}/").text
