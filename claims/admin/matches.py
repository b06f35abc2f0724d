"""Matches, families, watches and alerts, to look at: people decide about them on the claims' pages."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from claimtracker.accounts.admin_base import ModerationAdmin, RowLink

from ..models import ClaimAlert, ClaimMatch, ClaimWatch, FamilyChange


@admin.register(ClaimMatch)
class ClaimMatchAdmin(ModerationAdmin):
    list_display = (
        *("id", "claim", "known_claim", "other_claim", "grade", "score", "state", "decided_by"),
        *("method_version", "created_at"),
    )
    list_filter = ("state", "grade")
    list_select_related = ("claim", "known_claim", "other_claim", "decided_by")
    search_fields = ("claim__text", "known_claim__text", "other_claim__text", "method_version")
    ordering = ("-id",)

    def offered_links(self, obj: ClaimMatch) -> Iterator[RowLink]:
        yield RowLink(str(_("The claim’s page")), reverse("reviews:claim_detail", args=[obj.claim_id]))
        if obj.known_claim_id:
            known = reverse("admin:claims_knownclaim_change", args=[obj.known_claim_id])
            yield RowLink(str(_("Hide the known claim …")), known)


@admin.register(FamilyChange)
class FamilyChangeAdmin(ModerationAdmin):
    list_display = ("id", "cause", "claim", "before", "after", "because_of", "by", "created_at")
    list_filter = ("cause",)
    list_select_related = ("claim", "before", "after", "because_of", "by")
    exact_search = ("action",)
    search_fields = ("claim__text",)


@admin.register(ClaimWatch)
class ClaimWatchAdmin(ModerationAdmin):
    list_display = ("id", "claim", "desk", "created_by", "created_at", "ended_at")
    list_filter = ("desk", ("ended_at", admin.EmptyFieldListFilter))
    list_select_related = ("claim", "desk", "created_by")
    search_fields = ("claim__text",)


@admin.register(ClaimAlert)
class ClaimAlertAdmin(ModerationAdmin):
    list_display = ("id", "claim", "desk", "appearance", "match", "created_at", "seen_at", "seen_by")
    list_filter = (("seen_at", admin.EmptyFieldListFilter), "watch__desk")
    search_fields = ("watch__claim__text",)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[ClaimAlert]:
        rows = super().get_queryset(request)
        return rows.select_related(
            *("watch__claim", "watch__desk", "appearance", "seen_by"),
            *("match__claim", "match__known_claim", "match__other_claim"),
        )

    @admin.display(description=_("watched claim"))
    def claim(self, alert: ClaimAlert) -> str:
        return str(alert.watch.claim)

    @admin.display(description=_("desk"))
    def desk(self, alert: ClaimAlert) -> str:
        return str(alert.watch.desk)
