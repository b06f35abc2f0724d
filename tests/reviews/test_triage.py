"""One look before anybody researches: check, dismiss with a reason, or merge."""

from __future__ import annotations

import pytest

from claims.actions.families import confirm_match, merge_families
from claims.models import Claim
from claimtracker.accounts.models import Role
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from claimtracker.ledger.models import AuditEntry, OutboxEvent
from reviews.actions.assignment import take_task
from reviews.actions.families import concerned_by, follow_family
from reviews.actions.routing import follow_claim, route_claim
from reviews.actions.triage import check_triaged, dismiss_triaged, explain_selection, merge_triaged
from reviews.models import ClaimRoute, ReviewTask, Rulebook, TriageDecision
from reviews.models.review_task import TaskKind
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def triage(db: None) -> ReviewTask:
    """A claim that waits for a first look, because everything that no rule matches does."""
    Rulebook.objects.create(pk=Rulebook.ONLY, first_step="triage")
    return factories.make_task()


def open_tasks(claim: Claim) -> list[tuple[str, str]]:
    return list(claim.review_tasks.open().order_by("id").values_list("kind", "state"))


def follow() -> None:
    for event in OutboxEvent.objects.filter(type="family.changed").order_by("id"):
        follow_family(concerned_by(event))


def test_a_rule_sends_a_claim_to_triage_first() -> None:
    desk = factories.make_desk("weak")
    factories.make_rule(desk, name="Weak", max_score=0.5, first_step="triage")
    weak, strong = (factories.make_task(factories.make_claim(score=score)) for score in (0.4, 0.9))
    assert (weak.kind, weak.desk, strong.kind) == (TaskKind.TRIAGE, desk, TaskKind.RESEARCH)
    assert weak.why.startswith("Rule “Weak” (score at most 0.50)")


def test_what_a_person_marked_or_confirmed_needs_no_triage() -> None:
    Rulebook.objects.create(pk=Rulebook.ONLY, first_step="triage")
    claim = factories.make_claim(state="confirmed")
    assert route_claim(claim.pk).kind == TaskKind.RESEARCH
    twin = factories.make_claim()
    merge_families(twin, into=claim, by=factories.make_user(), note="The same.")
    claim.review_tasks.all().delete()
    assert route_claim(twin.pk).kind == TaskKind.RESEARCH


def test_to_be_checked(triage: ReviewTask) -> None:
    checker = factories.make_user()
    research = check_triaged(triage, by=checker, reason="  Heard on\nthree stations. ")
    triage.refresh_from_db()
    claim = Claim.objects.get(pk=triage.claim_id)
    assert (triage.state, triage.assignee, triage.triage.outcome) == ("done", checker, "check")
    assert (research.kind, research.state, claim.state) == (TaskKind.RESEARCH, "queued", "confirmed")
    assert (claim.route.selection_reason, claim.route.selected_by) == ("Heard on three stations.", checker)
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert {"triage.decided", "claim.confirmed", "claim.selection_explained", "review_task.routed"} <= verbs
    assert route_claim(claim.pk) is None


def test_to_be_checked_by_oneself(triage: ReviewTask) -> None:
    checker = factories.make_user()
    research = check_triaged(triage, by=checker, reason="Many ask.", take=True)
    assert (research.state, research.assignee) == ("taken", checker)


def test_readers_are_told_why_it_was_chosen(triage: ReviewTask) -> None:
    checker = factories.make_user()
    for reason, code in (("  ", "reason_missing"), ("x" * 301, "too_long")):
        with pytest.raises(ActionRefused) as refusal:
            check_triaged(triage, by=checker, reason=reason)
        assert (refusal.value.code, refusal.value.field) == (code, "reason")
    assert open_tasks(triage.claim) == [("triage", "queued")]
    assert not TriageDecision.objects.exists()


def test_dismissed_with_the_reason(triage: ReviewTask) -> None:
    dismiss_triaged(triage, by=factories.make_user(), reason="A joke, told as one.")
    triage.refresh_from_db()
    claim = Claim.objects.get(pk=triage.claim_id)
    assert (triage.state, triage.triage.outcome) == ("done", "dismiss")
    assert (claim.state, claim.dismissed_because) == ("dismissed", "A joke, told as one.")
    assert open_tasks(claim) == []


def test_a_dismissal_needs_a_reason(triage: ReviewTask) -> None:
    with pytest.raises(ActionRefused, match="Say why"):
        dismiss_triaged(triage, by=factories.make_user(), reason=" ")
    triage.refresh_from_db()
    assert triage.state == "queued"


def test_merged_into_the_family_of_a_known_claim(triage: ReviewTask) -> None:
    published = factories.make_publication(claim=factories.make_claim(state="confirmed")).claim
    merge_triaged(triage, by=factories.make_user(), into=published, note="The same words.")
    follow()
    triage.refresh_from_db()
    claim = Claim.objects.get(pk=triage.claim_id)
    assert (triage.state, triage.triage.outcome, triage.triage.into) == ("done", "merge", published)
    assert claim.canonical == published
    assert open_tasks(claim) == []


def test_merged_with_a_claim_that_waits_the_family_has_one_task(triage: ReviewTask) -> None:
    other = factories.make_task()
    assert other.kind == TaskKind.TRIAGE
    merge_triaged(other, by=factories.make_user(), into=triage.claim, note="The same.")
    follow()
    assert open_tasks(triage.claim) == [("triage", "queued")]
    assert open_tasks(other.claim) == []


def test_an_older_claim_that_is_merged_into_a_newer_one_is_not_lost(triage: ReviewTask) -> None:
    newer = factories.make_claim(state="confirmed")
    assert factories.make_task(newer).kind == TaskKind.RESEARCH
    merge_triaged(triage, by=factories.make_user(), into=newer, note="The same.")
    follow()
    assert open_tasks(triage.claim) == [("research", "queued")]
    assert open_tasks(newer) == []


def test_a_task_of_a_family_that_is_one_already_just_ends(triage: ReviewTask) -> None:
    checker, published = (
        factories.make_user(),
        factories.make_publication(claim=factories.make_claim(state="confirmed")).claim,
    )
    take_task(triage, by=checker)
    confirm_match(factories.make_match(triage.claim, other=None, known=published.known_claim), by=checker)
    merge_triaged(triage, by=checker, into=published, note="As the match says.")
    triage.refresh_from_db()
    assert triage.state == "done"


def test_a_queued_triage_ends_when_its_family_is_checked(triage: ReviewTask) -> None:
    published = factories.make_publication(claim=factories.make_claim(state="confirmed")).claim
    merge_families(triage.claim, into=published, by=factories.make_user(), note="The same.")
    follow()
    triage.refresh_from_db()
    assert triage.state == "cancelled"


def test_a_claim_is_not_merged_into_itself_or_what_one_does_not_see(triage: ReviewTask) -> None:
    checker = factories.make_user()
    with pytest.raises(ActionRefused, match="itself"):
        merge_triaged(triage, by=checker, into=triage.claim, note="The same.")
    elsewhere = factories.make_claim(article=factories.make_article(desk=factories.make_desk("world")))
    with pytest.raises(NotPermitted, match="do not see"):
        merge_triaged(triage, by=checker, into=elsewhere, note="The same.")
    assert open_tasks(triage.claim) == [("triage", "queued")]


@pytest.mark.parametrize(
    ("role", "allowed"),
    [(None, False), (Role.REPORTER, False), (Role.CHECKER, True), (Role.EDITOR, True), (Role.LEAD, True)],
)
def test_who_decides(triage: ReviewTask, role: Role | None, allowed: bool) -> None:
    person = factories.make_user(role)
    if allowed:
        assert check_triaged(triage, by=person, reason="Many ask.")
    else:
        with pytest.raises(NotPermitted, match="Only checkers, editors and leads"):
            check_triaged(triage, by=person, reason="Many ask.")


def test_another_desk_does_not_decide(triage: ReviewTask) -> None:
    stranger = factories.make_user(Role.LEAD, factories.make_desk("world"))
    with pytest.raises(NotPermitted):
        dismiss_triaged(triage, by=stranger, reason="No.")


def test_nobody_decides_over_the_head_of_who_has_it(triage: ReviewTask) -> None:
    take_task(triage, by=factories.make_user(name="Ada Brandt"))
    with pytest.raises(NotPermitted, match="Ada has this task already"):
        check_triaged(triage, by=factories.make_user(), reason="Many ask.")


def test_a_decision_is_final(triage: ReviewTask) -> None:
    checker = factories.make_user()
    check_triaged(triage, by=checker, reason="Many ask.")
    with pytest.raises(NotPermitted, match="This task is done"):
        dismiss_triaged(triage, by=checker, reason="Or not.")


def test_only_triage_is_triaged() -> None:
    research = factories.make_task()
    with pytest.raises(NotPermitted, match="no triage task"):
        check_triaged(research, by=factories.make_user(), reason="Many ask.")


def test_a_waiting_triage_follows_the_claim_that_was_read_anew(triage: ReviewTask) -> None:
    courts = factories.make_desk("courts")
    factories.make_rule(courts, kinds=["legal"])
    Claim.objects.filter(pk=triage.claim_id).update(kind="legal")
    task = follow_claim(triage.claim_id)
    assert (task.pk, task.kind, task.desk) == (triage.pk, TaskKind.TRIAGE, courts)


def test_why_it_was_chosen_comes_from_the_rule_until_a_person_says_it_better() -> None:
    factories.make_rule(selection_reason="We check what hospitals are said to do.")
    claim = factories.make_task().claim
    assert claim.route.selection_reason == "We check what hospitals are said to do."
    explain_selection(claim, by=factories.make_user(), reason="The minister repeated it twice.")
    claim.review_tasks.all().delete()
    route_claim(claim.pk)
    assert ClaimRoute.objects.get(claim=claim).selection_reason == "The minister repeated it twice."


def test_who_may_say_why_it_was_chosen() -> None:
    claim = factories.make_task().claim
    with pytest.raises(NotPermitted):
        explain_selection(claim, by=factories.make_user(Role.REPORTER), reason="So.")
