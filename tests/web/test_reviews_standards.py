"""The standards in the claim's page and by machine: the same findings, who answers to them, taking back."""

from __future__ import annotations

import pytest

from claimtracker.accounts.models import Role
from reviews.models import Publication, StandardsNote, StandardsOverride
from tests import factories
from tests.web.review_words import url

pytestmark = pytest.mark.django_db

MACHINE = {"Accept": "application/problem+json"}


@pytest.fixture
def checker():
    return factories.make_user(name="Mara Okafor")


@pytest.fixture
def editor():
    return factories.make_user(Role.EDITOR, name="Priya Raman")


@pytest.fixture
def lead():
    return factories.make_user(Role.LEAD, name="Lena Voss")


@pytest.fixture
def verdict(checker, editor):
    """Approved, with one publisher and nobody's explanation."""
    verdict = factories.make_approved_verdict(checker, editor)
    StandardsNote.objects.all().delete()
    return verdict


def test_page_and_machine_say_the_same(client, editor, verdict):
    client.force_login(editor)
    shown = client.get(url(verdict.claim)).context["findings"]
    told = client.get(url(verdict.claim, "standards.json")).json()
    assert [finding.code for finding in shown] == [each["code"] for each in told["findings"]]
    assert told["may_be_published"] is False
    refused = client.post(url(verdict.claim, "verdict/publish/"), headers=MACHINE)
    assert (refused.status_code, refused["Content-Type"]) == (422, "application/problem+json")
    problem = refused.json()
    assert (problem["status"], problem["code"]) == (422, "standards")
    assert problem["errors"][0] == {
        "detail": shown[0].message,
        "code": "one_publisher",
        "criterion": "IFCN 3.3",
        "severity": "error",
        "pointer": "#/evidence",
    }
    assert [each["code"] for each in problem["errors"]] == [finding.code for finding in shown]
    as_page = client.post(url(verdict.claim, "verdict/publish/"))
    assert as_page.status_code == 422
    assert shown[0].message in as_page.text
    assert not Publication.objects.exists()


def test_other_refusals_are_problems_too(client, checker, verdict):
    client.force_login(checker)
    refused = client.post(url(verdict.claim, "verdict/publish/"), headers=MACHINE)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_permitted")
    unread = client.post(url(verdict.claim, "verdict/approve/"), headers=MACHINE)
    assert (unread.status_code, unread.json()["errors"][0]["pointer"]) == (422, "#/revision")


def test_who_sees_the_findings(client, verdict):
    path = url(verdict.claim, "standards.json")
    assert client.get(path).status_code == 302
    client.force_login(factories.make_user(Role.LEAD, factories.make_desk("city")))
    assert client.get(path).status_code == 404
    client.force_login(factories.make_user(Role.REPORTER))
    assert client.get(path).status_code == 200


def test_a_reason_is_kept_and_shown_beside_its_finding(client, editor, verdict):
    client.force_login(editor)
    assert "Answer to the standards" in client.get(url(verdict.claim)).text
    sent = {"explain-code": "one_publisher", "explain-text": "Only the court keeps the file."}
    page = client.post(url(verdict.claim, "standards/explain/"), sent, follow=True)
    assert "The reason is kept" in page.text
    assert "Only the court keeps the file." in page.text
    assert "said why a standard could not be met (IFCN 3.3)" in [
        line.what for line in page.context["history"]
    ]
    assert client.post(url(verdict.claim, "verdict/publish/")).status_code == 302
    assert Publication.objects.count() == 1


def test_an_empty_reason_is_refused_at_its_field(client, editor, verdict):
    client.force_login(editor)
    refused = client.post(url(verdict.claim, "standards/explain/"), {"explain-code": "one_publisher"})
    assert refused.status_code == 422
    assert "Say why; readers see it with the check." in refused.text
    assert not StandardsNote.objects.exists()


def test_a_lead_overrides_and_an_editor_reads_who_may(client, editor, lead, verdict):
    sent = {"override-code": "one_publisher", "override-reason": "A flood is coming."}
    client.force_login(editor)
    assert "Override as lead" not in client.get(url(verdict.claim)).text
    assert client.post(url(verdict.claim, "standards/override/"), sent).status_code == 403
    client.force_login(lead)
    assert "Override as lead" in client.get(url(verdict.claim)).text
    page = client.post(url(verdict.claim, "standards/override/"), sent, follow=True)
    assert "A lead overrides it:" in page.text
    assert StandardsOverride.objects.get().by == lead
    assert "overrode the standards (IFCN 3.3)" in [line.what for line in page.context["history"]]
    assert client.post(url(verdict.claim, "verdict/publish/")).status_code == 302


def test_a_lead_retracts_from_the_page(client, editor, lead):
    publication = factories.make_publication()
    claim = publication.claim
    sent = {"retraction-version": "1", "retraction-note": "The document was forged."}
    client.force_login(editor)
    assert "Retract this check" not in client.get(url(claim)).text
    refused = client.post(url(claim, "retract/"), sent)
    assert refused.status_code == 403
    assert "The document was forged." in refused.text
    client.force_login(lead)
    assert "Retract this check" in client.get(url(claim)).text
    unsaid = client.post(url(claim, "retract/"), {**sent, "retraction-note": ""})
    assert (unsaid.status_code, Publication.objects.count()) == (422, 1)
    page = client.post(url(claim, "retract/"), sent, follow=True)
    assert "Retracted. Readers see your reason" in page.text
    assert "Retract this check" not in page.text
    assert "retracted the check" in [line.what for line in page.context["history"]]


def test_the_page_costs_the_same_with_one_finding_and_with_many(
    client, editor, verdict, django_assert_max_num_queries
):
    client.force_login(editor)
    with django_assert_max_num_queries(200) as few:
        client.get(url(verdict.claim))
    StandardsNote.objects.create(claim=verdict.claim, code="one_publisher", text="So.", by=editor)
    StandardsNote.objects.create(claim=verdict.claim, code="claimant_not_asked", text="So.", by=editor)
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get(url(verdict.claim))
