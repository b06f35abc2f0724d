"""Signing in with the newsroom's own identity provider, against a real one on loopback: who comes in."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claimtracker.accounts.models import Role, User
from claimtracker.ledger.models import AuditEntry
from claimtracker.signin.actions.identities import forget_identity
from claimtracker.signin.actions.invitations import accept_as_known, invite, withdraw
from claimtracker.signin.provider_mfa import MARK
from tests import factories
from tests.support.oidc_provider import OpenIdProvider

from .conftest import browser, set_up_app, signed_in
from .sso import START, at_the_provider, come_in, is_in, leads_to, says

pytestmark = pytest.mark.django_db


def test_without_settings_there_is_nothing_of_it(client: Any) -> None:
    assert START not in client.get("/account/login/").content.decode()
    assert client.post(START).status_code == 404
    assert client.get(f"{START}callback/?code=x&state=y").status_code == 404


@pytest.mark.parametrize("gone", ["3rdparty/", "3rdparty/signup/", "oidc/sso/login/", "social/signup/"])
def test_the_pages_of_third_party_accounts_are_not_there(
    provider: OpenIdProvider, client: Any, gone: str
) -> None:
    assert client.get(f"/account/{gone}").status_code == 404


def test_who_has_an_account_comes_in(provider: OpenIdProvider, checker: User) -> None:
    client = browser()
    page = client.get("/account/login/").content.decode()
    assert page.count("Newsroom login") == 1
    says(provider, checker.email.upper())
    assert come_in(client)["Location"] == "/"
    assert is_in(client)
    assert provider.refusals == []
    assert AuditEntry.objects.filter(verb="identity.connected").count() == 1
    checker.refresh_from_db()
    assert checker.check_password(factories.PASSWORD)


def test_only_the_identifier_is_kept(provider: OpenIdProvider, checker: User) -> None:
    says(provider, checker.email)
    for _time in range(2):
        come_in(browser())
        row = SocialAccount.objects.get()
        assert (row.user, row.provider, row.extra_data) == (checker, provider.issuer, {})
        assert row.uid == f"id-of-{checker.email}"
    assert not SocialToken.objects.exists()


def test_who_was_joined_is_known_by_the_identifier(
    provider: OpenIdProvider, checker: User, lead: User
) -> None:
    says(provider, checker.email)
    come_in(browser())
    provider.person.update(email=lead.email, email_verified=False)
    client = browser()
    come_in(client)
    assert str(checker.pk) == client.session["_auth_user_id"]


def test_an_identifier_of_another_issuer_is_somebody_else(
    provider: OpenIdProvider, checker: User, lead: User
) -> None:
    SocialAccount.objects.create(user=lead, provider="https://before.example", uid=f"id-of-{checker.email}")
    says(provider, checker.email)
    client = browser()
    come_in(client)
    assert client.session["_auth_user_id"] == str(checker.pk)


def test_an_address_that_got_another_owner_opens_nothing(provider: OpenIdProvider, checker: User) -> None:
    says(provider, checker.email)
    come_in(browser())
    provider.person["sub"] = "id-of-the-next-one"
    client = browser()
    assert come_in(client).status_code == 404
    assert not is_in(client)


def test_a_moderator_takes_it_back(provider: OpenIdProvider, checker: User, moderator: User) -> None:
    says(provider, checker.email)
    before = browser()
    come_in(before)
    chosen = {"action": "forget_identities", "_selected_action": [checker.pk]}
    answer = signed_in(moderator).post(reverse("admin:accounts_user_changelist"), chosen, follow=True)
    assert "1 people are joined" in answer.content.decode()
    assert not is_in(before)
    assert AuditEntry.objects.filter(verb="identity.forgotten").count() == 1
    provider.person["sub"] = "another"
    after = browser()
    come_in(after)
    assert is_in(after)


def test_nobody_else_takes_it_back(provider: OpenIdProvider, checker: User, lead: User) -> None:
    says(provider, checker.email)
    come_in(browser())
    with pytest.raises(Exception, match="Only moderators"):
        forget_identity(checker, by=lead)
    assert SocialAccount.objects.exists()


def test_it_never_opens_the_house(provider: OpenIdProvider) -> None:
    client = browser()
    says(provider, "stranger@example.org")
    answer = come_in(client)
    assert answer.status_code == 404
    assert "You have no account here" in answer.content.decode()
    assert not is_in(client)
    assert not User.objects.filter(email="stranger@example.org").exists()
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize("verified", [False, "true", 1, None])
def test_an_address_that_is_not_verified_is_nobodys(
    provider: OpenIdProvider, checker: User, verified: Any
) -> None:
    client = browser()
    says(provider, checker.email)
    provider.person["email_verified"] = verified
    answer = come_in(client)
    assert answer.status_code == 403
    assert "does not say that it has verified" in answer.content.decode()
    assert not is_in(client)
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize("other", ["mık@example.org", "mi\u212a@example.org", "mik@example.org\x00"])
def test_an_address_that_only_looks_the_same_is_another(provider: OpenIdProvider, other: str) -> None:
    factories.make_user(Role.CHECKER, email="mik@example.org")
    client = browser()
    says(provider, other)
    provider.person["sub"] = "somebody-else"
    assert come_in(client).status_code in {403, 404}
    assert not is_in(client)
    assert not SocialAccount.objects.exists()


def test_who_is_invited_comes_in_once_and_without_a_password(provider: OpenIdProvider, lead: User) -> None:
    desk = lead.memberships.get().desk
    invite(desk, by=lead, email="ann@example.org", role=Role.CHECKER)
    client = browser()
    says(provider, "Ann@example.org")
    come_in(client)
    assert is_in(client)
    person = User.objects.get(email="ann@example.org")
    assert (person.name, person.has_usable_password()) == ("Ann Bell", False)
    assert person.memberships.get().role == Role.CHECKER
    assert person.invitation.accepted_at


def test_a_withdrawn_invitation_lets_nobody_in(provider: OpenIdProvider, lead: User) -> None:
    desk = lead.memberships.get().desk
    withdraw(invite(desk, by=lead, email="ann@example.org", role=Role.CHECKER), by=lead)
    client = browser()
    says(provider, "ann@example.org")
    come_in(client)
    assert not is_in(client)
    assert not User.objects.filter(email="ann@example.org").exists()


def test_nor_does_one_whose_address_somebody_has_confirmed(
    provider: OpenIdProvider, lead: User, checker: User
) -> None:
    desk = lead.memberships.get().desk
    invite(desk, by=lead, email="ann@example.org", role=Role.CHECKER)
    EmailAddress.objects.create(user=checker, email="ann@example.org", verified=True)
    assert accept_as_known("ann@example.org", name="Ann") is None
    says(provider, "ann@example.org")
    assert come_in(browser()).status_code == 404
    assert not User.objects.filter(email="ann@example.org").exists()


def test_an_invitation_of_somebody_who_left_lets_nobody_in(provider: OpenIdProvider, lead: User) -> None:
    invite(lead.memberships.get().desk, by=lead, email="ann@example.org", role=Role.CHECKER)
    User.objects.filter(pk=lead.pk).update(is_active=False)
    says(provider, "ann@example.org")
    come_in(browser())
    assert not User.objects.filter(email="ann@example.org").exists()


@pytest.mark.parametrize("joined", [True, False])
def test_who_is_switched_off_stays_out(provider: OpenIdProvider, checker: User, joined: bool) -> None:
    client = browser()
    says(provider, checker.email)
    if joined:
        come_in(client)
        client.post("/account/logout/")
    User.objects.filter(pk=checker.pk).update(is_active=False)
    assert come_in(client).status_code == 404
    assert not is_in(client)


def test_a_session_of_somebody_else_ends_first(provider: OpenIdProvider, checker: User, lead: User) -> None:
    client = signed_in(lead)
    says(provider, checker.email)
    come_in(client)
    assert client.session["_auth_user_id"] == str(checker.pk)


def test_it_goes_on_where_somebody_was_going(provider: OpenIdProvider, checker: User) -> None:
    says(provider, checker.email)
    client = browser()
    page = client.get("/account/login/?next=/queue/").content.decode()
    form = page.partition(f'action="{START}"')[2].partition("</form>")[0]
    assert 'name="next" value="/queue/"' in form
    assert come_in(client, next="/queue/")["Location"] == "/queue/"


@pytest.mark.parametrize(
    "aim", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil"]
)
def test_it_leads_nowhere_else(provider: OpenIdProvider, checker: User, aim: str) -> None:
    says(provider, checker.email)
    assert come_in(browser(), next=aim)["Location"] == "/"


def test_nobody_is_sent_there_by_another_site(provider: OpenIdProvider) -> None:
    client = browser()
    client.handler.enforce_csrf_checks = True
    assert client.post(START).status_code == 403
    assert client.get(START).status_code == 405


def test_a_role_that_needs_a_second_factor_needs_it_here_too(
    provider: OpenIdProvider, lead: User, settings: Any
) -> None:
    settings.MFA_ROLES = frozenset({"lead"})
    client = browser()
    says(provider, lead.email, amr=["pwd", "otp"])
    come_in(client)
    assert client.get("/")["Location"] == "/account/2fa/"


@pytest.mark.parametrize("said", [{"amr": ["pwd", "otp"]}, {"acr": "urn:example:mfa"}])
def test_unless_the_provider_asked_for_one_and_we_take_its_word(
    provider: OpenIdProvider, lead: User, settings: Any, said: dict[str, Any]
) -> None:
    settings.MFA_ROLES = frozenset({"lead"})
    settings.OIDC_MFA_VALUES = ["otp", "urn:example:mfa"]
    client = browser()
    says(provider, lead.email, **said)
    come_in(client)
    assert is_in(client)
    # the password alone, in another session, is still not enough
    assert signed_in(lead).get("/")["Location"] == "/account/2fa/"
    # and the word can be taken back
    settings.OIDC_MFA_VALUES = []
    assert client.get("/")["Location"] == "/account/2fa/"


@pytest.mark.parametrize("said", [{"amr": ["pwd"]}, {"amr": "otp"}, {}, {"acr": "0"}, {"amr": [["otp"]]}])
def test_another_word_of_the_provider_is_not_enough(
    provider: OpenIdProvider, lead: User, settings: Any, said: dict[str, Any]
) -> None:
    settings.MFA_ROLES = frozenset({"lead"})
    settings.OIDC_MFA_VALUES = ["otp"]
    client = browser()
    says(provider, lead.email, **said)
    come_in(client)
    assert client.get("/")["Location"] == "/account/2fa/"


def test_its_word_is_for_one_person(checker: User, lead: User, settings: Any) -> None:
    """What stands in a session from somebody else is no second factor of who is signed in now."""
    settings.MFA_ROLES = frozenset({"lead"})
    settings.OIDC_MFA_VALUES = ["otp"]
    client = signed_in(lead)
    for person, opens in ((checker, False), (lead, True)):
        session = client.session
        session[MARK] = person.pk
        session.save()
        assert is_in(client) is opens


def test_a_second_factor_of_ours_is_asked_for(provider: OpenIdProvider, checker: User) -> None:
    set_up_app(signed_in(checker))
    assert Authenticator.objects.filter(user=checker).exists()
    client = browser()
    says(provider, checker.email)
    assert come_in(client)["Location"].startswith("/account/2fa/authenticate/")
    assert not is_in(client)


def test_the_button_asks_the_database_nothing(provider: OpenIdProvider, client: Any) -> None:
    with CaptureQueriesContext(connection) as asked:
        client.get("/account/login/")
    assert [one["sql"] for one in asked if "socialaccount" in one["sql"]] == []


def test_two_windows_are_one_account(provider: OpenIdProvider, checker: User) -> None:
    says(provider, checker.email)
    first, second = browser(), browser()
    backs = [at_the_provider(leads_to(one)) for one in (first, second)]
    for client, back in zip((first, second), backs, strict=True):
        client.get(back.partition("testserver")[2])
        assert is_in(client)
    assert SocialAccount.objects.count() == 1
