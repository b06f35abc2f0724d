"""What became of claims when their article changed, to look at: nobody decides about it here."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from claimtracker.accounts.admin_base import ModerationAdmin, RowLink

from ..models import Anchoring, Following


@admin.register(Following)
class FollowingAdmin(ModerationAdmin):
    list_display = ("id", "version", "unchanged", "moved", "reworded", "removed", "method", "created_at")
    list_select_related = ("version",)
    search_fields = ("version__title",)
    ordering = ("-id",)


@admin.register(Anchoring)
class AnchoringAdmin(ModerationAdmin):
    list_display = ("id", "claim", "to_version", "fate", "score", "runner_up", "method", "created_at")
    list_filter = ("fate",)
    list_select_related = ("appearance__claim", "appearance__version", "to_version", "new_appearance__claim")
    search_fields = ("appearance__claim__text", "why")
    ordering = ("-id",)

    @admin.display(description=_("claim"))
    def claim(self, obj: Anchoring) -> str:
        return str(obj.appearance.claim)

    def offered_links(self, obj: Anchoring) -> Iterator[RowLink]:
        page = reverse("reviews:claim_detail", args=[obj.appearance.claim_id])
        yield RowLink(str(_("The claim’s page")), page)
