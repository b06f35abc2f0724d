"""What was submitted, what second, blind and deciding readers concluded of it, and words to begin with."""

from __future__ import annotations

from django.contrib import admin

from claimtracker.accounts.admin_base import ModerationAdmin

from ..models import DeskSampling, ReasonTemplate, Review, Revision


@admin.register(Revision)
class RevisionAdmin(ModerationAdmin):
    list_display = ("id", "verdict", "number", "rating", "summary", "written_by", "created_at")
    list_filter = ("rating",)
    list_select_related = ("verdict", "rating", "written_by")
    search_fields = ("summary", "written_by__name")
    ordering = ("-id",)


@admin.register(Review)
class ReviewAdmin(ModerationAdmin):
    list_display = ("id", "verdict", "revision", "kind", "outcome", "desk", "reviewer", "created_at")
    list_filter = ("kind", "outcome", "desk")
    list_select_related = ("verdict", "desk", "reviewer")
    search_fields = ("reason", "reviewer__name")


@admin.register(DeskSampling)
class DeskSamplingAdmin(ModerationAdmin):
    list_display = ("desk", "blind_rate", "changed_at")
    list_select_related = ("desk",)
    search_fields = ("desk__name",)


@admin.register(ReasonTemplate)
class ReasonTemplateAdmin(ModerationAdmin):
    """To look at: leads keep them."""

    list_display = ("text", "position", "retired_at")
    search_fields = ("text",)
