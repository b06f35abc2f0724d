"""Blind review on the pages: the first verdict leaks nowhere to whoever could be asked for a second one."""

from __future__ import annotations

import pytest
from django.test import Client

from claimtracker.accounts.models import Role, User
from reviews.actions.assignment import take_task
from reviews.actions.second_review import request_changes
from reviews.actions.verdicts import submit_verdict, take_back_verdict
from reviews.models import ReviewTask, Verdict
from tests import factories
from tests.web.review_words import url

pytestmark = pytest.mark.django_db

SUMMARY = "Zebra crossings cost a third of that."
RATIONALE = "Giraffes in the audited accounts list it, line by line."
FALSIFIER = "An okapi in the restated accounts."
RETURNED = "Hippos are missing from your sources."
SECRETS = (SUMMARY, RATIONALE, FALSIFIER, RETURNED, "Zebra", "Giraffes", "okapi", "Hippos", "Half true”")


@pytest.fixture
def author() -> User:
    return factories.make_user(name="Mara Okafor")


@pytest.fixture
def verdict(settings, author) -> Verdict:
    """Returned once, taken back once, and proposed for the third time: its words are everywhere by now."""
    settings.REVIEW_BLIND_RATE = 0.0
    task = factories.make_taken_task(author)
    factories.make_evidence(task.claim, author)
    words = {"by": author, "rating": factories.make_rating("half-true"), "rationale": RATIONALE}
    first = submit_verdict(task, summary=SUMMARY, what_would_change=FALSIFIER, **words)
    request_changes(first, by=factories.make_user(Role.EDITOR), reason=RETURNED)
    again = submit_verdict(
        ReviewTask.objects.open().get(), summary=SUMMARY, what_would_change=FALSIFIER, **words
    )
    take_back_verdict(again, by=author)
    Verdict.objects.filter(pk=first.pk).update(sampling="chance")
    return submit_verdict(
        ReviewTask.objects.open().get(), summary=SUMMARY, what_would_change=FALSIFIER, **words
    )


def pages(verdict: Verdict) -> list[str]:
    article = verdict.claim.appearances.get().version.article_id
    return [
        url(verdict.claim),
        "/queue/?show=all",
        "/queue/?show=second",
        "/queue/",
        "/",
        f"/articles/{article}/",
        "/notifications/",
    ]


def task_of(verdict: Verdict, kind: str = "blind_review") -> ReviewTask:
    return ReviewTask.objects.open().get(claim=verdict.claim, kind=kind)


@pytest.mark.parametrize("role", [Role.CHECKER, Role.EDITOR, Role.LEAD, Role.REPORTER])
@pytest.mark.parametrize("has_it", [False, True])
def test_nothing_of_the_verdict_is_on_any_page(client: Client, verdict, role, has_it):
    person = factories.make_user(role)
    if has_it:
        if role == Role.REPORTER:
            pytest.skip("a reporter does not review")
        take_task(task_of(verdict), by=person)
    client.force_login(person)
    for path in pages(verdict):
        page = client.get(path)
        assert page.status_code in (200, 404), path
        assert path == "/notifications/" or page.status_code == 200
        for secret in SECRETS:
            assert secret not in page.text, (path, secret)
    shown = client.get(url(verdict.claim)).context
    assert shown["verdict"] is None
    assert shown["verdict_step"] is None
    assert (shown["panel"], bool(shown.get("can_rate"))) == ("blind", has_it)


def test_those_who_cannot_be_asked_go_on_reading_it(client: Client, verdict, author):
    editor = factories.make_user(Role.EDITOR)
    take_task(task_of(verdict, "second_review"), by=editor)
    for person in (author, editor):
        client.force_login(person)
        page = client.get(url(verdict.claim))
        assert SUMMARY in page.text
    assert "Decide after it" in page.text


def test_a_rating_is_sent_and_then_the_proposal_is_shown(client: Client, verdict):
    reader = factories.make_user(name="Tom Reed")
    take_task(task_of(verdict), by=reader)
    client.force_login(reader)
    refused = client.post(url(verdict.claim, "blind-review/"), {"blind-rating": "half-true"})
    assert refused.status_code == 422
    assert "how the sources lead you to this rating" in refused.text
    assert SUMMARY not in refused.text
    sent = client.post(
        url(verdict.claim, "blind-review/"), {"blind-rating": "half-true", "blind-reason": "A third."}
    )
    assert sent.status_code == 302
    page = client.get(url(verdict.claim))
    assert SUMMARY in page.text
    assert "reviewed it blind and gave the same rating" in page.text


def test_two_ratings_are_decided_by_a_lead_on_the_page(client: Client, verdict, author):
    reader, lead = factories.make_user(), factories.make_user(Role.LEAD)
    take_task(task_of(verdict), by=reader)
    client.force_login(reader)
    client.post(url(verdict.claim, "blind-review/"), {"blind-rating": "true", "blind-reason": "All of it."})
    page = client.get(url(verdict.claim))
    assert "Only leads of the claim&#x27;s desk decide" in page.text
    client.force_login(lead)
    page = client.get(url(verdict.claim))
    assert "All of it." in page.text
    assert "Uphold and approve" in page.text
    sent = client.post(
        url(verdict.claim, "verdict/otherwise/"),
        {
            "otherwise-rating": "true",
            "otherwise-summary": "It is all true.",
            "otherwise-rationale": "The restated accounts list all of it.",
            "otherwise-reason": "The reader is right.",
            "otherwise-revision": verdict.revision,
        },
    )
    assert sent.status_code == 302, sent.text
    verdict.refresh_from_db()
    assert (verdict.state, verdict.rating.slug, verdict.approver) == ("approved", "true", lead)


def test_a_lead_goes_on_without_the_blind_review(client: Client, verdict):
    lead = factories.make_user(Role.LEAD)
    client.force_login(lead)
    assert "Go on without the blind review" in client.get(url(verdict.claim)).text
    path = url(verdict.claim, "blind-review/waive/")
    assert client.post(path, {"waiver-reason": ""}).status_code == 422
    assert client.post(path, {"waiver-reason": "Nobody is there."}).status_code == 302
    assert SUMMARY in client.get(url(verdict.claim)).text


def test_an_editor_edits_and_approves_or_differs_on_the_page(client: Client, settings, author):
    settings.REVIEW_BLIND_RATE = 0.0
    editor = factories.make_user(Role.EDITOR)
    client.force_login(editor)
    edited, other = factories.make_submitted_verdict(author), factories.make_submitted_verdict(author)
    words = {
        "edit-summary": "A third of it was for roads.",
        "edit-rationale": edited.rationale,
        "edit-revision": 1,
    }
    assert client.post(url(edited.claim, "verdict/edit/"), words).status_code == 302
    edited.refresh_from_db()
    assert (edited.state, edited.edited_by, edited.summary) == ("approved", editor, words["edit-summary"])
    late = client.post(url(edited.claim, "verdict/edit/"), words)
    assert late.status_code == 409
    assert "not waiting for approval" in late.text
    dissent = {"dissent-rating": "true", "dissent-reason": "All of it holds.", "dissent-revision": 1}
    assert client.post(url(other.claim, "verdict/dissent/"), dissent).status_code == 302
    other.refresh_from_db()
    assert other.state == "disputed"


def test_an_author_opens_a_proposal_again_on_the_page(client: Client, settings, author):
    settings.REVIEW_BLIND_RATE = 0.0
    verdict = factories.make_submitted_verdict(author)
    client.force_login(author)
    assert "Open it again to edit it" in client.get(url(verdict.claim)).text
    assert client.post(url(verdict.claim, "verdict/take-back/")).status_code == 302
    page = client.get(url(verdict.claim))
    assert page.context["panel"] == "write"
    assert verdict.summary in page.text
