"""Nothing goes out with an open error of the standards: the action refuses, and the database when it is
bypassed; a lead answers for one in public."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from claimtracker.accounts.models import Role
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from claimtracker.ledger.models import AuditEntry
from reviews.actions.gate import StandardsNotMet, explain_finding, override_standards
from reviews.actions.publishing import publish_verdict
from reviews.actions.verdicts import approve_verdict, submit_verdict
from reviews.models import Publication, StandardsNote, StandardsOverride, Verdict
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    return factories.make_user()


@pytest.fixture
def editor():
    return factories.make_user(Role.EDITOR)


@pytest.fixture
def lead():
    return factories.make_user(Role.LEAD)


@pytest.fixture
def approved(author, editor) -> Verdict:
    """With one publisher and nobody's explanation."""
    verdict = factories.make_approved_verdict(author, editor)
    StandardsNote.objects.all().delete()
    return verdict


def row(verdict: Verdict, **facts) -> Publication:
    """A publication as somebody would write it past the action."""
    return Publication.objects.create(
        **{
            "claim": verdict.claim,
            "verdict": verdict,
            "number": 1,
            "slug": "x",
            "snapshot": {},
            "claim_review": {},
            "proposed_by": verdict.author,
            "approved_by": verdict.approver,
            "published_by": verdict.approver,
            "published_at": timezone.now(),
            **facts,
        }
    )


ERROR = {"code": "one_publisher", "severity": "error"}


def test_an_open_error_keeps_a_verdict_in(approved, editor):
    with pytest.raises(StandardsNotMet, match=r"Only one named publisher.*IFCN 3\.3") as refused:
        publish_verdict(approved, by=editor)
    assert (refused.value.code, refused.value.field) == ("one_publisher", "evidence")
    assert {finding.code for finding in refused.value.findings} == {
        "one_publisher",
        "claimant_not_asked",
        "selection_unexplained",
    }
    assert not Publication.objects.exists()


def test_an_explanation_opens_the_gate_and_is_published(approved, author, editor):
    explain_finding(
        approved.claim, by=author, code="one_publisher", text=" Only the court\n keeps the file. "
    )
    publication = publish_verdict(approved, by=editor)
    (departure,) = publication.snapshot["standards"]
    assert departure["criterion"] == "3.3"
    assert (departure["reason"], departure["by"]) == ("Only the court keeps the file.", "desk")
    kept = {finding["code"]: finding["severity"] for finding in publication.findings}
    assert kept["one_publisher"] == "warning"


def test_an_explanation_is_said_again_in_better_words(approved, author):
    for text in ("First.", "Second."):
        explain_finding(approved.claim, by=author, code="one_publisher", text=text)
    assert StandardsNote.objects.get().text == "Second."
    assert AuditEntry.objects.filter(verb="standards.explained").count() == 2


@pytest.mark.parametrize(
    ("code", "text", "field"),
    [
        ("no_source", "Because.", "code"),
        ("one_publisher", "  ", "text"),
        ("one_publisher", "x" * 501, "text"),
    ],
)
def test_what_explains_nothing_is_refused_at_its_field(approved, author, code, text, field):
    with pytest.raises(ActionRefused) as refused:
        explain_finding(approved.claim, by=author, code=code, text=text)
    assert refused.value.field == field


def test_only_people_of_the_desk_explain(approved):
    for outsider in (
        factories.make_user(Role.REPORTER),
        factories.make_user(Role.LEAD, factories.make_desk("city")),
    ):
        with pytest.raises(NotPermitted, match="Only checkers, editors and leads"):
            explain_finding(approved.claim, by=outsider, code="one_publisher", text="Because.")


def test_a_lead_answers_for_an_error_in_public(approved, editor, lead):
    override = override_standards(
        approved.claim, by=lead, code="one_publisher", reason="A flood; it saves lives."
    )
    assert (override.criterion, override.message[:8]) == ("3.3", "Only one")
    publication = publish_verdict(approved, by=editor)
    assert publication.findings[0] | {"override": "A flood; it saves lives."} == publication.findings[0]
    assert publication.findings[0]["severity"] == "error"
    assert publication.snapshot["standards"][0] == {
        "criterion": "3.3",
        "finding": "Only one named publisher is cited.",
        "reason": "A flood; it saves lives.",
        "by": "lead",
    }
    entry = AuditEntry.objects.get(verb="standards.overridden")
    assert (entry.details["code"], entry.note.text) == ("one_publisher", "A flood; it saves lives.")


def test_an_override_counts_for_one_version(approved, editor, lead):
    override_standards(approved.claim, by=lead, code="one_publisher", reason="It saves lives.")
    publication = publish_verdict(approved, by=editor)
    with pytest.raises(StandardsNotMet, match="Only one named publisher"):
        factories.make_correction(publication)


@pytest.mark.parametrize("role", [Role.CHECKER, Role.EDITOR])
def test_only_a_lead_overrides(approved, role):
    with pytest.raises(NotPermitted, match="Only a lead"):
        override_standards(approved.claim, by=factories.make_user(role), code="one_publisher", reason="So.")


def test_a_lead_does_not_override_for_their_own_verdict(lead, editor):
    verdict = factories.make_submitted_verdict(lead)
    StandardsNote.objects.all().delete()
    with pytest.raises(NotPermitted, match="Another lead"):
        override_standards(verdict.claim, by=lead, code="one_publisher", reason="So.")


@pytest.mark.parametrize(
    ("code", "reason", "said"),
    [
        ("summary_missing", "So.", "has to be mended"),
        ("claimant_not_asked", "So.", "has to be mended"),
        ("unheard_of", "So.", "has to be mended"),
        ("source_incomplete", "So.", "do not find this"),
        ("one_publisher", " ", "Say why"),
    ],
)
def test_what_cannot_be_overridden_says_so(approved, lead, code, reason, said):
    with pytest.raises(ActionRefused, match=said):
        override_standards(approved.claim, by=lead, code=code, reason=reason)
    assert not StandardsOverride.objects.exists()


def test_the_database_forbids_an_error_that_no_lead_answered_for(approved):
    with pytest.raises(IntegrityError, match="no lead has overridden it"), transaction.atomic():
        row(approved, findings=[ERROR])
    with pytest.raises(IntegrityError, match="are a list"), transaction.atomic():
        row(approved, findings={"severity": "warning"})


def test_the_database_forbids_an_override_by_somebody_else(approved, editor):
    facts = {"claim": approved.claim, "code": "one_publisher", "criterion": "3.3", "message": "m"}
    now = timezone.now()
    with pytest.raises(IntegrityError, match="only a lead"), transaction.atomic():
        StandardsOverride.objects.create(**facts, reason="So.", by=editor, created_at=now)
    lead = factories.make_user(Role.LEAD)
    with pytest.raises(IntegrityError, match="a_standards_override_says_why"), transaction.atomic():
        StandardsOverride.objects.create(**facts, reason="", by=lead, created_at=now)
    StandardsOverride.objects.create(**facts, reason="So.", by=lead, created_at=now)
    assert row(approved, findings=[ERROR]).number == 1


def test_the_database_does_not_count_the_authors_own_override(lead, editor):
    verdict = factories.make_approved_verdict(lead, editor)
    StandardsOverride.objects.create(
        claim=verdict.claim, code="one_publisher", criterion="3.3", message="m", reason="So.", by=lead,
        created_at=timezone.now(),
    )  # fmt: skip
    with pytest.raises(IntegrityError, match="no lead has overridden it"), transaction.atomic():
        row(verdict, findings=[ERROR])


def test_a_proposal_waits_for_no_second_publisher(author):
    """A second person may be asked while the gate is still shut; what nobody can judge is mended first."""
    task = factories.make_taken_task(author)
    words = {
        "rating": factories.make_rating(),
        "summary": "A third.",
        "rationale": "It is listed line by line.",
    }
    with pytest.raises(StandardsNotMet, match="Add at least one source") as refused:
        submit_verdict(task, by=author, **words)
    assert refused.value.field == "evidence"
    factories.make_evidence(task.claim, author)
    verdict = submit_verdict(task, by=author, **words)
    assert approve_verdict(verdict, by=factories.make_user(Role.EDITOR), revision=1).state == "approved"
