"""Articles and claims, to look at. Moderators decide about held submissions, by the actions of this room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models.functions import Left
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from claimtracker.accounts.admin_base import Glimpse, ModerationAdmin, RowLink, RowsInline
from claimtracker.accounts.moderation import Waiting, waiting, waiting_rows

from .. import states
from ..actions.ingest import accept_article, reject_article
from ..models import (
    Appearance,
    Article,
    ArticleFetch,
    ArticleVersion,
    Batch,
    BatchItem,
    Claim,
    Claimant,
    ClaimantGroup,
    ExtractionRun,
)
from ..selectors import open_update

GLIMPSE = 600


class VersionInline(RowsInline):
    model = ArticleVersion
    fields = ("number", "title", "sha256", "created_at")


@admin.register(Article)
class ArticleAdmin(ModerationAdmin):
    list_display = ("id", "title", "origin", "channel", "desk", "state", "created_at")
    list_display_links = ("id", "title")
    list_filter = ("state", "channel", "desk")
    list_select_related = ("desk",)
    exact_search = ("public_id", "external_id", "content_sha256")
    search_fields = ("title", "origin", "byline")
    inlines = (VersionInline,)
    actions = ("accept_selected", "reject_selected")
    reasoned = ("reject_selected",)
    finals = {
        "accept_selected": _("This cannot be undone: its claims are being looked for."),
        "reject_selected": _("The partner is told. The submission can still be accepted, on its page."),
    }

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """What a moderator decides by comes first."""
        first = ["title", "text", "state", "origin", "byline", "url"]
        return [*first, *(name for name in super().get_fields(request, obj) if name not in first)]

    @admin.display(description=_("text"))
    def text(self, article: Article) -> str:
        """The beginning of what came in."""
        version = article.versions.order_by("-number").first()
        return version.body[:3000] if version else ""

    def glimpses(self, rows: Sequence[Article]) -> Mapping[Any, Glimpse]:
        """Who sent each, and the beginning of its newest text: one query for all of them."""
        newest = (
            ArticleVersion.objects.filter(article__in=rows)
            .order_by("article_id", "-number")
            .distinct("article_id")
            .annotate(beginning=Left("body", GLIMPSE + 1))
        )
        beginnings: dict[int, str] = dict(newest.values_list("article_id", "beginning"))
        return {
            row.pk: Glimpse(
                about=_("Sent by %(origin)s") % {"origin": row.origin}
                + (f" · {row.byline}" if row.byline else ""),
                text=_shortened(beginnings.get(row.pk, "")),
            )
            for row in rows
        }

    def offered_actions(self, obj: Article) -> list[str]:
        return [
            name
            for name, state in (("accept_selected", states.ACCEPTED), ("reject_selected", states.REJECTED))
            if states.INTAKE.allows(obj.state, state)
        ]

    def offered_links(self, obj: Article) -> list[RowLink]:
        """What its sender said last, where a moderator has not taken it."""
        update = open_update(obj)
        if update is None:
            return []
        label = (
            _("The update that waits") if update.state == states.HELD else _("The update that was rejected")
        )
        return [RowLink(str(label), reverse("admin:claims_heldupdate_change", args=[update.pk]))]

    @admin.action(description=_("Accept"), permissions=["moderate"])
    def accept_selected(self, request: HttpRequest, queryset: models.QuerySet[Article]) -> None:
        self.apply(
            request,
            queryset,
            lambda article: accept_article(article, by=request.user),
            done=ngettext_lazy(
                "%d submission accepted; its claims are being looked for.",
                "%d submissions accepted; their claims are being looked for.",
            ),
        )

    @admin.action(description=_("Reject …"), permissions=["moderate"])
    def reject_selected(
        self, request: HttpRequest, queryset: models.QuerySet[Article]
    ) -> HttpResponse | None:
        return self.apply_with_reason(
            request,
            queryset,
            lambda article, reason: reject_article(article, by=request.user, reason=reason),
            action="reject_selected",
            title=_("Reject submissions"),
            help_text=_("The partner reads this. Say what is wrong and what would make it acceptable."),
            done=ngettext_lazy("%d submission rejected.", "%d submissions rejected."),
        )


def _shortened(beginning: str) -> str:
    return beginning if len(beginning) <= GLIMPSE else f"{beginning[:GLIMPSE].rstrip()} …"


@admin.register(ArticleVersion)
class ArticleVersionAdmin(ModerationAdmin):
    list_display = ("id", "title", "number", "article", "created_at")
    list_select_related = ("article",)
    search_fields = ("title",)
    exact_search = ("sha256",)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[ArticleVersion]:
        rows = super().get_queryset(request).filter(is_sandbox=False)
        return (
            rows if request.resolver_match and request.resolver_match.kwargs else rows.defer("body", "blocks")
        )


@admin.register(ExtractionRun)
class ExtractionRunAdmin(ModerationAdmin):
    list_display = ("id", "version", "extractor_version", "outcome", "claims_found", "seconds", "created_at")
    list_filter = ("outcome",)
    list_select_related = ("version",)
    search_fields = ("version__title", "message")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[ExtractionRun]:
        """Without the sentences that were passed over: the article's page shows them."""
        return super().get_queryset(request).filter(version__is_sandbox=False).defer("passed_over")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [name for name in super().get_fields(request, obj) if name != "passed_over"]


@admin.register(ArticleFetch)
class ArticleFetchAdmin(ModerationAdmin):
    list_display = ("id", "url", "desk", "requested_by", "origin", "state", "created_at")
    list_filter = ("state", "desk")
    list_select_related = ("desk", "requested_by")
    exact_search = ("public_id",)
    search_fields = ("url", "message")


class BatchItemInline(RowsInline):
    model = BatchItem
    fields = ("index", "external_id", "state", "outcome", "article", "finished_at")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[BatchItem]:
        return super().get_queryset(request).select_related("article").defer("fields", "problem")


@admin.register(Batch)
class BatchAdmin(ModerationAdmin):
    list_display = ("id", "public_id", "origin", "desk", "held", "created_at", "finished_at")
    list_select_related = ("desk",)
    exact_search = ("public_id",)
    search_fields = ("origin",)
    inlines = (BatchItemInline,)


@admin.register(BatchItem)
class BatchItemAdmin(ModerationAdmin):
    hidden = ("fields",)
    list_display = ("id", "batch", "index", "external_id", "state", "outcome", "finished_at")
    list_filter = ("state",)
    list_select_related = ("batch",)
    exact_search = ("external_id",)
    search_fields = ("external_id",)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return super().get_queryset(request).filter(batch__is_sandbox=False)


@admin.register(ClaimantGroup)
class ClaimantGroupAdmin(ModerationAdmin):
    list_display = ("name",)
    search_fields = ("name",)


@admin.register(Claimant)
class ClaimantAdmin(ModerationAdmin):
    list_display = ("name", "created_at")
    exact_search = ("name",)
    search_fields = ("name",)
    ordering = ("-id",)


class AppearanceInline(RowsInline):
    model = Appearance
    fields = ("version", "start", "end", "quote", "claimant_name", "attribution", "score")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Appearance]:
        return (
            super().get_queryset(request).select_related("version").defer("version__body", "version__blocks")
        )


@admin.register(Claim)
class ClaimAdmin(ModerationAdmin):
    list_display = ("id", "text", "claimant", "kind", "score", "state", "desk", "created_at")
    list_display_links = ("id", "text")
    list_filter = ("state", "kind", "desk")
    list_select_related = ("claimant", "desk")
    exact_search = ("public_id",)
    search_fields = ("text", "claimant__name")
    inlines = (AppearanceInline,)


@admin.register(Appearance)
class AppearanceAdmin(ModerationAdmin):
    list_display = ("id", "quote", "claim", "version", "start", "end", "attribution")
    list_filter = ("attribution",)
    search_fields = ("quote", "claimant_name")
    ordering = ("-id",)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Appearance]:
        rows = super().get_queryset(request).filter(version__is_sandbox=False)
        rows = rows.select_related("claim", "version")
        return rows.defer("version__body", "version__blocks")


@waiting
def held_submissions() -> Waiting:
    return waiting_rows(
        Article.objects.held(),
        label=str(_("Held submissions")),
        query="state__exact=held",
        note=str(_("from partners that are not trusted; nothing is extracted until somebody accepts")),
        urgent=True,
    )
