"""Copies of cited pages, looks at them, and quotations in them: to look at, but for confidential sources'."""

from __future__ import annotations

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from claimtracker.accounts.admin_base import ModerationAdmin

from ..models import EvidenceChange, QuotationCheck, SourceCheck, SourceSnapshot, StoredContent


class OfNamedSources(ModerationAdmin):
    """Rows under a source (by the path ``source_path``), without those under a confidential one: a page that
    was kept before its source was protected still says who it is."""

    source_path = "source"

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[models.Model]:
        rows = super().get_queryset(request)
        return rows.filter(**{f"{self.source_path}__is_confidential": False})


@admin.register(SourceSnapshot)
class SourceSnapshotAdmin(OfNamedSources):
    list_display = ("id", "source", "title", "media_type", "text_length", "is_cut", "taken_at")
    list_filter = ("is_cut",)
    list_select_related = ("source",)
    exact_search = ("page", "text")
    search_fields = ("title", "url", "source__title")


@admin.register(SourceCheck)
class SourceCheckAdmin(OfNamedSources):
    list_display = ("id", "source", "condition", "code", "message", "checked_at")
    list_filter = ("condition",)
    list_select_related = ("source",)
    search_fields = ("message", "source__title")


@admin.register(QuotationCheck)
class QuotationCheckAdmin(OfNamedSources):
    source_path = "evidence__source"
    list_display = ("id", "evidence", "snapshot", "result", "similarity", "checked_at")
    list_filter = ("result",)
    list_select_related = ("evidence__source", "snapshot")
    search_fields = ("exact", "evidence__source__title")


@admin.register(EvidenceChange)
class EvidenceChangeAdmin(OfNamedSources):
    source_path = "evidence__source"
    list_display = ("id", "evidence", "kind", "noticed_at", "settled", "settled_by", "settled_at")
    list_filter = ("kind", "settled")
    list_select_related = ("evidence__source", "settled_by")
    search_fields = ("evidence__source__title",)


@admin.register(StoredContent)
class StoredContentAdmin(ModerationAdmin):
    """Without those of confidential sources: a digest tells whoever guesses a page that it was kept."""

    list_display = ("digest", "size", "created_at")
    search_fields = ("digest__startswith",)
    search_help_text = _("How a digest begins.")
    is_small = True  # found by its key, which is no number to count back from

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[StoredContent]:
        secret = SourceSnapshot.objects.filter(source__is_confidential=True)
        of_secret = models.Exists(secret.filter(page=models.OuterRef("pk"))) | models.Exists(
            secret.filter(text=models.OuterRef("pk"))
        )
        return super().get_queryset(request).exclude(of_secret)
