"""The public page of a verdict before it is public: what readers would see, and nothing of it kept."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from claimtracker.accounts.models import Role, User
from claimtracker.jobs.models import Job
from claimtracker.ledger.models import AuditEntry, OutboxEvent
from reviews.actions.assignment import take_task
from reviews.actions.publishing import publish_verdict
from reviews.actions.recheck import open_recheck
from reviews.actions.verdicts import approve_verdict, submit_verdict
from reviews.models import Publication, Verdict
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> tuple[User, User]:
    return factories.make_user(name="Mara Okafor"), factories.make_user(Role.EDITOR, name="Priya Raman")


def address(verdict: Verdict) -> str:
    return reverse("reviews:publish_preview", args=[verdict.claim_id])


def test_it_is_the_page_that_readers_get_and_leaves_no_trace(
    client: Client, people: tuple[User, User]
) -> None:
    author, editor = people
    verdict = factories.make_submitted_verdict(author)
    before = [kind.objects.count() for kind in (Publication, AuditEntry, OutboxEvent, Job)]
    client.force_login(editor)
    response = client.get(address(verdict))
    page = response.content.decode()
    assert "A preview: nothing of this is public." in page
    assert verdict.summary in page
    assert '<meta name="robots" content="noindex">' in page
    assert "&quot;@type&quot;: &quot;ClaimReview&quot;" in page
    assert "no-store" in response["Cache-Control"]
    assert [kind.objects.count() for kind in (Publication, AuditEntry, OutboxEvent, Job)] == before
    # what goes out then is the same page
    verdict = approve_verdict(verdict, by=editor, revision=verdict.revision)
    published = publish_verdict(verdict, by=editor)
    public = client.get(reverse("reviews:public_claim", args=[published.slug])).content.decode()
    article = public.split('<article class="factcheck">')[1].split("<footer")[0]
    for line in ("<h1", verdict.summary, verdict.rationale):
        assert line in article
        assert line in page


def test_what_the_standards_hold_back_is_said(client: Client, people: tuple[User, User]) -> None:
    author, editor = people
    verdict = factories.make_submitted_verdict(author)
    verdict.claim.evidence.all().delete()
    client.force_login(editor)
    page = client.get(address(verdict)).content.decode()
    assert "The standards hold it back." in page
    assert 'class="check-error"' in page


def test_a_later_version_is_shown_with_what_it_says_of_its_change(client: Client, people) -> None:
    author, editor = people
    publication = publish_verdict(factories.make_approved_verdict(author, editor), by=editor)
    task = open_recheck(publication.claim, by=editor, reason="A newer table.")
    verdict = submit_verdict(
        take_task(task, by=author),
        by=author,
        rating=factories.make_rating(),
        summary="Half of it.",
        rationale="The audited accounts list half of the sum, line by line.",
    )
    client.force_login(editor)
    bare = client.get(address(verdict)).content.decode()
    assert "The standards hold it back." in bare, "nobody said what kind of change it is"
    sent = {"change": "correction", "change_note": "The table has a newer figure."}
    page = client.post(address(verdict), sent).content.decode()
    assert "The standards let it out." in page
    assert Publication.objects.count() == 1


def test_there_is_nothing_to_preview_once_it_is_out_or_before_it_is_proposed(client: Client, people) -> None:
    author, editor = people
    client.force_login(editor)
    claim = factories.make_claim()
    assert client.get(reverse("reviews:publish_preview", args=[claim.pk])).status_code == 302
    publication = publish_verdict(factories.make_approved_verdict(author, editor), by=editor)
    assert client.get(reverse("reviews:publish_preview", args=[publication.claim_id])).status_code == 302


def test_only_who_sees_the_verdict_sees_its_preview(client: Client, people: tuple[User, User]) -> None:
    verdict = factories.make_submitted_verdict(people[0])
    assert client.get(address(verdict)).status_code == 302
    client.force_login(factories.make_user(Role.LEAD, factories.make_desk("world")))
    assert client.get(address(verdict)).status_code == 404
