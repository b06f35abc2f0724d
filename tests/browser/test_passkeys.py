"""A passkey in a real browser: Chromium's own virtual authenticator registers it and signs in by it."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Page, expect

from claimtracker.accounts.models import Role, User
from tests import factories

from .conftest import Open


@pytest.fixture
def asked_of_leads(settings: Any) -> None:
    settings.MFA_ROLES = frozenset({"lead"})
    # the test server speaks plain http, as localhost may; production is https and checks the origin
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True


def virtual_authenticator(page: Page) -> Any:
    """A platform authenticator with a fingerprint that always fits. Returns its DevTools session."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return devtools


def sign_in(page: Page, person: User) -> None:
    page.goto("/account/login/")
    page.get_by_label("Email").fill(person.email)
    page.get_by_label("Password").fill(factories.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


@pytest.mark.usefixtures("asked_of_leads")
def test_a_lead_sets_a_passkey_up_and_signs_in_by_it(open_page: Open, transactional_db: None) -> None:
    lead = factories.make_user(Role.LEAD, name="Lena Roe")
    page = open_page(None)
    virtual_authenticator(page)
    sign_in(page, lead)
    expect(page.get_by_text("Your role needs a second step")).to_be_visible()
    page.get_by_role("link", name="Add one").click()
    page.get_by_label("What you call it").fill("My laptop")
    page.get_by_label("Sign in with it alone").check()
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    row = Authenticator.objects.get(user=lead, type="webauthn")
    assert row.wrap().is_passwordless
    page.goto("/")
    expect(page.locator(".user-button")).to_be_visible()
    page.context.clear_cookies()
    page.goto("/account/login/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.locator(".user-button")).to_be_visible()
    assert page.url.endswith("/")


@pytest.mark.usefixtures("asked_of_leads")
def test_without_the_key_nobody_gets_in_by_it(open_page: Open, transactional_db: None) -> None:
    page = open_page(None)
    virtual_authenticator(page)
    page.goto("/account/login/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_timeout(500)
    page.goto("/queue/")
    assert "/account/login/" in page.url
