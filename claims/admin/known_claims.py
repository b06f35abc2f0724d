"""What is known already: moderators search it, bring more in, and withdraw what should not be offered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from claimtracker.accounts.admin_base import Glimpse, ModerationAdmin, RowLink
from claimtracker.accounts.moderation import Waiting, may_moderate, waiting, waiting_rows

from .. import states
from ..actions.known_claim_imports import (
    import_known_claims,
    note_failed_import,
    request_import,
    retry_import,
)
from ..actions.known_claims import restore_known_claim, withdraw_known_claim
from ..forms import ImportReviewsForm
from ..models import KnownClaim, KnownClaimImport

REASON_HELP = _("Kept in the audit. Other moderators read it.")


@admin.register(KnownClaim)
class KnownClaimAdmin(ModerationAdmin):
    list_display = (
        *("id", "text", "claimant", "rating", "publisher_site", "reviewed_on", "language", "origin"),
        "withdrawn_at",
    )
    list_display_links = ("id", "text")
    list_filter = ("origin", ("withdrawn_at", admin.EmptyFieldListFilter))
    exact_search = ("public_id", "url", "publisher_site")
    search_fields = ("text", "claimant", "publisher_name", "title", "rating")
    actions = ("withdraw_selected", "restore_selected")
    keys = {"withdraw_selected": "r", "restore_selected": "a"}
    undoes = {
        "withdraw_selected": lambda row, by: restore_known_claim(row, by=by, reason=gettext("Undone.")),
        "restore_selected": lambda row, by: withdraw_known_claim(row, by=by, reason=gettext("Undone.")),
    }
    reasoned = ("withdraw_selected", "restore_selected")

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """The page of an import leads to its known claims; one publisher's or language's can be linked to."""
        return lookup in {"last_import", "publisher_site", "language"} or super().lookup_allowed(
            lookup, value, request or HttpRequest()
        )

    def offered_actions(self, obj: KnownClaim) -> list[str]:
        return ["restore_selected" if obj.withdrawn_at else "withdraw_selected"]

    def glimpses(self, rows: Sequence[KnownClaim]) -> Mapping[Any, Glimpse]:
        return {
            row.pk: Glimpse(
                about=row.publisher_name or row.publisher_site or row.url,
                text=f"{row.rating} {row.url}".strip(),
            )
            for row in rows
        }

    @admin.action(description=_("Withdraw …"), permissions=["moderate"])
    def withdraw_selected(
        self, request: HttpRequest, queryset: models.QuerySet[KnownClaim]
    ) -> HttpResponse | None:
        return self.apply_with_reason(
            request,
            queryset,
            lambda known, reason: withdraw_known_claim(known, by=request.user, reason=reason),
            action="withdraw_selected",
            title=_("Withdraw known claims"),
            help_text=REASON_HELP,
            done=ngettext_lazy("%d known claim withdrawn.", "%d known claims withdrawn."),
        )

    @admin.action(description=_("Restore …"), permissions=["moderate"])
    def restore_selected(
        self, request: HttpRequest, queryset: models.QuerySet[KnownClaim]
    ) -> HttpResponse | None:
        return self.apply_with_reason(
            request,
            queryset,
            lambda known, reason: restore_known_claim(known, by=request.user, reason=reason),
            action="restore_selected",
            title=_("Restore known claims"),
            help_text=REASON_HELP,
            done=ngettext_lazy("%d known claim restored.", "%d known claims restored."),
        )


@admin.register(KnownClaimImport)
class KnownClaimImportAdmin(ModerationAdmin):
    """The add page takes a file, which is stored at once, or an address, which a job fetches."""

    list_display = (
        *("id", "source", "state", "format", "new_count", "updated_count", "unchanged_count"),
        *("refused_count", "requested_by", "created_at"),
    )
    list_display_links = ("id", "source")
    list_filter = ("state", "format")
    list_select_related = ("requested_by",)
    search_fields = ("source", "publisher_name", "message")
    hidden = ("problems",)
    extra_fields = ("what_was_wrong",)
    actions = ("fetch_again", "note_selected")
    keys = {"fetch_again": "a", "note_selected": "r"}
    reasoned = ("note_selected",)
    finals = {
        "fetch_again": _("A job fetches the address; what it brings in can be withdrawn."),
        "note_selected": _("The same address or file can be imported anew at any time."),
    }

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[KnownClaimImport]:
        rows = super().get_queryset(request)
        return rows if request.resolver_match and request.resolver_match.kwargs else rows.defer("problems")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_moderate(request.user)

    @admin.display(description=_("what was wrong"))
    def what_was_wrong(self, row: KnownClaimImport) -> str:
        """The problems that are kept, one a line."""
        lines = ((each["where"], each["field"], each["message"]) for each in row.problems)
        return format_html_join("", "{}, {}: {}<br>", lines) or "-"

    def offered_actions(self, obj: KnownClaimImport) -> list[str]:
        if obj.state != states.FAILED:
            return []
        return [*(["fetch_again"] if obj.is_address else []), "note_selected"]

    def glimpses(self, rows: Sequence[KnownClaimImport]) -> Mapping[Any, Glimpse]:
        return {row.pk: Glimpse(about=row.source, text=row.message) for row in rows}

    @admin.action(description=_("Fetch again"), permissions=["moderate"])
    def fetch_again(self, request: HttpRequest, queryset: models.QuerySet[KnownClaimImport]) -> None:
        self.apply(
            request,
            queryset,
            lambda row: retry_import(row, by=request.user),
            done=ngettext_lazy("%d import is fetched again.", "%d imports are fetched again."),
        )

    @admin.action(description=_("Nothing to do …"), permissions=["moderate"])
    def note_selected(
        self, request: HttpRequest, queryset: models.QuerySet[KnownClaimImport]
    ) -> HttpResponse | None:
        return self.apply_with_reason(
            request,
            queryset,
            lambda row, reason: note_failed_import(row, by=request.user, reason=reason),
            action="note_selected",
            title=_("Nothing to do about these imports"),
            help_text=REASON_HELP,
            done=ngettext_lazy("%d failed import was noted.", "%d failed imports were noted."),
        )

    def offered_links(self, obj: KnownClaimImport) -> list[RowLink]:
        known = reverse("admin:claims_knownclaim_changelist")
        return [RowLink(str(_("Its known claims")), f"{known}?last_import={obj.pk}")]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = (
            ImportReviewsForm(request.POST, request.FILES)
            if request.method == "POST"
            else ImportReviewsForm()
        )
        if form.is_valid():
            row = self._begin(request, form)
            return HttpResponseRedirect(reverse("admin:claims_knownclaimimport_change", args=[row.pk]))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Import claim reviews"),
            "form": form,
            "media": self.media + form.media,
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/make.html", context, status=422 if form.errors else 200)

    def _begin(self, request: HttpRequest, form: ImportReviewsForm) -> KnownClaimImport:
        if form.read is None:
            row = request_import(
                form.cleaned_data["url"],
                by=request.user,
                defaults=form.defaults,
                format=form.cleaned_data["format"],
            )
            self.message_user(
                request, _("A job fetches the address. Look here again for the outcome."), messages.SUCCESS
            )
            return row
        name = form.cleaned_data["file"].name
        row = import_known_claims(form.read, source=name, by=request.user, defaults=form.defaults)
        counts = {
            "new": row.new_count,
            "updated": row.updated_count,
            "unchanged": row.unchanged_count,
            "refused": row.refused_count,
        }
        text = _("%(new)d new, %(updated)d updated, %(unchanged)d unchanged, %(refused)d refused.") % counts
        self.message_user(request, text, messages.WARNING if row.problem_count else messages.SUCCESS)
        return row


@waiting
def failed_imports() -> Waiting:
    return waiting_rows(
        KnownClaimImport.objects.filter(state=states.FAILED),
        label=str(_("Imports of known claims that failed")),
        query="state__exact=failed",
    )
