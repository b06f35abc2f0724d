"""Blocks and phrases, as moderators keep them."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from claimtracker.accounts.admin_base import ModerationAdmin, OwnedAdmin
from claimtracker.accounts.models import User
from claimtracker.accounts.moderation import may_moderate
from claimtracker.kernel.errors import ActionRefused

from .blocking import lift_block, set_block, until_when
from .forms import NewBlockForm
from .models import Block, SpamPhrase
from .senders import email_digest


class StandingFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Stands")), ("no", _("Lifted or over"))]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        standing = Block.objects.standing().values("pk")
        match self.value():
            case "yes":
                return queryset.filter(pk__in=standing)
            case "no":
                return queryset.exclude(pk__in=standing)
        return queryset


@admin.register(Block)
class BlockAdmin(ModerationAdmin):
    """A block is set by an action, never edited: who wants another lifts it and sets that."""

    list_display = ("label", "kind", "reason", "ends", "created_by", "created_at")
    list_filter = ("kind", StandingFilter)
    list_select_related = ("created_by",)
    search_fields = ("label", "reason", "note")
    exact_search = ("value",)
    hidden = ("value",)
    extra_fields = ("ends",)
    actions = ("lift_selected",)

    @admin.display(description=_("stands"))
    def ends(self, row: Block) -> str:
        return until_when(row) if row.is_standing else gettext("no more")

    def offered_actions(self, obj: Block) -> list[str]:
        return ["lift_selected"] if obj.is_standing else []

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_moderate(request.user)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = NewBlockForm(request.POST or None)
        if form.is_valid():
            try:
                row = _set(form, by=cast(User, request.user))
            except ActionRefused as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, refusal.reason)
            else:
                done = gettext("Blocked: %(label)s") % {"label": row.label}
                self.message_user(request, done, messages.SUCCESS)
                return HttpResponseRedirect(reverse("admin:intake_block_changelist"))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Block a domain or a sender"),
            "submit": _("Block"),
            "form": form,
            "media": form.media,
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/make.html", context, status=422 if form.errors else 200)

    @admin.action(description=_("Lift"), permissions=["moderate"])
    def lift_selected(self, request: HttpRequest, queryset: models.QuerySet[Block]) -> None:
        self.apply(
            request,
            queryset,
            lambda row: lift_block(row, by=cast(User, request.user)),
            done=ngettext_lazy("%d block lifted.", "%d blocks lifted."),
        )


def _set(form: NewBlockForm, *, by: User) -> Block:
    asked = form.cleaned_data
    typed = asked["value"].strip()
    is_email = asked["kind"] == Block.Kind.EMAIL
    if is_email and not _is_email(typed):
        raise ActionRefused(
            _("Write the whole address, such as name@example.org."), code="bad", field="value"
        )
    return set_block(
        asked["kind"],
        email_digest(typed) if is_email else typed,
        by=by,
        label=gettext("An address at %(domain)s") % {"domain": typed.rpartition("@")[2]} if is_email else "",
        reason=asked["reason"],
        note=asked["note"],
        expires_at=form.expires_at(),
    )


def _is_email(text: str) -> bool:
    try:
        forms.EmailField().clean(text)
    except forms.ValidationError:
        return False
    return True


@admin.register(SpamPhrase)
class SpamPhraseAdmin(OwnedAdmin):
    list_display = ("phrase", "points", "added_at")
    form_fields = ("phrase", "points")
    search_fields = ("phrase",)
    may_be_deleted = True
