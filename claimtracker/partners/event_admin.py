"""The order of events and what partners have of ours, as moderators see them."""

from __future__ import annotations

from django.contrib import admin

from claimtracker.accounts.admin_base import ModerationAdmin

from .models import Acknowledgement, CorrectionReminder, Edition, EventOrder, Holding, PartnerEvent


@admin.register(PartnerEvent)
class PartnerEventAdmin(ModerationAdmin):
    list_display = ("number", "type", "audience", "event", "created_at")
    list_select_related = ("audience", "event")
    search_fields = ("type",)
    ordering = ("-number",)


@admin.register(EventOrder)
class EventOrderAdmin(ModerationAdmin):
    is_small = True
    list_display = ("id", "last")
    search_fields = ("=last",)


@admin.register(Edition)
class EditionAdmin(ModerationAdmin):
    list_display = ("id", "claim_text", "version", "change", "rating", "published_at")
    list_filter = ("is_correction",)
    exact_search = ("publication", "claim")
    search_fields = ("claim_text",)


@admin.register(Holding)
class HoldingAdmin(ModerationAdmin):
    list_display = ("id", "partner", "claim", "version", "way", "got_at")
    list_select_related = ("partner",)
    exact_search = ("publication", "claim")
    search_fields = ("partner__name",)


@admin.register(Acknowledgement)
class AcknowledgementAdmin(ModerationAdmin):
    list_display = ("id", "partner", "claim", "version", "status", "url", "at")
    list_filter = ("status",)
    list_select_related = ("partner",)
    exact_search = ("publication", "claim")
    search_fields = ("partner__name", "url")


@admin.register(CorrectionReminder)
class CorrectionReminderAdmin(ModerationAdmin):
    list_display = ("id", "partner", "edition", "created_at")
    list_select_related = ("partner", "edition")
    search_fields = ("partner__name",)
