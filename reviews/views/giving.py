"""Giving a task to somebody, and the receiver's answer."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from claimtracker.accounts.models import Membership, User
from claimtracker.kernel.decisions import Decision
from claimtracker.kernel.errors import ActionRefused

from .. import states
from ..actions.assignment import take_next
from ..actions.deadline_moves import move_deadline
from ..actions.handover import accept_handover, decline_handover, give_task
from ..forms.people import DeadlineForm, DeclineForm, GiveForm
from ..models import ReviewTask
from ..policies.assignment import can_be_given, can_give_task, can_move_deadline
from ..policies.availability import availabilities, lacks
from ..policies.conflicts import prime_people
from ..selectors.assignment import as_each_sees_it, members_of
from . import wording
from .access import person, signed_in, status_of
from .queue import taken_message
from .workspace import attempt


@dataclass(frozen=True, slots=True)
class Candidate:
    """One person of the desk. ``decision`` is about whether at all; ``lacks`` what speaks against it."""

    person: User
    role: str
    load: str
    decision: Decision
    lacks: str
    chosen: bool
    held: int


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest, pk: int) -> HttpResponse:
    """The people of the desk, each with their load and what speaks against them; a POST gives the task."""
    task = _task(request, pk)
    by = person(request)
    allowed = can_give_task(by, task)
    if not allowed and request.method != "POST":
        raise PermissionDenied(allowed.reason)
    members = members_of(task)
    form = GiveForm(request.POST or None, people=[row.user_id for row in members])
    if request.method != "POST":
        return _page(request, task, members, form)
    if not form.is_valid():
        form.mark_invalid()
        return _page(request, task, members, form, status=422)
    try:
        give_task(task, by=by, **form.cleaned_data)
    except ActionRefused as refusal:
        form.refuse(refusal)
        return _page(request, task, members, form, status=status_of(refusal))
    messages.success(request, _("%(name)s has the task now.") % {"name": form.cleaned_data["to"]})
    return redirect("reviews:claim_detail", pk=task.claim_id)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    task = _task(request, pk)
    if request.method != "POST":  # the address of a refused form, opened again
        return redirect("reviews:claim_detail", pk=task.claim_id)
    by = person(request)
    return attempt(
        request, task.claim_id, lambda: accept_handover(task, by=by), done=_("Accepted. The task is yours.")
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    task, form = _task(request, pk), DeclineForm(request.POST)
    if request.method != "POST":
        return redirect("reviews:claim_detail", pk=task.claim_id)
    return attempt(
        request,
        task.claim_id,
        lambda: decline_handover(task, by=person(request), reason=form.cleaned_data["reason"]),
        done=_("Declined. The task is back in the queue, and whoever gave it to you is told why."),
        form=form,
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def deadline(request: HttpRequest, pk: int) -> HttpResponse:
    """A lead moves the deadline, with a reason."""
    task, by, status = _task(request, pk), person(request), 200
    allowed = can_move_deadline(by, task)
    if not allowed and request.method != "POST":
        raise PermissionDenied(allowed.reason)
    form = DeadlineForm(request.POST or None, initial={"due_at": timezone.localtime(task.due_at)})
    if request.method == "POST" and form.is_valid():
        try:
            moved = move_deadline(task, by=by, **form.cleaned_data)
        except ActionRefused as refusal:
            form.refuse(refusal)
            status = status_of(refusal)
        else:
            due = wording.due_label(moved.due_at)
            messages.success(request, _("The deadline is moved: %(due)s.") % {"due": due.text})
            return redirect("reviews:claim_detail", pk=task.claim_id)
    elif request.method == "POST":
        form.mark_invalid()
        status = 422
    context = {
        "task": task,
        "title": wording.title_of(task.claim),
        "form": form,
        "due": wording.due_label(task.due_at),
        "zone": timezone.get_current_timezone_name(),
    }
    return render(request, "reviews/assignment/deadline.html", context, status=status)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def pull(request: HttpRequest) -> HttpResponse:
    """Take the most urgent task that the person may take."""
    if request.method != "POST":
        return redirect("reviews:queue")
    try:
        task = take_next(by=person(request))
    except ActionRefused as refusal:
        messages.error(request, refusal.reason)
        return redirect("reviews:queue")
    messages.success(request, taken_message(task))
    return redirect("reviews:claim_detail", pk=task.claim_id)


def _page(
    request: HttpRequest, task: ReviewTask, members: list[Membership], form: GiveForm, *, status: int = 200
) -> HttpResponse:
    candidates = _candidates(task, members, str(form["to"].value() or ""))
    context = {
        "task": task,
        "title": wording.title_of(task.claim),
        "form": form,
        "candidates": candidates,
        "is_taken": task.state == states.TAKEN,
        "is_mine": task.assignee_id == person(request).pk,
        "due": wording.due_label(task.due_at),
    }
    return render(request, "reviews/assignment/give.html", context, status=status)


def _candidates(task: ReviewTask, members: list[Membership], chosen: str) -> list[Candidate]:
    """Who fits best stands first: nothing against them, and the fewest tasks in hand."""
    people = [row.user for row in members]
    known = availabilities(people)
    conflicts = prime_people(task.claim, people)
    seen = as_each_sees_it(task, people)
    found = []
    for row in members:
        room, held = known[row.user_id], known[row.user_id][task.desk_id].in_hand
        missing = lacks(row.user, task, room)
        found.append(
            Candidate(
                person=row.user,
                role=row.get_role_display(),
                load=_load(held, row.capacity),
                decision=can_be_given(seen[row.user_id], row.user, conflict=conflicts.get(row.user_id)),
                lacks=" · ".join(missing),
                chosen=chosen == str(row.user_id),
                held=held,
            )
        )
    return sorted(found, key=lambda one: (not one.decision, bool(one.lacks), one.held, one.person.name))


def _load(held: int, capacity: int | None) -> str:
    if capacity is None:
        return _("%(n)d in hand") % {"n": held}
    return _("%(n)d of %(most)d in hand") % {"n": held, "most": capacity}


def _task(request: HttpRequest, pk: int) -> ReviewTask:
    tasks = ReviewTask.objects.visible_to(request.user)
    return get_object_or_404(tasks.select_related("claim__route", "desk", "assignee"), pk=pk)
