"""Partners are kept here; their keys, endpoints and deliveries change through the actions of this room."""

from __future__ import annotations

from django.contrib import admin

from claimtracker.accounts.admin_base import ModerationAdmin

from . import (
    event_admin,  # noqa: F401 - registers what it shows
    histories,  # noqa: F401 - says what belongs to whose history
    key_admin,  # noqa: F401 - registers what it shows
    partner_admin,  # noqa: F401 - registers what it shows
    webhook_admin,  # noqa: F401 - registers what it shows
)
from .models import KeptAnswer


@admin.register(KeptAnswer)
class KeptAnswerAdmin(ModerationAdmin):
    """Without the answer's body: it may hold what only the partner is to see."""

    hidden = ("body", "fingerprint")
    list_display = ("id", "api_key", "method", "path", "idempotency_key", "status", "reserved_at")
    list_select_related = ("api_key__partner",)
    exact_search = ("idempotency_key",)
    search_fields = ("path", "api_key__label")
