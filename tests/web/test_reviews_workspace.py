"""The claim workspace: who may open it, what it shows, and what becomes of the claim and its task."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claimtracker.accounts.models import Membership, Role
from claimtracker.ledger.models import AuditActor
from reviews.actions.evidence import remove_evidence
from reviews.actions.verdicts import request_changes
from reviews.models import Evidence
from reviews.selectors.workspace import CONTEXT_LIMIT
from tests import factories
from tests.web.review_words import FINDING, SOURCE, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def checker():
    return factories.make_user(name="Mara Okafor")


@pytest.fixture
def editor():
    return factories.make_user(Role.EDITOR, name="Priya Raman")


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
    "wording/",
    "correct/",
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
def test_the_address_of_a_form_leads_to_the_claim_and_changes_nothing(client, checker, path):
    claim = factories.make_claim()
    client.force_login(checker)
    assert client.get(url(claim, path))["Location"] == url(claim)
    assert client.put(url(claim, path)).status_code == 405


def test_the_address_of_a_task_leads_to_its_claim_and_takes_nothing(client, checker):
    task = factories.make_task()
    client.force_login(checker)
    for path in ("take", "give-back"):
        assert client.get(f"/review-tasks/{task.pk}/{path}/")["Location"] == url(task.claim)
    task.refresh_from_db()
    assert task.state == "queued"


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
    assert lines[0] == ("Priya Raman", "returned the verdict", "Say whose counting we follow.")
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
    restored = client.post(url(task.claim, "restore/"), follow=True)
    assert "Its new task appears in a moment." in restored.text
    assert "Look again" in restored.text
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
