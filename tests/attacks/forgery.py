"""Another site in the same browser: forged forms, and links that lead away."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from unittest import mock
from urllib.parse import urljoin, urlsplit

from django.core import mail

from claims.actions.feeds import try_feed
from claimtracker.partners.auth import PartnerPrincipal
from tests import factories

from .harness import Guard, suite
from .removing import both, set_to
from .scene import Scene, replaced

EVIL = "evil.example"
OURS = "http://testserver"


CSRF = "django.middleware.csrf.CsrfViewMiddleware"
TOKEN = Guard(
    "a form needs its token",
    "django.middleware.csrf:CsrfViewMiddleware.process_view",
    replaced(f"{CSRF}.process_view", lambda *_a, **_k: None),
)
ORIGIN = Guard(
    "a form comes from our pages",
    "django.middleware.csrf:CsrfViewMiddleware._origin_verified",
    replaced(f"{CSRF}._origin_verified", lambda *_a: True),
)


def _door_without_key(scene: Scene) -> AbstractContextManager[Any]:
    key = scene.partner.key
    authenticate = "claimtracker.partners.auth.ApiKeyAuthentication.authenticate"
    return mock.patch(authenticate, lambda _self, _request: (PartnerPrincipal(key), key))


KEY = Guard(
    "the API takes a key and no cookie",
    "claimtracker.partners.auth:ApiKeyAuthentication.authenticate",
    _door_without_key,
)
NEXT = Guard(
    "sign-in leads back to us",
    "allauth.account.adapter:DefaultAccountAdapter.is_safe_url",
    replaced("allauth.account.adapter.DefaultAccountAdapter.is_safe_url", lambda _self, _url: True),
)
BACK = Guard(
    "the way back is a page of ours",
    "claimtracker.web.middleware:_came_from",
    replaced("claimtracker.web.middleware._came_from", lambda request: request.headers.get("Referer", "")),
)
ONE_SLASH = Guard(
    "the way back begins with one slash",
    "claimtracker.web.middleware:_came_from",
    replaced(
        "claimtracker.web.middleware._came_from",
        lambda request: urlsplit(request.headers.get("Referer", "")).path,
    ),
)
OWN_EMBEDS = Guard(
    "oEmbed answers for our checks",
    "reviews.views.public_embed:_slug_in",
    replaced("reviews.views.public_embed._slug_in", lambda address: urlsplit(address).path.split("/")[2]),
)
ENCODED = Guard(
    "addresses are encoded",
    "django.http.response:iri_to_uri",
    replaced("django.http.response.iri_to_uri", lambda url: url),
)
HOSTS = Guard(
    "only our hosts",
    "django.http.request:validate_host",
    replaced("django.http.request.validate_host", lambda _host, _allowed: True),
)
FORWARDED = Guard(
    "nobody says which host it was",
    "django.conf:settings.USE_X_FORWARDED_HOST",
    both(
        set_to(USE_X_FORWARDED_HOST=True), replaced("django.http.request.validate_host", lambda _h, _a: True)
    ),
)
# --- forged forms

Make = Callable[[Scene], tuple[Any, str, dict[str, Any]]]


def _take(scene: Scene) -> tuple[Any, str, dict[str, Any]]:
    task = factories.make_task()
    return scene.checker, f"/review-tasks/{task.pk}/take/", {}


def _evidence(scene: Scene) -> tuple[Any, str, dict[str, Any]]:
    claim = factories.make_taken_task(scene.checker).claim
    return scene.checker, f"/claims/{claim.pk}/evidence/", {"url": "https://a.example/", "stance": "refutes"}


def _publish(scene: Scene) -> tuple[Any, str, dict[str, Any]]:
    verdict = factories.make_submitted_verdict(scene.checker)
    return (
        scene.lead,
        f"/claims/{verdict.claim_id}/verdict/approve-and-publish/",
        {"revision": verdict.revision},
    )


def _feed(scene: Scene) -> tuple[Any, str, dict[str, Any]]:
    feed = try_feed("https://news.example/feed", by=scene.lead, desk=scene.desk)
    return scene.lead, f"/feeds/{feed.pk}/drop/", {}


def _accept(scene: Scene) -> tuple[Any, str, dict[str, Any]]:
    article = factories.make_submission(factories.make_partner(is_trusted=False))
    chosen = {"action": "accept_selected", "_selected_action": [article.pk]}
    return scene.moderator, "/admin/claims/article/", chosen


def _role(scene: Scene) -> tuple[Any, str, dict[str, Any]]:
    chosen = {"user": scene.checker.pk, "desk": scene.other_desk.pk, "role": "moderator"}
    return scene.moderator, "/admin/accounts/membership/add/", chosen


def _plain(who: str, address: str, **sent: Any) -> Make:
    return lambda scene: (getattr(scene, who) if who else None, address, sent)


@suite.inputs(
    "a forged form",
    "web",
    "csrf",
    TOKEN,
    each={
        "takes a task": _take,
        "adds evidence": _evidence,
        "approves and publishes": _publish,
        "drops a source": _feed,
        "adds an article": _plain("checker", "/articles/new/", way="paste", text="It cost 4 million."),
        "adds a source": _plain("lead", "/feeds/new/", url="https://news.example/"),
        "changes a desk": _plain("lead", "/desks/politics/change/", name="Mine"),
        "reads all notices": _plain("checker", "/notices/read/"),
        "changes what one is told": _plain("checker", "/notices/preferences/"),
        "signs somebody in as the attacker": _plain(
            "", "/account/login/", login="a@example.org", password="x"
        ),
        "signs out": _plain("checker", "/account/logout/"),
        "changes the password": _plain("checker", "/account/password/change/", oldpassword="x"),
        "adds an address": _plain("checker", "/account/email/", action_add="", email="evil@example.org"),
        "has a password reset": _plain("", "/account/password/reset/", email="a@example.org"),
    },
)
def forged(scene: Scene, make: Make) -> bool:
    user, address, sent = make(scene)
    return scene.browser(user, enforce_csrf_checks=True).post(address, sent).status_code != 403


@suite.inputs(
    "a forged form in the administration",
    "admin",
    "csrf",
    TOKEN,
    each={
        "accepts a submission": _accept,
        "gives a role": _role,
        "makes a partner": _plain("moderator", "/admin/partners/partner/add/", slug="evil", name="Evil"),
    },
)
def forged_in_admin(scene: Scene, make: Make) -> bool:
    return forged(scene, make)


@suite.attack("a form with a token, sent from another site", "web", "csrf", ORIGIN)
def other_origin(scene: Scene) -> bool:
    browser = scene.browser(scene.checker, enforce_csrf_checks=True)
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', browser.get("/notices/preferences/").text)
    assert found
    sent = {"csrfmiddlewaretoken": found[1]}
    return browser.post("/notices/read/", sent, headers={"Origin": f"https://{EVIL}"}).status_code != 403


@suite.attack("a request to the API with a moderator's cookie", "api", "csrf", KEY)
def cookie_on_api(scene: Scene) -> bool:
    sent = scene.browser(scene.moderator).post(
        "/api/v1/articles", {"body": "It cost 4 million."}, content_type="application/json"
    )
    return sent.status_code == 201


# --- links that lead away


def leaves(location: str) -> bool:
    """As browsers read it: a backslash is a slash, and tabs and line ends are nothing."""
    followed = re.sub("^//+", "//", re.sub(r"[\t\r\n]", "", location.strip()).replace("\\", "/"))
    target = urlsplit(urljoin(f"{OURS}/account/login/", followed))
    return target.hostname != "testserver" or target.scheme not in {"http", "https"}


AWAY = {
    "whole": f"https://{EVIL}/",
    "without a scheme": f"//{EVIL}/",
    "backslash": f"/\\{EVIL}/",
    "three slashes": f"///{EVIL}/",
    "userinfo": f"https://testserver@{EVIL}/",
    "tab": f"/\t/{EVIL}/",
    "our name before": f"https://testserver.{EVIL}/",
}


@suite.inputs("where sign-in leads", "web", "open redirect", NEXT, ENCODED, each=AWAY)
def signed_in(scene: Scene, address: str) -> bool:
    factories.make_user(email="ana@example.org")
    sent = {"login": "ana@example.org", "password": factories.PASSWORD, "next": address}
    answer = scene.browser().post("/account/login/", sent)
    assert answer.status_code == 302, answer.content
    return leaves(answer["Location"])


@suite.attack("where sign-in leads who is signed in", "web", "open redirect", NEXT)
def already_signed_in(scene: Scene) -> bool:
    return leaves(
        scene.browser(scene.checker).get("/account/login/", {"next": f"https://{EVIL}/"})["Location"]
    )


@suite.attack("where signing out leads", "web", "open redirect", NEXT)
def signed_out(scene: Scene) -> bool:
    return leaves(scene.browser(scene.checker).post("/account/logout/", {"next": f"//{EVIL}/"})["Location"])


@suite.attack("where the administration's sign-in leads", "admin", "open redirect", NEXT)
def admin_signed_in(scene: Scene) -> bool:
    browser = scene.browser()
    page = browser.get("/admin/login/", {"next": f"https://{EVIL}/"})["Location"]
    browser.force_login(scene.moderator)
    return leaves(browser.get(page)["Location"])


@suite.inputs(
    "the way back from a refusal",
    "web",
    "open redirect",
    BACK,
    each={"of another site": f"https://{EVIL}/"},
)
def way_back(scene: Scene, came_from: str) -> bool:
    complaint = factories.make_complaint(scene.publication())
    address = f"/claims/{complaint.publication.claim_id}/complaints/{complaint.pk}/erase/"
    refused = scene.browser(scene.checker).post(address, headers={"Referer": came_from})
    assert refused.status_code == 403
    links = re.findall(r'href="([^"]*)"', refused.text)
    return any(EVIL in link and leaves(urljoin(OURS, link)) for link in links)


suite.inputs(
    "the way back from a refusal",
    "web",
    "open redirect",
    ONE_SLASH,
    each={"that begins with two slashes": f"{OURS}//{EVIL}/"},
)(way_back)


@suite.attack("oEmbed for an address of another site", "web", "open redirect", OWN_EMBEDS)
def others_embed(scene: Scene) -> bool:
    slug = scene.publication().slug
    return scene.browser().get("/oembed", {"url": f"https://{EVIL}/fact-checks/{slug}/"}).status_code == 200


@suite.inputs(
    "a reset by mail for another host",
    "web",
    "session",
    HOSTS,
    FORWARDED,
    each={
        "Host": {"Host": EVIL},
        "X-Forwarded-Host": {"X-Forwarded-Host": EVIL},
    },
)
def poisoned_reset(scene: Scene, headers: dict[str, str]) -> bool:
    scene.settings.ALLOWED_HOSTS = ["testserver"]
    factories.make_user(email="ana@example.org")
    scene.browser().post("/account/password/reset/", {"email": "ana@example.org"}, headers=headers)
    return any(EVIL in str(message.body) for message in mail.outbox)


@suite.attack("an address in an answer for another host", "api", "session", HOSTS)
def poisoned_location(scene: Scene) -> bool:
    scene.settings.ALLOWED_HOSTS = ["testserver"]
    sent = scene.partner.post("articles", {"body": "It cost 4 million."}, Host=EVIL)
    return EVIL in sent.get("Location", "")
