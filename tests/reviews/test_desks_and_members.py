"""Desks are made, renamed and closed, people get roles: as far as leads may say, with what is open."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from claims.models import Claim
from claimtracker.accounts.access import has_role
from claimtracker.accounts.models import Desk, Membership, Role, User
from claimtracker.jobs.models import Job
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from claimtracker.ledger.models import AuditEntry
from reviews.actions.assignment import take_task
from reviews.actions.desks import EMPTY, close_desk, empty_desk, make_desk, rename_desk, waits_to_be_moved
from reviews.actions.members import add_member, remove_member, set_role
from reviews.actions.routing import route_claim
from reviews.models import Notification, ReviewTask
from reviews.selectors.members import closing
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return factories.make_desk()


@pytest.fixture
def lead(desk: Desk) -> User:
    return factories.make_user(Role.LEAD, desk)


def world() -> Desk:
    return factories.make_desk("world")


def at_world(role: Role = Role.LEAD) -> User:
    return factories.make_user(role, world())


def claim_at_world() -> Claim:
    return factories.make_claim(article=factories.make_article(desk=world()))


def test_who_makes_a_desk_leads_it(lead: User) -> None:
    made = make_desk(by=lead, name="  Science  and climate ", time_zone="UTC")
    assert (made.slug, made.name, made.is_default) == ("science-and-climate", "Science and climate", False)
    assert has_role(lead, frozenset({Role.LEAD}), desk=made)
    assert AuditEntry.objects.about(made).get().verb == "desk.made"
    with pytest.raises(ActionRefused, match="There is a desk of this name already"):
        make_desk(by=lead, name="SCIENCE and climate", time_zone="UTC")
    moderator = factories.make_user(Role.MODERATOR)
    assert not make_desk(by=moderator, name="Sport", time_zone="UTC").memberships.exists()


def test_names_that_give_one_address_get_two(lead: User) -> None:
    slugs = [make_desk(by=lead, name=name, time_zone="UTC").slug for name in ("A b", "A, b", "日本")]
    assert slugs == ["a-b", "a-b-2", "desk"]


@pytest.mark.parametrize("role", [Role.REPORTER, Role.CHECKER, Role.EDITOR])
def test_who_does_not_lead_changes_nothing(desk: Desk, lead: User, role: Role) -> None:
    person = factories.make_user(role, desk)
    row = Membership.objects.get(user=lead)
    for refused in (
        lambda: make_desk(by=person, name="Mine", time_zone="UTC"),
        lambda: rename_desk(desk, by=person, name="Mine"),
        lambda: close_desk(world(), by=person, into=desk),
        lambda: add_member(desk, by=person, email=person.email, role=Role.LEAD),
        lambda: set_role(row, by=person, role=Role.CHECKER),
        lambda: remove_member(row, by=person),
    ):
        with pytest.raises(NotPermitted, match="Only leads of"):
            refused()


def test_a_name_changes_and_addresses_stay(desk: Desk, lead: User) -> None:
    assert rename_desk(desk, by=lead, name="Parliament").slug == "politics"
    entry = AuditEntry.objects.get(verb="desk.renamed")
    assert entry.details == {"desk": "politics", "before": "Politics", "after": "Parliament"}
    rename_desk(desk, by=lead, name="Parliament")
    assert AuditEntry.objects.filter(verb="desk.renamed").count() == 1


def test_leads_grant_up_to_what_they_are_and_no_moderators(desk: Desk, lead: User) -> None:
    stranger = factories.make_user(None)
    with pytest.raises(NotPermitted, match="A moderator is made in the administration"):
        add_member(desk, by=lead, email=stranger.email, role=Role.MODERATOR)
    row = add_member(desk, by=lead, email=stranger.email.upper(), role=Role.LEAD)
    assert (row.user, row.role) == (stranger, Role.LEAD)
    moderator = Membership.objects.get(user=factories.make_user(Role.MODERATOR, desk))
    with pytest.raises(NotPermitted, match="What a moderator may do"):
        set_role(moderator, by=lead, role=Role.REPORTER)
    with pytest.raises(NotPermitted, match="What a moderator may do"):
        remove_member(moderator, by=lead)
    with pytest.raises(NotPermitted, match="Only leads of the World desk"):
        add_member(world(), by=lead, email=stranger.email, role=Role.REPORTER)


def test_only_people_with_an_account_are_added_and_once(desk: Desk, lead: User) -> None:
    with pytest.raises(ActionRefused, match="Nobody with this address has an account"):
        add_member(desk, by=lead, email="nobody@example.org", role=Role.CHECKER)
    with pytest.raises(ActionRefused, match="is at this desk already"):
        add_member(desk, by=lead, email=lead.email, role=Role.CHECKER)
    gone = factories.make_user(None, is_active=False)
    with pytest.raises(ActionRefused, match="Nobody with this address"):
        add_member(desk, by=lead, email=gone.email, role=Role.CHECKER)


def test_a_desk_keeps_a_lead(desk: Desk, lead: User) -> None:
    row = Membership.objects.get(user=lead)
    with pytest.raises(ActionRefused, match="is the only lead of the Politics desk"):
        set_role(row, by=lead, role=Role.EDITOR)
    with pytest.raises(ActionRefused, match="is the only lead of the Politics desk"):
        remove_member(row, by=lead)
    factories.make_user(Role.LEAD, desk, is_active=False)  # counts for nothing
    with pytest.raises(ActionRefused, match="is the only lead"):
        remove_member(row, by=lead)
    second = factories.make_user(Role.LEAD, desk)
    set_role(row, by=second, role=Role.EDITOR)
    row.refresh_from_db()
    assert row.role == Role.EDITOR


def test_what_a_new_role_may_not_have_goes_back_to_the_queue(desk: Desk, lead: User) -> None:
    editor = factories.make_user(Role.EDITOR, desk)
    research = factories.make_taken_task(editor)
    verdict = factories.make_submitted_verdict(factories.make_user(Role.CHECKER, desk))
    second = ReviewTask.objects.get(claim=verdict.claim, kind="second_review")
    take_task(second, by=editor)
    row = Membership.objects.get(user=editor)
    set_role(row, by=lead, role=Role.CHECKER)
    research.refresh_from_db()
    second.refresh_from_db()
    assert (research.state, second.state) == ("taken", "queued")
    assert "Your role at the Politics desk changed" in Notification.objects.get(user=editor).text
    remove_member(row, by=lead)
    research.refresh_from_db()
    assert (research.state, research.assignee) == ("queued", None)
    entry = AuditEntry.objects.get(verb="membership.role_set")
    assert (entry.details["before"], entry.details["after"]) == ("editor", "checker")


def test_the_default_desk_stays_open_and_a_closed_one_takes_over_nothing(desk: Desk, lead: User) -> None:
    with pytest.raises(ActionRefused, match="What no rule places goes to this desk"):
        close_desk(desk, by=lead, into=world())
    boss = at_world()
    close_desk(world(), by=boss, into=desk)
    with pytest.raises(NotPermitted, match="The World desk is closed"):
        close_desk(world(), by=boss, into=desk)
    other = factories.make_desk("sport")
    with pytest.raises(ActionRefused, match="Choose another desk that is open"):
        close_desk(other, by=factories.make_user(Role.LEAD, other), into=world())
    with pytest.raises(ActionRefused, match="Choose another desk that is open"):
        close_desk(other, by=factories.make_user(Role.MODERATOR), into=other)


def test_a_closed_desk_gives_its_claims_and_tasks_to_another(desk: Desk) -> None:
    boss = at_world()
    queued = factories.make_task(claim_at_world())
    alone = at_world(Role.CHECKER)
    both = at_world(Role.CHECKER)
    Membership.objects.create(user=both, desk=desk, role=Role.CHECKER)
    mine = factories.make_taken_task(alone, claim_at_world())
    theirs = factories.make_taken_task(both, claim_at_world())
    preview = closing(world(), desk)
    assert (preview.tasks, preview.in_hand, preview.given_back, preview.claims) == (3, 2, 1, 3)
    closed = close_desk(world(), by=boss, into=desk)
    assert Job.objects.get(kind=EMPTY).object_id == str(closed.pk)
    while waits_to_be_moved(closed):
        assert empty_desk(closed, limit=2)
    for task in (queued, mine, theirs):
        task.refresh_from_db()
        assert task.desk == Claim.objects.get(pk=task.claim_id).desk == desk
    assert (queued.state, mine.state, theirs.state) == ("queued", "queued", "taken")
    assert "The World desk was closed" in Notification.objects.get(user=alone).text
    assert not Notification.objects.filter(user=both).exists()
    assert empty_desk(closed) == 0
    assert AuditEntry.objects.filter(verb="review_task.rerouted").count() == 3


def test_what_would_come_to_a_closed_desk_goes_on(desk: Desk) -> None:
    claim = claim_at_world()
    sport = factories.make_desk("sport")
    close_desk(world(), by=at_world(), into=sport)
    close_desk(sport, by=factories.make_user(Role.LEAD, sport), into=desk)
    task = route_claim(claim.pk)
    assert task is not None
    assert task.desk == desk
    assert Desk.objects.get(slug="world").closed_into == desk


def test_the_database_gives_a_closed_desk_no_task_and_no_default() -> None:
    task = factories.make_task()
    closed = world()
    Desk.objects.filter(pk=closed.pk).update(closed_at=timezone.now(), closed_into=task.desk)
    with pytest.raises(IntegrityError, match="this desk is closed"), transaction.atomic():
        ReviewTask.objects.filter(pk=task.pk).update(desk=closed)
    with pytest.raises(IntegrityError, match="the_default_desk_is_open"), transaction.atomic():
        Desk.objects.filter(pk=task.desk_id).update(closed_at=timezone.now(), closed_into=closed)
    with pytest.raises(IntegrityError, match="a_closed_desk_has_another"), transaction.atomic():
        Desk.objects.filter(pk=closed.pk).update(closed_into=None)


def test_open_work_at_a_desk_that_closes_goes_on_until_it_is_moved(desk: Desk) -> None:
    person = at_world(Role.CHECKER)
    task = factories.make_taken_task(person, claim_at_world())
    close_desk(world(), by=at_world(), into=desk)
    task.refresh_from_db()
    task.save()  # every column is written, the desk too
    assert ReviewTask.objects.get(pk=task.pk).desk.slug == "world"
