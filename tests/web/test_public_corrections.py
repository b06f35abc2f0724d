"""What readers see of corrections and retractions: on the check's page, in the log, by machine."""

from __future__ import annotations

import pytest

from claimtracker.accounts.models import Role
from reviews.actions.gate import override_standards
from reviews.actions.publishing import publish_verdict
from reviews.models import StandardsNote
from reviews.selectors.published import changes_page
from tests import factories

pytestmark = pytest.mark.django_db


def page(client, publication, version: int | None = None):
    return client.get(f"/fact-checks/{publication.slug}/", {"version": version} if version else {})


def test_every_version_carries_the_corrections(client):
    first = factories.make_publication()
    factories.make_correction(first, rating="true", note="The office revised its tables.")
    new, old = page(client, first), page(client, first, 1)
    for each in (new, old):
        assert "Change of verdict" in each.text
        assert "The office revised its tables." in each.text
    assert "It is no longer our finding." in old.text
    assert "noindex" in old.text
    assert "noindex" not in new.text
    assert '"CorrectionComment"' in new.text
    assert "application/ld+json" in new.text


def test_a_retracted_check_shows_the_reason_and_no_rating(client):
    first = factories.make_publication()
    factories.make_retraction(first, note="The document was forged.\n\nWe regret it.")
    new = page(client, first)
    assert new.status_code == 200
    assert "We retracted this fact check on" in new.text
    assert "We regret it." in new.text
    assert "Our rating" not in new.text
    assert first.snapshot["summary"] not in new.text
    assert new.text.count("application/ld+json") == 1, "the feed of all checks, and nothing about this one"
    old = page(client, first, 1)
    assert first.snapshot["summary"] in old.text
    assert "It is not our finding." in old.text
    assert "We retracted this fact check on" in old.text
    assert '<script type="application/ld+json">' not in old.text


def test_a_retraction_describes_no_finding_to_machines(client):
    first = factories.make_publication()
    factories.make_retraction(first)
    gone = client.get(f"/fact-checks/{first.slug}/claim-review.json")
    assert (gone.status_code, gone["Content-Type"]) == (410, "application/problem+json")
    assert gone.json()["code"] == "retracted"
    kept = client.get(f"/fact-checks/{first.slug}/claim-review.json?version=1")
    assert kept.json()["@type"] == "ClaimReview"


def test_the_list_of_checks_says_what_is_retracted(client):
    factories.make_retraction(factories.make_publication())
    text = client.get("/fact-checks/").text
    assert "Retracted" in text
    assert "rating--" not in text


def test_the_log_has_every_change_and_no_first_version(client, django_assert_num_queries):
    assert "Nothing has been corrected yet" in client.get("/corrections/").text
    first = factories.make_publication()
    second = factories.make_correction(first, note="A slip in the table.")
    factories.make_retraction(second, note="The table was forged.")
    untouched = factories.make_publication()
    text = client.get("/corrections/").text
    assert text.index("The table was forged.") < text.index("A slip in the table.")
    assert f"/fact-checks/{first.slug}/?version=2" in text
    assert untouched.slug not in text
    with django_assert_num_queries(1):
        client.get("/corrections/")


def test_the_log_goes_on_from_page_to_page(client):
    last = factories.make_publication()
    for n in range(3):
        last = factories.make_correction(last, note=f"Change number {n}.")
    newest = changes_page(size=2)
    assert [each.change_note for each in newest.publications] == ["Change number 2.", "Change number 1."]
    older = client.get("/corrections/", {"before": newest.older})
    assert "Change number 0." in older.text
    assert "Change number 1." not in older.text


@pytest.mark.parametrize("before", ["x", "-1", "9" * 30])
def test_a_log_address_that_says_nothing_shows_the_newest(client, before):
    factories.make_correction(factories.make_publication())
    assert "The office revised it." in client.get("/corrections/", {"before": before}).text


def test_departures_from_the_standards_stand_on_the_page(client):
    author, editor, lead = (factories.make_user(role) for role in (Role.CHECKER, Role.EDITOR, Role.LEAD))
    verdict = factories.make_approved_verdict(author, editor)
    StandardsNote.objects.all().delete()
    override_standards(verdict.claim, by=lead, code="one_publisher", reason="A flood is coming.")
    publication = publish_verdict(verdict, by=editor)
    text = page(client, publication).text
    assert "Where we could not meet our standards" in text
    assert "A lead decided to publish all the same:" in text
    assert "A flood is coming." in text
    assert "Only one named publisher is cited. <" in text
    assert "find a second" not in text, "what the desk should do is no business of readers"
    assert "IFCN 3.3" in text
