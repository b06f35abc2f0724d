"""What is the same is researched once: tasks follow families."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import reviews.tasks  # noqa: F401 - its import registers the job
from claims import selectors
from claims.actions.families import (
    confirm_match,
    detach_claim,
    merge_families,
    split_family,
    undo_family_action,
)
from claims.actions.known_claims import withdraw_known_claim
from claims.models import Claim
from claimtracker.accounts.models import Role
from claimtracker.jobs.models import Job
from claimtracker.jobs.runner import run
from claimtracker.kernel.errors import NotPermitted
from claimtracker.ledger.models import AuditEntry
from reviews.actions.assignment import release_task, take_task
from reviews.actions.conflicts import declare_conflict
from reviews.actions.families import follow_family, research_member
from reviews.actions.recheck import open_recheck
from reviews.actions.rereading import untouchable
from reviews.actions.routing import route_claim, route_missing
from reviews.actions.triage import dismiss_from_review
from reviews.actions.verdicts import save_draft
from reviews.models import ReviewTask
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def checker() -> Any:
    return factories.make_user()


@pytest.fixture
def older() -> Claim:
    return factories.make_claim()


@pytest.fixture
def newer(older: Claim) -> Claim:
    return factories.make_claim()


def tell_reviews() -> None:
    """Run every waiting job of families, as a worker would."""
    for job in Job.objects.filter(kind="reviews.follow_family", state="queued").order_by("pk"):
        run(job.pk)
        job.refresh_from_db()
        assert job.state == "done", job.last_error


def merge(claim: Claim, into: Claim, by: Any) -> Any:
    action = merge_families(claim, into=into, by=by, note="The same.")
    tell_reviews()
    return action


def tasks_of(claim: Claim) -> list[str]:
    return list(ReviewTask.objects.filter(claim=claim).order_by("pk").values_list("state", flat=True))


def test_the_waiting_task_of_a_member_is_cancelled_when_its_canonical_claim_has_one(older, newer, checker):
    factories.make_task(older)
    task = factories.make_task(newer)
    confirm_match(factories.make_match(newer, other=older), by=checker)
    tell_reviews()

    assert (tasks_of(older), tasks_of(newer)) == (["queued"], ["cancelled"])
    entry = AuditEntry.objects.get(verb="review_task.cancelled")
    assert entry.subject_id == str(task.pk)
    assert entry.details == {"claim": newer.pk, "because": "family", "canonical": older.pk}


def test_the_waiting_task_of_a_member_is_cancelled_when_its_canonical_claim_is_published(newer, checker):
    factories.make_task(newer)
    published = factories.make_publication(claim=factories.make_claim()).claim
    confirm_match(factories.make_match(published, other=newer), by=checker)
    tell_reviews()
    assert tasks_of(newer) == ["cancelled"]


def test_a_task_that_somebody_has_stays_and_the_other_one_waits_no_more(older, newer, checker):
    factories.make_task(older)
    factories.make_taken_task(checker, newer)
    merge(newer, older, checker)
    assert (tasks_of(older), tasks_of(newer)) == (["cancelled"], ["taken"])


def test_two_tasks_in_hand_both_stay(older, newer, checker):
    factories.make_taken_task(factories.make_user(), older)
    factories.make_taken_task(checker, newer)
    merge(newer, older, checker)
    assert (tasks_of(older), tasks_of(newer)) == (["taken"], ["taken"])


def test_a_task_with_somebodys_draft_stays_in_the_queue(older, newer, checker):
    factories.make_task(older)
    task = factories.make_taken_task(checker, newer)
    save_draft(task, by=checker, rating=None, summary="So far.", rationale="")
    release_task(task, by=checker)
    merge(newer, older, checker)
    assert tasks_of(newer) == ["queued"]


def test_a_correction_that_was_asked_for_stays(newer, checker):
    first = factories.make_claim()
    publication = factories.make_publication(claim=newer)
    open_recheck(newer, by=publication.approved_by, reason="The sum was corrected.")
    merge(first, newer, checker)
    assert tasks_of(newer)[-1] == "queued"


@pytest.mark.parametrize("part", ["detach", "split", "undo"])
def test_a_claim_that_leaves_gets_a_task_again(older, newer, checker, part):
    factories.make_task(older)
    factories.make_task(newer)
    action = merge(newer, older, checker)
    match part:
        case "detach":
            detach_claim(newer, by=checker, note="Another year.")
        case "split":
            split_family([newer], by=checker, note="Another year.")
        case "undo":
            undo_family_action(action, by=checker)
    tell_reviews()
    assert (tasks_of(older), tasks_of(newer)) == (["queued"], ["cancelled", "queued"])


def test_when_the_canonical_claim_leaves_the_rest_gets_one_task(older, newer, checker):
    third = factories.make_claim()
    for claim in (older, newer, third):
        factories.make_task(claim)
    merge(newer, older, checker)
    merge(third, older, checker)
    detach_claim(older, by=checker, note="Another year.")
    tell_reviews()
    assert [tasks_of(one)[-1] for one in (older, newer, third)] == ["queued", "queued", "cancelled"]


def test_following_again_changes_nothing(older, newer, checker):
    factories.make_task(older)
    factories.make_task(newer)
    merge(newer, older, checker)
    before = list(ReviewTask.objects.order_by("pk").values())
    assert follow_family([newer.pk, older.pk]) == {"cancelled": [], "opened": []}
    assert list(ReviewTask.objects.order_by("pk").values()) == before


def test_a_member_that_was_never_routed_gets_no_task_and_the_sweep_leaves_it_alone(older, newer, checker):
    factories.make_task(older)
    merge(newer, older, checker)
    Job.objects.all().delete()
    assert route_claim(newer.pk) is None
    assert route_missing() == 0
    assert tasks_of(newer) == []


def test_a_member_of_a_family_that_nobody_checks_is_routed(older, newer, checker):
    action = merge_families(newer, into=older, by=checker, note="The same.")
    assert route_missing() == 2
    assert route_claim(newer.pk) is not None
    undo_family_action(action, by=checker)


def test_a_member_is_routed_again_when_the_verdict_was_withdrawn_from_what_is_known(newer, checker):
    published = factories.make_publication(claim=factories.make_claim()).claim
    merge_families(newer, into=published, by=checker, note="The same.")
    assert route_claim(newer.pk) is None
    moderator = factories.make_user(Role.MODERATOR)
    withdraw_known_claim(published.known_claim, by=moderator, reason="Wrong person.")
    assert route_claim(newer.pk) is not None


def test_a_member_is_taken_up_all_the_same_by_somebody_who_wants_to(older, newer, checker):
    factories.make_task(older)
    factories.make_task(newer)
    merge(newer, older, checker)
    task = research_member(newer, by=checker)
    assert (task.state, task.assignee, task.kind) == ("taken", checker, "research")
    follow_family([newer.pk])
    assert tasks_of(newer) == ["cancelled", "taken"]
    with pytest.raises(NotPermitted, match="has an open task already"):
        research_member(newer, by=checker)


def test_nobody_takes_up_a_member_that_they_declared_a_conflict_with(older, newer, checker):
    factories.make_task(older)
    factories.make_task(newer)
    merge(newer, older, checker)
    declare_conflict(by=checker, kind="claim", claim=newer, reason="I wrote it")
    with pytest.raises(NotPermitted, match="You declared a conflict of interest with this claim"):
        research_member(newer, by=checker)


def test_a_claim_with_a_task_of_its_own_is_not_taken_up_beside_its_family(older, checker):
    with pytest.raises(NotPermitted, match="so it has its own task") as refusal:
        research_member(older, by=checker)
    assert refusal.value.code == "not_elsewhere"
    with pytest.raises(NotPermitted, match="Only checkers, editors and leads"):
        research_member(older, by=factories.make_user(Role.REPORTER))


def test_a_claim_of_a_family_is_not_dismissed_from_review_and_keeps_its_task(older, newer, checker):
    task = factories.make_task(older)
    merge(newer, older, checker)
    with pytest.raises(Exception, match="Detach it first"):
        dismiss_from_review(older, by=checker, reason="Satire.")
    take_task(task, by=checker)


def test_no_reading_touches_a_claim_of_a_family_or_one_that_was_compared(older, newer, checker):
    compared, looked_at, free = (factories.make_claim() for _ in range(3))
    claims = [older, newer, compared, looked_at, free]
    Claim.objects.filter(pk__in=[claim.pk for claim in claims]).update(extractor_version="reader-1")
    merge_families(newer, into=older, by=checker, note="The same.")
    confirm_match(factories.make_match(compared, known=factories.make_known_claim()), by=checker)
    factories.make_match(looked_at, known=factories.make_known_claim())
    found = set()
    for claim in Claim.objects.filter(pk__in=[claim.pk for claim in claims]):
        found |= untouchable(claim.appearances.get().version, [claim])
    assert found == {older.pk, newer.pk, compared.pk}


def test_a_familys_page_asks_the_same_questions_for_any_size(older, checker):
    counts = []
    for _size in (2, 10):
        while Claim.objects.family_of(older).count() < _size:
            merge_families(factories.make_claim(), into=older, by=checker, note="The same.")
        with CaptureQueriesContext(connection) as asked:
            family = selectors.family_for(checker, older)
            list(selectors.family_appearances(checker, older))
        counts.append(len(asked))
        assert (family.size, family.appearances, family.articles, family.hidden) == (_size, _size, _size, 0)
        assert family.canonical == older
        assert family.first_at < family.last_at
    assert counts[0] == counts[1]


def test_a_familys_page_shows_only_what_the_person_sees_and_what_is_public(older, checker):
    elsewhere = factories.make_claim(article=factories.make_article(desk=factories.make_desk("health")))
    factories.make_publication(claim=elsewhere)
    lead = factories.make_user(Role.LEAD)
    factories.make_appearance(elsewhere, older.appearances.get().version, 0, 8)
    merge_families(older, into=elsewhere, by=lead, note="The same.")
    elsewhere.appearances.filter(version=older.appearances.get().version).delete()

    older.refresh_from_db()
    family = selectors.family_for(checker, older)
    assert (family.canonical, family.members, family.hidden, family.appearances) == (None, [older], 1, 1)
    assert [known.claim for known in family.published] == [elsewhere]
    assert selectors.family_for(checker, factories.make_claim()).size == 1
