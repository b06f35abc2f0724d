"""Who had a task, who gave it to whom, and who has a stake: to look at."""

from __future__ import annotations

from django.contrib import admin

from claimtracker.accounts.admin_base import ModerationAdmin

from ..models import ConflictOfInterest, Handover, TaskHolder


@admin.register(TaskHolder)
class TaskHolderAdmin(ModerationAdmin):
    list_display = ("id", "task", "claim", "user", "kind")
    list_filter = ("kind",)
    list_select_related = ("task", "claim", "user")
    search_fields = ("user__name", "claim__text")


@admin.register(Handover)
class HandoverAdmin(ModerationAdmin):
    list_display = ("id", "task", "giver", "holder", "receiver", "created_at", "accepted_at", "declined_at")
    list_select_related = ("task", "giver", "holder", "receiver")
    search_fields = ("note", "giver__name", "receiver__name")


@admin.register(ConflictOfInterest)
class ConflictOfInterestAdmin(ModerationAdmin):
    list_display = ("id", "user", "kind", "subject", "claim", "declared_at", "ended_at")
    list_filter = ("kind",)
    list_select_related = ("user", "claim")
    search_fields = ("subject", "user__name")
    ordering = ("-id",)
