"""Who had a task, who gave it to whom, who has a stake, what was done to many at once, and the queue's saved
views: to look at."""

from __future__ import annotations

from django.contrib import admin

from claimtracker.accounts.admin_base import ModerationAdmin

from ..models import (
    BulkChange,
    BulkItem,
    ConflictOfInterest,
    DefaultView,
    Handover,
    SavedView,
    TaskHolder,
)


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


@admin.register(BulkChange)
class BulkChangeAdmin(ModerationAdmin):
    list_display = ("id", "verb", "by", "created_at", "finished_at", "undone_at")
    list_filter = ("verb",)
    list_select_related = ("by",)
    search_fields = ("by__name",)


@admin.register(BulkItem)
class BulkItemAdmin(ModerationAdmin):
    list_display = ("id", "change", "task", "refusal", "undone_at", "kept_because")
    list_select_related = ("change__by", "task")
    search_fields = ("refusal", "kept_because")


@admin.register(SavedView)
class SavedViewAdmin(ModerationAdmin):
    list_display = ("id", "name", "desk", "owner", "show", "query")
    list_filter = ("desk",)
    list_select_related = ("desk", "owner")
    search_fields = ("name", "query", "owner__name")


@admin.register(DefaultView)
class DefaultViewAdmin(ModerationAdmin):
    list_display = ("id", "user", "view")
    list_select_related = ("user", "view")
    search_fields = ("user__name", "view__name")
