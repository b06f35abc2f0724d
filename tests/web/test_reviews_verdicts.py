"""Writing a verdict and deciding on one, two people at a time, with every refusal in a sentence."""

from __future__ import annotations

import html

import pytest

from claimtracker.accounts.models import Role
from reviews import policies
from reviews.actions.assignment import release_task, take_task
from reviews.actions.recheck import open_recheck
from reviews.actions.verdicts import approve_verdict, request_changes, submit_verdict
from reviews.models import ClaimRoute, Evidence, Publication, ReviewTask, Verdict
from tests import factories
from tests.web.review_words import FINDING, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def checker():
    return factories.make_user(name="Mara Okafor")


@pytest.fixture
def editor():
    return factories.make_user(Role.EDITOR, name="Priya Raman")


# --- the verdict


def test_a_verdict_is_proposed(client, checker):
    task = factories.make_taken_task(checker)
    factories.make_scale()
    factories.make_evidence(task.claim, checker)
    client.force_login(checker)
    response = client.post(url(task.claim, "verdict/"), FINDING)
    assert response.status_code == 302
    verdict = Verdict.objects.get()
    assert (verdict.state, verdict.rating.slug, verdict.author) == ("submitted", "false", checker)
    assert str(policies.OWN_VERDICT) in client.get(url(task.claim)).text


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"rating": ""}, "rating"),
        ({"rating": "pants-on-fire"}, "rating"),
        ({"summary": ""}, "summary"),
        ({"summary": "x" * 301}, "summary"),
        ({"rationale": "Because."}, "rationale"),
    ],
)
def test_what_the_gate_wants_mended_is_said_at_its_field(client, checker, change, field):
    task = factories.make_taken_task(checker)
    factories.make_scale()
    factories.make_evidence(task.claim, checker)
    client.force_login(checker)
    sent = {**FINDING, **change}
    response = client.post(url(task.claim, "verdict/"), sent)
    assert response.status_code == 422
    form = response.context["verdict_form"]
    assert list(form.errors) == [field]
    for name in ("summary", "rationale"):
        assert form[name].value() == sent[name]
    assert not Verdict.objects.exists()


def test_a_verdict_without_a_source_is_refused_above_the_form(client, checker):
    task = factories.make_taken_task(checker)
    factories.make_scale()
    client.force_login(checker)
    response = client.post(url(task.claim, "verdict/"), FINDING)
    assert response.status_code == 422
    assert "Add at least one source" in response.context["verdict_form"].non_field_errors()[0]
    assert FINDING["rationale"] in response.text


def test_an_empty_verdict_is_told_everything_that_is_missing(client, checker):
    task = factories.make_taken_task(checker)
    factories.make_scale()
    client.force_login(checker)
    response = client.post(url(task.claim, "verdict/"), {"rating": "", "summary": "", "rationale": ""})
    assert response.status_code == 422
    errors = response.context["verdict_form"].errors
    assert set(errors) == {"rating", "summary", "rationale", "__all__"}
    for said in errors.values():
        assert len(said) == 1
        assert said[0] in html.unescape(response.text)
    assert not Verdict.objects.exists()


def test_line_ends_are_kept_as_one_character(client, checker):
    task = factories.make_taken_task(checker)
    factories.make_scale()
    factories.make_evidence(task.claim, checker)
    client.force_login(checker)
    lines = "\r\n".join(["x" * 74] * 4)  # 299 characters once each line end counts as one
    sent = {**FINDING, "summary": lines, "rationale": "The audited accounts list\r\n\r\nthe spending."}
    assert client.post(url(task.claim, "verdict/"), sent).status_code == 302
    verdict = Verdict.objects.get()
    assert verdict.summary == lines.replace("\r\n", "\n")
    assert verdict.rationale == "The audited accounts list\n\nthe spending."


def test_a_draft_is_kept_and_comes_back(client, checker):
    task = factories.make_taken_task(checker)
    factories.make_scale()
    client.force_login(checker)
    assert (
        client.post(url(task.claim, "verdict/draft/"), {**FINDING, "rationale": "Not yet"}).status_code == 302
    )
    form = client.get(url(task.claim)).context["verdict_form"]
    assert [form[name].value() for name in ("rating", "summary", "rationale")] == [
        "false",
        FINDING["summary"],
        "Not yet",
    ]
    assert Verdict.objects.get().state == "draft"


def test_a_draft_is_not_shown_to_others(client, checker):
    task = factories.make_taken_task(checker)
    factories.make_scale()
    client.force_login(checker)
    client.post(url(task.claim, "verdict/draft/"), FINDING)
    client.force_login(factories.make_user())
    assert FINDING["summary"] not in client.get(url(task.claim)).text


def test_who_lost_the_task_keeps_the_words_and_reads_why(client, checker):
    task = factories.make_taken_task(checker)
    factories.make_scale()
    factories.make_evidence(task.claim, checker)
    release_task(task, by=checker)
    take_task(task, by=factories.make_user())
    client.force_login(checker)
    for path in ("verdict/", "verdict/draft/"):
        response = client.post(url(task.claim, path), FINDING)
        assert response.status_code == 409
        assert "Take the task first" in response.text
        assert FINDING["rationale"] in response.text
    assert not Verdict.objects.exists()


def test_the_standards_answer_while_somebody_types(client, checker):
    task = factories.make_taken_task(checker, factories.make_claim(claimant=""))
    factories.make_scale()
    ClaimRoute.objects.filter(claim=task.claim).update(selection_reason="Many read it.")
    client.force_login(checker)
    path = url(task.claim, "verdict/check/")
    codes = [
        finding.code
        for finding in client.post(path, {"summary": "Yes", "rating": "\x00"}).context["findings"]
    ]
    assert codes == ["rating_missing", "rationale_missing", "no_source"]
    factories.make_evidence(task.claim, checker)
    factories.make_evidence(task.claim, checker, stance="supports")
    answer = client.post(path, FINDING)
    assert answer.context["findings"] == []
    assert "nothing to mend" in answer.text
    assert not Verdict.objects.exists()


# --- the second person


def test_the_author_cannot_approve_and_reads_why(client):
    lead = factories.make_user(Role.LEAD)
    verdict = factories.make_submitted_verdict(lead)
    client.force_login(lead)
    page = client.get(url(verdict.claim)).text
    assert f'disabled title="{policies.OWN_VERDICT}"' in page
    refused = client.post(url(verdict.claim, "verdict/approve/"), {"revision": 1})
    assert refused.status_code == 409
    assert str(policies.OWN_VERDICT) in refused.text
    verdict.refresh_from_db()
    assert verdict.state == "submitted"


def test_a_second_person_approves_then_publishes(client, checker, editor):
    verdict = factories.make_submitted_verdict(checker)
    client.force_login(editor)
    page = client.get(url(verdict.claim)).text
    assert 'name="revision" value="1"' in page
    assert client.post(url(verdict.claim, "verdict/approve/"), {"revision": 1}).status_code == 302
    verdict.refresh_from_db()
    assert (verdict.state, verdict.approver) == ("approved", editor)
    assert client.post(url(verdict.claim, "verdict/publish/")).status_code == 302
    publication = Publication.objects.get()
    assert f"/fact-checks/{publication.slug}/" in client.get(url(verdict.claim)).text
    again = client.post(url(verdict.claim, "verdict/publish/"))
    assert again.status_code == 409
    assert "This verdict is published already." in again.text


def test_approve_and_publish_in_one_step(client, checker, editor):
    verdict = factories.make_submitted_verdict(checker)
    client.force_login(editor)
    assert client.post(url(verdict.claim, "verdict/approve-and-publish/"), {"revision": 1}).status_code == 302
    assert Publication.objects.get().approved_by == editor


def test_approve_and_publish_does_both_or_neither(client, checker, editor):
    verdict = factories.make_submitted_verdict(checker)
    Evidence.objects.all().delete()  # as if the gate had become stricter since
    client.force_login(editor)
    response = client.post(url(verdict.claim, "verdict/approve-and-publish/"), {"revision": 1})
    assert response.status_code == 422
    assert "Add at least one source" in response.text
    verdict.refresh_from_db()
    assert verdict.state == "submitted"


@pytest.mark.parametrize("revision", ["", "x", "0"])
def test_an_approval_without_the_revision_that_was_read_is_refused(client, checker, editor, revision):
    verdict = factories.make_submitted_verdict(checker)
    client.force_login(editor)
    response = client.post(url(verdict.claim, "verdict/approve/"), {"revision": revision})
    assert response.status_code == 422
    assert "alert--error" in response.text


def test_a_verdict_that_changed_meanwhile_has_to_be_read_again(client, checker, editor):
    verdict = factories.make_submitted_verdict(checker)
    request_changes(verdict, by=factories.make_user(Role.EDITOR), reason="Again, please.")
    submit_verdict(
        ReviewTask.objects.get(state="taken"),
        by=checker,
        rating=factories.make_rating("true"),
        summary="It is true after all.",
        rationale="The other accounts list the spending line by line.",
    )
    client.force_login(editor)
    response = client.post(url(verdict.claim, "verdict/approve/"), {"revision": 1})
    assert response.status_code == 422
    assert "The verdict changed since you opened it (revision 2, you read 1)." in response.text
    assert "It is true after all." in response.text


def test_two_editors_at_once_give_one_approval_and_one_sentence(client, checker, editor):
    verdict = factories.make_submitted_verdict(checker)
    approve_verdict(verdict, by=factories.make_user(Role.EDITOR), revision=1)
    client.force_login(editor)
    response = client.post(url(verdict.claim, "verdict/approve/"), {"revision": 1})
    assert "This verdict is approved, not waiting for approval." in response.text
    assert response.status_code == 409


def test_a_verdict_is_sent_back_with_a_reason(client, checker, editor):
    verdict = factories.make_submitted_verdict(checker)
    client.force_login(editor)
    empty = client.post(url(verdict.claim, "verdict/send-back/"), {"changes-reason": " "})
    assert empty.status_code == 422
    assert "reason" in empty.context["changes"].errors
    sent = client.post(url(verdict.claim, "verdict/send-back/"), {"changes-reason": "Whose count?"})
    assert sent.status_code == 302
    client.force_login(checker)
    page = client.get(url(verdict.claim))
    assert page.context["panel"] == "write"
    assert "Whose count?" in page.text
    assert page.context["verdict_form"]["summary"].value() == verdict.summary


def test_a_reason_to_a_verdict_that_was_decided_meanwhile_is_kept(client, checker, editor):
    verdict = factories.make_submitted_verdict(checker)
    approve_verdict(verdict, by=factories.make_user(Role.EDITOR), revision=1)
    client.force_login(editor)
    response = client.post(url(verdict.claim, "verdict/send-back/"), {"changes-reason": "A long thought."})
    assert "This verdict is approved" in response.text
    assert "A long thought." in response.text


def test_a_checker_reads_why_publishing_is_not_theirs(client, checker, editor):
    verdict = factories.make_approved_verdict(checker, editor)
    client.force_login(checker)
    assert "Only editors and leads of the claim&#x27;s desk publish." in client.get(url(verdict.claim)).text
    assert client.post(url(verdict.claim, "verdict/publish/")).status_code == 403
    assert not Publication.objects.exists()


# --- two windows


def test_words_of_another_window_are_not_written_over_unseen(client, checker):
    factories.make_scale()
    task = factories.make_taken_task(checker)
    client.force_login(checker)
    began_with = client.get(url(task.claim)).context["verdict_form"]["began_with"].value() or ""
    here, there = ({**FINDING, "began_with": began_with, "summary": words} for words in ("Here.", "There."))
    assert client.post(url(task.claim, "verdict/draft/"), there).status_code == 302
    refused = client.post(url(task.claim, "verdict/draft/"), here)
    assert refused.status_code == 409
    assert "Other words were saved for this verdict" in refused.text
    assert "There." in refused.text
    form = refused.context["verdict_form"]
    assert form["summary"].value() == "Here."
    assert Verdict.objects.get().summary == "There."
    again = {**here, "began_with": form["began_with"].value()}
    assert client.post(url(task.claim, "verdict/draft/"), again).status_code == 302
    assert Verdict.objects.get().summary == "Here."


def test_a_form_that_is_sent_twice_by_a_bad_line_is_no_conflict(client, checker):
    factories.make_scale()
    task = factories.make_taken_task(checker)
    client.force_login(checker)
    for _ in range(2):
        answer = client.post(url(task.claim, "verdict/draft/"), {**FINDING, "began_with": ""})
        assert answer.status_code == 302


def test_a_recheck_begins_with_what_was_approved_and_conflicts_with_nothing(client, checker):
    publication = factories.make_publication()
    editor = factories.make_user(Role.EDITOR)
    task = open_recheck(publication.claim, by=editor, reason="New accounts.")
    take_task(task, by=checker)
    client.force_login(checker)
    form = client.get(url(publication.claim)).context["verdict_form"]
    sent = {**FINDING, "began_with": form["began_with"].value()}
    assert client.post(url(publication.claim, "verdict/draft/"), sent).status_code == 302


def test_the_live_list_says_how_much_there_is_to_mend(client, checker):
    task = factories.make_taken_task(checker)
    client.force_login(checker)
    answer = client.post(url(task.claim, "verdict/check/"), FINDING)
    assert 'id="findings-said" role="status" hx-swap-oob="innerHTML"' in " ".join(answer.text.split())
    assert "thing to mend" in answer.text or "things to mend" in answer.text
