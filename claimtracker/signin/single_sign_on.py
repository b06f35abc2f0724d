"""Whether there is an identity provider, what it is called, and why somebody does not come in by it."""

from __future__ import annotations

from enum import Enum
from http import HTTPStatus

from django.conf import settings

PROVIDER = "sso"


class Stop(Enum):
    """Why somebody does not come in, and with which status they hear of it."""

    AWAY = HTTPStatus.SERVICE_UNAVAILABLE
    NOT_TRUSTED = HTTPStatus.BAD_GATEWAY
    CANCELLED = HTTPStatus.BAD_REQUEST
    OUT_OF_TURN = HTTPStatus.CONFLICT
    UNVERIFIED = HTTPStatus.FORBIDDEN
    UNKNOWN = HTTPStatus.NOT_FOUND


def provider_name() -> str:
    """Empty where there is none."""
    apps = settings.SOCIALACCOUNT_PROVIDERS.get("openid_connect", {}).get("APPS", [])
    return str(apps[0]["name"]) if apps else ""
