"""What partners that are not trusted send anew of accepted articles: moderators see it, and decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from claimtracker.accounts.admin_base import Glimpse, ModerationAdmin
from claimtracker.accounts.moderation import Waiting, waiting, waiting_rows

from .. import states
from ..actions.describing import with_moments
from ..actions.held_updates import accept_update, reject_update
from ..models import ArticleVersion, HeldUpdate
from ..text_diff import Group, folded, text_diff
from ..word_diff import Run, word_diff

GLIMPSE = 600
NAMES = {
    "body": _("text"),
    "title": _("headline"),
    "byline": _("byline"),
    "language": _("language"),
    "url": _("address"),
    "published_at": _("published"),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """``was`` is empty where it is not known any more."""

    name: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class News:
    """What an update says otherwise than ``version`` and its article."""

    version: ArticleVersion | None
    facts: list[Fact]
    headline: list[Run]
    groups: list[Group]


def news_of(update: HeldUpdate) -> News:
    """Of one that may yet be accepted: what that would change now. Of others: what was new when it came."""
    is_open = update.state in states.OPEN_UPDATE
    versions = update.article.versions.all()
    if not is_open:
        versions = versions.filter(created_at__lte=update.created_at)
    version = versions.order_by("-number").first()
    facts = [
        Fact(str(NAMES[name]), _shown(getattr(update.article, name)) if is_open else "", _shown(value))
        for name, value in with_moments(update.told).items()
    ]
    if version is None or not update.body:
        return News(version, facts, [], [])
    headline = word_diff(version.title, update.title) if version.title != update.title else []
    return News(version, facts, headline, folded(text_diff(version.body, update.body)))


def _shown(value: Any) -> str:
    if hasattr(value, "isoformat"):
        return date_format(localtime(value), "DATETIME_FORMAT")
    return str(value or "")


@admin.register(HeldUpdate)
class HeldUpdateAdmin(ModerationAdmin):
    list_display = ("id", "title_of", "origin", "what_changes", "state", "created_at")
    list_display_links = ("id", "title_of")
    list_filter = ("state",)
    search_fields = ("title", "article__title", "article__origin")
    actions = ("accept_selected", "reject_selected")
    reasoned = ("reject_selected",)
    finals = {
        "accept_selected": _("This cannot be undone: the article says what is new, and is being read."),
        "reject_selected": _("The partner is told. The update can still be accepted, on its page."),
    }

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        rows = super().get_queryset(request).select_related("article")
        return rows if request.resolver_match and request.resolver_match.kwargs else rows.defer("body")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """What a moderator decides by comes first; its text stands among what is new."""
        first = ["what_is_new", "article", "origin", "state", "reason"]
        left_out = ("title", "body", "told", "changes", "actor", *first)
        return [*first, *(name for name in super().get_fields(request, obj) if name not in left_out)]

    @admin.display(description=_("article"), ordering="article__title")
    def title_of(self, update: HeldUpdate) -> str:
        return str(update)

    @admin.display(description=_("origin"), ordering="article__origin")
    def origin(self, update: HeldUpdate) -> str:
        return update.article.origin

    @admin.display(description=_("what changes"))
    def what_changes(self, update: HeldUpdate) -> str:
        return ", ".join(str(NAMES[name]) for name in update.changes)

    @admin.display(description=_("what is new"))
    def what_is_new(self, update: HeldUpdate) -> str:
        return render_to_string("admin/held_update.html", {"update": update, "news": news_of(update)})

    def glimpses(self, rows: Sequence[HeldUpdate]) -> Mapping[Any, Glimpse]:
        """Who sent each, what it changes, and how its text begins."""
        return {
            row.pk: Glimpse(
                about=gettext("Sent by %(origin)s") % {"origin": row.article.origin}
                + f" · {self.what_changes(row)}",
                text=_beginning(row),
            )
            for row in rows
        }

    def offered_actions(self, obj: HeldUpdate) -> list[str]:
        return [
            name
            for name, state in (("accept_selected", states.ACCEPTED), ("reject_selected", states.REJECTED))
            if states.HELD_UPDATE.allows(obj.state, state)
        ]

    @admin.action(description=_("Accept"), permissions=["moderate"])
    def accept_selected(self, request: HttpRequest, queryset: models.QuerySet[HeldUpdate]) -> None:
        self.apply(
            request,
            queryset,
            lambda update: accept_update(update, by=request.user),
            done=ngettext_lazy(
                "%d update accepted; its article says what is new.",
                "%d updates accepted; their articles say what is new.",
            ),
        )

    @admin.action(description=_("Reject …"), permissions=["moderate"])
    def reject_selected(
        self, request: HttpRequest, queryset: models.QuerySet[HeldUpdate]
    ) -> HttpResponse | None:
        return self.apply_with_reason(
            request,
            queryset,
            lambda update, reason: reject_update(update, by=request.user, reason=reason),
            action="reject_selected",
            title=_("Reject updates"),
            help_text=_("The partner reads this. The articles stay as they are."),
            done=ngettext_lazy("%d update rejected.", "%d updates rejected."),
        )


def _beginning(update: HeldUpdate) -> str:
    told = "\n".join(f"{NAMES[name]}: {_shown(value)}" for name, value in with_moments(update.told).items())
    beginning = update.body[:GLIMPSE].rstrip() + (" …" if len(update.body) > GLIMPSE else "")
    return "\n".join(part for part in (told, beginning) if part)


@waiting
def held_updates() -> Waiting:
    return waiting_rows(
        HeldUpdate.objects.held(),
        label=str(_("Held updates")),
        query="state__exact=held",
        note=str(_("newer texts and facts of accepted articles, from partners that are not trusted")),
        urgent=True,
    )
