"""Taking a task and giving it back, from the claim's page or from anywhere."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ..actions.assignment import release_task, take_task
from ..models import ReviewTask
from .access import person, signed_in
from .queue import taken_message
from .workspace import attempt


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: HttpRequest, pk: int) -> HttpResponse:
    task = _task(request, pk)
    if request.method != "POST":  # the address of a refused form, opened again
        return redirect("reviews:claim_detail", pk=task.claim_id)
    by = person(request)
    return attempt(request, task.claim_id, lambda: take_task(task, by=by), done=taken_message(task))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    task = _task(request, pk)
    if request.method != "POST":
        return redirect("reviews:claim_detail", pk=task.claim_id)
    return attempt(
        request,
        task.claim_id,
        lambda: release_task(task, by=person(request)),
        done=_("The task is back in the queue; what was gathered stays."),
    )


def _task(request: HttpRequest, pk: int) -> ReviewTask:
    return get_object_or_404(ReviewTask.objects.visible_to(request.user), pk=pk)
