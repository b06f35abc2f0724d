"""Who is told what: once, never of one's own acts, never what one may not see."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from claims.models import Claim
from claimtracker.accounts.models import Role, User
from reviews.actions.corrections import retract_publication
from reviews.actions.notifying import notify, task_key
from reviews.actions.recheck import open_recheck
from reviews.models import EmailWish, NoticeKind, NoticePreference, Notification
from reviews.selectors.people import people_who_see, people_who_worked_on
from tests import factories

pytestmark = pytest.mark.django_db


def tell(claim: Claim, *people: Any, kind: str = "due", **options: Any) -> int:
    return notify(people, kind, **{"text": "Look.", "claim": claim, "key": "one", **options})


def told() -> set[User]:
    return {notice.user for notice in Notification.objects.select_related("user")}


def test_each_person_is_told_once_of_one_thing():
    claim, ana, ben = factories.make_claim(), factories.make_user(), factories.make_user()
    assert tell(claim, ana, ana.pk) == 1
    assert tell(claim, ana, ben) == 1
    assert tell(claim, ana, key="two") == 1
    assert tell(claim, ana, kind="mentioned") == 1
    assert Notification.objects.filter(user=ana).count() == 3


def test_nobody_is_told_of_their_own_act():
    claim, ana, ben = factories.make_claim(), factories.make_user(), factories.make_user()
    assert tell(claim, ana, ben, by=ana) == 1
    notice = Notification.objects.get()
    assert (notice.user, notice.by) == (ben, ana)
    with pytest.raises(IntegrityError, match="nobody_is_told_of_their_own_act"), transaction.atomic():
        Notification.objects.create(user=ana, by=ana, claim=claim, kind="due", key="mine", text="Look.")


def test_only_who_may_see_the_claim_is_told():
    claim = factories.make_claim()
    health = factories.make_desk("health")
    right = [
        factories.make_user(Role.REPORTER),
        factories.make_user(Role.MODERATOR, health),
        factories.make_user(None, is_superuser=True),
    ]
    left = factories.make_user(is_active=False)
    wrong = [factories.make_user(Role.LEAD, health), factories.make_user(None), left]
    assert tell(claim, *right, *wrong, None) == 3
    assert told() == set(right)


@pytest.mark.parametrize("where", ["its desk", "another desk's article"])
def test_the_people_who_see_a_claim_are_those_that_the_claims_rule_names(where: str):
    claim = factories.make_claim()
    health = factories.make_desk("health")
    people = [factories.make_user(role, desk) for role in Role for desk in (claim.desk, health)]
    people += [factories.make_user(None), factories.make_user(None, is_superuser=True)]
    if where != "its desk":
        version = factories.make_article("Said again: so it is.", desk=health).versions.get()
        factories.make_appearance(claim, version, 0, 4)
    by_rule = {one for one in people if Claim.objects.visible_to(one).filter(pk=claim.pk).exists()}
    assert set(people_who_see(claim.pk)) == by_rule


def test_telling_thirty_costs_as_many_queries_as_telling_three():
    claim = factories.make_claim()

    def cost(number: int, key: str) -> int:
        people = [factories.make_user() for _ in range(number)]
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert tell(claim, *people, key=key) == number
        return len(captured)

    assert cost(3, "few") == cost(30, "many")


def test_wishes_are_kept_with_the_notice():
    claim, ana, ben = factories.make_claim(), factories.make_user(), factories.make_user()
    NoticePreference.objects.create(user=ana, kind=NoticeKind.DUE, in_app=False, email=EmailWish.WEEKLY)
    tell(claim, ana, ben)
    tell(claim, ana, ben, kind="half_time")
    found = Notification.objects.values_list("user_id", "kind", "in_app", "email")
    assert set(found) == {
        (ana.pk, "due", False, "weekly"),
        (ben.pk, "due", True, "at_once"),
        (ana.pk, "half_time", True, "never"),
        (ben.pk, "half_time", True, "never"),
    }
    assert not Notification.objects.filter(user=ana, kind="due").unread().exists()


def test_a_long_text_is_cut_and_a_wrong_kind_or_key_refused():
    claim, ana = factories.make_claim(), factories.make_user()
    tell(claim, ana, text="word " * 200)
    assert len(Notification.objects.get().text) <= 500
    for wrong in ({"kind": "gossip"}, {"key": ""}, {"key": "x" * 121}):
        with pytest.raises(ValueError, match=r"gossip|A notice's key"):
            tell(claim, ana, **wrong)


def test_a_notice_of_a_task_links_to_it():
    checker = factories.make_user()
    task = factories.make_taken_task(checker)
    notify([checker], "due", text="Due.", claim=task.claim, key=task_key(task), task=task)
    assert Notification.objects.get().review_task == task


def notices_of(person: User) -> list[tuple[str, str]]:
    rows = Notification.objects.filter(user=person, kind__in=("published", "corrected")).order_by("id")
    return [(notice.kind, notice.text) for notice in rows]


def test_who_worked_on_a_claim_hears_what_became_of_it_and_nobody_of_their_own_act():
    helper, away = factories.make_user(name="Ines Duarte"), factories.make_user()
    lead = factories.make_user(Role.LEAD)
    claim = factories.make_claim()
    factories.make_evidence(claim, helper)
    factories.make_evidence(claim, away)
    User.objects.filter(pk=away.pk).update(is_active=False)
    first = factories.make_publication(claim=claim)
    said = f"Your work is public: “{claim.text}” was published."
    assert notices_of(helper) == notices_of(first.proposed_by) == [("published", said)]
    assert notices_of(first.published_by) == notices_of(away) == notices_of(lead) == []
    second = factories.make_correction(first, note="The office revised it.")
    corrected = ("corrected", f"Version 2 of “{claim.text}” is public: The office revised it.")
    assert notices_of(helper)[1:] == notices_of(second.proposed_by) == [corrected]
    assert notices_of(first.published_by) == [corrected]
    retract_publication(claim, by=lead, version=2, note="The table was forged.")
    retracted = ("corrected", f"The check of “{claim.text}” was retracted: The table was forged.")
    assert notices_of(helper)[2:] == [retracted]
    assert notices_of(lead) == []


def test_who_worked_on_a_claim_is_found_in_one_query(django_assert_num_queries):
    publication = factories.make_publication()
    with django_assert_num_queries(1):
        people = people_who_worked_on(publication.claim_id)
    assert {publication.proposed_by_id, publication.approved_by_id} <= people


def told_of(kind: NoticeKind) -> set[User]:
    rows = Notification.objects.filter(kind=kind).select_related("user")
    assert len({(row.user, row.key) for row in rows}) == len(rows)
    return {row.user for row in rows}


@pytest.mark.parametrize("approval", ["anyone", "lead", "named"])
def test_who_has_to_be_the_second_person_hears_that_a_verdict_waits(approval: str):
    author, lead, named = (factories.make_user(role) for role in (Role.CHECKER, Role.LEAD, Role.EDITOR))
    factories.make_user(Role.EDITOR)
    factories.make_rule(approval=approval, reviewers=[named] if approval == "named" else [])
    factories.make_submitted_verdict(author)
    assert told_of(NoticeKind.REVIEW_WANTED) == {"anyone": set(), "lead": {lead}, "named": {named}}[approval]


def test_who_worked_on_a_check_hears_that_it_is_looked_at_again():
    publication = factories.make_publication()
    editor = factories.make_user(Role.EDITOR)
    open_recheck(publication.claim, by=editor, reason="The office revised its figures.")
    assert told_of(NoticeKind.RECHECK) == {publication.proposed_by, publication.published_by}
    assert "revised" not in Notification.objects.filter(kind=NoticeKind.RECHECK).first().text


def test_nobody_is_told_of_the_recheck_they_asked_for():
    publication = factories.make_publication()
    open_recheck(publication.claim, by=publication.published_by, reason="The office revised its figures.")
    assert told_of(NoticeKind.RECHECK) == {publication.proposed_by}
