"""Readers' lists, to look at: they follow what is published."""

from __future__ import annotations

from django.contrib import admin

from claimtracker.accounts.admin_base import ModerationAdmin

from ..models import Dump, DumpShelf, PublicCheck, PublicCheckTopic, PublicTopic


@admin.register(PublicCheck)
class PublicCheckAdmin(ModerationAdmin):
    list_display = ("slug", "claimant_name", "rating_label", "language", "is_retracted", "changed_at")
    list_filter = ("is_retracted", "language")
    search_fields = ("slug", "claimant_name")
    list_select_related = ("publication",)


@admin.register(PublicTopic)
class PublicTopicAdmin(ModerationAdmin):
    list_display = ("name", "slug")
    search_fields = ("name", "slug")


@admin.register(PublicCheckTopic)
class PublicCheckTopicAdmin(ModerationAdmin):
    list_display = ("check_line", "topic", "newest")
    list_select_related = ("check_line", "topic")
    search_fields = ("topic__name", "check_line__slug")


@admin.register(Dump)
class DumpAdmin(ModerationAdmin):
    list_display = ("name", "made_at", "withdrawn_at", "withdrawn_because")


@admin.register(DumpShelf)
class DumpShelfAdmin(ModerationAdmin):
    list_display = ("__str__",)
