"""A verdict that stands is carried over to a claim of the same family: as a draft, and never further."""

from __future__ import annotations

from typing import Any

import pytest

from claims.actions.families import confirm_match, detach_claim
from claims.actions.known_claims import withdraw_known_claim
from claims.models import Claim
from claimtracker.accounts.models import Role
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from claimtracker.ledger.models import AuditEntry
from reviews.actions.carry_over import add_known_review_as_evidence, carry_over_verdict
from reviews.actions.evidence import remove_evidence
from reviews.actions.publishing import publish_verdict
from reviews.actions.recheck import open_recheck
from reviews.actions.verdicts import approve_verdict, save_draft, submit_verdict
from reviews.models import Evidence, Publication, ReviewTask, Verdict
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def publication() -> Publication:
    return factories.make_publication(claim=factories.make_claim())


@pytest.fixture
def checker(publication) -> Any:
    return factories.make_user()


@pytest.fixture
def task(publication, checker) -> ReviewTask:
    """A research task, in the checker's hands, on a claim that was confirmed to be the published one."""
    task = factories.make_taken_task(checker)
    confirm_match(factories.make_match(task.claim, known=publication.claim.known_claim), by=checker)
    return task


def correct(publication: Publication, summary: str) -> Publication:
    """The next version of a published check, by the two people of the first."""
    author, editor = publication.proposed_by, publication.approved_by
    task = open_recheck(publication.claim, by=editor, reason="A slip.")
    task = factories.take_task(task, by=author)
    rating = factories.make_rating("half-true")
    words = {"rating": rating, "summary": summary, "rationale": "Line by line, once more."}
    verdict = submit_verdict(task, by=author, **words)
    verdict = approve_verdict(verdict, by=editor, revision=verdict.revision)
    return publish_verdict(verdict, by=editor, change="verdict_change", change_note="A slip.")


def test_the_published_words_become_a_draft_that_says_where_they_come_from(publication, task, checker):
    verdict = carry_over_verdict(task.claim, by=checker)

    origin = publication.verdict
    assert (verdict.state, verdict.author, verdict.carried_from) == ("draft", checker, publication)
    assert (verdict.rating, verdict.summary, verdict.rationale) == (
        origin.rating,
        origin.summary,
        origin.rationale,
    )
    there, here = publication.claim.evidence.get(), task.claim.evidence.get()
    assert here.pk != there.pk
    assert (here.source, here.stance, here.quotation) == (there.source, there.stance, there.quotation)
    assert (here.added_by, here.carried_from) == (checker, publication)
    entry = AuditEntry.objects.get(verb="verdict.carried_over")
    assert entry.details == {
        "claim": task.claim_id,
        "publication": publication.pk,
        "from_claim": publication.claim_id,
        "version": 1,
        "evidence": [here.pk],
    }


def test_nothing_is_submitted_approved_or_published_by_it(publication, task, checker):
    verdict = carry_over_verdict(task.claim, by=checker)
    task.refresh_from_db()
    assert (task.state, verdict.revision, verdict.submitted_at, verdict.approver) == ("taken", 0, None, None)
    assert Publication.objects.count() == 1
    assert not ReviewTask.objects.filter(claim=task.claim, kind="second_review").exists()


def test_two_people_take_it_from_there(task, checker):
    draft = carry_over_verdict(task.claim, by=checker)
    words = {"rating": draft.rating, "summary": draft.summary, "rationale": draft.rationale}
    verdict = submit_verdict(task, by=checker, **words)
    with pytest.raises(NotPermitted, match="You proposed this verdict"):
        approve_verdict(verdict, by=checker, revision=1)
    editor = factories.make_user(Role.EDITOR)
    publish_verdict(approve_verdict(verdict, by=editor, revision=1), by=editor)
    assert verdict.carried_from is not None


def test_carrying_over_twice_is_as_once(task, checker):
    verdict = carry_over_verdict(task.claim, by=checker)
    before, entries = list(Verdict.objects.order_by("pk").values()), AuditEntry.objects.count()
    assert carry_over_verdict(task.claim, by=checker) == verdict
    assert list(Verdict.objects.order_by("pk").values()) == before
    assert AuditEntry.objects.count() == entries
    assert Evidence.objects.filter(claim=task.claim).count() == 1


def test_evidence_that_the_person_took_off_again_does_not_come_back(task, checker):
    carry_over_verdict(task.claim, by=checker)
    remove_evidence(task.claim.evidence.get(), by=checker)
    carry_over_verdict(task.claim, by=checker)
    assert not task.claim.evidence.exists()


def test_evidence_that_is_on_the_board_stays_as_it_is(publication, task, checker):
    source = publication.claim.evidence.get().source
    mine = factories.make_evidence(task.claim, checker, url=source.url, quotation="Page 3.")
    carry_over_verdict(task.claim, by=checker)
    here = task.claim.evidence.get()
    assert (here, here.quotation, here.carried_from) == (mine, "Page 3.", None)


def test_an_empty_draft_is_filled_and_keeps_its_id(task, checker):
    draft = save_draft(task, by=checker, rating=None, summary="", rationale="")
    assert carry_over_verdict(task.claim, by=checker) == draft


@pytest.mark.parametrize("words", [{"summary": "Mine."}, {"rationale": "Mine."}, {"rating": "true"}])
def test_what_a_person_typed_is_never_overwritten(task, checker, words):
    rating = factories.make_rating(words["rating"]) if "rating" in words else None
    typed = {"summary": "", "rationale": "", **words, "rating": rating}
    save_draft(task, by=checker, **typed)
    with pytest.raises(ActionRefused, match="nothing of it is overwritten") as refusal:
        carry_over_verdict(task.claim, by=checker)
    assert refusal.value.code == "draft_has_text"
    draft = task.claim.verdicts.get()
    assert {name: getattr(draft, name) for name in typed} == typed
    assert not task.claim.evidence.exists()


def test_a_draft_that_was_carried_over_and_then_changed_is_not_overwritten(task, checker):
    draft = carry_over_verdict(task.claim, by=checker)
    save_draft(task, by=checker, rating=draft.rating, summary="In my words.", rationale=draft.rationale)
    with pytest.raises(ActionRefused, match="nothing of it is overwritten"):
        carry_over_verdict(task.claim, by=checker)


def test_a_draft_that_nobody_changed_follows_a_correction(publication, task, checker):
    draft = carry_over_verdict(task.claim, by=checker)
    newer = correct(publication, "Half of that, after all.")
    verdict = carry_over_verdict(task.claim, by=checker)
    assert (verdict, verdict.carried_from, verdict.summary) == (draft, newer, "Half of that, after all.")


def test_the_newest_version_is_carried_over(publication, task, checker):
    newer = correct(publication, "Half of that, after all.")
    verdict = carry_over_verdict(task.claim, by=checker)
    assert (verdict.carried_from, verdict.rating.slug) == (newer, "half-true")


def test_a_confirmed_match_names_the_claim(publication, task, checker):
    match = task.claim.matches.get()
    assert carry_over_verdict(match, by=checker).claim == task.claim


def test_the_verdict_of_another_member_is_carried_over_where_the_canonical_claim_has_none(checker):
    older, member = factories.make_claim(), factories.make_claim()
    confirm_match(factories.make_match(member, other=older), by=checker)
    published = factories.make_publication(claim=member)
    task = factories.make_taken_task(checker)
    confirm_match(factories.make_match(task.claim, known=member.known_claim), by=checker)
    assert Claim.objects.get(pk=task.claim_id).canonical_id == older.pk
    assert carry_over_verdict(task.claim, by=checker).carried_from == published


def test_whoever_does_not_have_the_task_carries_nothing_over(task):
    with pytest.raises(NotPermitted, match="Take the task first") as refusal:
        carry_over_verdict(task.claim, by=factories.make_user())
    assert refusal.value.code == "not_yours"


def test_without_a_task_nothing_is_carried_over(publication, checker):
    claim = factories.make_claim()
    confirm_match(factories.make_match(claim, known=publication.claim.known_claim), by=checker)
    with pytest.raises(NotPermitted, match="Take the claim's research task first"):
        carry_over_verdict(claim, by=checker)


def test_a_claim_of_no_family_has_nothing_to_carry_over(task, checker):
    detach_claim(task.claim, by=checker, note="Another year.")
    with pytest.raises(NotPermitted, match="No other claim of this family") as refusal:
        carry_over_verdict(task.claim, by=checker)
    assert refusal.value.code == "nothing_to_carry"


def test_a_verdict_that_a_moderator_withdrew_from_what_is_known_is_not_carried_over(
    publication, task, checker
):
    moderator = factories.make_user(Role.MODERATOR)
    withdraw_known_claim(publication.claim.known_claim, by=moderator, reason="Wrong person.")
    with pytest.raises(NotPermitted, match="No other claim of this family"):
        carry_over_verdict(task.claim, by=checker)


def test_a_verdict_that_waits_for_approval_is_left_alone(task, checker):
    factories.make_evidence(task.claim, checker)
    rating = factories.make_rating()
    submit_verdict(
        task, by=checker, rating=rating, summary="A third.", rationale="Line by line, in the accounts."
    )
    with pytest.raises(NotPermitted):
        carry_over_verdict(task.claim, by=checker)


def test_a_match_that_nobody_confirmed_carries_nothing_over(publication, checker):
    task = factories.make_taken_task(checker)
    match = factories.make_match(task.claim, known=publication.claim.known_claim)
    with pytest.raises(ActionRefused, match="Confirm first") as refusal:
        carry_over_verdict(match, by=checker)
    assert refusal.value.code == "not_confirmed"


def test_another_publishers_verdict_is_not_carried_over_but_its_page_is_added_as_context(checker):
    task = factories.make_taken_task(checker)
    known = factories.make_known_claim(title="No, it was not", rating="Pants on fire")
    match = factories.make_match(task.claim, known=known)
    with pytest.raises(ActionRefused, match="Confirm first"):
        add_known_review_as_evidence(match, by=checker)
    confirm_match(match, by=checker)

    with pytest.raises(ActionRefused, match="Add their page as evidence") as refusal:
        carry_over_verdict(match, by=checker)
    assert refusal.value.code == "imported"
    evidence = add_known_review_as_evidence(match, by=checker)

    assert (evidence.stance, evidence.source.url, evidence.source.title) == (
        "context",
        known.url,
        known.title,
    )
    assert evidence.source.publisher == "Example Checks"
    assert "Example Checks rated it “Pants on fire”" in evidence.note
    assert not Verdict.objects.filter(claim=task.claim).exists()
    with pytest.raises(ActionRefused, match="already on the board") as refusal:
        add_known_review_as_evidence(match, by=checker)
    assert refusal.value.code == "already_there"


@pytest.mark.parametrize("url", ["", "https://checks.example/" + "ü" * 900])
def test_a_review_without_an_address_that_can_be_kept_is_cited(checker, url):
    task = factories.make_taken_task(checker)
    match = factories.make_match(task.claim, known=factories.make_known_claim(url=url, title=""))
    confirm_match(match, by=checker)
    source = add_known_review_as_evidence(match, by=checker).source
    assert source.url == "" or len(source.url) <= 2000
    assert source.citation.startswith("Example Checks: Review of “The city spent")


def test_a_claim_of_ours_or_a_withdrawn_review_is_not_added_as_a_page(publication, task, checker):
    with pytest.raises(ActionRefused, match="can be carried over instead") as refusal:
        add_known_review_as_evidence(task.claim.matches.get(), by=checker)
    assert refusal.value.code == "not_imported"
    known = factories.make_known_claim()
    match = confirm_match(factories.make_match(task.claim, known=known), by=checker)
    withdraw_known_claim(known, by=factories.make_user(Role.MODERATOR), reason="Satire.")
    with pytest.raises(ActionRefused, match="A moderator withdrew"):
        add_known_review_as_evidence(match, by=checker)


def test_a_person_who_may_not_add_evidence_adds_no_page(checker):
    match = factories.make_match(factories.make_claim(), known=factories.make_known_claim())
    confirm_match(match, by=checker)
    with pytest.raises(NotPermitted, match="add evidence"):
        add_known_review_as_evidence(match, by=factories.make_user(Role.REPORTER))
