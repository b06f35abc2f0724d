"""The words of a mail, and the links by which one stops more of its kind."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from email.utils import formataddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import ngettext

from claimtracker.kernel.mail import one_line

from ..models import EmailWish, Mailing, NoticeKind, Notification

SALT = "reviews.unsubscribe"
MOST_LINES = 100
SUBJECT = 140


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Part:
    """The notices of one kind."""

    title: str
    lines: list[Line]
    stop_url: str


def letter_of(mailing: Mailing) -> EmailMessage | None:
    """The mail, of what the person may still see, has not read meanwhile and still wants; None when nothing
    is left."""
    wanted = (
        Notification.objects.visible_to(mailing.user)
        .filter(mailing=mailing, read_at__isnull=True)
        .exclude(email=EmailWish.NEVER)
    )
    notices = list(wanted.order_by("pk")[: MOST_LINES + 1])
    if not notices:
        return None
    more = wanted.count() - MOST_LINES if len(notices) > MOST_LINES else 0
    notices = notices[:MOST_LINES]
    stop = stop_url(mailing.user_id, mailing.kind or mailing.cadence)
    body = render_to_string(
        "mail/notices.txt",
        {
            "name": mailing.user.get_short_name(),
            "site": settings.SITE_NAME,
            "parts": _parts(notices, mailing.user_id),
            "more": more,
            "is_digest": not mailing.kind,
            "stop_url": stop,
            "all_url": absolute(reverse("web:notices")),
            "preferences_url": absolute(reverse("web:notice_preferences")),
        },
    )
    return EmailMessage(
        subject=_subject(mailing, notices, more),
        body=body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[formataddr((one_line(mailing.user.name), mailing.user.email))],
        headers={
            "Message-ID": f"<{mailing.public_id}@{_host()}>",
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )


def stop_url(user_id: int, what: str) -> str:
    """The signed address that stops mail of ``what``: a NoticeKind, or ``daily`` or ``weekly``."""
    token = signing.dumps([user_id, what], salt=SALT)
    return absolute(reverse("web:unsubscribe", args=[token]))


def read_token(token: str) -> tuple[int, str] | None:
    """Whose mail of what; None for a token that is not ours. It never expires: old mail has to work."""
    try:
        user_id, what = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return int(user_id), str(what)


def absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def _parts(notices: list[Notification], user_id: int) -> list[Part]:
    by_kind = sorted(notices, key=lambda notice: list(NoticeKind.values).index(notice.kind))
    return [
        Part(
            title=str(NoticeKind(kind).label),
            lines=[Line(one.text, absolute(reverse("web:notice_open", args=[one.pk]))) for one in group],
            stop_url=stop_url(user_id, kind),
        )
        for kind, group in itertools.groupby(by_kind, key=lambda notice: notice.kind)
    ]


def _subject(mailing: Mailing, notices: list[Notification], more: int) -> str:
    count = len(notices) + more
    if mailing.kind and count == 1:
        words = f"{NoticeKind(mailing.kind).label}: {notices[0].claim}"
    elif mailing.kind:
        words = f"{NoticeKind(mailing.kind).label} ({count})"
    elif mailing.cadence == EmailWish.DAILY:
        words = ngettext("Your day: %d notice", "Your day: %d notices", count) % count
    else:
        words = ngettext("Your week: %d notice", "Your week: %d notices", count) % count
    line = " ".join(f"[{settings.SITE_NAME}] {words}".split())
    return line if len(line) <= SUBJECT else line[: SUBJECT - 1].rstrip() + "…"


def _host() -> str:
    return urlsplit(settings.SITE_URL).hostname or "localhost"


__all__ = ["absolute", "letter_of", "read_token", "stop_url"]
