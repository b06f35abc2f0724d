"""What the search for known claims reads, to look at: how much is indexed, and by which model."""

from __future__ import annotations

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from claimtracker.accounts.admin_base import ModerationAdmin

from ..models import ArticleFingerprint, EmbeddingSlot, MatchEmbedding, MatchEntry, MatchTerm, MatchTotals


@admin.register(EmbeddingSlot)
class EmbeddingSlotAdmin(ModerationAdmin):
    list_display = ("number", "model_version", "state", "since", "vectors")
    search_fields = ("model_version",)
    is_small = True

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[EmbeddingSlot]:
        found = MatchEmbedding.objects.filter(slot=models.OuterRef("number")).order_by()
        number = found.values("slot").annotate(number=models.Count("pk")).values("number")
        return super().get_queryset(request).annotate(number_of_vectors=models.Subquery(number))

    @admin.display(description=_("vectors"))
    def vectors(self, slot: EmbeddingSlot) -> int:
        return getattr(slot, "number_of_vectors", None) or 0


@admin.register(MatchTotals)
class MatchTotalsAdmin(ModerationAdmin):
    list_display = ("id", "entries", "weight")
    is_small = True


@admin.register(MatchEntry)
class MatchEntryAdmin(ModerationAdmin):
    list_display = (
        "id",
        "known_claim",
        "claim",
        "is_offered",
        "is_stale",
        "revision",
        "weight",
        "indexed_at",
    )
    list_filter = ("is_stale", "is_offered")
    list_select_related = ("known_claim", "claim")
    search_fields = ("known_claim__text", "claim__text")
    ordering = ("-id",)
    hidden = ("words",)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[MatchEntry]:
        rows = super().get_queryset(request).defer("words")
        return rows if request.resolver_match and request.resolver_match.kwargs else rows.defer("parts")


@admin.register(MatchTerm)
class MatchTermAdmin(ModerationAdmin):
    list_display = ("lexeme", "entries")
    exact_search = ("lexeme",)
    search_fields = ("^lexeme",)
    ordering = ("lexeme",)
    is_small = True


@admin.register(MatchEmbedding)
class MatchEmbeddingAdmin(ModerationAdmin):
    list_display = ("id", "entry_id", "slot")
    list_filter = ("slot",)
    ordering = ("-id",)
    hidden = ("vector",)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[MatchEmbedding]:
        return super().get_queryset(request).defer("vector")


@admin.register(ArticleFingerprint)
class ArticleFingerprintAdmin(ModerationAdmin):
    list_select_related = ("version",)
