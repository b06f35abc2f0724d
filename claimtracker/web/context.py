"""What every page needs to know."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from claimtracker.accounts.access import sees_everything


def site(request: HttpRequest) -> dict[str, Any]:
    theme = request.COOKIES.get("theme", "")
    return {
        "site_name": settings.SITE_NAME,
        "publisher_name": settings.PUBLISHER_NAME,
        # lazy: pages without a user menu ask nothing
        "may_moderate": SimpleLazyObject(lambda: sees_everything(request.user)),
        "theme": theme if theme in {"light", "dark"} else "",
    }
