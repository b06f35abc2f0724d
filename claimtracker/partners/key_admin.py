"""Keys in the administration: issued, rotated, revoked; what they were used for, and who was told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.timesince import timesince
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from claimtracker.accounts.admin_base import ModerationAdmin, RowLink, RowsInline

from .actions import issue_key, revoke_key, rotate_key
from .admin_made import MadeByAction
from .keys import unusable_because
from .models import ApiKey, ApiUsage, KeyNotice, Partner, Scope, UsageBatch
from .usage import days_back

SHOWN_DAYS = 30
DATE: dict[str, Any] = {"type": "date", "aria-label": _("Expires at: date")}
TIME: dict[str, Any] = {"type": "time", "aria-label": _("Expires at: time")}


class IssueKeyForm(forms.Form):
    partner = forms.ModelChoiceField(Partner.objects.filter(is_active=True), label=_("Partner"))
    label = forms.CharField(label=_("Label"), max_length=100, help_text=_("What will use the key."))
    scopes = forms.MultipleChoiceField(
        label=_("May"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    expires_at = forms.SplitDateTimeField(
        label=_("Expires at"),
        required=False,
        # the browser's own pickers: those of Django's admin write inline styles, which our policy refuses
        widget=forms.SplitDateTimeWidget(
            date_attrs=DATE,
            time_attrs=TIME,
            date_format="%Y-%m-%d",
            time_format="%H:%M",
        ),
        help_text=_("Empty: never."),
    )


class RotateKeyForm(forms.Form):
    overlap = forms.ChoiceField(
        label=_("The old key ends"),
        choices=[
            ("0", _("at once: it may be in wrong hands")),
            ("24", _("in one day")),
            ("168", _("in seven days")),
            ("720", _("in thirty days")),
        ],
        initial="168",
        help_text=_("Until then both keys work. The new one has the same label and scopes."),
    )


class NoticeInline(RowsInline):
    model = KeyNotice
    fields = ("kind", "created_at", "handed_over_at", "error")


class UsageInline(RowsInline):
    """Of the last days only: every key has some rows for each day."""

    model = ApiUsage
    fields = ("day", "group", "requests", "errors", "limited")
    show_change_link = False

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[ApiUsage]:
        return super().get_queryset(request).filter(day__gte=days_back(SHOWN_DAYS))


def words_of_use(key: ApiKey) -> str:
    """When a key was used, and from when it was not: what nobody uses is better revoked."""
    if key.last_used_at is None:
        return gettext("Never used; issued %(since)s ago.") % {"since": timesince(key.created_at)}
    if timezone.now() - key.last_used_at < timedelta(days=1):
        return gettext("In use.")
    return gettext("Not used for %(since)s.") % {"since": timesince(key.last_used_at)}


def row_link(row: models.Model, label: str) -> str:
    address = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    return format_html('<a href="{}">{}</a>', address, label)


@admin.register(ApiKey)
class ApiKeyAdmin(MadeByAction):
    hidden = ("secret_sha256",)
    list_display = ("prefix", "partner", "label", "scopes", "expires_at", "revoked_at", "last_used_at")
    extra_fields = ("use", "rotated_to")
    inlines = (NoticeInline, UsageInline)
    list_filter = (("revoked_at", admin.EmptyFieldListFilter), "partner")
    list_select_related = ("partner",)
    exact_search = ("prefix",)
    search_fields = ("label", "partner__name", "=prefix")
    actions = ("revoke_selected",)
    add_form = IssueKeyForm
    title = _("Issue an API key")
    secret_title = _("The key, shown this once")
    secret_help = _("Give it to the partner by a safe way. It is not kept here and cannot be shown again.")

    def make(self, request: HttpRequest, facts: dict[str, Any]) -> tuple[ApiKey, str]:
        return issue_key(
            facts["partner"],
            label=facts["label"],
            scopes=facts["scopes"],
            expires_at=facts["expires_at"],
            by=request.user,
        )

    @admin.display(description=_("Use"))
    def use(self, obj: ApiKey) -> str:
        return words_of_use(obj)

    @admin.display(description=_("Rotated to"))
    def rotated_to(self, obj: ApiKey) -> str:
        successor = ApiKey.objects.filter(replaces=obj).first()
        return row_link(successor, successor.prefix) if successor else "-"

    def offered_actions(self, obj: ApiKey) -> list[str]:
        return [] if obj.revoked_at else ["revoke_selected"]

    def offered_links(self, obj: ApiKey) -> list[RowLink]:
        if unusable_because(obj):
            return []
        return [RowLink(str(_("Rotate …")), reverse("admin:partners_apikey_rotate", args=[obj.pk]))]

    def get_urls(self) -> list[URLPattern]:
        rotate = self.admin_site.admin_view(self.rotate_view)
        return [path("<int:pk>/rotate/", rotate, name="partners_apikey_rotate"), *super().get_urls()]

    def rotate_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.has_moderate_permission(request):
            raise PermissionDenied
        key = get_object_or_404(ApiKey, pk=pk)

        def rotate(_request: HttpRequest, facts: dict[str, Any]) -> tuple[ApiKey, str]:
            return rotate_key(key, overlap=timedelta(hours=int(facts["overlap"])), by=request.user)

        words = {
            "original": key,
            "submit": _("Rotate"),
            "about": _("The key begins with %(prefix)s. %(use)s")
            % {"prefix": key.prefix, "use": words_of_use(key)},
        }
        title = _("Rotate the key %(key)s") % {"key": key}
        return self.ask_and_make(request, RotateKeyForm(request.POST or None), title, rotate, words)

    @admin.action(description=_("Revoke"), permissions=["moderate"])
    def revoke_selected(self, request: HttpRequest, queryset: models.QuerySet[ApiKey]) -> None:
        self.apply(
            request,
            queryset,
            lambda key: revoke_key(key, by=request.user),
            done=ngettext_lazy("%d key revoked.", "%d keys revoked."),
        )


@admin.register(KeyNotice)
class KeyNoticeAdmin(ModerationAdmin):
    list_display = ("id", "key", "kind", "created_at", "handed_over_at", "error")
    list_filter = ("kind", ("handed_over_at", admin.EmptyFieldListFilter))
    list_select_related = ("key__partner",)
    search_fields = ("key__label", "key__partner__name")


@admin.register(ApiUsage)
class ApiUsageAdmin(ModerationAdmin):
    list_display = ("id", "day", "key", "group", "requests", "errors", "limited")
    list_select_related = ("key__partner",)
    search_fields = ("group", "key__partner__name")


@admin.register(UsageBatch)
class UsageBatchAdmin(ModerationAdmin):
    list_display = ("id", "name", "created_at")
    exact_search = ("name",)
    search_fields = ("name",)
