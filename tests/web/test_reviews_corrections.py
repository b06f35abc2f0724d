"""Opening a published check again, and putting a claim into better words, from the claim's page."""

from __future__ import annotations

import pytest

from claimtracker.accounts.models import Role
from reviews.actions.assignment import take_task
from reviews.actions.publishing import publish_verdict
from reviews.actions.recheck import open_recheck
from reviews.actions.verdicts import submit_verdict
from reviews.models import Publication, ReviewTask, Verdict
from tests import factories
from tests.web.review_words import FINDING, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def checker():
    return factories.make_user(name="Mara Okafor")


@pytest.fixture
def editor():
    return factories.make_user(Role.EDITOR, name="Priya Raman")


@pytest.fixture
def published(checker, editor):
    verdict = factories.make_approved_verdict(checker, editor)
    publish_verdict(verdict, by=editor)
    return verdict.claim


def test_a_published_check_becomes_version_two(client, checker, editor, published):
    client.force_login(editor)
    page = client.get(url(published)).text
    assert "Read version 1 as the public does" in page
    assert "Correct this check" in page
    sent = client.post(url(published, "correct/"), {"recheck-reason": "The office revised it."}, follow=True)
    assert "The published version stays until the next one is." in sent.text
    assert "This check is being looked at again already." in sent.text
    assert "asked for a correction" in [line.what for line in sent.context["history"]]
    task = ReviewTask.objects.get(state="queued")
    assert "The office revised it." in task.why
    client.force_login(checker)
    assert client.post(f"/review-tasks/{task.pk}/take/").status_code == 302
    assert client.get(url(published)).context["verdict_form"]["summary"].value()
    summary = "The revised accounts show half of that."
    assert client.post(url(published, "verdict/"), {**FINDING, "summary": summary}).status_code == 302
    client.force_login(editor)
    approval = {"revision": Verdict.objects.latest("pk").revision}
    unsaid = client.post(url(published, "verdict/approve-and-publish/"), approval)
    assert unsaid.status_code == 422
    assert "Choose what kind of change this is. (IFCN 6.3) And 1 more to mend." in unsaid.text
    assert Publication.objects.count() == 1
    approval |= {"change": "correction", "change_note": "The office revised its accounts."}
    assert client.post(url(published, "verdict/approve-and-publish/"), approval).status_code == 302
    assert list(Publication.objects.order_by("number").values_list("number", flat=True)) == [1, 2]
    slug = Publication.objects.latest("pk").slug
    assert summary in client.get(f"/fact-checks/{slug}/").text


def test_a_correction_needs_its_reason_at_its_field(client, editor, published):
    client.force_login(editor)
    response = client.post(url(published, "correct/"), {"recheck-reason": " \r\n "})
    assert response.status_code == 422
    assert "reason" in response.context["recheck_form"].errors
    assert 'id="id_recheck-reason_error"' in response.text
    assert not ReviewTask.objects.open().exists()


def test_a_checker_reads_who_corrects(client, checker, published):
    client.force_login(checker)
    page = client.get(url(published)).text
    assert "Correct this check" not in page
    assert "Only editors and leads of the claim&#x27;s desk ask for a correction." in page
    refused = client.post(url(published, "correct/"), {"recheck-reason": "A slip in the table."})
    assert refused.status_code == 403
    assert "A slip in the table." in refused.text


def test_a_claim_is_put_into_better_words_and_its_quote_stays(client, checker):
    task = factories.make_task()
    quote = task.claim.appearances.get().quote
    client.force_login(checker)
    form = client.get(url(task.claim)).context["wording_form"]
    assert (form["text"].value(), form["claimant"].value()) == (task.claim.text, "Ann Lee")
    words = {"wording-text": "Eastmouth spent 5 million on roads.", "wording-claimant": "Eastmouth council"}
    saved = client.post(url(task.claim, "wording/"), words, follow=True)
    assert "The wording is saved." in saved.text
    task.claim.refresh_from_db()
    assert (task.claim.text, task.claim.claimant.name) == tuple(words.values())
    assert task.claim.appearances.get().quote == quote
    assert saved.context["history"][0].what == "changed the claim's wording or speaker"


@pytest.mark.parametrize(
    ("text", "said"), [("  ", "Give the claim in one sentence."), ("x" * 1001, "it has 1001 now")]
)
def test_a_wording_that_cannot_be_kept_is_refused_at_its_field(client, checker, text, said):
    task = factories.make_task()
    client.force_login(checker)
    response = client.post(url(task.claim, "wording/"), {"wording-text": text, "wording-claimant": "Ann Lee"})
    assert response.status_code == 422
    assert said in response.context["wording_form"].errors["text"][0]
    assert 'id="id_wording-text_error"' in response.text
    assert text.strip() in response.text
    task.claim.refresh_from_db()
    assert task.claim.text != text


def test_the_wording_is_closed_while_a_verdict_waits_and_for_reporters(client, checker, editor):
    verdict = factories.make_submitted_verdict(checker)
    words = {"wording-text": "Another claim.", "wording-claimant": ""}
    for person, status in ((editor, 409), (factories.make_user(Role.REPORTER), 403)):
        client.force_login(person)
        assert "Edit wording and speaker" not in client.get(url(verdict.claim)).text
        refused = client.post(url(verdict.claim, "wording/"), words)
        assert refused.status_code == status
        assert "Another claim." in refused.text
    before = verdict.claim.text
    verdict.claim.refresh_from_db()
    assert verdict.claim.text == before


def test_who_approves_a_correction_sees_what_it_takes_the_place_of(client, checker, editor, published):
    task = open_recheck(published, by=editor, reason="The office revised it.")
    submit_verdict(
        take_task(task, by=checker),
        by=checker,
        rating=factories.make_rating("half-true"),
        summary="The revised accounts show half of that.",
        rationale="The audited accounts list the spending line by line.",
    )
    client.force_login(editor)
    page = client.get(url(published)).text
    before = page.split("Public now")[1].split("Proposed instead")[0]
    assert "False" in before and "The accounts show a third of that." in before
    assert "The revised accounts show half of that." in page.split("Proposed instead")[1]
