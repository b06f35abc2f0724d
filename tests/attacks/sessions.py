"""Sessions of others, frames, and what a browser makes of an answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from allauth.account.forms import AddEmailForm
from allauth.account.models import EmailAddress
from allauth.account.views import EmailView
from django.test import Client

from tests import factories

from .harness import Guard, suite
from .removing import set_to, without
from .scene import Scene, replaced

THEIRS = "somebody.else@example.org"


@contextmanager
def _outlives_its_password(_scene: Scene) -> Iterator[None]:
    """Both the hash in the session and the end of the others with the change."""
    with (
        mock.patch("django.contrib.auth.constant_time_compare", lambda *_a: True),
        mock.patch("claimtracker.signin.telling.end_sessions_with", lambda *_a, **_k: 0),
    ):
        yield


NEW_SESSION = Guard(
    "a sign-in has a session of its own",
    "django.contrib.sessions.backends.base:SessionBase.cycle_key",
    replaced("django.contrib.sessions.backends.base.SessionBase.cycle_key", lambda _self: None),
)
SESSION_HASH = Guard(
    "a session ends with its password",
    "claimtracker.signin.telling:end_sessions_with",
    _outlives_its_password,
)
ACTIVE = Guard(
    "who is switched off is out",
    "django.contrib.auth.backends:ModelBackend.user_can_authenticate",
    replaced("django.contrib.auth.backends.ModelBackend.user_can_authenticate", lambda *_a: True),
)
NO_SCRIPT_READS = Guard(
    "no script reads the session",
    "django.conf:settings.SESSION_COOKIE_HTTPONLY",
    set_to(SESSION_COOKIE_HTTPONLY=False),
)
SAME_SITE = Guard(
    "no other site sends the session",
    "django.conf:settings.SESSION_COOKIE_SAMESITE",
    set_to(SESSION_COOKIE_SAMESITE=None),
)
NO_FRAME = Guard(
    "no page stands in a frame",
    "csp.middleware:CSPMiddleware",
    without("CSPMiddleware", "XFrameOptionsMiddleware"),
)
POLICY = Guard("no inline script", "csp.middleware:CSPMiddleware", without("CSPMiddleware"))
NO_SNIFFING = Guard(
    "a type is what it says", "django.middleware.security:SecurityMiddleware", without("SecurityMiddleware")
)
NO_READING = Guard(
    "no other site embeds an answer", "claimtracker.web.headers:DefensiveHeaders", without("DefensiveHeaders")
)

# --- sessions


@suite.attack("a session that the attacker knew before", "web", "session", NEW_SESSION)
def fixed(scene: Scene) -> bool:
    factories.make_user(email="ana@example.org")
    browser = scene.browser()
    session = browser.session
    session["planted"] = True
    session.save()
    known = session.session_key
    browser.cookies["sessionid"] = known
    browser.post("/account/login/", {"login": "ana@example.org", "password": factories.PASSWORD})
    return Client(headers={"Cookie": f"sessionid={known}"}).get("/help/").status_code == 200


@suite.attack("a session that was stolen before the password changed", "web", "session", SESSION_HASH)
def stolen(scene: Scene) -> bool:
    user = factories.make_user()
    thief, owner = scene.browser(user), scene.browser(user)
    new = "staple tram ticket four"
    owner.post(
        "/account/password/change/",
        {"oldpassword": factories.PASSWORD, "password1": new, "password2": new},
    )
    user.refresh_from_db()
    assert user.check_password(new)
    return thief.get("/help/").status_code == 200


@suite.attack("the session of who was switched off", "web", "session", ACTIVE)
def switched_off(scene: Scene) -> bool:
    browser = scene.browser(scene.checker)
    type(scene.checker).objects.filter(pk=scene.checker.pk).update(is_active=False)
    return browser.get("/help/").status_code == 200


# --- the address of an account, by which a forgotten password is chosen anew

PASSWORD_AGAIN = Guard(
    "the password is asked for again",
    "django.conf:settings.ACCOUNT_REAUTHENTICATION_REQUIRED",
    set_to(ACCOUNT_REAUTHENTICATION_REQUIRED=False),
)
CONFIRMED = Guard(
    "the main address was confirmed",
    "claimtracker.signin.views:AddressesView._action_primary",
    replaced("claimtracker.signin.views.AddressesView._action_primary", EmailView._action_primary),
)
NOT_ANOTHERS = Guard(
    "no address stands with two accounts",
    "claimtracker.signin.forms:AddAddressForm.clean_email",
    replaced("claimtracker.signin.forms.AddAddressForm.clean_email", AddEmailForm.clean_email),
)


def _with_password(scene: Scene, user: Any) -> Any:
    browser = scene.browser()
    browser.post("/account/login/", {"login": user.email, "password": factories.PASSWORD})
    return browser


@suite.attack("another address for an account, from a session left open", "web", "session", PASSWORD_AGAIN)
def address_from_session(scene: Scene) -> bool:
    scene.browser(factories.make_user()).post("/account/email/", {"action_add": "", "email": THEIRS})
    return EmailAddress.objects.filter(email=THEIRS).exists()


@suite.attack("a main address that is not one's own", "web", "session", CONFIRMED)
def unconfirmed_address(scene: Scene) -> bool:
    user = factories.make_user()
    browser = _with_password(scene, user)
    for step in ("action_add", "action_primary"):
        browser.post("/account/email/", {step: "", "email": THEIRS})
    user.refresh_from_db()
    return user.email == THEIRS


@suite.attack("the address of a colleague on one's own account", "web", "session", NOT_ANOTHERS)
def address_of_another(scene: Scene) -> bool:
    user, other = factories.make_user(), factories.make_user(email=THEIRS)
    _with_password(scene, user).post("/account/email/", {"action_add": "", "email": other.email})
    return EmailAddress.objects.filter(user=user, email=THEIRS).exists()


NOT_SHARED = Guard(
    "no shared cache keeps a page of somebody's",
    "claimtracker.web.headers:DefensiveHeaders",
    without("DefensiveHeaders"),
)


@suite.inputs(
    "a page of the newsroom in a cache that others use",
    "web",
    "session",
    NOT_SHARED,
    each={"queue": "/queue/", "sources": "/sources/", "own addresses": "/account/email/", "no page": "/x/"},
)
def shared_cache(scene: Scene, address: str) -> bool:
    answer = scene.browser(scene.checker).get(address)
    return "private" not in answer.get("Cache-Control", "")


@suite.attack("leafing back after somebody signed out", "web", "session", NOT_SHARED)
def leafed_back(scene: Scene) -> bool:
    answer = scene.browser(scene.checker).post("/account/logout/")
    assert answer.status_code == 302
    return answer.get("Clear-Site-Data", "") != '"cache"'


def _session_cookie(scene: Scene) -> Any:
    factories.make_user(email="ana@example.org")
    answer = scene.browser().post(
        "/account/login/", {"login": "ana@example.org", "password": factories.PASSWORD}
    )
    return answer.cookies["sessionid"]


@suite.attack("a script that reads the session's cookie", "web", "session", NO_SCRIPT_READS)
def read_cookie(scene: Scene) -> bool:
    return not _session_cookie(scene)["httponly"]


@suite.attack("another site that has the browser send the session", "web", "csrf", SAME_SITE)
def sent_along(scene: Scene) -> bool:
    return _session_cookie(scene)["samesite"] not in {"Lax", "Strict"}


# --- frames and what a browser makes of an answer


@suite.inputs(
    "a page in a frame of another site",
    "web",
    "framing",
    NO_FRAME,
    each={
        "sign-in": ("", "/account/login/"),
        "queue": ("checker", "/queue/"),
        "a fact check": ("", "/fact-checks/"),
    },
)
def framed(scene: Scene, place: tuple[str, str]) -> bool:
    who, address = place
    answer = scene.browser(getattr(scene, who) if who else None).get(address)
    allowed = "frame-ancestors 'none'" in answer.get("Content-Security-Policy", "")
    return not allowed and answer.get("X-Frame-Options") != "DENY"


@suite.attack("the administration in a frame", "admin", "framing", NO_FRAME)
def framed_admin(scene: Scene) -> bool:
    answer = scene.browser(scene.moderator).get("/admin/")
    return "frame-ancestors 'none'" not in answer.get("Content-Security-Policy", "") and (
        answer.get("X-Frame-Options") != "DENY"
    )


@suite.inputs(
    "a script that was let into a page",
    "web",
    "framing",
    POLICY,
    each={"work": "/queue/", "admin": "/admin/", "public": "/about/"},
)
def inline(scene: Scene, address: str) -> bool:
    policy = scene.browser(scene.moderator).get(address).get("Content-Security-Policy", "")
    rules = dict(part.strip().partition(" ")[::2] for part in policy.split(";") if part.strip())
    scripts = rules.get("script-src", rules.get("default-src", "*"))
    return "*" in scripts.split() or "'unsafe-inline'" in scripts or "base-uri" not in rules


@suite.attack("a text that is taken for a page", "web", "framing", NO_SNIFFING)
def sniffed(scene: Scene) -> bool:
    return scene.browser().get("/robots.txt").get("X-Content-Type-Options") != "nosniff"


@suite.attack("an answer that another site reads in passing", "web", "framing", NO_READING)
def read_elsewhere(scene: Scene) -> bool:
    return (
        scene.browser(scene.checker).get("/search/palette/?q=x").get("Cross-Origin-Resource-Policy")
        != "same-origin"
    )
