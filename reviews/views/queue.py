"""The desk queue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from claimtracker.kernel.decisions import Decision
from claimtracker.kernel.errors import ActionRefused

from .. import states
from ..actions.assignment import take_task
from ..models import ReviewTask
from ..models.conflict import declared_by
from ..models.review_task import TaskKind
from ..policies.assignment import can_take_now
from ..policies.availability import Availability, availabilities
from ..policies.conflicts import prime_conflicts
from ..selectors.queue import COUNT_UP_TO, QueueFilter, queue_counts, queue_desks, queue_page
from . import wording
from .access import person, signed_in, status_of
from .rule_words import parts_in_a_line


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the queue. ``take`` is None where taking is not the next step."""

    task: ReviewTask
    text: str
    source: str
    priority: wording.Label
    points: str
    due: wording.Label | None
    state: str
    state_label: str
    take: Decision | None
    is_mine: bool


@dataclass(frozen=True, slots=True)
class Tab:
    label: str
    url: str
    count: int
    current: bool
    is_more: bool = False


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def queue(request: HttpRequest) -> HttpResponse:
    """The queue; a POST takes the task it names and goes on to its claim, or shows why that cannot be."""
    chosen = QueueFilter.from_query(request.GET.dict())
    if request.method != "POST":
        return _page(request, chosen)
    task = get_object_or_404(
        ReviewTask.objects.visible_to(request.user), pk=_number(request.POST.get("task", ""))
    )
    try:
        take_task(task, by=person(request))
    except ActionRefused as refusal:
        messages.error(request, refusal.reason)
        return _page(request, chosen, status=status_of(refusal))
    messages.success(request, taken_message(task))
    return redirect("reviews:claim_detail", pk=task.claim_id)


def taken_message(task: ReviewTask) -> str:
    if task.kind == TaskKind.BLIND_REVIEW:
        return _("The review is yours. Rate the claim from its sources; the proposal is shown afterwards.")
    if task.kind == TaskKind.ADJUDICATION:
        return _("It is yours to decide. Read both ratings and what their reviewers say.")
    if task.kind == TaskKind.SECOND_REVIEW:
        return _("The review is yours. Read the proposal, then approve it or return it with a reason.")
    if task.kind == TaskKind.TRIAGE:
        return _("The task is yours. Say whether the claim is checked, dismissed or merged.")
    return _("The task is yours. Gather evidence, then propose a verdict.")


def _page(request: HttpRequest, chosen: QueueFilter, *, status: int = 200) -> HttpResponse:
    user = person(request)
    room = availabilities([user])[user.pk]
    declared = declared_by(user)
    page = queue_page(user, chosen, declared=declared)
    counts = queue_counts(user, chosen, declared=declared)
    desks = queue_desks(user)
    prime_conflicts(user, [task.claim for task in page.tasks], declared=declared)
    context = {
        "rows": [_row(task, user, room) for task in page.tasks],
        "tabs": _tabs(chosen, counts),
        "desks": desks,
        "kinds": TaskKind.choices,
        "chosen": chosen,
        "has_open": counts["all"] > 0,
        "can_pull": counts["takeable"] > 0,
        "summary": _summary(counts, len(desks)),
        "here": _address(chosen, after=request.GET.get("after", "")),
        "next_url": _address(chosen, after=page.next_cursor) if page.next_cursor else "",
        "first_url": _address(chosen) if chosen.after else "",
        "all_url": _address(QueueFilter(show="all")),
    }
    return render(request, "reviews/queue.html", context, status=status)


def _row(task: ReviewTask, user: Any, room: Availability) -> Row:
    awaits = bool(getattr(task, "awaits_publication", False)) and task.state == states.DONE
    state, state_label = wording.task_label(
        task, user, awaits_publication=awaits, was_returned=getattr(task, "was_returned", False)
    )
    is_mine = task.state == states.TAKEN and task.assignee_id == user.pk
    claim = task.claim
    first = next(iter(claim.appearances.all()), None)
    speaker = capfirst(claim.claimant.name) if claim.claimant else _("The reporter")
    where = {"speaker": speaker, "title": first.version.article.title} if first else None
    return Row(
        task=task,
        text=wording.title_of(claim),
        source=_("%(speaker)s, in “%(title)s”.") % where if where else "",
        priority=wording.priority_label(task.priority),
        points=parts_in_a_line(task.priority, task.priority_parts),
        due=None if task.state not in states.OPEN else wording.due_label(task.due_at, timezone.now()),
        state=state,
        state_label=state_label,
        take=None if is_mine or task.state not in states.OPEN else can_take_now(user, task, room),
        is_mine=is_mine,
    )


def _tabs(chosen: QueueFilter, counts: dict[str, int]) -> list[Tab]:
    labels = {
        "takeable": _("Can take"),
        "mine": _("Mine"),
        "second": _("Second review"),
        "publish": _("To publish"),
        "late": _("Late"),
        "all": _("All"),
    }
    return [
        Tab(
            label,
            _address(QueueFilter(show, chosen.desk, chosen.kind)),
            min(counts[show], COUNT_UP_TO),
            current=chosen.show == show,
            is_more=counts[show] > COUNT_UP_TO,
        )
        for show, label in labels.items()
    ]


def _summary(counts: dict[str, int], desks: int) -> str:
    waiting = ngettext("%(n)s open task", "%(n)s open tasks", counts["all"]) % {"n": _capped(counts["all"])}
    where = ngettext("at %(n)d desk", "at %(n)d desks", desks) % {"n": desks}
    late = ngettext("%(n)s is late.", "%(n)s are late.", counts["late"]) % {"n": _capped(counts["late"])}
    return f"{waiting} {where}. {late if counts['late'] else _('None is late.')}"


def _capped(count: int) -> str:
    return f"{COUNT_UP_TO}+" if count > COUNT_UP_TO else str(count)


def _address(chosen: QueueFilter, *, after: str = "") -> str:
    fields = {"show": chosen.show, "desk": chosen.desk, "kind": chosen.kind, "after": after}
    return "?" + urlencode({name: value for name, value in fields.items() if value})


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 18 else 0
