"""What is known already, to look at."""

from __future__ import annotations

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from claimtracker.accounts.admin_base import ModerationAdmin

from ..models import KnownClaim, KnownClaimImport


@admin.register(KnownClaim)
class KnownClaimAdmin(ModerationAdmin):
    list_display = ("id", "text", "claimant", "rating", "publisher_site", "reviewed_on", "language", "origin")
    list_display_links = ("id", "text")
    list_filter = ("origin", ("withdrawn_at", admin.EmptyFieldListFilter))
    exact_search = ("public_id", "url", "publisher_site")
    search_fields = ("text", "claimant", "publisher_name", "title", "rating")
    list_select_related = False


@admin.register(KnownClaimImport)
class KnownClaimImportAdmin(ModerationAdmin):
    list_display = (
        *("id", "source", "state", "format", "new_count", "updated_count", "unchanged_count"),
        *("refused_count", "requested_by", "created_at"),
    )
    list_display_links = ("id", "source")
    list_filter = ("state", "format")
    list_select_related = ("requested_by",)
    search_fields = ("source", "publisher_name", "message")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[KnownClaimImport]:
        rows = super().get_queryset(request)
        return rows if request.resolver_match and request.resolver_match.kwargs else rows.defer("problems")
