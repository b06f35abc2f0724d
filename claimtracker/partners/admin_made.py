"""Rows that an action function makes together with a secret, which is shown once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.debug import sensitive_variables

from claimtracker.accounts.admin_base import ModerationAdmin
from claimtracker.accounts.moderation import may_moderate
from claimtracker.kernel.errors import ActionRefused


class MadeByAction(ModerationAdmin):
    """The add page asks for what an action function needs, and shows the secret that it made, once."""

    add_form: type[forms.Form]
    title: Any
    secret_title: Any
    secret_help: Any

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_moderate(request.user)

    def make(self, request: HttpRequest, facts: dict[str, Any]) -> tuple[Any, str]:
        """The new row and its secret in plain text. Raises ActionRefused."""
        raise NotImplementedError

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = self.add_form(request.POST or None, initial={"partner": request.GET.get("partner")})
        return self.ask_and_make(request, form, self.title, self.make, extra_context)

    @sensitive_variables("secret")
    def ask_and_make(
        self,
        request: HttpRequest,
        form: forms.Form,
        title: Any,
        make: Callable[[HttpRequest, dict[str, Any]], tuple[Any, str]],
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The page with ``form``, until ``make`` takes what it says; then the page with the secret."""
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "form": form,
            "media": form.media,
            **(extra_context or {}),
        }
        if form.is_valid():
            try:
                row, secret = make(request, form.cleaned_data)
            except ActionRefused as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, refusal.reason)
            else:
                context |= {
                    "row": row,
                    "secret": secret,
                    "title": self.secret_title,
                    "help": self.secret_help,
                }
                response = TemplateResponse(request, "admin/secret_once.html", context)
                response.headers["Cache-Control"] = "no-store"
                return response
        return TemplateResponse(request, "admin/make.html", context, status=422 if form.errors else 200)
