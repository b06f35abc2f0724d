"""Hiding a check, taking it down by order, holding a claim: who may, who is the second, and what it does."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from claims.models import KnownClaim, RestrictedClaim
from claimtracker.accounts.models import Role, User
from claimtracker.jobs.models import Job
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from claimtracker.ledger.models import AuditEntry, OutboxEvent
from reviews.actions.corrections import retract_publication
from reviews.actions.restrictions import (
    confirm_lifting,
    confirm_takedown,
    escalate_restriction,
    hide_check,
    keep_restriction,
    lift_restriction,
    order_takedown,
    place_hold,
    refuse_takedown,
)
from reviews.models import Dump, Notification, Publication, PublicCheck, Restriction, RestrictionStep
from tests import factories

pytestmark = pytest.mark.django_db

LETTER: dict[str, str] = {
    "reason": "court_order",
    "note": "The letter came by courier.",
    "legal_basis": "Section 5 of the Press Act",
    "demanded_by": "Eastmouth District Court",
    "reference": "7 O 12/26",
    "public_reason": "A court forbids us to repeat the claim.",
}


@pytest.fixture
def publication() -> Publication:
    return factories.make_publication()


@pytest.fixture
def moderator() -> User:
    return factories.make_user(Role.MODERATOR, name="Milo Duarte")


@pytest.fixture
def second() -> User:
    return factories.make_user(Role.MODERATOR, name="Sana Ito")


def hide(publication: Publication, by: User, **said: str) -> Restriction:
    said = {"reason": "privacy", "note": "It names a child.", **said}
    return hide_check(publication.claim, by=by, **said)


def events() -> list[str]:
    rows = OutboxEvent.objects.filter(type__startswith="claim.verdict_").order_by("id")
    return list(rows.values_list("type", flat=True))


def known(publication: Publication) -> bool:
    return KnownClaim.objects.standing().filter(claim=publication.claim_id).exists()


def test_one_moderator_hides_at_once_and_shows_again(publication: Publication, moderator: User) -> None:
    Dump.objects.create(name="20261127-020000-abc", files=[], made_at=publication.published_at)
    row = hide(publication, moderator)
    assert row.state == "in_force" and row.publication == publication
    assert not PublicCheck.objects.exists() and PublicCheck.everything.get().is_withheld
    assert not known(publication)
    assert not Dump.objects.standing().exists()
    assert Job.objects.open().filter(kind="api.make_dumps").exists()
    told = OutboxEvent.objects.get(type="claim.verdict_hidden").payload
    assert told == {
        "publication": str(publication.public_id),
        "version": 1,
        "claim": str(publication.claim.public_id),
        "restriction": "hidden",
        "reason": "",
        "since": told["since"],
    }
    lift_restriction(row, by=moderator, note="The name is gone.")
    row.refresh_from_db()
    assert row.state == "lifted" and row.ended_by == moderator
    assert PublicCheck.objects.get().restricted_at is not None
    assert known(publication)
    assert events() == ["claim.verdict_published", "claim.verdict_hidden", "claim.verdict_restored"]
    verbs = AuditEntry.objects.filter(verb__startswith="restriction.").order_by("id")
    assert list(verbs.values_list("verb", flat=True)) == ["restriction.ordered", "restriction.lifted"]


@pytest.mark.parametrize("role", [Role.REPORTER, Role.CHECKER, Role.EDITOR, Role.LEAD])
def test_nobody_but_moderators_restricts(publication: Publication, role: str) -> None:
    person = factories.make_user(role)
    for act in (
        lambda: hide(publication, person),
        lambda: order_takedown(publication.claim, by=person, **LETTER),
        lambda: place_hold(publication.claim, by=person, reason="other", note="Kept."),
    ):
        with pytest.raises(NotPermitted):
            act()
    assert not Restriction.objects.exists() and PublicCheck.objects.exists()


def test_what_is_done_twice_is_done_once(publication: Publication, moderator: User, second: User) -> None:
    row = hide(publication, moderator)
    assert hide(publication, second, note="Me too.") == row
    order = order_takedown(publication.claim, by=moderator, **LETTER)
    assert order_takedown(publication.claim, by=moderator, **LETTER) == order
    confirm_takedown(order, by=second, note="I read the ruling.")
    confirm_takedown(order, by=second, note="I read the ruling.")
    assert RestrictionStep.objects.filter(act="confirmed").count() == 1
    lift_restriction(order, by=moderator, note="Settled.")
    confirm_lifting(order, by=second, note="I saw the settlement.")
    confirm_lifting(order, by=second, note="I saw the settlement.")
    assert events().count("claim.verdict_restored") == 1


@pytest.mark.parametrize("said", [{"note": " "}, {"reason": "dislike"}, {"note": "x" * 2001}])
def test_a_reason_of_the_list_and_a_note_are_needed(
    publication: Publication, moderator: User, said: dict[str, str]
) -> None:
    with pytest.raises(ActionRefused) as refused:
        hide(publication, moderator, **said)
    assert refused.value.field == next(iter(said))
    assert PublicCheck.objects.exists()


@pytest.mark.parametrize("name", ["note", "legal_basis", "demanded_by", "reference", "public_reason"])
def test_a_takedown_says_everything(publication: Publication, moderator: User, name: str) -> None:
    with pytest.raises(ActionRefused) as refused:
        order_takedown(publication.claim, by=moderator, **{**LETTER, name: "  "})
    assert refused.value.field == name


def test_what_is_not_published_is_not_hidden(moderator: User) -> None:
    with pytest.raises(ActionRefused) as refused:
        hide_check(factories.make_claim(), by=moderator, reason="other", note="Why.")
    assert refused.value.code == "not_published"


def test_a_takedown_takes_two(publication: Publication, moderator: User, second: User) -> None:
    hidden = hide(publication, moderator)
    order = order_takedown(publication.claim, by=moderator, **LETTER)
    assert order.state == "ordered"
    with pytest.raises(NotPermitted) as refused:
        confirm_takedown(order, by=moderator, note="Yes.")
    assert refused.value.code == "own_order"
    assert RestrictedClaim.objects.get().kind == "hidden", "hidden until somebody confirms"
    confirm_takedown(order, by=second, note="I read the ruling.")
    now = RestrictedClaim.objects.get()
    assert (now.kind, now.public_reason) == ("taken_down", LETTER["public_reason"])
    hidden.refresh_from_db()
    assert hidden.state == "replaced"
    assert OutboxEvent.objects.get(type="claim.verdict_taken_down").payload["reason"] == now.public_reason
    lift_restriction(order, by=second, note="Overturned.")
    assert not PublicCheck.objects.exists(), "lifting takes two as well"
    with pytest.raises(NotPermitted):
        confirm_lifting(order, by=second, note="Yes.")
    keep_restriction(order, by=moderator, note="There is an appeal.")
    lift_restriction(order, by=moderator, note="The appeal failed.")
    confirm_lifting(order, by=second, note="I read that too.")
    assert PublicCheck.objects.exists() and known(publication)


def test_a_lead_of_the_desk_is_a_second_person(publication: Publication, moderator: User) -> None:
    order = order_takedown(publication.claim, by=moderator, **LETTER)
    with pytest.raises(NotPermitted):
        confirm_takedown(
            order, by=factories.make_user(Role.LEAD, factories.make_desk("city")), note="Not mine."
        )
    with pytest.raises(NotPermitted):
        confirm_takedown(order, by=factories.make_user(Role.EDITOR), note="No lead.")
    confirm_takedown(order, by=factories.make_user(Role.LEAD), note="Ours.")
    assert RestrictedClaim.objects.get().is_taken_down


def test_a_refused_order_shows_the_check_again(
    publication: Publication, moderator: User, second: User
) -> None:
    order = order_takedown(publication.claim, by=moderator, **LETTER)
    assert not PublicCheck.objects.exists()
    refuse_takedown(order, by=second, note="The letter is a forgery.")
    assert PublicCheck.objects.exists()
    hide(publication, moderator)
    order = order_takedown(publication.claim, by=moderator, **LETTER)
    refuse_takedown(order, by=moderator, note="Sent twice.")
    assert not PublicCheck.objects.exists(), "it is hidden by itself"


def test_escalation_tells_the_person_who_then_decides(
    publication: Publication, moderator: User, second: User
) -> None:
    row, lead = hide(publication, moderator), factories.make_user(Role.LEAD)
    with pytest.raises(NotPermitted):
        lift_restriction(row, by=lead, note="Mine.")
    for nobody in (
        moderator,
        factories.make_user(Role.EDITOR),
        factories.make_user(Role.LEAD, is_active=False),
    ):
        with pytest.raises(ActionRefused) as refused:
            escalate_restriction(row, by=moderator, to=nobody, note="You decide.")
        assert refused.value.field == "to"
    escalate_restriction(row, by=moderator, to=lead, note="You know the family.")
    told = Notification.objects.filter(user=lead, kind="restriction").latest("pk")
    assert "You know the family." in told.text and told.email == "at_once"
    row.refresh_from_db()
    lift_restriction(row, by=lead, note="They agreed.")
    assert PublicCheck.objects.exists()


def test_leads_and_moderators_are_told(publication: Publication, moderator: User, second: User) -> None:
    lead, stranger = factories.make_user(Role.LEAD), factories.make_user(Role.EDITOR)
    order_takedown(publication.claim, by=moderator, **LETTER)
    told = set(Notification.objects.filter(kind="restriction").values_list("user", flat=True))
    assert {lead.pk, second.pk} <= told and not told & {moderator.pk, stranger.pk}


def test_a_hidden_check_is_corrected_out_of_sight(publication: Publication, moderator: User) -> None:
    row = hide(publication, moderator)
    second_version = factories.make_correction(publication)
    assert not PublicCheck.objects.exists() and not known(publication)
    lift_restriction(row, by=moderator, note="It was corrected.")
    assert PublicCheck.objects.get().publication == second_version
    assert known(publication)
    assert OutboxEvent.objects.get(type="claim.verdict_restored").payload["version"] == 2


def test_a_hidden_check_that_is_retracted_comes_back_as_that(
    publication: Publication, moderator: User
) -> None:
    row = hide(publication, moderator)
    factories.make_retraction(publication)
    lift_restriction(row, by=moderator, note="It was retracted.")
    assert PublicCheck.objects.get().is_retracted and not known(publication)


def test_nothing_goes_out_under_a_takedown(publication: Publication, moderator: User) -> None:
    order_takedown(publication.claim, by=moderator, **LETTER)
    lead = factories.make_user(Role.LEAD)
    with pytest.raises(NotPermitted) as refused:
        retract_publication(publication.claim, by=lead, version=1, note="We take it back.")
    assert refused.value.code == "taken_down"
    with pytest.raises(NotPermitted):
        factories.make_correction(publication)
    assert Publication.objects.count() == 1


def test_the_database_refuses_a_version_under_a_takedown(publication: Publication, moderator: User) -> None:
    order_takedown(publication.claim, by=moderator, **LETTER)
    publication.pk, publication.number, publication.change = None, 2, "retraction"
    with pytest.raises(DatabaseError, match="takedown or a legal hold"), transaction.atomic():
        publication.save(force_insert=True)


def test_the_database_keeps_the_record(publication: Publication, moderator: User, second: User) -> None:
    order = order_takedown(publication.claim, by=moderator, **LETTER)
    rows = Restriction.objects.filter(pk=order.pk)

    def refused(act: Any) -> None:
        with pytest.raises(DatabaseError), transaction.atomic():
            act()

    refused(lambda: rows.delete())
    refused(lambda: rows.update(note="Another."))
    refused(lambda: rows.update(reference="1 O 1/26"))
    refused(lambda: rows.update(state="lifted"))
    refused(lambda: rows.update(state="in_force", confirmed_by=moderator))
    refused(lambda: RestrictionStep.objects.update(note="Another."))
    refused(lambda: RestrictionStep.objects.all().delete())
    confirm_takedown(order, by=second, note="Yes.")
    lift_restriction(order, by=moderator, note="Settled.")
    refused(lambda: rows.update(state="lifted", ended_by=moderator, ended_at=order.ordered_at))


def test_one_restriction_of_a_kind_at_a_time(publication: Publication, moderator: User) -> None:
    row = hide(publication, moderator)
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_a_line_written_while_its_claim_is_withheld_is_withheld(
    publication: Publication, moderator: User
) -> None:
    hide(publication, moderator)
    PublicCheck.everything.update(is_withheld=False)
    assert PublicCheck.everything.get().is_withheld, "the database says so, whoever writes"
