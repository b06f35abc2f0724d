"""The verdict panel: one first action, what changed since, what a recheck begins with."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from claimtracker.accounts.models import Role
from reviews.actions.corrections import retract_publication
from reviews.actions.publishing import publish_verdict
from reviews.actions.ratings import save_reason
from reviews.actions.recheck import open_recheck
from reviews.actions.replies import ask_for_reply, log_contact
from reviews.actions.second_review import dissent_from_verdict
from reviews.forms import VerdictForm
from reviews.models import EvidenceChange, SourceSnapshot, StandardsNote, StoredContent
from tests import factories
from tests.web.review_words import url

pytestmark = pytest.mark.django_db


@pytest.fixture
def checker():
    return factories.make_user(name="Mara Okafor")


@pytest.fixture
def editor():
    return factories.make_user(Role.EDITOR, name="Priya Raman")


@pytest.fixture
def lead():
    return factories.make_user(Role.LEAD, name="Lena Kovač")


def panel(client, user, claim) -> str:
    client.force_login(user)
    return client.get(url(claim)).text.split('id="verdict"', 1)[1].split("</section>", 1)[0]


def primary(page: str) -> list[str]:
    """The labels of what stands out as the thing to do."""
    found = re.findall(r'<(?:button|a) class="[^"]*btn--primary[^"]*"[^>]*>(.*?)</', page, re.DOTALL)
    return [re.sub(r"<[^>]+>", "", label).strip() for label in found]


# --- one first action


def test_a_reviewer_finds_one_thing_to_do_first(client, checker, editor):
    verdict = factories.make_submitted_verdict(checker)
    client.force_login(editor)
    page = client.get(url(verdict.claim)).text
    assert "Take the review" in page
    assert primary(page) == ["Approve and publish"]


def test_while_the_standards_are_not_met_nothing_offers_to_publish(client, checker, editor):
    verdict = factories.make_submitted_verdict(checker)
    StandardsNote.objects.all().delete()  # one publisher, and nobody said why
    assert primary(panel(client, editor, verdict.claim)) == ["Approve"]
    factories.approve_verdict(verdict, by=editor, revision=verdict.revision)
    page = panel(client, editor, verdict.claim)
    assert "Mend or answer what the standards mark in red first." in page
    assert re.search(r'disabled aria-describedby="publish-refused"[^>]*>Publish<', page)


# --- sources that changed


def with_change(evidence, kind):
    """A look found the page otherwise than it was cited."""
    return EvidenceChange.objects.create(evidence=evidence, kind=kind, noticed_at=timezone.now())


@pytest.mark.parametrize(
    ("kind", "words"),
    [("changed", "the quoted words changed"), ("vanished", "vanished from the page"), ("gone", "taken down")],
)
def test_the_panel_says_that_a_source_is_not_as_it_was(client, checker, editor, kind, words, copied):
    verdict = factories.make_submitted_verdict(checker)
    evidence = verdict.claim.evidence.get()
    assert "not as it was" not in panel(client, editor, verdict.claim)
    copied(evidence)
    change = with_change(evidence, kind)
    page = panel(client, editor, verdict.claim)
    assert "A source is not as it was." in page
    assert "Look at it before you decide." in page
    assert words in page
    assert f'href="#evidence-{evidence.pk}"' in page
    change.settled, change.settled_at, change.settled_by = "seen", timezone.now(), editor
    change.save()
    assert "not as it was" not in panel(client, editor, verdict.claim)


@pytest.fixture
def copied():
    """``copied(evidence)``: as if a copy of its page had been made."""

    def copy(evidence):
        content = StoredContent.objects.create(digest="a" * 64, size=1)
        evidence.source.last_snapshot = SourceSnapshot.objects.create(
            source=evidence.source,
            page=content,
            url=evidence.source.url,
            main_digest="a" * 64,
            taken_at=timezone.now(),
        )
        evidence.source.condition = "changed"
        evidence.source.save()

    return copy


# --- a recheck begins with what was approved


def test_a_recheck_begins_with_the_approved_words(client, checker, editor):
    verdict = factories.make_approved_verdict(checker, editor)
    publish_verdict(verdict, by=editor)
    task = open_recheck(verdict.claim, by=editor, reason="The office revised its accounts.")
    factories.take_task(task, by=checker)
    client.force_login(checker)
    page = client.get(url(verdict.claim))
    form = page.context["verdict_form"]
    assert form["rating"].value() == verdict.rating.slug
    assert (form["summary"].value(), form["rationale"].value()) == (verdict.summary, verdict.rationale)
    assert "It begins with the words that Priya Raman approved on" in page.text


def test_a_day_that_is_over_is_not_carried_into_a_recheck(checker, editor):
    verdict = factories.make_approved_verdict(checker, editor)

    verdict.valid_until = timezone.localdate() - timedelta(days=1)
    assert VerdictForm.of(verdict)["valid_until"].value() is None
    verdict.valid_until = timezone.localdate()
    assert VerdictForm.of(verdict)["valid_until"].value() == timezone.localdate()


def test_another_rating_is_offered_as_a_change_of_verdict(client, checker, editor):
    publication = factories.make_publication()
    task = open_recheck(publication.claim, by=editor, reason="The office revised its accounts.")
    factories.submit_verdict(
        factories.take_task(task, by=checker),
        by=checker,
        rating=factories.make_rating("half-true"),
        summary="The revised accounts show half of that.",
        rationale="The audited accounts list the spending line by line.",
    )
    client.force_login(editor)
    page = client.get(url(publication.claim))
    assert page.context["publish_form"]["change"].value() == "verdict_change"
    assert "The rating is another than before." in page.text


# --- taken back, disputed, and the words that are often said


def test_a_retracted_check_says_so_and_why(client, lead):
    publication = factories.make_publication()
    retract_publication(publication.claim, by=lead, version=1, note="The accounts were of another city.")
    page = panel(client, lead, publication.claim)
    assert "Lena Kovač retracted this check on" in page
    assert "The accounts were of another city." in page
    assert "Check it anew" in page
    assert "Published" not in page


def test_the_only_other_rating_is_chosen_already(client, checker, editor, lead):
    verdict = factories.make_submitted_verdict(checker)
    other = factories.make_rating("half-true")
    dissent_from_verdict(
        verdict, by=editor, revision=verdict.revision, rating=other, reason="It is the budget."
    )
    client.force_login(lead)
    page = client.get(url(verdict.claim))
    assert page.context["otherwise_form"]["rating"].value() == "half-true"
    assert primary(page.text) == ["Uphold and approve"]


def test_ready_reasons_are_readable_and_name_their_field(client, checker, editor, lead):
    save_reason(None, by=lead, text="Say who counted.")
    verdict = factories.make_submitted_verdict(checker)
    page = panel(client, editor, verdict.claim)
    assert '<li data-insert="id_changes-reason">Say who counted.</li>' in page
    assert 'id="id_changes-reason"' in page


def test_the_history_tells_of_the_other_side_in_sentences(client, checker):
    task = factories.make_taken_task(checker)
    ask_for_reply(task.claim, by=checker, person="Ann Lee", channel="email", question="Where from?", hours=48)
    log_contact(task.claim, by=checker, at=timezone.now(), channel="phone", outcome="no_reply")
    client.force_login(checker)
    said = [line.what for line in client.get(url(task.claim)).context["history"]]
    assert said[:2] == ["wrote into the contact log", "asked the other side for a reply"]
