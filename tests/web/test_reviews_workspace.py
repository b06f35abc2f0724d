"""The claim workspace: who may open it, what each person may do, and that no typed word is lost."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claimtracker.accounts.models import Membership, Role
from claimtracker.ledger.models import AuditActor
from reviews import policies
from reviews.actions.assignment import release_task, take_task
from reviews.actions.evidence import remove_evidence
from reviews.actions.verdicts import approve_verdict, request_changes, submit_verdict
from reviews.models import Evidence, Publication, ReviewTask, Verdict
from reviews.selectors.workspace import CONTEXT_LIMIT
from tests import factories

pytestmark = pytest.mark.django_db

SOURCE = {
    "url": "https://stats.example/roads",
    "title": "Road accounts",
    "publisher": "Audit office",
    "source_kind": "primary",
    "stance": "refutes",
    "quotation": "Roads: 1.7 million.",
    "note": "Audited.",
    "citation": "",
}
FINDING = {
    "rating": "false",
    "summary": "The accounts show a third of that.",
    "rationale": "The audited accounts list the spending line by line.",
}


@pytest.fixture
def checker():
    return factories.make_user(name="Mara Okafor")


@pytest.fixture
def editor():
    return factories.make_user(Role.EDITOR, name="Priya Raman")


def url(claim, path=""):
    return f"/claims/{claim.pk}/{path}"


# --- the ladder


POSTS = [
    "evidence/",
    "verdict/",
    "verdict/draft/",
    "verdict/check/",
    "verdict/approve/",
    "verdict/approve-and-publish/",
    "verdict/send-back/",
    "verdict/publish/",
    "dismiss/",
    "restore/",
]


def test_the_anonymous_are_sent_to_sign_in(client):
    claim = factories.make_claim()
    assert client.get(url(claim))["Location"] == f"/account/login/?next=/claims/{claim.pk}/"
    for path in POSTS:
        assert client.post(url(claim, path))["Location"] == "/account/login/?next=/"


def test_a_fragment_for_the_anonymous_is_no_sign_in_page(client):
    claim = factories.make_claim()
    assert client.post(url(claim, "verdict/check/"), headers={"HX-Request": "true"}).status_code == 401


def test_another_desk_finds_nothing(client):
    verdict = factories.make_submitted_verdict(factories.make_user())
    client.force_login(factories.make_user(Role.LEAD, desk=factories.make_desk("world")))
    assert client.get(url(verdict.claim)).status_code == 404
    for path in [*POSTS, f"evidence/{verdict.claim.evidence.get().pk}/remove/"]:
        assert client.post(url(verdict.claim, path), FINDING).status_code == 404, path


def test_a_reporter_reads_but_each_button_says_why_not(client):
    task = factories.make_task()
    client.force_login(factories.make_user(Role.REPORTER))
    page = client.get(url(task.claim))
    assert page.status_code == 200
    assert "Only checkers, editors and leads of the Politics desk take its tasks." in page.text
    assert "Only checkers, editors and leads of the Politics desk add evidence." in page.text
    assert 'name="stance"' not in page.text
    refused = client.post(url(task.claim, "evidence/"), SOURCE)
    assert refused.status_code == 403
    assert not Evidence.objects.exists()
    assert "Road accounts" in refused.text  # what was typed is still there


def test_the_right_role_works_on_it(client, checker):
    task = factories.make_task()
    client.force_login(checker)
    assert 'name="stance"' in client.get(url(task.claim)).text


def test_a_claim_in_our_article_at_another_desk_can_be_read(client):
    politics, world = factories.make_desk("politics"), factories.make_desk("world")
    claim = factories.make_claim(article=factories.make_article(desk=politics))
    type(claim).objects.filter(pk=claim.pk).update(desk=world)
    task = factories.make_task(claim)
    client.force_login(factories.make_user(Role.LEAD, desk=politics))
    page = client.get(url(claim))
    assert page.status_code == 200
    assert f"/review-tasks/{task.pk}/take/" not in page.text  # the task itself is the other desk's


@pytest.mark.parametrize("path", POSTS)
def test_actions_are_not_opened_by_a_link(client, checker, path):
    claim = factories.make_claim()
    client.force_login(checker)
    assert client.get(url(claim, path)).status_code == 405


# --- what it shows


def test_the_claim_stands_in_its_sentences(client, checker):
    body = (
        "First one. The mayor spoke at noon. The city spent 5 million on roads last year, she said. "
        "Nobody asked. The end came.\n\nAnother paragraph.\n"
    )
    claim = factories.make_claim(
        "The city spent 5 million on roads last year", article=factories.make_article(body)
    )
    client.force_login(checker)
    context = client.get(url(claim)).context["context"]
    assert context.before == "The mayor spoke at noon. "
    assert context.quote == "The city spent 5 million on roads last year"
    assert context.after == ", she said. Nobody asked."


def test_a_wall_of_text_is_cut_between_words(client, checker):
    wall = "and so it went on " * 200
    claim = factories.make_claim(
        "spent 5 million", article=factories.make_article(f"{wall}spent 5 million {wall}.\n")
    )
    client.force_login(checker)
    context = client.get(url(claim)).context["context"]
    assert context.before.startswith("… ")
    assert context.before.endswith("it went on ")
    assert context.after.endswith(" …")
    assert max(len(context.before), len(context.after)) <= CONTEXT_LIMIT + 2


def test_the_page_links_to_the_words_in_the_article(client, checker):
    claim = factories.make_claim()
    appearance = claim.appearances.get()
    client.force_login(checker)
    assert f"/articles/{appearance.version.article_id}/#span-{appearance.pk}" in client.get(url(claim)).text


def test_more_evidence_and_history_cost_no_more_queries(client, checker):
    task = factories.make_taken_task(checker)
    client.force_login(checker)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url(task.claim)).status_code == 200
        return len(queries)

    for _ in range(3):
        factories.make_evidence(task.claim, checker)
    few = cost()
    for _ in range(27):
        factories.make_evidence(task.claim, checker)
    assert cost() == few


def test_the_history_tells_who_did_what_and_why(client, checker, editor):
    verdict = factories.make_submitted_verdict(checker)
    request_changes(verdict, by=editor, reason="Say whose counting we follow.")
    client.force_login(checker)
    lines = [(line.who, line.what, line.note) for line in client.get(url(verdict.claim)).context["history"]]
    assert lines[0] == ("Priya Raman", "sent the verdict back", "Say whose counting we follow.")
    assert [who for who, _what, _note in lines[1:]] == ["You", "You", "You", "Claimtracker"]
    assert [what for _who, what, _note in lines[1:]] == [
        "proposed a verdict",
        "added a source that refutes it",
        "took the task",
        "put it into the queue of the Politics desk",
    ]


def test_the_history_survives_a_removed_source_and_an_erased_person(client, checker, editor):
    task = factories.make_taken_task(checker)
    evidence = factories.make_evidence(task.claim, checker, title="The old table")
    remove_evidence(evidence, by=checker)
    AuditActor.objects.filter(user=checker).update(label="", user=None)
    client.force_login(editor)
    lines = client.get(url(task.claim)).context["history"]
    assert (lines[0].who, lines[0].what, lines[0].title) == (
        "A person whose account was erased",
        "took a source off the board",
        "The old table",
    )
    assert lines[1].title == "The old table"


# --- evidence


def test_a_source_is_added_to_the_board(client, checker):
    task = factories.make_taken_task(checker)
    client.force_login(checker)
    response = client.post(url(task.claim, "evidence/"), SOURCE)
    assert response["Location"] == f"/claims/{task.claim_id}/#evidence"
    evidence = Evidence.objects.get()
    assert (evidence.stance, evidence.source.publisher, evidence.quotation) == (
        "refutes",
        "Audit office",
        "Roads: 1.7 million.",
    )
    page = client.get(url(task.claim)).text
    assert "The source is on the board." in page
    assert f'data-draft-saved="evidence-{task.claim_id}"' in page


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"url": "not an address"}, "url", "This is not a web address."),
        ({"url": "javascript:alert(1)"}, "url", "This is not a web address."),
        ({"url": ""}, "url", "or a citation by which readers can find the source"),
        ({"url": "https://x.example/" + "a" * 2000}, "url", "longer than 2,000 characters"),
        ({"url": "https://x.example:port/"}, "url", "This is not a web address."),
        ({"url": "http://[::1"}, "url", "This is not a web address."),
        ({"title": "Road\x00accounts"}, "title", "Null characters are not allowed."),
        ({"title": " "}, "title", "Give the source"),
        ({"publisher": ""}, "publisher", "Name the source"),
        ({"stance": ""}, "stance", "Choose whether it supports"),
        ({"stance": "nonsense"}, "stance", "nonsense"),
        ({"source_kind": "rumour"}, "source_kind", "rumour"),
    ],
)
def test_a_mistake_is_shown_at_its_field_and_nothing_typed_is_lost(client, checker, change, field, sentence):
    task = factories.make_taken_task(checker)
    client.force_login(checker)
    response = client.post(url(task.claim, "evidence/"), {**SOURCE, **change})
    assert response.status_code == 422
    form = response.context["evidence_form"]
    assert field in form.errors
    assert sentence in form.errors[field][0]
    assert "Roads: 1.7 million." in response.text
    assert 'aria-invalid="true"' in response.text
    assert not Evidence.objects.exists()


def test_the_same_source_twice_is_refused_at_its_address(client, checker):
    task = factories.make_taken_task(checker)
    client.force_login(checker)
    client.post(url(task.claim, "evidence/"), SOURCE)
    response = client.post(url(task.claim, "evidence/"), {**SOURCE, "note": "Once more"})
    assert response.status_code == 422
    assert response.context["evidence_form"].errors["url"] == [
        "This source is already on the board with this stance."
    ]
    assert "Once more" in response.text


def test_htmx_gets_the_board_alone_and_says_that_it_changed(client, checker):
    task = factories.make_taken_task(checker)
    client.force_login(checker)
    headers = {"HX-Request": "true"}
    bad = client.post(url(task.claim, "evidence/"), {**SOURCE, "title": ""}, headers=headers)
    assert bad.status_code == 422
    assert bad.text.lstrip().startswith('<section id="evidence"')
    assert "Audit office" in bad.text
    good = client.post(url(task.claim, "evidence/"), SOURCE, headers=headers)
    assert good.status_code == 200
    assert "evidence:changed" in good["HX-Trigger-After-Settle"]
    assert "The source is on the board." in good.text
    assert "<html" not in good.text


def test_a_source_is_taken_off_the_board_once(client, checker):
    task = factories.make_taken_task(checker)
    evidence = factories.make_evidence(task.claim, checker)
    client.force_login(checker)
    path = url(task.claim, f"evidence/{evidence.pk}/remove/")
    assert client.post(path).status_code == 302
    assert not Evidence.objects.exists()
    again = client.post(path)
    assert again.status_code == 409
    assert "Somebody has taken this source off the board already." in again.text


def test_evidence_of_another_claim_is_not_removed_from_here(client, checker):
    here, there = factories.make_taken_task(checker), factories.make_taken_task(checker)
    evidence = factories.make_evidence(there.claim, checker)
    client.force_login(checker)
    assert client.post(url(here.claim, f"evidence/{evidence.pk}/remove/")).status_code == 409
    assert Evidence.objects.filter(pk=evidence.pk).exists()


def test_evidence_that_closes_meanwhile_keeps_what_was_typed(client, checker):
    verdict = factories.make_submitted_verdict(checker)
    client.force_login(checker)
    response = client.post(url(verdict.claim, "evidence/"), SOURCE)
    assert response.status_code == 409
    assert "its evidence is closed" in response.text
    assert "Roads: 1.7 million." in response.text


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
    assert policies.OWN_VERDICT in client.get(url(task.claim)).text


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
    task = factories.make_taken_task(checker)
    factories.make_scale()
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
    assert policies.OWN_VERDICT in refused.text
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


# --- dismissing, giving back


def test_a_claim_is_dismissed_with_a_reason_and_brought_back(client, checker):
    task = factories.make_task()
    client.force_login(checker)
    empty = client.post(url(task.claim, "dismiss/"), {"dismissal-reason": ""})
    assert empty.status_code == 422
    assert client.post(url(task.claim, "dismiss/"), {"dismissal-reason": "An opinion."}).status_code == 302
    task.refresh_from_db()
    assert task.state == "cancelled"
    page = client.get(url(task.claim))
    assert page.context["panel"] == "dismissed"
    assert "An opinion." in page.text
    assert client.post(url(task.claim, "restore/")).status_code == 302
    assert client.post(url(task.claim, "restore/")).status_code == 409


def test_a_claim_whose_verdict_waits_is_not_dismissed_and_the_reason_is_kept(client, checker, editor):
    verdict = factories.make_submitted_verdict(checker)
    client.force_login(editor)
    response = client.post(url(verdict.claim, "dismiss/"), {"dismissal-reason": "Too small."})
    assert response.status_code == 409
    assert "waits for approval or stands already" in response.text
    assert "Too small." in response.text


def test_a_task_is_given_back_by_its_person_or_a_lead(client, checker):
    task = factories.make_taken_task(checker)
    client.force_login(factories.make_user())
    refused = client.post(f"/review-tasks/{task.pk}/give-back/")
    assert refused.status_code == 403
    assert "Only the person who has the task, or a lead of the desk, gives it back." in refused.text
    client.force_login(factories.make_user(Role.LEAD))
    assert "Give back" in client.get(url(task.claim)).text
    assert client.post(f"/review-tasks/{task.pk}/give-back/").status_code == 302
    task.refresh_from_db()
    assert task.state == "queued"


def test_a_taken_task_is_refused_on_the_claims_page_too(client, checker):
    task = factories.make_taken_task(checker)
    client.force_login(factories.make_user())
    response = client.post(f"/review-tasks/{task.pk}/take/")
    assert response.status_code == 409
    assert "Mara has this task already." in response.text


def test_markup_in_what_people_type_stays_text(client, checker):
    task = factories.make_taken_task(checker)
    factories.make_evidence(task.claim, checker, title="<script>alert(1)</script>", note="<b>bold</b>")
    client.force_login(checker)
    page = client.get(url(task.claim)).text
    assert "<script>alert(1)" not in page
    assert "<b>bold</b>" not in page
    assert "&lt;b&gt;bold&lt;/b&gt;" in page


def test_a_member_of_two_desks_sees_both(client):
    politics, world = factories.make_desk("politics"), factories.make_desk("world")
    person = factories.make_user(desk=politics)
    Membership.objects.create(user=person, desk=world, role=Role.REPORTER)
    claim = factories.make_claim(article=factories.make_article(desk=world))
    client.force_login(person)
    assert client.get(url(claim)).status_code == 200
