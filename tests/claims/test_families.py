"""What is the same becomes one family: who is canonical, what moves, what stays, and who may say so."""

from __future__ import annotations

from typing import Any

import pytest

from claims.actions.curation import dismiss_claim, edit_claim
from claims.actions.families import confirm_match, merge_families, reconsider_match, reject_match
from claims.actions.known_claims import withdraw_known_claim
from claims.models import Claim, ClaimMatch, FamilyChange
from claimtracker.accounts.models import Role
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from claimtracker.ledger.models import AuditEntry, AuditNote, OutboxEvent
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def checker() -> Any:
    return factories.make_user()


def canonical_of(claim: Claim) -> int | None:
    return Claim.objects.values_list("canonical_id", flat=True).get(pk=claim.pk)


def published() -> Claim:
    return factories.make_publication(claim=factories.make_claim()).claim


def matched(claim: Claim, other: Claim) -> ClaimMatch:
    """A suggestion between the two, the later claim looking back."""
    first, second = sorted((claim, other), key=lambda one: one.pk)
    return factories.make_match(second, other=first)


def test_a_confirmed_match_puts_the_newer_claim_under_the_older_one(checker):
    older, newer = factories.make_claim(), factories.make_claim()
    match = confirm_match(matched(newer, older), by=checker, note="The same sum.")

    assert (canonical_of(older), canonical_of(newer)) == (None, older.pk)
    assert (match.state, match.decided_by, match.note) == ("confirmed", checker, "The same sum.")
    row = FamilyChange.objects.get()
    assert (row.claim, row.before, row.after, row.because_of) == (newer, None, older, None)
    assert (row.cause, row.match, row.by) == ("confirm", match, checker)
    assert row.action == match.family_action


def test_the_published_claim_is_canonical_even_if_it_is_newer(checker):
    older = factories.make_claim()
    newer = published()
    confirm_match(matched(newer, older), by=checker)
    assert (canonical_of(older), canonical_of(newer)) == (newer.pk, None)


def test_a_claim_whose_verdict_a_moderator_withdrew_does_not_lead(checker):
    older = factories.make_claim()
    newer = published()
    withdraw_known_claim(newer.known_claim, by=factories.make_user(Role.MODERATOR), reason="Wrong person.")
    confirm_match(matched(newer, older), by=checker)
    assert canonical_of(newer) == older.pk


def test_a_match_with_our_own_known_claim_joins_the_family_of_its_claim(checker):
    ours = published()
    newer = factories.make_claim()
    confirm_match(factories.make_match(newer, known=ours.known_claim), by=checker)
    assert canonical_of(newer) == ours.pk


def test_a_match_with_another_publishers_review_moves_nothing(checker):
    claim, known = factories.make_claim(), factories.make_known_claim()
    match = confirm_match(factories.make_match(claim, known=known), by=checker)
    assert match.state == "confirmed"
    assert match.family_action is None
    assert not FamilyChange.objects.exists()
    assert [event.type for event in OutboxEvent.objects.filter(type__startswith="match.")] == [
        "match.confirmed"
    ]
    assert not OutboxEvent.objects.filter(type="family.changed").exists()


def test_members_come_along_and_the_family_stays_one_deep(checker):
    first, second, third, fourth = (factories.make_claim() for _ in range(4))
    confirm_match(matched(third, fourth), by=checker)
    confirm_match(matched(first, second), by=checker)
    confirm_match(matched(second, fourth), by=checker)

    assert [canonical_of(one) for one in (first, second, third, fourth)] == [
        None,
        first.pk,
        first.pk,
        first.pk,
    ]
    row = FamilyChange.objects.get(claim=fourth, after=first)
    assert (row.before, row.because_of) == (third, third)
    assert FamilyChange.objects.get(claim=third, after=first).because_of is None


def test_the_older_family_head_leads_though_the_match_was_of_a_member(checker):
    oldest, older, newer = (factories.make_claim() for _ in range(3))
    confirm_match(matched(oldest, newer), by=checker)
    confirm_match(matched(older, newer), by=checker)
    assert canonical_of(older) == canonical_of(newer) == oldest.pk


def test_a_match_within_one_family_is_confirmed_without_a_move(checker):
    first, second, third = (factories.make_claim() for _ in range(3))
    confirm_match(matched(first, second), by=checker)
    confirm_match(matched(first, third), by=checker)
    moves = FamilyChange.objects.count()
    match = confirm_match(matched(second, third), by=checker)
    assert match.state == "confirmed"
    assert FamilyChange.objects.count() == moves


def test_what_is_confirmed_is_told_and_audited(checker):
    older, newer = factories.make_claim(), factories.make_claim()
    match = confirm_match(matched(newer, older), by=checker, note="The same sum.")

    events = {event.type: event for event in OutboxEvent.objects.filter(type__regex="^(match|family)")}
    assert set(events) == {"match.confirmed", "family.changed"}
    assert events["match.confirmed"].subject_id == str(match.pk)
    assert events["match.confirmed"].payload == {
        "claim": newer.pk,
        "other_claim": older.pk,
        "known_claim": None,
    }
    assert events["family.changed"].subject_id == str(newer.pk)
    assert events["family.changed"].payload["claims"] == [older.pk, newer.pk]
    assert events["family.changed"].payload["moved"] == [newer.pk]
    assert AuditEntry.objects.get(verb="match.confirmed").subject_id == str(match.pk)
    merged = AuditEntry.objects.get(verb="family.merged")
    assert merged.details["action"] == str(match.family_action)
    assert AuditNote.objects.get(entry=merged).text == "The same sum."


def test_confirming_again_does_nothing_for_the_same_person_and_is_refused_to_another(checker):
    match = matched(factories.make_claim(), factories.make_claim())
    confirm_match(match, by=checker)
    entries = AuditEntry.objects.count()
    assert confirm_match(match, by=checker).state == "confirmed"
    assert AuditEntry.objects.count() == entries
    with pytest.raises(ActionRefused, match=f"{checker} confirmed this match already") as refusal:
        confirm_match(match, by=factories.make_user())
    assert refusal.value.code == "already_decided"


def test_two_published_verdicts_are_not_brought_together(checker):
    first, second = published(), published()
    with pytest.raises(
        ActionRefused, match=f"Claims {first.pk} and {second.pk} both have a published"
    ) as refusal:
        confirm_match(matched(first, second), by=checker)
    assert refusal.value.code == "two_published"
    assert ClaimMatch.objects.get().state == "proposed"
    assert not FamilyChange.objects.exists()


def test_a_published_member_counts_too(checker):
    first, member, second = factories.make_claim(), factories.make_claim(), published()
    confirm_match(matched(first, member), by=checker)
    factories.make_publication(claim=member)
    with pytest.raises(ActionRefused, match=f"Claims {member.pk} and {second.pk}"):
        confirm_match(matched(first, second), by=checker)


@pytest.mark.parametrize("which", ["claim", "other_claim"])
def test_a_dismissed_claim_is_restored_before_it_is_joined(checker, which):
    match = matched(factories.make_claim(), factories.make_claim())
    gone = getattr(match, which)
    dismiss_claim(gone, by=checker, reason="Satire.")
    with pytest.raises(ActionRefused, match=f"Claim {gone.pk} was dismissed. Restore it") as refusal:
        confirm_match(match, by=checker)
    assert refusal.value.code == "set_aside"


def test_a_dismissed_claim_is_not_confirmed_with_another_publishers_review_either(checker):
    claim = factories.make_claim()
    match = factories.make_match(claim, known=factories.make_known_claim())
    dismiss_claim(claim, by=checker, reason="Satire.")
    with pytest.raises(ActionRefused, match="Restore it"):
        confirm_match(match, by=checker)


def test_a_known_claim_that_was_withdrawn_is_not_confirmed(checker):
    known = factories.make_known_claim()
    match = factories.make_match(factories.make_claim(), known=known)
    withdraw_known_claim(known, by=factories.make_user(Role.MODERATOR), reason="Satire.")
    with pytest.raises(ActionRefused, match="A moderator withdrew") as refusal:
        confirm_match(match, by=checker)
    assert refusal.value.code == "known_withdrawn"


def test_a_rejected_match_is_kept_and_can_be_reconsidered(checker):
    match = matched(factories.make_claim(), factories.make_claim())
    rejected = reject_match(match, by=checker, note="Other year.")
    assert (rejected.state, rejected.decided_by, rejected.note) == ("rejected", checker, "Other year.")
    assert reject_match(match, by=checker).note == "Other year."
    with pytest.raises(ActionRefused, match="rejected this match already"):
        reject_match(match, by=factories.make_user())

    again = reconsider_match(match, by=checker, note="The year is the same.")
    assert (again.state, again.decided_by, again.decided_at) == ("proposed", None, None)
    assert not OutboxEvent.objects.filter(type="match.undone").exists()
    verbs = AuditEntry.objects.filter(verb__startswith="match.").order_by("id")
    assert [entry.verb for entry in verbs] == ["match.rejected", "match.reconsidered"]
    with pytest.raises(ActionRefused, match="Nobody has decided") as refusal:
        reconsider_match(match, by=checker)
    assert refusal.value.code == "undecided"


def test_a_rejected_match_is_reconsidered_before_it_is_confirmed(checker):
    match = matched(factories.make_claim(), factories.make_claim())
    reject_match(match, by=checker)
    with pytest.raises(ActionRefused, match="Reconsider that first") as refusal:
        confirm_match(match, by=factories.make_user())
    assert refusal.value.code == "rejected_before"
    assert confirm_match(reconsider_match(match, by=checker), by=checker).state == "confirmed"


def test_a_confirmed_match_with_a_claim_of_ours_is_undone_by_detaching_only(checker):
    older, newer = factories.make_claim(), factories.make_claim()
    match = confirm_match(matched(older, newer), by=checker)
    for take_back in (reject_match, reconsider_match):
        with pytest.raises(
            ActionRefused, match=f"Claims {newer.pk} and {older.pk} are in one family"
        ) as refusal:
            take_back(match, by=checker)
        assert refusal.value.code == "in_family"


@pytest.mark.parametrize("take_back", [reject_match, reconsider_match])
def test_a_confirmed_match_with_another_publishers_review_is_simply_taken_back(checker, take_back):
    match = factories.make_match(factories.make_claim(), known=factories.make_known_claim())
    confirm_match(match, by=checker)
    assert take_back(match, by=checker).state != "confirmed"
    assert OutboxEvent.objects.get(type="match.undone").subject_id == str(match.pk)


def test_families_are_merged_by_hand_and_a_waiting_match_of_the_two_with_them(checker):
    older, newer = factories.make_claim(), factories.make_claim()
    match = matched(older, newer)
    action = merge_families(older, into=newer, by=checker, note="The same budget line.")
    match.refresh_from_db()
    assert canonical_of(newer) == older.pk
    assert (match.state, match.family_action) == ("confirmed", action)
    assert FamilyChange.objects.get().cause == "merge"
    with pytest.raises(ActionRefused, match="in one family already") as refusal:
        merge_families(newer, into=older, by=checker, note="Again.")
    assert refusal.value.code == "in_one_family"


def test_a_merge_by_hand_says_why(checker):
    with pytest.raises(ActionRefused, match="Say why these are the same") as refusal:
        merge_families(factories.make_claim(), into=factories.make_claim(), by=checker, note="  ")
    assert (refusal.value.code, refusal.value.field) == ("reason_missing", "note")


def test_a_claim_of_a_family_is_detached_before_it_is_dismissed(checker):
    older, newer = factories.make_claim(), factories.make_claim()
    confirm_match(matched(older, newer), by=checker)
    for claim in (older, newer):
        with pytest.raises(ActionRefused, match="Detach it first") as refusal:
            dismiss_claim(claim, by=checker, reason="Satire.")
        assert refusal.value.code == "in_family"


def test_nothing_of_a_claim_but_its_canonical_changes(checker):
    older, newer = factories.make_claim(), factories.make_claim()
    edit_claim(newer, by=checker, text="The city spent two million.", claimant="Ann Lee")
    before = Claim.objects.filter(pk=newer.pk).values().get()
    confirm_match(matched(older, newer), by=checker)
    after = Claim.objects.filter(pk=newer.pk).values().get()
    assert {name for name in before if before[name] != after[name]} == {
        "canonical_id",
        "is_canonical",
        "canonical_stands",
    }


DECIDE = {
    "confirm": lambda match, by: confirm_match(match, by=by),
    "reject": lambda match, by: reject_match(match, by=by),
    "merge": lambda match, by: merge_families(match.claim, into=match.other_claim, by=by, note="Same."),
}


@pytest.mark.parametrize("verb", DECIDE)
@pytest.mark.parametrize("role", [None, Role.REPORTER, Role.MODERATOR])
def test_others_of_the_desk_do_not_decide(verb, role):
    match = matched(factories.make_claim(), factories.make_claim())
    with pytest.raises(NotPermitted, match="Only checkers, editors and leads of the Politics desk"):
        DECIDE[verb](match, factories.make_user(role))


@pytest.mark.parametrize("verb", DECIDE)
@pytest.mark.parametrize("role", [Role.CHECKER, Role.EDITOR, Role.LEAD])
def test_people_who_check_at_the_desk_decide(verb, role):
    DECIDE[verb](matched(factories.make_claim(), factories.make_claim()), factories.make_user(role))


@pytest.mark.parametrize("verb", DECIDE)
def test_people_of_another_desk_do_not_decide(verb):
    match = matched(factories.make_claim(), factories.make_claim())
    with pytest.raises(NotPermitted, match="of the Politics desk"):
        DECIDE[verb](match, factories.make_user(Role.LEAD, factories.make_desk("health")))


@pytest.mark.parametrize("verb", DECIDE)
def test_whoever_does_not_see_the_other_claim_does_not_decide(verb, checker):
    elsewhere = factories.make_claim(article=factories.make_article(desk=factories.make_desk("health")))
    match = matched(elsewhere, factories.make_claim())
    with pytest.raises(NotPermitted, match="a desk whose work you do not see") as refusal:
        DECIDE[verb](match, checker)
    assert refusal.value.code == "not_visible"
