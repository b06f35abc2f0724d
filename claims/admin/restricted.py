"""What holds of claims now, to look at: the record, and who decides, is reviews' (Restriction)."""

from __future__ import annotations

from django.contrib import admin

from claimtracker.accounts.admin_base import ModerationAdmin

from ..models import RestrictedClaim


@admin.register(RestrictedClaim)
class RestrictedClaimAdmin(ModerationAdmin):
    list_display = ("claim", "kind", "withheld_at", "held_at", "changed_at")
    list_filter = ("kind",)
    list_select_related = ("claim",)
    search_fields = ("claim__text",)
