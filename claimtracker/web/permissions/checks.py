"""What ``manage.py check`` says beside Django: no address is without its line in the permission table."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

OURS = "claimtracker.urls"
HOW = "Add the line in claimtracker/web/permissions; `manage.py permissions` writes it into the docs."


@register(Tags.security)
def every_address_has_its_line(app_configs: Any, **options: Any) -> list[CheckMessage]:
    from .addresses import gaps  # the URL conf is read only when the checks run

    if settings.ROOT_URLCONF != OURS:
        return []
    return [Error(f"Permission table: {gap}", hint=HOW, id="claimtracker.E001") for gap in gaps()]
