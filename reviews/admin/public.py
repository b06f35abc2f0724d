"""Readers' lists, to look at: they follow what is published."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from claimtracker.accounts.admin_base import ModerationAdmin, RowLink

from ..models import Dump, DumpShelf, PublicCheck, PublicCheckTopic, PublicTopic


@admin.register(PublicCheck)
class PublicCheckAdmin(ModerationAdmin):
    list_display = (
        "slug",
        "claimant_name",
        "rating_label",
        "language",
        "is_retracted",
        "is_withheld",
        "changed_at",
    )
    list_filter = ("is_retracted", "is_withheld", "language")
    search_fields = ("slug", "claimant_name")
    list_select_related = ("publication",)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return PublicCheck.everything.order_by("-publication_id")

    def offered_links(self, obj: PublicCheck) -> list[RowLink]:
        return [RowLink(_("Hide, take down or hold"), reverse("reviews:restrictions", args=[obj.claim_id]))]


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
