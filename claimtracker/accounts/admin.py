"""People, desks and roles: kept by moderators. Working times and leave: to look at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.forms import ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from claimtracker.kernel.errors import ActionRefused

from .admin_base import ModerationAdmin, OwnedAdmin, OwnedInline, RowLink, make_default
from .models import DayOff, Desk, Leave, Membership, ReadyReason, User, WorkingHours
from .moderation import may_moderate


class MembershipInline(OwnedInline):
    model = Membership
    fields = ("desk", "role")


@admin.register(User)
class UserAdmin(OwnedAdmin):
    """A password is set by its owner only: new people get in by “forgot password”."""

    list_display = ("name", "email", "is_active", "is_staff", "is_superuser", "last_login")
    list_filter = ("is_active", "is_superuser", "memberships__role", "memberships__desk")
    search_fields = ("name", "email")
    ordering = ("name", "id")
    form_fields = ("email", "name", "is_active", "is_staff")
    fixed_once_made = ("email",)
    extra_fields: Sequence[str] = ("is_superuser", "last_login", "date_joined")
    inlines = (MembershipInline,)

    def offered_links(self, obj: User) -> list[RowLink]:
        """Pages of a room above this one, which knows every other."""
        links = [RowLink(gettext("Their data as a file"), reverse("admin:person_export", args=[obj.pk]))]
        if not obj.is_active:
            links.append(RowLink(gettext("Erase this person"), reverse("admin:person_erase", args=[obj.pk])))
        return links

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A moderator does not change a superuser."""
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return may_moderate(request.user)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "is_staff":
            kwargs["help_text"] = _(
                "Shows the link to the administration , which opens for moderators and superusers only."
            )
        elif db_field.name == "is_active":
            kwargs["help_text"] = _("Unticked, the person is signed out at once and cannot sign in.")
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm, change: bool) -> None:
        if not change:
            obj.email = obj.email.lower()
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)


@admin.register(Desk)
class DeskAdmin(OwnedAdmin):
    list_display = ("name", "slug", "is_default", "closed_at")
    search_fields = ("name", "slug")
    form_fields = ("name", "slug")
    fixed_once_made = ("slug",)
    extra_fields = ("is_default", "closed_at", "closed_into", "created_at")
    prepopulated_fields = {"slug": ("name",)}
    actions = ("make_default_desk",)

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        return {} if obj else dict(self.prepopulated_fields)

    def offered_actions(self, obj: Desk) -> list[str]:
        return [] if obj.is_default or obj.closed_at else ["make_default_desk"]

    @admin.action(description=_("Make it the default desk"), permissions=["moderate"])
    def make_default_desk(self, request: HttpRequest, queryset: models.QuerySet[Desk]) -> None:
        def act(desk: Desk) -> None:
            if desk.closed_at is not None:
                raise ActionRefused(gettext("This desk is closed. Choose one that is open."), code="closed")
            make_default(desk)
            self.tell(request, desk, "changed", ["is_default"])

        self.apply_to_one(request, queryset, act, done=_("What no rule places goes to this desk now."))


@admin.register(Membership)
class MembershipAdmin(OwnedAdmin):
    may_be_deleted = True
    list_display = ("user", "desk", "role", "capacity")
    list_filter = ("role", "desk")
    list_select_related = ("user", "desk")
    search_fields = ("user__name", "user__email", "desk__name")
    form_fields = ("user", "desk", "role")
    autocomplete_fields = ("user",)


@admin.register(ReadyReason)
class ReadyReasonAdmin(OwnedAdmin):
    """Moderators keep them for each decision that asks for a reason."""

    may_be_deleted = True
    list_display = ("text", "decision_in_words", "position")
    search_fields = ("text",)
    form_fields = ("decision", "text", "position")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "decision":
            return forms.ChoiceField(label=_("decision"), choices=_decisions)
        if db_field.name == "text":
            kwargs["widget"] = forms.Textarea(attrs={"rows": 3, "cols": 60})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description=_("decision"), ordering="decision")
    def decision_in_words(self, row: ReadyReason) -> str:
        return dict(_decisions()).get(row.decision, row.decision)


def _decisions() -> list[tuple[str, str]]:
    """Each decision in the admin that asks for a reason, in words."""
    found = []
    for model, of_model in admin.site._registry.items():
        for action in getattr(of_model, "reasoned", ()):
            label = str(getattr(of_model, action).short_description).rstrip(" …")
            plural = str(model._meta.verbose_name_plural).capitalize()
            found.append((f"{model._meta.label_lower}.{action}", f"{plural}: {label}"))
    return sorted(found, key=lambda each: each[1])


@admin.register(WorkingHours)
class WorkingHoursAdmin(ModerationAdmin):
    list_display = ("id", "desk", "weekday", "__str__")
    list_filter = ("weekday", "desk")
    list_select_related = ("desk",)
    search_fields = ("desk__name",)
    ordering = ("desk", "weekday", "opens")


@admin.register(DayOff)
class DayOffAdmin(ModerationAdmin):
    list_display = ("id", "desk", "day", "name")
    list_filter = ("desk",)
    list_select_related = ("desk",)
    search_fields = ("name", "desk__name")
    ordering = ("-day", "id")


@admin.register(Leave)
class LeaveAdmin(ModerationAdmin):
    list_display = ("id", "user", "first_day", "last_day")
    list_select_related = ("user",)
    search_fields = ("user__name",)
