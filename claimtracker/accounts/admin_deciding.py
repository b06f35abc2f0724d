"""How moderators decide in the admin: about one row or many, with a reason, and one step back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from claimtracker.kernel.errors import ActionRefused

from .decided import Decided, note_decision
from .moderation_flow import next_url
from .reasons import ReasonForm, ready_reasons
from .waiting_lines import Seen

ROWS_AT_ONCE = 500
GONE = _("Nothing was done: what you chose is no longer in this list. Somebody else may have been faster.")

Undo = Callable[[Any, Any], object]


@dataclass(frozen=True, slots=True)
class Glimpse:
    """What a moderator should have read of a row before deciding: who it is from, and how it begins."""

    about: str
    text: str


class DecidingAdmin(admin.ModelAdmin):
    """``keys`` are the letters of actions, on a row's page and in the list. ``undoes`` names, by action, what
    takes it back: called with the row and who asks. ``finals`` say of other actions why nothing does."""

    keys: ClassVar[Mapping[str, str]] = {
        "accept_selected": "a",
        "let_in_selected": "a",
        "reject_selected": "r",
        "decline_selected": "r",
        "refuse_selected": "r",
    }
    undoes: ClassVar[Mapping[str, Undo]] = {}
    finals: ClassVar[Mapping[str, Any]] = {}
    # actions that ask for a reason, for which moderators keep ready ones
    reasoned: ClassVar[Sequence[str]] = ()

    def glimpses(self, rows: Sequence[Any]) -> Mapping[Any, Glimpse]:
        """By primary key, what the page that asks for a reason shows of ``rows``. Nothing, unless a class
        says more."""
        return {}

    def buttons(self, request: HttpRequest, names: Iterable[str]) -> list[dict[str, str]]:
        """Of the actions so named, those that this person has, with their labels and keys."""
        labels = {name: action[2] for name, action in self.get_actions(request).items() if action}
        return [
            {"name": name, "label": labels[name], "key": self.keys.get(name, "")}
            for name in names
            if name in labels
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        every = self.buttons(request, self.get_actions(request))
        return super().changelist_view(request, {"bulk_actions": every, **(extra_context or {})})

    def response_action(self, request: HttpRequest, queryset: models.QuerySet[Any], *args: Any) -> Any:
        """Whoever goes through what waits comes to the next item once the decision is made."""
        response = super().response_action(request, queryset, *args)
        seen = str(Seen.read(request.POST.get("seen", "")))
        is_done = isinstance(response, HttpResponseRedirect)
        return HttpResponseRedirect(next_url(seen)) if seen and is_done else response

    def apply(
        self, request: HttpRequest, rows: Iterable[Any], act: Callable[[Any], object], *, done: Any
    ) -> None:
        """Call the action function for each row; refusals become messages. ``done`` has a %d."""
        rows = list(rows[: ROWS_AT_ONCE + 1] if isinstance(rows, models.QuerySet) else rows)
        if not self._can_be_done(request, len(rows)):
            return
        acted = []
        for row in rows:
            try:
                act(row)
                acted.append(row.pk)
            except ActionRefused as refusal:
                self.message_user(request, f"{row}: {refusal.reason}", messages.ERROR)
        if acted:
            said = done % len(acted)
            self.message_user(request, said, messages.SUCCESS)
            self._note(request, str(said), acted)

    def apply_to_one(
        self, request: HttpRequest, rows: models.QuerySet[Any], act: Callable[[Any], object], *, done: Any
    ) -> None:
        """:meth:`apply` in one transaction, for what can be true of one row only."""
        chosen = list(rows[:2])
        if len(chosen) != 1:
            self.message_user(request, _("Choose exactly one row."), messages.ERROR)
            return
        try:
            with transaction.atomic():
                act(chosen[0])
        except ActionRefused as refusal:
            self.message_user(request, f"{chosen[0]}: {refusal.reason}", messages.ERROR)
        else:
            self.message_user(request, done, messages.SUCCESS)

    def apply_with_reason(
        self,
        request: HttpRequest,
        rows: models.QuerySet[Any],
        act: Callable[[Any, str], object],
        *,
        action: str,
        title: Any,
        help_text: Any,
        done: Any,
    ) -> HttpResponse | None:
        """Ask for a reason on a page of its own, then :meth:`apply` with it."""
        ready = ready_reasons(self.model, action)
        form = ReasonForm(request.POST if "apply" in request.POST else None, ready=ready)
        form.fields["reason"].help_text = help_text
        return self.apply_with_form(
            request,
            rows,
            form,
            lambda row: act(row, form.cleaned_data["reason"]),
            action=action,
            title=title,
            done=done,
        )

    def apply_with_form(
        self,
        request: HttpRequest,
        rows: models.QuerySet[Any],
        form: forms.Form,
        act: Callable[[Any], object],
        *,
        action: str,
        title: Any,
        done: Any,
    ) -> HttpResponse | None:
        """Ask what ``form`` asks on a page of its own, then :meth:`apply`. ``form`` is bound to what was sent
        with "apply"; ``act`` reads from it."""
        if form.is_valid():
            self.apply(request, rows, act, done=done)
            return None
        chosen = list(rows[: ROWS_AT_ONCE + 1])
        if not self._can_be_done(request, len(chosen)):
            return None
        glimpses = self.glimpses(chosen)
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "rows": chosen,
            "rows_and_glimpses": [(row, glimpses.get(row.pk)) for row in chosen],
            "form": form,
            "action": action,
            "checkbox_name": ACTION_CHECKBOX_NAME,
            "seen": str(Seen.read(request.POST.get("seen", ""))),
        }
        return TemplateResponse(request, "admin/reason.html", context)

    def _can_be_done(self, request: HttpRequest, count: int) -> bool:
        """Whether there are rows, and not too many for one request; says so where not."""
        if count > ROWS_AT_ONCE:
            text = gettext("Choose at most %d rows at once; nothing was done.") % ROWS_AT_ONCE
            self.message_user(request, text, messages.ERROR)
        elif not count:
            self.message_user(request, GONE, messages.WARNING)
        return 0 < count <= ROWS_AT_ONCE

    def _note(self, request: HttpRequest, said: str, rows: list[Any]) -> None:
        action = request.POST.getlist("action")[_index(request) :][:1]
        name = action[0] if action else ""
        seen = str(Seen.read(request.POST.get("seen", "")))
        if name in self.undoes:
            note_decision(request, Decided(said, self.opts.label_lower, name, rows, seen=seen))
        else:
            note_decision(request, Decided(said, why_not=str(self.finals.get(name, "")), seen=seen))


def _index(request: HttpRequest) -> int:
    """Which of the page's actions was sent."""
    given = request.POST.get("index", "0")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 4 else 0
