"""What the mail says that tells a partner that we switched an endpoint of theirs off."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _

from .models import EndpointNotice


def message_of(notice: EndpointNotice) -> EmailMessage:
    """What the partner reads."""
    endpoint = notice.endpoint
    text = _(
        "Hello,\n\n"
        "we switched off a webhook endpoint of %(partner)s at %(site)s:\n\n"
        "    %(url)s\n\n"
        "Why: %(reason)s\n\n"
        "Nothing more is sent to it. When it works again, switch it on over the API "
        '(PATCH %(address)s with {"is_active": true}) or ask the newsroom to; then have what failed sent '
        "again (POST %(address)s/replays with the moment since when). What happened meanwhile also stands "
        "among the events of the API for %(days)s days.\n"
    ) % {
        "partner": endpoint.partner.name,
        "site": settings.SITE_NAME,
        "url": endpoint.url,
        "reason": notice.reason,
        "address": f"{settings.SITE_URL}/api/v1/webhook-endpoints/{endpoint.public_id}",
        "days": settings.EVENT_DAYS,
    }
    subject = _("A webhook endpoint of yours was switched off") + f" · {settings.SITE_NAME}"
    return EmailMessage(subject=subject, body=text, to=[notice.to])
