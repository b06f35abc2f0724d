"""Watched sources, their pages and hosts, to look at; moderators pause, resume and end those of any desk."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from claimtracker.accounts.admin_base import ModerationAdmin, RowLink
from claimtracker.accounts.moderation import Waiting, waiting, waiting_rows

from .. import states
from ..actions.feeds import pause_feed, resume_feed
from ..models import Feed, FeedItem, WebHost

FAILS_OFTEN = 3


class HealthFilter(admin.SimpleListFilter):
    title = _("health")
    parameter_name = "health"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("failing", _("failing"))]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Feed]) -> models.QuerySet[Feed]:
        return failing(queryset) if self.value() else queryset


def failing(rows: models.QuerySet[Feed]) -> models.QuerySet[Feed]:
    return rows.filter(state=states.WATCHED, failures__gte=FAILS_OFTEN)


@admin.register(Feed)
class FeedAdmin(ModerationAdmin):
    list_display = ("id", "__str__", "desk", "kind", "state", "failures", "succeeded_at", "message")
    list_display_links = ("id", "__str__")
    list_filter = (HealthFilter, "state", "kind", "desk")
    list_select_related = ("desk",)
    search_fields = ("title", "url", "message")
    exact_search = ("url",)
    actions = ("pause_selected", "resume_selected")
    keys = {"pause_selected": "r", "resume_selected": "a"}
    undoes = {
        "pause_selected": lambda row, by: resume_feed(row, by=by),
        "resume_selected": lambda row, by: pause_feed(row, by=by),
    }

    def offered_links(self, obj: Feed) -> Iterator[RowLink]:
        """Watching is ended on a page that says first what stays."""
        yield RowLink(str(_("Its page")), reverse("web:feed_detail", args=[obj.pk]))
        if states.FEED.allows(obj.state, states.ENDED):
            yield RowLink(str(_("End watching …")), reverse("web:feed_end", args=[obj.pk]))

    def offered_actions(self, obj: Feed) -> list[str]:
        return {states.WATCHED: ["pause_selected"], states.PAUSED: ["resume_selected"]}.get(obj.state, [])

    @admin.action(description=_("Pause"), permissions=["moderate"])
    def pause_selected(self, request: HttpRequest, queryset: models.QuerySet[Feed]) -> None:
        self.apply(
            request,
            queryset,
            lambda feed: pause_feed(feed, by=request.user),
            done=ngettext_lazy("%d source is paused.", "%d sources are paused."),
        )

    @admin.action(description=_("Resume"), permissions=["moderate"])
    def resume_selected(self, request: HttpRequest, queryset: models.QuerySet[Feed]) -> None:
        self.apply(
            request,
            queryset,
            lambda feed: resume_feed(feed, by=request.user),
            done=ngettext_lazy("%d source is watched again.", "%d sources are watched again."),
        )


@admin.register(FeedItem)
class FeedItemAdmin(ModerationAdmin):
    list_display = ("id", "__str__", "feed", "state", "code", "next_visit_at")
    list_filter = ("state",)
    list_select_related = ("feed",)
    search_fields = ("title", "url", "message")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[FeedItem]:
        return super().get_queryset(request).select_related("feed")


@admin.register(WebHost)
class WebHostAdmin(ModerationAdmin):
    list_display = ("id", "name", "asked_at", "free_at", "refusals", "message")
    search_fields = ("name",)
    exact_search = ("name",)


@waiting
def failing_sources() -> Waiting:
    return waiting_rows(
        failing(Feed.objects.all()),
        label=str(_("Failing sources")),
        query="health=failing",
        note=str(_("watched, and failed three times in a row or more")),
    )
