"""By what a browser is known again, and what it is called for people."""

from __future__ import annotations

import hashlib
import re
import secrets
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from claimtracker.kernel.visitors import address_of

from .letters import tell
from .models import AccountLetter, KnownDevice

COOKIE = "device"
PATH = "/account/"  # sent where people sign in, and nowhere else
DAYS = 400  # the longest that browsers keep a cookie
_MADE_JUST_NOW = "claimtracker.account_made_just_now"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def name_of(user_agent: str) -> str:
    """Firefox on Windows: what the browser says of itself, which may be untrue."""
    browser = next((name for sign, name in _BROWSERS if sign in user_agent), "")
    system = next((name for sign, name in _SYSTEMS if sign in user_agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Unknown device")


def say_nothing_of_device(request: HttpRequest) -> None:
    """The sign-in of this request made the account: there is nobody to be told of it yet."""
    request.META[_MADE_JUST_NOW] = True


def is_known(request: HttpRequest, user: Any) -> bool:
    """Whether this person has signed in with this browser before."""
    token = request.COOKIES.get(COOKIE, "")
    return bool(
        _TOKEN.fullmatch(token) and KnownDevice.objects.filter(user=user, digest=_digest(token)).exists()
    )


@transaction.atomic
def note_device(request: HttpRequest, response: HttpResponseBase, user: Any) -> None:
    """Somebody has just signed in: know the browser again, and tell the person of one that is new. Takes no
    lock: of two sign-ins at the same moment one makes the row."""
    token = request.COOKIES.get(COOKIE, "")
    if not _TOKEN.fullmatch(token):
        token = secrets.token_urlsafe(32)
    name = name_of(request.headers.get("User-Agent", ""))
    device, is_new = KnownDevice.objects.get_or_create(
        user=user, digest=_digest(token), defaults={"name": name[:80]}
    )
    if is_new and _MADE_JUST_NOW not in request.META:
        tell(user, AccountLetter.Kind.NEW_DEVICE, device=name, address=address_of(request))
    if not is_new:
        KnownDevice.objects.filter(pk=device.pk).update(name=name[:80], last_seen_at=timezone.now())
    response.set_cookie(
        COOKIE,
        token,
        max_age=DAYS * 86400,
        path=PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _digest(token: str) -> str:
    """The token is random and long, so that a slow hash would add nothing."""
    return hashlib.sha256(token.encode()).hexdigest()
