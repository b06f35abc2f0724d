"""From one waiting item to the next, over all lines of the moderators' home; and one decision back."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from claimtracker.kernel.errors import ActionRefused

from .decided import take_decision
from .moderation import moderation_page
from .waiting_lines import Seen, line_of, lines, next_item


def step_of(request: HttpRequest) -> dict[str, Any]:
    """For the page of an item that was opened by "next": its line, and how far one has come."""
    seen = Seen.read(request.GET.get("seen", ""))
    line = line_of(seen.newest)
    return {"step": {"line": line, "seen": str(seen)}} if line else {}


def next_url(seen: str) -> str:
    return f"{reverse('admin:next')}?{urlencode({'seen': seen})}"


@moderation_page("next/", name="next")
@require_GET
def open_next(request: HttpRequest) -> HttpResponseBase:
    """Lead to what waits next, or home where everything was opened."""
    seen = Seen.read(request.GET.get("seen", ""))
    waiting = [line for line in lines() if line.rows is not None]
    if item := next_item(waiting, seen):
        came = seen.plus(item.line.key, item.row.pk)
        return HttpResponseRedirect(f"{item.url}?{urlencode({'seen': str(came)})}")
    left = sum(line.count for line in waiting)
    if left:
        text = ngettext(
            "You have seen everything. %d item that you skipped still waits.",
            "You have seen everything. %d items that you skipped still wait.",
            left,
        )
        messages.info(request, text % left)
    else:
        messages.success(request, _("Nothing waits any more."))
    return HttpResponseRedirect(reverse("admin:index"))


@moderation_page("undo/", name="undo")
@require_POST
def undo(request: HttpRequest) -> HttpResponseBase:
    """Undo the last decision, through the action function that does so; refusals are said."""
    decided = take_decision(request)
    if decided is None:
        messages.warning(request, _("There is nothing to undo any more."))
        return HttpResponseRedirect(reverse("admin:index"))
    model = apps.get_model(decided.model)
    of_model: Any = admin.site._registry[model]
    act = of_model.undoes[decided.action]
    undone = 0
    for row in of_model.get_queryset(request).filter(pk__in=decided.rows):
        try:
            act(row, request.user)
            undone += 1
        except ActionRefused as refusal:
            messages.error(request, f"{row}: {refusal.reason}")
    if undone:
        messages.success(request, ngettext("%d decision undone.", "%d decisions undone.", undone) % undone)
    return HttpResponseRedirect(_back_to(model, decided.rows, decided.seen))


def _back_to(model: Any, rows: list[int], seen: str) -> str:
    """The item itself, where one was as one decided; else the list."""
    address = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    if len(rows) > 1:
        return reverse(f"{address}_changelist")
    page = reverse(f"{address}_change", args=rows)
    return f"{page}?{urlencode({'seen': seen})}" if seen else page
