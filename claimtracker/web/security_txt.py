"""Whom to tell of a weakness (RFC 9116)."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from claimtracker.kernel.moments import rfc3339

GOOD_FOR = timedelta(days=180)  # the standard wants less than a year


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Not there unless SECURITY_CONTACT names somebody."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    until = (timezone.now() + GOOD_FOR).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        *(f"Contact: {each}" for each in settings.SECURITY_CONTACT),
        f"Expires: {rfc3339(until)}",
        f"Canonical: {settings.SITE_URL}{reverse('security_txt')}",
        "Preferred-Languages: en",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
