"""Families come apart again: detached, split and undone, with everything where it was."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from claims.actions.curation import dismiss_claim
from claims.actions.families import (
    confirm_match,
    detach_claim,
    merge_families,
    reconsider_match,
    split_family,
    undo_family_action,
)
from claims.models import Claim, ClaimMatch, FamilyChange
from claimtracker.accounts.models import Role
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from claimtracker.ledger.models import AuditEntry, AuditNote, OutboxEvent
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def checker() -> Any:
    return factories.make_user()


@pytest.fixture
def claims() -> list[Claim]:
    return [factories.make_claim() for _ in range(6)]


def heads(claims: list[Claim]) -> list[int | None]:
    """For each claim the place of its canonical claim in the list, None for itself."""
    places = {claim.pk: place for place, claim in enumerate(claims)}
    found = dict(Claim.objects.filter(pk__in=places).values_list("pk", "canonical_id"))
    return [places.get(found[claim.pk]) for claim in claims]


def confirm(claim: Claim, other: Claim, by: Any) -> ClaimMatch:
    first, second = sorted((claim, other), key=lambda one: one.pk)
    return confirm_match(factories.make_match(second, other=first), by=by)


def merge(claim: Claim, into: Claim, by: Any) -> uuid.UUID:
    return merge_families(claim, into=into, by=by, note="The same.")


def test_a_detached_claim_takes_back_who_came_along_with_it(claims, checker):
    merge(claims[2], claims[3], checker)
    merge(claims[2], claims[4], checker)
    confirm(claims[0], claims[2], checker)
    merge(claims[0], claims[5], checker)
    assert heads(claims) == [None, None, 0, 0, 0, 0]

    detach_claim(claims[2], by=checker, note="Another year.")

    assert heads(claims) == [None, None, None, 2, 2, 0]


def test_who_was_moved_since_does_not_come_back(claims, checker):
    merge(claims[2], claims[3], checker)
    merge(claims[2], claims[4], checker)
    merge(claims[0], claims[2], checker)
    detach_claim(claims[3], by=checker, note="Another town.")
    merge(claims[3], claims[0], checker)
    detach_claim(claims[2], by=checker, note="Another year.")
    assert heads(claims) == [None, None, None, 0, 2, None]


def test_who_went_along_through_a_second_join_comes_back_too(claims, checker):
    merge(claims[3], claims[4], checker)
    merge(claims[2], claims[3], checker)
    merge(claims[1], claims[2], checker)
    assert heads(claims) == [None, None, 1, 1, 1, None]
    detach_claim(claims[3], by=checker, note="Another year.")
    assert heads(claims) == [None, None, 1, None, 3, None]


def test_what_was_undone_in_between_does_not_count_as_a_move(claims, checker):
    merge(claims[2], claims[3], checker)
    merge(claims[0], claims[2], checker)
    undo_family_action(detach_claim(claims[3], by=checker, note="Another town."), by=checker)
    detach_claim(claims[2], by=checker, note="Another year.")
    assert heads(claims) == [None, None, None, 2, None, None]


def test_a_detached_member_that_brought_nobody_leaves_alone(claims, checker):
    merge(claims[2], claims[3], checker)
    merge(claims[0], claims[2], checker)
    detach_claim(claims[3], by=checker, note="Another town.")
    assert heads(claims) == [None, None, 0, None, None, None]


def test_the_match_of_a_detached_claim_is_rejected_with_the_reason(claims, checker):
    match = confirm(claims[0], claims[1], checker)
    action = detach_claim(claims[1], by=checker, note="Another year.")
    match.refresh_from_db()
    assert (match.state, match.note, match.family_action) == ("rejected", "Detached: Another year.", action)
    assert OutboxEvent.objects.get(type="match.undone").subject_id == str(match.pk)
    entry = AuditEntry.objects.get(verb="family.detached")
    assert (entry.subject_id, entry.details["moved"]) == (str(claims[1].pk), [claims[1].pk])
    assert AuditNote.objects.get(entry=entry).text == "Another year."
    assert reconsider_match(match, by=checker).state == "proposed"
    confirm_match(match, by=checker)
    assert heads(claims)[1] == 0


def test_matches_among_those_that_leave_together_stay_confirmed(claims, checker):
    inner = confirm(claims[2], claims[3], checker)
    outer = confirm(claims[0], claims[3], checker)
    detach_claim(claims[2], by=checker, note="Another year.")
    inner.refresh_from_db()
    outer.refresh_from_db()
    assert (inner.state, outer.state) == ("confirmed", "rejected")


def test_when_the_canonical_claim_leaves_the_oldest_of_the_rest_leads(claims, checker):
    for other in claims[1:4]:
        merge(claims[0], other, checker)
    detach_claim(claims[0], by=checker, note="Another year.")
    assert heads(claims) == [None, None, 1, 1, None, None]


def test_when_the_canonical_claim_leaves_the_published_one_of_the_rest_leads(claims, checker):
    for other in claims[1:4]:
        merge(claims[0], other, checker)
    factories.make_publication(claim=claims[3])
    detach_claim(claims[0], by=checker, note="Another year.")
    assert heads(claims) == [None, 3, 3, None, None, None]


def test_a_pair_parts_into_two_claims(claims, checker):
    merge(claims[0], claims[1], checker)
    detach_claim(claims[0], by=checker, note="Another year.")
    assert heads(claims[:2]) == [None, None]


@pytest.fixture
def family(claims, checker) -> list[Claim]:
    for other in claims[1:]:
        merge(claims[0], other, checker)
    return claims


def test_several_members_leave_as_a_family_of_their_own(family, checker):
    split_family([family[4], family[2], family[5]], by=checker, note="These speak of 2019.")
    assert heads(family) == [None, 0, None, 0, 2, 2]


def test_the_published_one_leads_those_that_leave(family, checker):
    factories.make_publication(claim=family[5])
    split_family([family[4], family[2], family[5]], by=checker, note="These speak of 2019.")
    assert heads(family) == [None, 0, 5, 0, 5, None]


def test_the_person_may_name_who_leads(family, checker):
    split_family([family[4], family[2]], by=checker, note="2019.", canonical=family[4])
    assert heads(family) == [None, 0, 4, 0, None, 0]


def test_the_canonical_claim_may_be_among_those_that_leave(family, checker):
    split_family([family[0], family[2]], by=checker, note="These speak of 2019.")
    assert heads(family) == [None, None, 0, 1, 1, 1]


def test_the_canonical_claim_may_leave_under_another(family, checker):
    split_family([family[0], family[2]], by=checker, note="2019.", canonical=family[2])
    assert heads(family) == [2, None, None, 1, 1, 1]
    detach_claim(family[0], by=checker, note="2018.")
    assert heads(family) == [None, None, None, 1, 1, 1]


def test_a_split_says_why_and_of_whom(family, checker):
    alone, pair = factories.make_claim(), [family[1], family[2]]
    refused = [
        ({"claims": [], "note": "x"}, "nobody_leaves", "Choose the claims"),
        ({"claims": pair, "note": " "}, "reason_missing", "Say why these are not the same"),
        ({"claims": family, "note": "x"}, "whole_family", "leave somebody behind"),
        ({"claims": [alone], "note": "x"}, "not_in_family", "in no family"),
        ({"claims": [*pair, alone], "note": "x"}, "two_families", "Only claims of one family"),
        ({"claims": pair, "note": "x", "canonical": family[3]}, "bad_canonical", "one of those that leave"),
    ]
    for options, code, sentence in refused:
        with pytest.raises(ActionRefused, match=sentence) as refusal:
            split_family(options.pop("claims"), by=checker, **options)
        assert refusal.value.code == code
    assert heads(family) == [None, 0, 0, 0, 0, 0]


def test_a_detaching_says_why_and_of_whom(claims, checker):
    with pytest.raises(ActionRefused, match="in no family") as refusal:
        detach_claim(claims[0], by=checker, note="Another year.")
    assert refusal.value.code == "not_in_family"
    merge(claims[0], claims[1], checker)
    with pytest.raises(ActionRefused, match="Say why it is not the same") as refusal:
        detach_claim(claims[1], by=checker, note="")
    assert (refusal.value.code, refusal.value.field) == ("reason_missing", "note")


PARTINGS = {
    "detach a member": lambda family, by: detach_claim(family[3], by=by, note="x"),
    "detach the canonical": lambda family, by: detach_claim(family[0], by=by, note="x"),
    "split members": lambda family, by: split_family(family[2:4], by=by, note="x"),
    "split with the canonical": lambda family, by: split_family(family[:3], by=by, note="x"),
    "split under another": lambda family, by: split_family(family[:3], by=by, note="x", canonical=family[2]),
}


@pytest.mark.parametrize("parting", PARTINGS)
def test_an_undone_parting_is_as_if_it_never_was(family, checker, parting):
    match = confirm(family[1], family[3], checker)
    action = PARTINGS[parting](family, checker)
    assert heads(family) != [None, 0, 0, 0, 0, 0]

    undoing = undo_family_action(action, by=checker, note="A slip.")

    assert heads(family) == [None, 0, 0, 0, 0, 0]
    match.refresh_from_db()
    assert match.state == "confirmed"
    assert set(FamilyChange.objects.filter(action=undoing).values_list("cause", "undoes")) == {
        ("undo", action)
    }
    assert AuditEntry.objects.filter(verb="family.undone").count() == 1


def test_an_undone_confirmation_parts_them_and_suggests_the_match_again(claims, checker):
    merge(claims[1], claims[2], checker)
    match = confirm(claims[0], claims[2], checker)
    undo_family_action(match.family_action, by=checker)
    assert heads(claims[:3]) == [None, None, 1]
    match.refresh_from_db()
    assert (match.state, match.decided_by) == ("proposed", None)
    assert OutboxEvent.objects.filter(type="match.undone").count() == 1


def test_actions_are_undone_one_after_the_other(claims, checker):
    actions = [merge(claims[1], claims[2], checker), merge(claims[0], claims[2], checker)]
    actions.append(detach_claim(claims[1], by=checker, note="x"))
    for action in reversed(actions):
        undo_family_action(action, by=checker)
    assert heads(claims) == [None] * 6


def test_what_moved_since_is_not_undone(claims, checker):
    first = merge(claims[1], claims[2], checker)
    merge(claims[0], claims[1], checker)
    with pytest.raises(ActionRefused, match=f"Claim {claims[2].pk} was moved or joined since") as refusal:
        undo_family_action(first, by=checker)
    assert refusal.value.code == "moved_since"


def test_a_parting_is_not_undone_when_others_joined_who_left(claims, checker):
    merge(claims[0], claims[1], checker)
    parting = detach_claim(claims[1], by=checker, note="x")
    merge(claims[1], claims[2], checker)
    with pytest.raises(ActionRefused, match="was moved or joined since"):
        undo_family_action(parting, by=checker)


def test_a_parting_is_not_undone_when_the_canonical_claim_joined_others(claims, checker):
    merge(claims[1], claims[2], checker)
    parting = detach_claim(claims[2], by=checker, note="x")
    merge(claims[0], claims[1], checker)
    with pytest.raises(ActionRefused, match=f"Claim {claims[1].pk} was moved or joined since"):
        undo_family_action(parting, by=checker)


def test_a_parting_is_not_undone_when_one_was_dismissed_since(claims, checker):
    merge(claims[0], claims[1], checker)
    parting = detach_claim(claims[1], by=checker, note="x")
    dismiss_claim(claims[1], by=checker, reason="Satire.")
    with pytest.raises(ActionRefused, match=r"was dismissed\. Restore it") as refusal:
        undo_family_action(parting, by=checker)
    assert refusal.value.code == "set_aside"


def test_a_parting_is_not_undone_when_the_second_was_published_since(claims, checker):
    factories.make_publication(claim=claims[0])
    merge(claims[0], claims[1], checker)
    parting = detach_claim(claims[1], by=checker, note="x")
    factories.make_publication(claim=claims[1])
    with pytest.raises(ActionRefused, match="both have a published verdict") as refusal:
        undo_family_action(parting, by=checker)
    assert refusal.value.code == "two_published"


def test_a_parting_of_two_that_were_published_together_is_undone(claims, checker):
    factories.make_publication(claim=claims[0])
    factories.make_task(claims[1])
    merge(claims[0], claims[1], checker)
    factories.make_publication(claim=claims[1])
    undo_family_action(detach_claim(claims[1], by=checker, note="x"), by=checker)
    assert heads(claims)[1] == 0


def test_an_undo_is_not_undone_and_nothing_is_undone_twice(claims, checker):
    action = merge(claims[0], claims[1], checker)
    undoing = undo_family_action(action, by=checker)
    for wrong, code in [
        (undoing, "is_an_undo"),
        (action, "already_undone"),
        (uuid.uuid4(), "no_such_action"),
    ]:
        with pytest.raises(ActionRefused) as refusal:
            undo_family_action(wrong, by=checker)
        assert refusal.value.code == code


PART = {
    "detach": lambda claims, action, by: detach_claim(claims[1], by=by, note="x"),
    "split": lambda claims, action, by: split_family([claims[1]], by=by, note="x"),
    "undo": lambda claims, action, by: undo_family_action(action, by=by),
}


@pytest.mark.parametrize("verb", PART)
@pytest.mark.parametrize("desk", ["politics", "health"])
def test_people_of_the_claims_and_of_the_canonical_claims_desk_part_them(verb, desk):
    health = factories.make_desk("health")
    claims = [factories.make_claim(), factories.make_claim(article=factories.make_article(desk=health))]
    lead = factories.make_user(Role.LEAD, health)
    factories.make_appearance(claims[0], claims[1].appearances.get().version, 0, 8)  # so that they see it
    action = merge(claims[1], claims[0], lead)
    assert heads(claims) == [None, 0]
    for role, by_desk in [(None, desk), (Role.REPORTER, desk), (Role.LEAD, "sport")]:
        outsider = factories.make_user(role, factories.make_desk(by_desk))
        with pytest.raises(NotPermitted, match="of the Health or Politics desk can do this"):
            PART[verb](claims, action, outsider)
    PART[verb](claims, action, factories.make_user(Role.CHECKER, factories.make_desk(desk)))
    assert heads(claims) == [None, None]


def test_the_database_refuses_chains_cycles_and_claims_of_their_own(claims):
    ids = [claim.pk for claim in claims]
    put = "UPDATE claims_claim SET canonical_id = %s WHERE id = %s"
    with connection.cursor() as cursor:
        cursor.execute(put, [ids[0], ids[1]])
        for above, below, rule in [
            (ids[1], ids[2], "a_canonical_claim_has_no_canonical"),  # a chain from below
            (ids[2], ids[0], "a_canonical_claim_has_no_canonical"),  # a chain from above
            (ids[1], ids[0], "a_canonical_claim_has_no_canonical"),  # a cycle
            (ids[3], ids[3], "a_claim_is_not_its_own_canonical"),
            (999_999, ids[3], "a_canonical_claim_has_no_canonical"),
        ]:
            with pytest.raises(IntegrityError, match=rule), transaction.atomic():
                cursor.execute(put, [above, below])


def test_the_database_refuses_to_set_a_member_aside(claims, checker):
    merge(claims[0], claims[1], checker)
    with pytest.raises(IntegrityError, match="a_claim_of_a_family_stands"), transaction.atomic():
        Claim.objects.filter(pk=claims[1].pk).update(state="dismissed", dismissed_because="x")


def test_the_database_wants_history_that_moves_a_claim(claims):
    for before, after in [(None, None), (claims[1], claims[1])]:
        with pytest.raises(IntegrityError, match="a_family_change_moves_the_claim"), transaction.atomic():
            FamilyChange.objects.create(cause="merge", claim=claims[0], before=before, after=after)
    with pytest.raises(IntegrityError, match="an_undo_names_what_it_undoes"), transaction.atomic():
        FamilyChange.objects.create(cause="undo", claim=claims[0], after=claims[1])
