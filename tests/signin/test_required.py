"""Who has a role that asks for a second factor can do nothing before it stands, and keeps one."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from claimtracker.accounts.models import Membership, Role, User
from claimtracker.ledger.models import AuditEntry
from claimtracker.settings.signin import MFA_ROLE_WORDS
from tests import factories

from .conftest import recovery_codes, set_up_app, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("roles_asked")]
SET_UP = "/account/2fa/"
CODES = "/account/2fa/recovery-codes/"


def key_of(person: User) -> Authenticator:
    """A row like that of a security key; nothing here reads its credential."""
    return Authenticator.objects.create(user=person, type="webauthn", data={"name": "Key", "credential": {}})


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/queue/",
        "/admin/",
        "/settings/",
        "/account/sessions/",
        "/account/email/",
        "/articles/",
        "/search/?q=a",
    ],
)
def test_every_page_leads_to_setting_it_up(lead: User, address: str) -> None:
    response = signed_in(lead).get(address)
    assert (response.status_code, response["Location"]) == (302, SET_UP)


def test_nothing_is_written_before_it_stands(lead: User) -> None:
    client = signed_in(lead)
    body = "The council closed four of its eleven libraries in March, the mayor said. " * 5
    response = client.post(reverse("claims:article_new"), {"title": "A text", "body": body})
    assert (response.status_code, response["Location"]) == (302, SET_UP)


def test_htmx_loads_the_page_that_sets_it_up(lead: User) -> None:
    response = signed_in(lead).get("/search/palette/?q=a", headers={"HX-Request": "true"})
    assert (response.status_code, response["HX-Redirect"]) == (200, SET_UP)


@pytest.mark.parametrize("role", [Role.LEAD, Role.MODERATOR])
def test_the_admin_is_closed_too(role: Role) -> None:
    client = signed_in(factories.make_user(role))
    for address in ("/admin/", "/admin/accounts/user/"):
        assert client.get(address)["Location"] == SET_UP


def test_a_superuser_without_a_desk_needs_one() -> None:
    root = User.objects.create_superuser("root@example.org", factories.PASSWORD, name="Root")
    assert signed_in(root).get("/admin/")["Location"] == SET_UP


@pytest.mark.parametrize("role", [Role.REPORTER, Role.CHECKER, Role.EDITOR])
def test_other_roles_are_offered_one_and_work_without(role: Role) -> None:
    client = signed_in(factories.make_user(role))
    assert client.get("/").status_code == 200
    assert "Your role needs" not in client.get(SET_UP).content.decode()


def test_everyone_may_be_asked(settings: Any, checker: User) -> None:
    settings.MFA_ROLES = frozenset({"everyone"})
    assert signed_in(checker).get("/")["Location"] == SET_UP


def test_a_role_that_is_given_closes_the_session_that_is_open(checker: User) -> None:
    client = signed_in(checker)
    assert client.get("/").status_code == 200
    Membership.objects.filter(user=checker).update(role=Role.LEAD)
    assert client.get("/")["Location"] == SET_UP


def test_the_page_says_why_and_the_way_out_is_open(lead: User) -> None:
    client = signed_in(lead)
    assert "Your role needs a second step" in client.get(SET_UP).content.decode()
    assert client.post("/account/logout/").status_code == 302
    assert client.get("/")["Location"].startswith("/account/login/")


def test_signed_out_readers_notice_nothing(client: Client) -> None:
    response = client.get("/fact-checks/")
    assert response.status_code == 200
    assert "Cookie" not in response.get("Vary", "")


def test_a_partners_key_is_no_person(client: Client) -> None:
    partner = factories.make_partner()
    _key, plain = factories.make_key(partner)
    assert client.get("/api/v1/claims", headers={"Authorization": f"Bearer {plain}"}).status_code == 200


def test_with_an_app_and_its_codes_seen_everything_opens(lead: User) -> None:
    client = signed_in(lead)
    set_up_app(client)
    # the codes must be seen first
    assert client.get("/")["Location"] == CODES
    assert len(recovery_codes(client)) == 10
    assert client.get("/").status_code == 200
    verbs = list(AuditEntry.objects.filter(subject_type="accounts.user").values_list("verb", flat=True))
    assert {"second_factor.added", "recovery_codes.made"} <= set(verbs)


def test_the_password_is_asked_for_again_after_a_while(lead: User) -> None:
    client = signed_in(lead)
    assert client.get("/account/2fa/totp/activate/").status_code == 200
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 301
    session.save()
    asked = client.get("/account/2fa/totp/activate/")
    assert asked["Location"].startswith("/account/reauthenticate/")
    assert client.get(asked["Location"]).status_code == 200


def test_new_codes_must_be_seen_as_well(lead: User) -> None:
    client = signed_in(lead)
    set_up_app(client)
    recovery_codes(client)
    assert client.post("/account/2fa/recovery-codes/generate/").status_code == 302
    assert client.get("/queue/")["Location"] == CODES
    recovery_codes(client)
    assert client.get("/queue/").status_code == 200


def test_the_last_one_cannot_be_switched_off(lead: User) -> None:
    client = signed_in(lead)
    set_up_app(client)
    recovery_codes(client)
    response = client.post("/account/2fa/totp/deactivate/")
    assert "cannot deactivate" in response.content.decode()
    assert Authenticator.objects.filter(user=lead, type="totp").exists()


def test_one_of_two_can(lead: User) -> None:
    client = signed_in(lead)
    set_up_app(client)
    recovery_codes(client)
    key = key_of(lead)
    assert client.post("/account/2fa/totp/deactivate/").status_code == 302
    assert not Authenticator.objects.filter(user=lead, type="totp").exists()
    page = client.post(f"/account/2fa/webauthn/keys/{key.pk}/remove/", follow=True)
    assert "Set up another one first" in page.content.decode()
    assert Authenticator.objects.filter(pk=key.pk).exists()
    assert AuditEntry.objects.filter(verb="second_factor.removed").count() == 1


def test_who_need_not_have_one_may_remove_it(checker: User) -> None:
    client = signed_in(checker)
    set_up_app(client)
    recovery_codes(client)
    assert client.post("/account/2fa/totp/deactivate/").status_code == 302
    assert not Authenticator.objects.filter(user=checker).exists()


def test_an_unconfirmed_address_is_no_dead_end(lead: User) -> None:
    """allauth would refuse a second factor, and we everything else."""
    from allauth.account.models import EmailAddress

    EmailAddress.objects.create(user=lead, email=lead.email, primary=True, verified=False)
    client = signed_in(lead)
    set_up_app(client)
    recovery_codes(client)
    assert client.get("/").status_code == 200


def test_the_words_of_the_setting_are_the_roles() -> None:
    assert set(Role.values) | {"superuser", "everyone"} == MFA_ROLE_WORDS


def test_a_role_that_nobody_knows_stops_the_start() -> None:
    code = "import claimtracker.settings.signin"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"MFA_ROLES": "lead,boss"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "MFA_ROLES names boss" in done.stderr
