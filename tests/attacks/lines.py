"""Line breaks and secrets where lines count: headers, mail, logs."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from django.core.mail import EmailMessage
from gunicorn.config import Config

from claimtracker.kernel.secret_addresses import mask_everywhere
from claimtracker.partners.key_notices import message_of
from claimtracker.partners.models import KeyNotice
from claimtracker.web_log import WebLog
from reviews.actions.letters import letter_of, stop_url
from reviews.models import Mailing, Notification
from tests import factories

from .forgery import ENCODED, NEXT
from .harness import Guard, suite
from .removing import both
from .scene import Scene, replaced

TOKEN = "A" * 43
BREAK = "x\r\nBcc: evil@example.org"

SUBJECT = Guard(
    "a subject is one line",
    "claimtracker.kernel.mail:one_line",
    replaced("claimtracker.partners.key_notices.one_line", lambda text: text),
)
NAME = Guard(
    "a name in an address is one line",
    "claimtracker.kernel.mail:one_line",
    replaced("reviews.actions.letters.one_line", lambda text: text),
)
HEADER = Guard(
    "a header is one line",
    "django.http.response:ResponseHeaders._convert_to_charset",
    replaced(
        "django.http.response.ResponseHeaders._convert_to_charset", lambda _self, value, *_a, **_k: value
    ),
)
MASKED = Guard(
    "keys stay out of logs",
    "claimtracker.settings.logging:masked",
    replaced("claimtracker.settings.logging.masked", lambda line: line),
)
MASKED_ACCESS = Guard(
    "keys stay out of the web server's log",
    "claimtracker.kernel.secret_addresses:masked",
    replaced("claimtracker.kernel.secret_addresses.masked", lambda line: line),
)
VISIBLE = Guard(
    "control characters are written out",
    "claimtracker.kernel.secret_addresses:written_out",
    both(
        replaced("claimtracker.kernel.secret_addresses.written_out", lambda line: line),
        replaced("claimtracker.settings.logging.written_out", lambda line: line),
    ),
)


def goes_out(message: EmailMessage) -> bool:
    """Whether the mail can be sent; Django refuses one that has several lines in a header."""
    try:
        message.message().as_bytes()
    except ValueError:
        return False
    return True


@suite.attack("a key's label that keeps its partner from being told", "api", "header injection", SUBJECT)
def label(scene: Scene) -> bool:
    partner = factories.make_partner(contact_email="tech@wire.example")
    key, _plain = factories.make_key(partner, label=BREAK)
    notice = KeyNotice.objects.create(key=key, kind=KeyNotice.Kind.ROTATED)
    message = message_of(notice)
    assert message is not None
    return not goes_out(message) or "\n" in message.subject


@suite.attack("a person's name that keeps mail from being sent", "admin", "header injection", NAME)
def name(scene: Scene) -> bool:
    person = factories.make_user(name=BREAK)
    claim = factories.make_claim()
    mailing = Mailing.objects.create(user=person, cadence="daily", slot="2026-11-26")
    Notification.objects.create(
        user=person, claim=claim, kind="due", key="x", text="Due.", mailing=mailing, email="daily"
    )
    message = letter_of(mailing)
    assert message is not None
    return not goes_out(message)


@suite.inputs(
    "a line break in where sign-in leads",
    "web",
    "header injection",
    NEXT,
    ENCODED,
    HEADER,
    each={
        "both": "/\r\nSet-Cookie: sessionid=mine",
        "one": "/\nX-Injected: 1",
    },
)
def location(scene: Scene, address: str) -> bool:
    factories.make_user(email="ana@example.org")
    sent = {"login": "ana@example.org", "password": factories.PASSWORD, "next": address}
    return "\n" in scene.browser().post("/account/login/", sent).get("Location", "")


# --- what logs say


@suite.inputs(
    "a secret address in the log of a refusal",
    "web",
    "log injection",
    MASKED,
    each={
        "reply": f"/reply/{TOKEN}/",
        "complaint": f"/complaints/{TOKEN}/",
        "unsubscribe": f"/unsubscribe/{TOKEN}/",
    },
)
def secret_address(scene: Scene, address: str) -> bool:
    logged = scene.logged()
    scene.browser().get(address)
    assert address.split("/")[1] in logged.text, "nothing was logged"
    return TOKEN in logged.text


@suite.attack("a partner's key in the log of a refusal", "api", "log injection", MASKED)
def key_in_log(scene: Scene) -> bool:
    logged = scene.logged()
    scene.browser().get(f"/nowhere/{scene.partner.plain}/")
    return scene.partner.plain in logged.text


@contextmanager
def access_log() -> Iterator[io.StringIO]:
    config = Config()
    config.set("accesslog", "-")
    log = WebLog(config)
    written = io.StringIO()
    handlers = [each for each in log.access_log.handlers if isinstance(each, logging.StreamHandler)]
    assert handlers
    with mock.patch.object(handlers[0], "stream", written):
        yield written
    log.access_log.handlers = []
    log.error_log.handlers = []


def accessed(path: str, agent: str = "x") -> str:
    with access_log() as written:
        log = logging.getLogger("gunicorn.access")
        log.info('198.51.100.7 "GET %s HTTP/1.1" 404 "%s"', path, agent)
        return written.getvalue()


@suite.inputs(
    "a secret in the web server's log",
    "web",
    "log injection",
    MASKED_ACCESS,
    each={
        "reply": f"/reply/{TOKEN}/",
        "reset": f"/account/password/reset/key/1-{TOKEN}/",
        "key in a query": "/factcheck/v1alpha1/claims:search?key=ct_live_abcdefghijkl_" + "A" * 49,
    },
)
def secret_accessed(scene: Scene, path: str) -> bool:
    return "A" * 43 in accessed(path)


@suite.inputs(
    "control characters in the web server's log",
    "web",
    "log injection",
    VISIBLE,
    each={
        "colours": "\x1b[2J\x1b[31mgone",
        "a line of the attacker's": 'x"\n198.51.100.9 "GET /admin/ HTTP/1.1" 200',
        "back to the start of the line": "x\r198.51.100.9",
        "a title of the terminal": "\x1b]0;owned\x07",
        "C1": "\x9b2J",
    },
)
def shown_in_log(scene: Scene, agent: str) -> bool:
    line = accessed("/", agent).rstrip("\n")
    return any(ord(each) < 32 or 127 <= ord(each) < 160 for each in line)


@suite.inputs(
    "lines of the attacker's in the plain log",
    "web",
    "log injection",
    VISIBLE,
    each={
        "a line end": "a\n2026-01-01 [info] signed in",
        "an escape": "a\x1b[2Jb",
    },
)
def plain_log(scene: Scene, words: str) -> bool:
    import structlog

    logged = scene.logged("plain")
    structlog.get_logger("attack").warning("a page was refused", path=f"/{words}")
    logging.getLogger("attack").warning("Not Found: %s", words)
    return any("\n" in line or "\x1b" in line for line in logged)


@suite.inputs(
    "a secret in an error report",
    "web",
    "log injection",
    MASKED_ACCESS,
    each={
        "in the address": {"request": {"url": f"https://c.example/reply/{TOKEN}/"}},
        "in a list": {"breadcrumbs": [{"message": f"GET /complaints/{TOKEN}/"}]},
    },
)
def reported(scene: Scene, event: dict[str, Any]) -> bool:
    return TOKEN in str(mask_everywhere(event))


@suite.attack("an unsubscribe address in the log", "web", "log injection", MASKED)
def stop_in_log(scene: Scene) -> bool:
    token = stop_url(scene.checker.pk, "due").rstrip("/").rsplit("/", 1)[1]
    logged = scene.logged()
    scene.browser().put(f"/unsubscribe/{token}/")
    return token in logged.text
