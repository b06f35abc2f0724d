"""Desks watch claims, and are told once of each sighting."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

import claims.tasks  # noqa: F401 - its import registers the job
from claims import policies
from claims.actions.families import confirm_match, detach_claim, merge_families, reject_match
from claims.actions.sightings import note_sighting
from claims.actions.watching import end_watch, see_alert, see_all_alerts, watch_claim
from claims.models import Claim, ClaimAlert, ClaimWatch
from claimtracker.accounts.models import Membership, Role, User
from claimtracker.jobs.models import Job
from claimtracker.jobs.runner import run
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from claimtracker.ledger import outbox
from claimtracker.ledger.models import AuditEntry, OutboxEvent
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def checker() -> User:
    return factories.make_user(name="Mara Okafor")


@pytest.fixture
def claim() -> Claim:
    return factories.make_claim()


@pytest.fixture
def watch(claim: Claim, checker: User) -> ClaimWatch:
    return watch_claim(claim, desk=claim.desk, by=checker)


def happened(kind: str, subject: Any) -> OutboxEvent:
    with transaction.atomic():
        return outbox.emit(kind, subject=subject)


def appear_again(claim: Claim) -> OutboxEvent:
    """The same words stand in another article, as wire copy does."""
    return happened("claim.appeared", factories.make_another_appearance(claim))


def replay() -> None:
    """Every event once more, as a job that lost its lease would."""
    for event in OutboxEvent.objects.filter(type__in=["claim.appeared", "family.changed"]).order_by("id"):
        note_sighting(event)
    for event in OutboxEvent.objects.filter(type__startswith="match.").exclude(type="match.undone"):
        note_sighting(event)


# --- watching


def test_a_desk_watches_a_claim_and_the_audit_says_who_asked(claim: Claim, checker: User) -> None:
    watch = watch_claim(claim, desk=claim.desk, by=checker)
    assert (watch.claim, watch.desk, watch.created_by, watch.ended_at) == (claim, claim.desk, checker, None)
    entry = AuditEntry.objects.get(verb="claim.watched")
    assert (entry.subject_id, entry.details) == (str(claim.pk), {"watch": watch.pk, "desk": "politics"})


def test_a_family_has_one_watch_for_each_desk(claim: Claim, watch: ClaimWatch, checker: User) -> None:
    other = factories.make_claim()
    merge_families(other, into=claim, by=checker, note="The same.")
    assert watch_claim(claim, desk=claim.desk, by=factories.make_user()) == watch
    assert watch_claim(other, desk=claim.desk, by=checker) == watch
    assert ClaimWatch.objects.count() == 1


def test_ending_a_watch_ends_what_the_desk_watches_in_the_family(claim: Claim, checker: User) -> None:
    other = factories.make_claim()
    first, second = (watch_claim(one, desk=claim.desk, by=checker) for one in (claim, other))
    merge_families(other, into=claim, by=checker, note="The same.")
    assert end_watch(second, by=checker) == [first, second]
    assert not ClaimWatch.objects.running().exists()
    assert end_watch(first, by=checker) == []
    assert AuditEntry.objects.filter(verb="claim.unwatched").count() == 2
    assert watch_claim(claim, desk=claim.desk, by=checker).pk not in (first.pk, second.pk)


def test_who_may_watch_for_a_desk(claim: Claim) -> None:
    world = factories.make_desk("world")
    for role in (Role.CHECKER, Role.EDITOR, Role.LEAD):
        assert policies.can_watch_claim(factories.make_user(role), claim, desk=claim.desk)
    for person in (
        factories.make_user(Role.REPORTER),
        factories.make_user(Role.MODERATOR),
        factories.make_user(Role.LEAD, desk=world),
        factories.make_user(None),
    ):
        with pytest.raises(NotPermitted, match="checkers, editors and leads of the Politics desk"):
            watch_claim(claim, desk=claim.desk, by=person)
    both = factories.make_user()
    Membership.objects.create(user=both, desk=world, role=Role.CHECKER)
    with pytest.raises(NotPermitted, match="The World desk does not see this claim"):
        watch_claim(claim, desk=world, by=both)
    assert not ClaimWatch.objects.exists()


def test_who_may_end_a_watch_and_see_its_alerts(claim: Claim, watch: ClaimWatch, checker: User) -> None:
    note_sighting(appear_again(claim))
    alert = ClaimAlert.objects.get()
    for person in (
        factories.make_user(Role.REPORTER),
        factories.make_user(desk=factories.make_desk("world")),
    ):
        for act in (
            lambda by=person: end_watch(watch, by=by),
            lambda by=person: see_alert(alert, by=by),
            lambda by=person: see_all_alerts(claim.desk, by=by),
        ):
            with pytest.raises(NotPermitted, match="decide on its watches and alerts"):
                act()
    assert ClaimWatch.objects.running().exists()
    assert ClaimAlert.objects.unseen().exists()


@pytest.mark.parametrize("state", ["dismissed", "withdrawn"])
def test_nobody_watches_what_was_set_aside(claim: Claim, checker: User, state: str) -> None:
    facts = {"dismissed_because": "An opinion."} if state == "dismissed" else {"withdrawn_by": "rules-2"}
    Claim.objects.filter(pk=claim.pk).update(state=state, **facts)
    with pytest.raises(NotPermitted, match=f"was {state}"):
        watch_claim(claim, desk=claim.desk, by=checker)


# --- a new appearance


def test_a_watched_claim_that_appears_again_alerts_its_desk_once(claim: Claim, watch: ClaimWatch) -> None:
    event = appear_again(claim)
    (alert,) = note_sighting(event)
    assert (alert.watch, alert.appearance) == (watch, claim.appearances.latest("id"))
    assert note_sighting(event) == []
    note_sighting(appear_again(claim))
    assert ClaimAlert.objects.count() == 2
    entry = AuditEntry.objects.filter(verb="alert.raised").earliest("id")
    assert entry.details == {"watch": watch.pk, "desk": "politics", "alerts": 1, "of": "appearance"}


def test_where_it_stood_before_the_watch_began_is_no_sighting(claim: Claim, checker: User) -> None:
    late = appear_again(claim)
    watch_claim(claim, desk=claim.desk, by=checker)
    assert note_sighting(late) == []
    note_sighting(appear_again(claim))
    assert [alert.appearance for alert in ClaimAlert.objects.all()] == [claim.appearances.latest("id")]


def test_another_of_the_family_counts_and_a_stranger_does_not(
    claim: Claim, watch: ClaimWatch, checker: User
) -> None:
    member, stranger = factories.make_claim(), factories.make_claim()
    merge_families(member, into=claim, by=checker, note="The same.")
    replay()
    (alert,) = note_sighting(appear_again(member))
    assert alert.appearance == member.appearances.latest("id")
    assert note_sighting(appear_again(stranger)) == []


def test_a_desk_with_two_watches_in_a_family_hears_once(claim: Claim, checker: User) -> None:
    other, world = factories.make_claim(), factories.make_desk("world")
    for one in (claim, other):
        watch_claim(one, desk=claim.desk, by=checker)
    merge_families(other, into=claim, by=checker, note="The same.")
    Claim.objects.filter(pk=other.pk).update(desk=world)
    theirs = watch_claim(other, desk=world, by=factories.make_user(desk=world))
    alerts = note_sighting(appear_again(other))
    assert sorted(alert.watch.desk.slug for alert in alerts) == ["politics", "world"]
    assert theirs in [alert.watch for alert in alerts]


def test_an_ended_watch_hears_nothing(claim: Claim, watch: ClaimWatch, checker: User) -> None:
    end_watch(watch, by=checker)
    assert note_sighting(appear_again(claim)) == []


# --- joining a family


def test_a_confirmed_match_tells_where_the_newcomer_stood(
    claim: Claim, watch: ClaimWatch, checker: User
) -> None:
    new = factories.make_claim()
    factories.make_another_appearance(new)
    confirm_match(factories.make_match(new, other=claim), by=checker)
    note_sighting(OutboxEvent.objects.get(type="match.confirmed"))
    assert {alert.appearance for alert in ClaimAlert.objects.all()} == set(new.appearances.all())
    replay()
    assert ClaimAlert.objects.count() == 2


def test_a_merge_by_hand_tells_both_sides(claim: Claim, checker: User) -> None:
    new = factories.make_claim()
    world = factories.make_desk("world")
    Claim.objects.filter(pk=new.pk).update(desk=world)
    ours = watch_claim(claim, desk=claim.desk, by=checker)
    theirs = watch_claim(new, desk=world, by=factories.make_user(desk=world))
    merge_families(claim, into=new, by=checker, note="The same.")
    note_sighting(OutboxEvent.objects.get(type="family.changed"))
    told = {(alert.watch, alert.appearance) for alert in ClaimAlert.objects.all()}
    assert told == {(ours, new.appearances.get()), (theirs, claim.appearances.get())}


def test_leaving_a_family_is_no_sighting_and_takes_the_news_back(
    claim: Claim, watch: ClaimWatch, checker: User
) -> None:
    new = factories.make_claim()
    merge_families(new, into=claim, by=checker, note="The same.")
    replay()
    assert ClaimAlert.objects.unseen().count() == 1
    detach_claim(new, by=checker, note="Another year.")
    replay()
    assert ClaimAlert.objects.count() == 1
    assert not ClaimAlert.objects.unseen().exists()


def test_who_left_before_the_job_ran_is_not_told_of(claim: Claim, watch: ClaimWatch, checker: User) -> None:
    new = factories.make_claim()
    merge_families(new, into=claim, by=checker, note="The same.")
    detach_claim(new, by=checker, note="Another year.")
    replay()
    assert not ClaimAlert.objects.exists()


# --- a suggestion


@pytest.mark.parametrize("published", [False, True])
def test_a_strong_suggestion_alerts_and_its_confirmation_does_not_again(
    claim: Claim, watch: ClaimWatch, checker: User, published: bool
) -> None:
    known = factories.make_publication(claim=claim).claim.known_claim if published else None
    match = factories.make_strong_match(
        factories.make_claim(), **({"known": known} if known else {"other": claim})
    )
    (alert,) = note_sighting(happened("match.suggested", match))
    assert (alert.watch, alert.match, alert.appearance) == (watch, match, None)
    confirm_match(match, by=checker)
    replay()
    assert list(ClaimAlert.objects.unseen()) == [alert]
    note_sighting(appear_again(match.claim))
    assert ClaimAlert.objects.unseen().count() == 2, "its next appearance is news"


def test_one_new_claim_is_one_sighting_however_often_it_matches(
    claim: Claim, watch: ClaimWatch, checker: User
) -> None:
    member = factories.make_claim()
    merge_families(member, into=claim, by=checker, note="The same.")
    ClaimAlert.objects.all().delete()
    new = factories.make_claim()
    for other in (claim, member):
        note_sighting(happened("match.suggested", factories.make_strong_match(new, other=other)))
    assert ClaimAlert.objects.count() == 1


def test_weak_rejected_and_imported_suggestions_alert_nobody(
    claim: Claim, watch: ClaimWatch, checker: User
) -> None:
    weak = factories.make_match(factories.make_claim(), other=claim)
    rejected = factories.make_strong_match(factories.make_claim(), other=claim)
    reject_match(rejected, by=checker)
    imported = factories.make_strong_match(factories.make_claim(), known=factories.make_known_claim())
    for match in (weak, rejected, imported):
        assert note_sighting(happened("match.suggested", match)) == []


def test_a_rejected_suggestion_is_no_news_any_more(claim: Claim, watch: ClaimWatch, checker: User) -> None:
    match = factories.make_strong_match(factories.make_claim(), other=claim)
    note_sighting(happened("match.suggested", match))
    assert ClaimAlert.objects.unseen().exists()
    reject_match(match, by=checker)
    assert not ClaimAlert.objects.unseen().exists()


def test_what_was_suggested_before_the_watch_began_is_no_sighting(claim: Claim, checker: User) -> None:
    event = happened("match.suggested", factories.make_strong_match(factories.make_claim(), other=claim))
    watch_claim(claim, desk=claim.desk, by=checker)
    assert note_sighting(event) == []


# --- seeing


def test_an_alert_is_seen_once_for_the_whole_desk(claim: Claim, watch: ClaimWatch, checker: User) -> None:
    (alert,) = note_sighting(appear_again(claim))
    seen = see_alert(alert, by=checker)
    again = see_alert(alert, by=factories.make_user(Role.LEAD))
    assert (again.seen_by, again.seen_at) == (checker, seen.seen_at)
    assert AuditEntry.objects.filter(verb="alert.seen").count() == 1
    assert not ClaimAlert.objects.unseen().exists()


def test_all_alerts_of_a_desk_are_seen_but_those_that_came_meanwhile(
    claim: Claim, watch: ClaimWatch, checker: User
) -> None:
    for _ in range(3):
        note_sighting(appear_again(claim))
    shown = ClaimAlert.objects.order_by("id")[1].pk
    assert see_all_alerts(claim.desk, by=checker, up_to=shown) == 2
    assert ClaimAlert.objects.unseen().count() == 1
    with pytest.raises(ActionRefused, match="seen all of its alerts already"):
        see_all_alerts(claim.desk, by=checker, up_to=shown)
    assert see_all_alerts(claim.desk, by=checker) == 1


# --- the job


@pytest.mark.django_db(transaction=True)
def test_the_event_asks_for_the_job_and_the_job_tells(claim: Claim, watch: ClaimWatch) -> None:
    event = appear_again(claim)
    job = Job.objects.get(kind="claims.alert_watchers", object_id=str(event.pk))
    run(job.pk)
    job.refresh_from_db()
    assert (job.state, ClaimAlert.objects.get().watch) == ("done", watch)
