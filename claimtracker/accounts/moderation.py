"""The moderators' admin: who gets in, what waits for them, and who is told of what they change."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.dispatch import Signal
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from .access import sees_everything
from .decided import last_decision
from .waiting_lines import Waiting, lines, waiting, waiting_rows

__all__ = [
    "ModerationSite",
    "Waiting",
    "may_moderate",
    "moderated",
    "moderation_page",
    "waiting",
    "waiting_rows",
]

REFUSAL = _("The administration is for moderators. Ask one of them if something here needs changing.")

# Sent inside the transaction of a change made in the admin's own forms, which no action function makes:
# ``by``, ``subject``, ``change`` ("added", "changed" or "deleted"), ``fields``, the names of what changed,
# and ``before``, what stood in them. Whoever hears of it may refuse (ActionRefused); then nothing is changed.
moderated = Signal()


def may_moderate(user: Any) -> bool:
    """The one rule of the admin: active superusers, and active people who are moderators at some desk."""
    return sees_everything(user)


_pages: list[tuple[str, Callable[..., HttpResponseBase], str]] = []


def moderation_page(route: str, *, name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorator: the view is a page of the administration at ``route``, behind its door, for pages that join
    rooms and so stand in no model's admin. Rooms add theirs from their admin.py."""

    def register(view: Callable[..., Any]) -> Callable[..., Any]:
        _pages.append((route, view, name))
        return view

    return register


class ModerationSite(admin.AdminSite):
    """Django's admin under our rule: sign-in is allauth's, with its limits and second factors."""

    enable_nav_sidebar = False  # it moves every page aside after it was drawn; the first page has all lists

    site_header = _("Claimtracker administration")
    site_title = _("Claimtracker administration")
    index_title = _("Moderation")

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self.disable_action("delete_selected")

    def has_permission(self, request: HttpRequest) -> bool:
        return may_moderate(request.user)

    def get_urls(self) -> list[Any]:
        own = [path(route, self.admin_view(view), name=name) for route, view, name in _pages]
        return [*own, *super().get_urls()]

    def register(
        self, model_or_iterable: Any, admin_class: type[admin.ModelAdmin] | None = None, **options: Any
    ) -> None:
        """Takes only admins that decide by role; those that packages bring along decide by Django's
        per-model permissions, and would let a superuser edit groups, second factors and addresses."""
        if getattr(admin_class, "decides_by_role", False):
            super().register(model_or_iterable, admin_class, **options)

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:
        inner = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            leaving = request.path == reverse("admin:logout", current_app=self.name)
            if request.user.is_authenticated and not leaving and not self.has_permission(request):
                raise PermissionDenied(REFUSAL)
            return inner(request, *args, **kwargs)

        return update_wrapper(guarded, view)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        index = reverse("admin:index", current_app=self.name)
        if self.has_permission(request):
            return HttpResponseRedirect(index)
        if request.user.is_authenticated:
            raise PermissionDenied(REFUSAL)
        return redirect_to_login(request.GET.get("next") or index, settings.LOGIN_URL)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return HttpResponseRedirect(reverse("account_change_password"))

    def password_change_done(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return HttpResponseRedirect(reverse("admin:index", current_app=self.name))

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        found = lines()
        each = {"waiting": found, "waits": any(line.rows is not None and line.count for line in found)}
        return super().index(request, {**each, **(extra_context or {})})

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return {**super().each_context(request), "decided": last_decision(request)}
