"""People: how they are made, what their roles open, and when a door closes."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client

from claimtracker.accounts.access import has_role, roles_by_desk, sees_everything, visible_desk_ids
from claimtracker.accounts.admin_base import make_default
from claimtracker.accounts.models import Desk, Membership, Role, User
from claimtracker.accounts.moderation import may_moderate
from claimtracker.kernel.errors import ActionRefused
from tests import factories

pytestmark = pytest.mark.django_db


def test_an_address_belongs_to_one_person_however_it_is_written() -> None:
    person = User.objects.create_user("Ann.Lee@Example.ORG", "a long password", name="Ann Lee")
    assert person.email == "ann.lee@example.org"
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="ANN.LEE@example.org", name="Other")


def test_a_person_without_an_address_is_refused() -> None:
    with pytest.raises(ValueError, match="e-mail address"):
        User.objects.create_user("", "a long password", name="Nobody")


def test_a_person_has_one_role_at_a_desk_and_another_elsewhere() -> None:
    here, there = factories.make_desk("here"), factories.make_desk("there")
    person = factories.make_user(Role.CHECKER, here)
    Membership.objects.create(user=person, desk=there, role=Role.EDITOR)
    assert roles_by_desk(person) == {here.pk: "checker", there.pk: "editor"}
    assert has_role(person, {Role.EDITOR}, desk=there) and not has_role(person, {Role.EDITOR}, desk=here)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=person, desk=here, role=Role.LEAD)


@pytest.mark.parametrize("role", ["owner", ""])
def test_the_database_knows_the_roles(role: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=factories.make_user(None), desk=factories.make_desk(), role=role)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.MODERATOR])
def test_only_moderators_and_superusers_moderate(role: str) -> None:
    assert not may_moderate(factories.make_user(role))
    assert not may_moderate(factories.make_user(role, is_staff=True))
    assert not may_moderate(AnonymousUser())
    assert not may_moderate(factories.make_user(Role.MODERATOR, is_active=False))
    assert not may_moderate(User.objects.create_superuser("gone@example.org", name="Gone", is_active=False))
    assert may_moderate(factories.make_user(Role.MODERATOR))
    assert may_moderate(User.objects.create_superuser("root@example.org", name="Root"))


def test_somebody_who_left_holds_nothing() -> None:
    person = factories.make_user(Role.LEAD, is_active=False)
    assert roles_by_desk(person) == {}
    assert visible_desk_ids(person) == [] and not sees_everything(person)


def test_nobody_signs_up_by_themselves() -> None:
    facts = {"email": "new@example.org", "password1": "a long password 1", "password2": "a long password 1"}
    Client().post("/account/signup/", facts)
    assert not User.objects.filter(email="new@example.org").exists()


def test_who_has_no_password_yet_gets_in_by_forgot_password() -> None:
    person = User.objects.create_user("new@example.org", None, name="New Person")
    assert not person.has_usable_password()
    Client().post("/account/password/reset/", {"email": "new@example.org"})
    assert [message.to for message in mail.outbox] == [["new@example.org"]]
    assert "/account/password/reset/key/" in mail.outbox[0].body


def test_there_is_one_default_desk() -> None:
    first, second = factories.make_desk("first"), factories.make_desk("second")
    assert first.is_default and not second.is_default
    with pytest.raises(IntegrityError), transaction.atomic():
        Desk.objects.filter(pk=second.pk).update(is_default=True)
    make_default(second)
    assert Desk.objects.get(is_default=True) == second
    with pytest.raises(ActionRefused, match="default already"):
        make_default(second)
