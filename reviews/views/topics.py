"""What claims can be about: read by everybody, written by leads."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claimtracker.kernel.errors import ActionRefused

from ..actions.topics import remove_topic, save_topic
from ..forms.routing import TopicForm
from ..models import Topic
from ..policies.routing import can_edit_rules, can_read_rules
from ..selectors.routing_pages import topics_in_use
from .access import person, signed_in, status_of


@signed_in
@require_safe
def topic_list(request: HttpRequest) -> HttpResponse:
    can_read_rules(request.user).enforce()
    return _list(request)


def _list(request: HttpRequest, *, status: int = 200) -> HttpResponse:
    context = {"topics": topics_in_use(), "can_edit": can_edit_rules(request.user)}
    return render(request, "reviews/routing/topics.html", context, status=status)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def topic_form(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    can_edit_rules(request.user).enforce()
    topic = get_object_or_404(Topic, pk=pk) if pk is not None else None
    form = TopicForm(request.POST) if request.method == "POST" else TopicForm.of(topic)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                save_topic(topic, by=person(request), **form.topic_fields())
            except ActionRefused as refusal:
                form.refuse(refusal)
                status = status_of(refusal)
            else:
                messages.success(request, _("Saved. It counts for claims that come in from now on."))
                return redirect("reviews:routing_topics")
        else:
            form.mark_invalid()
            status = 422
    return render(request, "reviews/routing/topic_form.html", {"topic": topic, "form": form}, status=status)


@signed_in
@require_POST
def topic_remove(request: HttpRequest, pk: int) -> HttpResponse:
    topic = get_object_or_404(Topic, pk=pk)
    try:
        remove_topic(topic, by=person(request))
    except ActionRefused as refusal:
        messages.error(request, refusal.reason)
        return _list(request, status=status_of(refusal))
    messages.success(request, _("Removed."))
    return redirect("reviews:routing_topics")
