"""Telling the moderators of a claim or a comment: who may, who decides, who is told, and what stays."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from claims.models import Claim
from claimtracker.accounts.erasure_holds import held_because
from claimtracker.accounts.models import Role, User
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from claimtracker.ledger.models import AuditEntry, AuditNote
from reviews.actions.discussion import add_comment, remove_comment
from reviews.actions.flags import dismiss_case, escalate_case, flag, reopen_case, resolve_case
from reviews.actions.restrictions import place_hold
from reviews.models import Comment, Flag, FlagCase, FlagReason, FlagStep, Notification
from reviews.policies.flags import can_flag, can_read_flags
from reviews.selectors.flags import open_flags
from tests import factories
from tests.reviews.test_discussion import make_blind

pytestmark = pytest.mark.django_db
WHY = {"reason": "personal_data", "note": "It gives the address of a child."}


@pytest.fixture
def claim() -> Claim:
    return factories.make_claim()


@pytest.fixture
def reporter() -> User:
    return factories.make_user(Role.REPORTER, name="Rosa Lind")


@pytest.fixture
def moderator() -> User:
    return factories.make_user(Role.MODERATOR, name="Milo Duarte")


@pytest.fixture
def lead() -> User:
    return factories.make_user(Role.LEAD, name="Lena Roe")


def say(claim: Claim, by: User, text: str = "He lives in Mill Street 4.", **more: Any) -> Comment:
    return add_comment(claim, by=by, text=text, **more).comment


def about_a_confidential_source(claim: Claim, by: User) -> Comment:
    because = {"is_confidential": True, "confidential_because": "She would lose her job."}
    cited = factories.make_evidence(claim, by, url="https://leak.example/1", **because)
    return say(claim, by, "She says the accounts are forged.", evidence=cited)


def told_of_flags() -> dict[str, str]:
    return {row.user.name: row.text for row in Notification.objects.filter(kind="flagged").order_by("pk")}


@pytest.mark.parametrize("role", Role.values)
def test_everybody_who_may_open_a_claim_tells_the_moderators(claim: Claim, role: str) -> None:
    row = flag(claim, by=factories.make_user(role), **WHY)
    assert row.case.state == "flagged" and row.case.claim == claim and row.case.comment is None
    assert (row.reason, row.note) == (WHY["reason"], WHY["note"])


def test_nobody_else_does(claim: Claim) -> None:
    elsewhere = factories.make_user(Role.LEAD, factories.make_desk("city"))
    for person in (elsewhere, factories.make_user(None)):
        with pytest.raises(NotPermitted):
            flag(claim, by=person, **WHY)
    assert not can_flag(AnonymousUser(), claim)
    assert not FlagCase.objects.exists()


@pytest.mark.parametrize(
    ("said", "field"),
    [({"reason": "dislike"}, "reason"), ({"reason": ""}, "reason"), ({"note": " \n"}, "note"),
     ({"note": "x" * 2001}, "note")],
)  # fmt: skip
def test_a_flag_has_a_reason_of_the_list_and_a_note(
    claim: Claim, reporter: User, said: dict[str, str], field: str
) -> None:
    with pytest.raises(ActionRefused) as refused:
        flag(claim, by=reporter, **(WHY | said))
    assert refused.value.field == field
    assert not FlagCase.objects.exists() and not AuditEntry.objects.filter(verb="flag.raised").exists()


@pytest.mark.parametrize("reason", FlagReason.values)
def test_each_reason_can_be_given(claim: Claim, reporter: User, reason: str) -> None:
    assert flag(claim, by=reporter, reason=reason, note="See.").reason == reason


def test_flagged_twice_by_one_person_it_is_one_flag(claim: Claim, reporter: User, moderator: User) -> None:
    first = flag(claim, by=reporter, **WHY)
    again = flag(claim, by=reporter, reason="spam", note="And an advertisement.")
    assert again == first and Flag.objects.get().note == WHY["note"]
    assert AuditEntry.objects.filter(verb="flag.raised").count() == 1
    dismiss_case(first.case, by=moderator, note="It is public.")
    assert flag(claim, by=reporter, **WHY).case != first.case, "that case is over"


def test_what_several_people_flag_is_one_case(
    claim: Claim, reporter: User, lead: User, moderator: User
) -> None:
    comment = say(claim, factories.make_user())
    rows = [
        flag(claim, by=reporter, **WHY),
        flag(claim, by=lead, reason="spam", note="It is an advertisement."),
        flag(claim, by=reporter, comment=comment, **WHY),
    ]
    assert rows[0].case == rows[1].case != rows[2].case
    assert [one.note for one in rows[0].case.flags.all()] == [WHY["note"], "It is an advertisement."]
    assert Notification.objects.filter(kind="flagged", user=moderator).count() == 2, "once for each case"


def test_nothing_is_hidden_by_it(reporter: User) -> None:
    publication = factories.make_publication()
    comment = say(publication.claim, publication.approved_by)
    flag(publication.claim, by=reporter, **WHY)
    flag(publication.claim, by=reporter, comment=comment, **WHY)
    comment.refresh_from_db()
    assert comment.text and not comment.removed_at
    assert not publication.claim.restrictions.exists()
    assert Claim.objects.visible_to(reporter).filter(pk=publication.claim_id).exists()


def test_moderators_are_told_without_the_note_and_not_who_wrote_it(claim: Claim, reporter: User) -> None:
    writing, other = (factories.make_user(Role.MODERATOR, name=name) for name in ("Mona", "Otto"))
    flag(claim, by=reporter, comment=say(claim, writing), **WHY)
    assert set(told_of_flags()) == {other.name}
    assert WHY["note"] not in told_of_flags()["Otto"] and "Personal data" in told_of_flags()["Otto"]


def test_own_and_removed_comments_are_not_flagged(claim: Claim, reporter: User, lead: User) -> None:
    own, other = say(claim, reporter), say(claim, lead)
    with pytest.raises(NotPermitted, match="yourself"):
        flag(claim, by=reporter, comment=own, **WHY)
    remove_comment(other, by=lead)
    with pytest.raises(NotPermitted, match="removed"):
        flag(claim, by=reporter, comment=other, **WHY)
    elsewhere = say(factories.make_claim(), lead)
    with pytest.raises(NotPermitted):
        flag(claim, by=reporter, comment=elsewhere, **WHY)


def test_who_may_not_read_a_comment_cannot_flag_it(claim: Claim, reporter: User) -> None:
    checker = factories.make_user()
    secret = about_a_confidential_source(claim, checker)
    with pytest.raises(NotPermitted):
        flag(claim, by=reporter, comment=secret, **WHY)
    spoken = say(claim, checker)
    make_blind(reader := factories.make_user(), claim)
    with pytest.raises(NotPermitted):
        flag(claim, by=reader, comment=spoken, **WHY)
    assert flag(claim, by=reader, **WHY), "the claim itself they see"


@pytest.mark.parametrize(("act", "state"), [(dismiss_case, "dismissed"), (resolve_case, "resolved")])
def test_a_moderator_decides_with_a_reason_and_who_flagged_it_is_told(
    claim: Claim, reporter: User, lead: User, moderator: User, act: Any, state: str
) -> None:
    case = flag(claim, by=reporter, **WHY).case
    flag(claim, by=lead, **WHY)
    with pytest.raises(ActionRefused) as refused:
        act(case, by=moderator, note="  ")
    assert refused.value.field == "note"
    act(case, by=moderator, note="The address is gone.")
    case.refresh_from_db()
    assert (case.state, case.decided_by) == (state, moderator)
    told = told_of_flags()
    assert "The address is gone." in told["Rosa Lind"] and "The address is gone." in told["Lena Roe"]
    assert case.steps.get().act == state
    assert AuditEntry.objects.filter(verb=f"flag.{state}", subject_type="reviews.flagcase").count() == 1
    act(case, by=moderator, note="Said twice.")
    assert case.steps.count() == 1


@pytest.mark.parametrize("role", [Role.REPORTER, Role.CHECKER, Role.EDITOR, Role.LEAD])
def test_nobody_decides_who_was_not_asked(claim: Claim, reporter: User, moderator: User, role: str) -> None:
    case, person = flag(claim, by=reporter, **WHY).case, factories.make_user(role)
    for act in (dismiss_case, resolve_case):
        with pytest.raises(NotPermitted):
            act(case, by=person, note="No.")
    with pytest.raises(NotPermitted):
        escalate_case(case, by=person, to=moderator, note="You.")
    dismiss_case(case, by=moderator, note="No.")
    with pytest.raises(NotPermitted):
        reopen_case(case, by=person)
    assert not can_read_flags(person, claim, is_asked=False)


def test_who_was_asked_by_name_decides_and_nobody_else(
    claim: Claim, reporter: User, moderator: User, lead: User
) -> None:
    case = flag(claim, by=reporter, **WHY).case
    escalate_case(case, by=moderator, to=lead, note="You know the family.")
    assert "You know the family." in told_of_flags()["Lena Roe"]
    other = factories.make_user(Role.MODERATOR)
    for person in (moderator, other):
        with pytest.raises(NotPermitted, match="Lena Roe was asked"):
            dismiss_case(case, by=person, note="No.")
    resolve_case(case, by=lead, note="I called them.")
    case.refresh_from_db()
    assert (case.state, case.decided_by) == ("resolved", lead)
    assert [step.act for step in case.steps.all()] == ["escalated", "resolved"]


def test_a_moderator_asks_somebody_else_when_nobody_answers(
    claim: Claim, reporter: User, moderator: User, lead: User
) -> None:
    case = flag(claim, by=reporter, **WHY).case
    escalate_case(case, by=moderator, to=lead, note="You know the family.")
    other = factories.make_user(Role.MODERATOR)
    escalate_case(case, by=moderator, to=other, note="She is on leave.")
    with pytest.raises(NotPermitted):
        resolve_case(case, by=lead, note="Too late.")
    resolve_case(case, by=other, note="Done.")


def test_only_who_may_decide_is_asked(claim: Claim, reporter: User, moderator: User) -> None:
    writing = factories.make_user(Role.MODERATOR)
    case = flag(claim, by=reporter, comment=say(claim, writing), **WHY).case
    make_blind(blind := factories.make_user(Role.LEAD), claim)
    elsewhere = factories.make_user(Role.LEAD, factories.make_desk("city"))
    gone = factories.make_user(Role.LEAD, is_active=False)
    for person in (moderator, writing, blind, elsewhere, gone, factories.make_user(Role.EDITOR)):
        with pytest.raises(ActionRefused) as refused:
            escalate_case(case, by=moderator, to=person, note="You.")
        assert refused.value.field == "to"
    assert not FlagStep.objects.exists()


def test_nobody_decides_about_their_own_words(claim: Claim, reporter: User) -> None:
    writing = factories.make_user(Role.MODERATOR)
    case = flag(claim, by=reporter, comment=say(claim, writing), **WHY).case
    for act in (
        lambda: dismiss_case(case, by=writing, note="I was right."),
        lambda: escalate_case(case, by=writing, to=factories.make_user(Role.MODERATOR), note="You."),
    ):
        with pytest.raises(NotPermitted, match="own words"):
            act()
    dismiss_case(case, by=factories.make_user(Role.MODERATOR), note="It is harmless.")
    with pytest.raises(NotPermitted, match="own words"):
        reopen_case(case, by=writing)


def test_a_decision_is_taken_back(claim: Claim, reporter: User, moderator: User, lead: User) -> None:
    case = flag(claim, by=reporter, **WHY).case
    dismiss_case(case, by=moderator, note="It is public.")
    reopen_case(case, by=moderator)
    case.refresh_from_db()
    assert (case.state, case.decided_by, case.decided_at) == ("flagged", None, None)
    texts = [row.text for row in Notification.objects.filter(kind="flagged", user=reporter).order_by("pk")]
    assert len(texts) == 2 and "once more" in texts[1]
    escalate_case(case, by=moderator, to=lead, note="You decide.")
    resolve_case(case, by=lead, note="Done.")
    reopen_case(case, by=lead)
    case.refresh_from_db()
    assert case.state == "escalated", "it is hers again"


def test_a_decision_stays_where_the_thing_was_flagged_again(
    claim: Claim, reporter: User, moderator: User
) -> None:
    case = flag(claim, by=reporter, **WHY).case
    dismiss_case(case, by=moderator, note="It is public.")
    flag(claim, by=reporter, reason="threat", note="They call now.")
    with pytest.raises(NotPermitted, match="flagged again"):
        reopen_case(case, by=moderator)


def test_who_reviews_blind_by_now_hears_the_outcome_without_its_words(claim: Claim, moderator: User) -> None:
    reader = factories.make_user(name="Ben Okoro")
    case = flag(claim, by=reader, **WHY).case
    make_blind(reader, claim)
    dismiss_case(case, by=moderator, note="It is rated false anyway.")
    said = told_of_flags()["Ben Okoro"]
    assert "decided" in said and "false" not in said


def test_who_may_no_longer_read_the_source_hears_no_words_of_it(claim: Claim, moderator: User) -> None:
    checker, editor = factories.make_user(), factories.make_user(Role.EDITOR, name="Eda Brandt")
    case = flag(claim, by=editor, comment=about_a_confidential_source(claim, checker), **WHY).case
    editor.memberships.update(role=Role.REPORTER)
    dismiss_case(case, by=moderator, note="The forger is named elsewhere.")
    assert "forger" not in told_of_flags()["Eda Brandt"]


def test_who_reviews_blind_by_now_does_not_read_what_was_flagged(claim: Claim, lead: User) -> None:
    assert can_read_flags(lead, claim, is_asked=True)
    make_blind(lead, claim)
    assert not can_read_flags(lead, claim, is_asked=True)


def test_each_is_shown_what_is_theirs(claim: Claim, reporter: User, moderator: User, lead: User) -> None:
    comment = say(claim, lead)
    flag(claim, by=reporter, comment=comment, **WHY)
    case = flag(claim, by=moderator, **WHY).case
    assert open_flags(claim, reporter).comments == {comment.pk} and not open_flags(claim, reporter).claim
    assert open_flags(claim, moderator).claim and open_flags(claim, moderator).to_read == 2
    nothing = open_flags(claim, lead)
    assert (nothing.claim, nothing.comments, nothing.to_read) == (False, frozenset(), 0)
    escalate_case(case, by=moderator, to=lead, note="You.")
    assert open_flags(claim, lead).to_read == 1


def test_no_words_reach_the_audit_and_the_claims_own_history(
    claim: Claim, reporter: User, moderator: User, lead: User
) -> None:
    case = flag(claim, by=reporter, **WHY).case
    escalate_case(case, by=moderator, to=lead, note="Secret words.")
    resolve_case(case, by=lead, note="More secret words.")
    assert not AuditNote.objects.filter(entry__verb__startswith="flag.").exists()
    entries = AuditEntry.objects.filter(verb__startswith="flag.")
    assert entries.count() == 3 and {entry.subject_type for entry in entries} == {"reviews.flagcase"}
    assert not any("ecret" in str(entry.details) for entry in entries)


def test_notes_are_ciphertext_in_the_database(claim: Claim, reporter: User, moderator: User) -> None:
    dismiss_case(flag(claim, by=reporter, **WHY).case, by=moderator, note="It is public.")
    with connection.cursor() as cursor:
        for table in ("reviews_flag", "reviews_flagstep"):
            cursor.execute(f"SELECT note FROM {table}")
            assert all(note.startswith("enc1:") for (note,) in cursor.fetchall())


def test_the_record_stays_as_it_was_written(claim: Claim, reporter: User, moderator: User) -> None:
    row = flag(claim, by=reporter, **WHY)
    dismiss_case(row.case, by=moderator, note="It is public.")
    other = factories.make_claim()
    for change in (
        lambda: Flag.objects.update(note="Nothing."),
        lambda: Flag.objects.update(reason="spam"),
        lambda: Flag.objects.all().delete(),
        lambda: FlagStep.objects.update(note="Nothing."),
        lambda: FlagStep.objects.update(by=reporter),
        lambda: FlagStep.objects.all()._raw_delete("default"),
        lambda: FlagCase.objects.update(claim=other),
        lambda: FlagCase.objects.all()._raw_delete("default"),
        lambda: FlagCase.objects.update(state="escalated"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_the_database_keeps_one_open_case_and_one_flag_of_each(claim: Claim, reporter: User) -> None:
    row = flag(claim, by=reporter, **WHY)
    now = timezone.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        FlagCase.objects.create(claim=claim, state="flagged", opened_at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Flag.objects.create(case=row.case, by=reporter, at=now, **WHY)


def test_who_flagged_what_is_held_is_not_erased_meanwhile(
    claim: Claim, reporter: User, moderator: User
) -> None:
    flag(claim, by=reporter, **WHY)
    assert not held_because(reporter)
    place_hold(claim, by=moderator, reason="other", note="Proceedings.")
    assert held_because(reporter)
    assert flag(claim, by=moderator, **WHY), "new things may be said of what is held"
