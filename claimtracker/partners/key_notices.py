"""What a partner's contact is told of its keys by mail: that one ends soon, that one was rotated."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from claimtracker import jobs
from claimtracker.kernel.mail import one_line
from claimtracker.kernel.moments import rfc3339
from claimtracker.ledger import audit

from .models import ApiKey, KeyNotice

SEND = "partners.send_key_notice"


@transaction.atomic
def notify(key: ApiKey, kind: str) -> bool:
    """Have the partner told, once for each key and kind. False when that was asked before. Takes no lock."""
    notice, created = KeyNotice.objects.get_or_create(key=key, kind=kind)
    if created:
        jobs.enqueue(SEND, notice.pk)
    return created


def warn_of_expiring(*, now: datetime | None = None) -> int:
    """Tell of each key that ends within API_KEY_NOTICE_DAYS, once. Keys that were rotated end as they should.
    Returns how many. Audits api_key.expiring. Safe to run twice."""
    now = now or timezone.now()
    ending = ApiKey.objects.usable().filter(
        expires_at__lte=now + timedelta(days=settings.API_KEY_NOTICE_DAYS), successor__isnull=True
    )
    return sum(_warn(key) for key in ending.exclude(notices__kind=KeyNotice.Kind.EXPIRING).order_by("pk"))


@transaction.atomic
def _warn(key: ApiKey) -> bool:
    if not notify(key, KeyNotice.Kind.EXPIRING):
        return False
    ends = rfc3339(key.expires_at, to="seconds") if key.expires_at else ""
    audit.record(
        "api_key.expiring",
        by=audit.SYSTEM,
        subject=key,
        details={"partner": key.partner_id, "expires_at": ends},
    )
    return True


def message_of(notice: KeyNotice) -> EmailMessage | None:
    """What the partner reads; None where nobody can or need be told any more."""
    key = notice.key
    if not key.partner.contact_email or key.revoked_at is not None:
        return None
    is_ending = notice.kind == KeyNotice.Kind.EXPIRING
    subject = (
        _("Your API key “%(label)s” ends soon") if is_ending else _("Your API key “%(label)s” was rotated")
    )
    return EmailMessage(
        subject=one_line(f"{settings.SITE_NAME}: {subject % {'label': key.label}}"),
        body=render_to_string(
            "mail/key_notice.txt",
            {"key": key, "old": key.replaces, "is_ending": is_ending, "site": settings.SITE_NAME,
             "docs_url": f"{settings.SITE_URL}/api/docs/"},
        ),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[key.partner.contact_email],
        headers={"Auto-Submitted": "auto-generated"},
    )  # fmt: skip
