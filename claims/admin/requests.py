"""What partners ask us to check: moderators accept it, as which claim, or decline it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from claimtracker.accounts.admin_base import Glimpse, ModerationAdmin, RowsInline
from claimtracker.accounts.models import User
from claimtracker.accounts.moderation import Waiting, waiting, waiting_rows

from .. import states
from ..actions.check_requests import accept_request, decline_request
from ..actions.suggestions import accept_with_pages
from ..models import CheckRequest, Claim, RequestVote, Suggestion, SuggestionWords

GLIMPSED = 5  # readers


class VoteInline(RowsInline):
    model = RequestVote
    fields = ("origin", "text", "note", "url", "created_at")
    show_change_link = False


class SuggestionInline(RowsInline):
    """The readers who ask for it, with what they wrote."""

    model = Suggestion
    fields = ("reference", "received_at", "said")
    ordering = ("-id",)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Suggestion]:
        return super().get_queryset(request).select_related("words")

    @admin.display(description=_("what they wrote"))
    def said(self, row: Suggestion) -> str:
        words = getattr(row, "words", None)
        if words is None:
            return gettext("erased")
        told = (words.text, words.said_by, words.url, words.said_where, words.why)
        return " · ".join(filter(None, told))


class AskedByFilter(admin.SimpleListFilter):
    title = _("who asks")
    parameter_name = "by"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("readers", _("Readers")), ("partners", _("Partners"))]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        asked: dict[str, Any] = {
            "readers": Suggestion.objects.filter(request=OuterRef("pk")),
            "partners": RequestVote.objects.filter(request=OuterRef("pk")),
        }
        rows = asked.get(self.value() or "")
        return queryset if rows is None else queryset.filter(Exists(rows))


class ClaimForm(forms.Form):
    """``claim``: its number, or the identifier that partners know it by."""

    claim = forms.CharField(
        label=_("Claim"),
        max_length=40,
        help_text=_(
            "The number in the address of its page, or its identifier. Search finds it by its words."
        ),
    )

    def clean_claim(self) -> Claim:
        asked = self.cleaned_data["claim"].strip().removeprefix("#")
        found = None
        if asked.isascii() and asked.isdigit() and len(asked) < 19:
            found = Claim.objects.filter(pk=int(asked)).first()
        else:
            try:
                found = Claim.objects.filter(public_id=UUID(asked)).first()
            except ValueError:
                found = None
        if found is None:
            raise forms.ValidationError(gettext("There is no such claim."))
        return found


def _number_of(model: Any) -> Any:
    rows = model.objects.filter(request=OuterRef("pk")).order_by()
    return Coalesce(Subquery(rows.values("request").annotate(number=Count("pk")).values("number")), 0)


def _what_readers_wrote(rows: Sequence[CheckRequest]) -> dict[int, str]:
    """What the first few of each wrote of where and why."""
    found: dict[int, list[str]] = {}
    words = SuggestionWords.objects.filter(suggestion__request__in=rows).order_by("pk")
    for pk, *told in words.values_list("suggestion__request", "text", "said_by", "url", "said_where", "why"):
        found.setdefault(pk, []).append(" · ".join(filter(None, told)))
    return {pk: "\n".join(told[:GLIMPSED]) for pk, told in found.items()}


@admin.register(CheckRequest)
class CheckRequestAdmin(ModerationAdmin):
    list_display = ("id", "text", "votes_count", "readers_count", "state", "claim", "created_at")
    list_display_links = ("id", "text")
    list_filter = ("state", AskedByFilter)
    list_select_related = ("claim",)
    exact_search = ("public_id",)
    search_fields = ("text",)
    hidden = ("digest",)
    inlines = (VoteInline, SuggestionInline)
    actions = ("accept_selected", "accept_and_fetch_selected", "link_selected", "decline_selected")
    keys = {**ModerationAdmin.keys, "link_selected": "l"}
    reasoned = ("decline_selected",)
    finals = {
        "accept_selected": _("This cannot be undone: partners are told, and the claim is being routed."),
        "accept_and_fetch_selected": _("This cannot be undone: the claim is being routed."),
        "link_selected": _("This cannot be undone: partners are told."),
        "decline_selected": _("Partners are told. The request can still be accepted, on its page."),
    }

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[CheckRequest]:
        """Counted apart: joined at once, each vote would count for each reader."""
        rows = super().get_queryset(request)
        return rows.annotate(asking=_number_of(RequestVote), reading=_number_of(Suggestion))

    @admin.display(description=_("partners"), ordering="asking")
    def votes_count(self, row: Any) -> int:
        return int(row.asking)

    @admin.display(description=_("readers"), ordering="reading")
    def readers_count(self, row: Any) -> int:
        return int(row.reading)

    def glimpses(self, rows: Sequence[CheckRequest]) -> Mapping[Any, Glimpse]:
        """Who asks for each, and why."""
        found: dict[int, Glimpse] = {}
        votes = RequestVote.objects.filter(request__in=rows).order_by("request_id", "id")
        by_request: dict[int, list[RequestVote]] = {}
        for vote in votes:
            by_request.setdefault(vote.request_id, []).append(vote)
        for pk, asking in by_request.items():
            who = ", ".join(vote.origin.partition(":")[2] for vote in asking)
            notes = "\n".join(text for vote in asking for text in (vote.note, vote.url) if text)
            found[pk] = Glimpse(about=gettext("Asked for by %(who)s") % {"who": who}, text=notes)
        for pk, text in _what_readers_wrote(rows).items():
            before = found.get(pk)
            about = f"{before.about} · {gettext('readers')}" if before else gettext("Suggested by readers")
            found[pk] = Glimpse(about, "\n".join(filter(None, (before.text if before else "", text))))
        return found

    def offered_actions(self, obj: CheckRequest) -> list[str]:
        return [
            name
            for name, state in (
                ("accept_selected", states.ACCEPTED_REQUEST),
                ("accept_and_fetch_selected", states.ACCEPTED_REQUEST),
                ("link_selected", states.ACCEPTED_REQUEST),
                ("decline_selected", states.DECLINED_REQUEST),
            )
            if states.CHECK_REQUEST.allows(obj.state, state)
        ]

    @admin.action(description=_("Check as a claim of its own"), permissions=["moderate"])
    def accept_selected(self, request: HttpRequest, queryset: models.QuerySet[CheckRequest]) -> None:
        self.apply(
            request,
            queryset,
            lambda row: accept_request(row, by=cast(User, request.user)),
            done=ngettext_lazy(
                "%d request accepted; its claim is being routed.",
                "%d requests accepted; their claims are being routed.",
            ),
        )

    @admin.action(
        description=_("Check as a claim of its own, and fetch where readers met it"), permissions=["moderate"]
    )
    def accept_and_fetch_selected(
        self, request: HttpRequest, queryset: models.QuerySet[CheckRequest]
    ) -> None:
        self.apply(
            request,
            queryset,
            lambda row: accept_with_pages(row, by=cast(User, request.user)),
            done=ngettext_lazy(
                "%d request accepted; the pages that readers named are being fetched.",
                "%d requests accepted; the pages that readers named are being fetched.",
            ),
        )

    @admin.action(description=_("It is a claim that we have …"), permissions=["moderate"])
    def link_selected(
        self, request: HttpRequest, queryset: models.QuerySet[CheckRequest]
    ) -> HttpResponse | None:
        form = ClaimForm(request.POST if "apply" in request.POST else None)
        return self.apply_with_form(
            request,
            queryset,
            form,
            lambda row: accept_request(row, by=cast(User, request.user), claim=form.cleaned_data["claim"]),
            action="link_selected",
            title=_("As which claim?"),
            done=ngettext_lazy("%d request accepted.", "%d requests accepted."),
        )

    @admin.action(description=_("Decline …"), permissions=["moderate"])
    def decline_selected(
        self, request: HttpRequest, queryset: models.QuerySet[CheckRequest]
    ) -> HttpResponse | None:
        return self.apply_with_reason(
            request,
            queryset,
            lambda row, reason: decline_request(row, by=cast(User, request.user), reason=reason),
            action="decline_selected",
            title=_("Decline requests"),
            help_text=_("The partners and readers that asked read this."),
            done=ngettext_lazy("%d request declined.", "%d requests declined."),
        )


@admin.register(RequestVote)
class RequestVoteAdmin(ModerationAdmin):
    list_display = ("id", "request", "origin", "note", "created_at")
    list_select_related = ("request",)
    search_fields = ("origin", "text", "note")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return super().get_queryset(request).filter(request__is_sandbox=False)


@waiting
def received_requests() -> Waiting:
    return waiting_rows(
        CheckRequest.objects.received(),
        label=str(_("Requests for a check")),
        query="state__exact=received",
        note=str(_("from partners and readers, who are told what becomes of them")),
    )
