"""The desk queue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from claimtracker.accounts.models import Desk
from claimtracker.kernel.errors import ActionRefused

from ..actions.assignment import take_task
from ..forms.queue import BulkForm, SavedViewForm
from ..models import ReviewTask, Topic
from ..models.conflict import declared_by
from ..models.review_task import TaskKind
from ..policies.availability import availabilities
from ..policies.conflicts import prime_conflicts
from ..queue_query import Parsed, Term, drop_unknown, parse, write
from ..selectors.queue import (
    COUNT_UP_TO,
    NEWS_UP_TO,
    SHOWS,
    QueueFilter,
    newer_than,
    queue_counts,
    queue_desks,
    queue_page,
    typed_query,
)
from ..selectors.queue_terms import narrowing
from ..selectors.saved_views import views_of
from .access import person, signed_in, status_of
from .bulk import bulk_context
from .queue_rows import Tab, row_of
from .queue_words import GUIDE, chips_of, hints, mend_of, suggested
from .saved_views import lines_of, shareable

STOP_ASKING = 286  # htmx ends its polling: nobody is signed in any more
ASKED = ("show", "q", "desk", "kind", "after")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def queue(request: HttpRequest) -> HttpResponse:
    """The queue; a POST takes the task it names and goes on to its claim, or shows why that cannot be."""
    if request.method != "POST":
        return queue_list(request)
    task = get_object_or_404(
        ReviewTask.objects.visible_to(request.user), pk=number(request.POST.get("task", ""))
    )
    try:
        take_task(task, by=person(request))
    except ActionRefused as refusal:
        messages.error(request, refusal.reason)
        return queue_list(request, status=status_of(refusal))
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


@require_safe
def news(request: HttpRequest) -> HttpResponse:
    """Asked now and then by an open page: how many tasks its list has that it does not show. Nothing, or a
    link; new rows never push away what somebody reads."""
    if not request.user.is_authenticated:
        return HttpResponse(status=STOP_ASKING)
    user, asked = person(request), request.GET.dict()
    parsed = _parsed(asked, queue_desks(user), list(Topic.objects.only("slug")))
    chosen = QueueFilter.from_query(asked, parsed.terms)
    since = number(asked.get("since", ""))
    count = newer_than(user, chosen, since) if since else 0
    link = f"{reverse('reviews:queue')}{address(chosen)}"
    context = {"count": count, "is_more": count >= NEWS_UP_TO, "url": link}
    return render(request, "reviews/_queue_news.html", context)


def queue_list(
    request: HttpRequest, *, status: int = 200, sent: BulkForm | None = None, picked: Sequence[int] = ()
) -> HttpResponse:
    """The page for what the address asks for; ``sent`` is a refused form with the tasks that were
    ``picked``."""
    user, asked = person(request), request.GET.dict()
    views = views_of(user)
    if not any(name in asked for name in ASKED):
        begin = next((view for view in views if view.is_default), None)  # type: ignore[attr-defined] # annotated
        asked |= {"show": begin.show, "q": begin.query} if begin else {}
    desks, topics = queue_desks(user), list(Topic.objects.only("name", "slug"))
    parsed = _parsed(asked, desks, topics)
    chosen = QueueFilter.from_query(asked, parsed.terms)
    room = availabilities([user])[user.pk]
    declared = declared_by(user)
    narrow = narrowing(user, chosen.terms)
    page = queue_page(user, chosen, declared=declared, narrow=narrow)
    counts = queue_counts(user, chosen, declared=declared, narrow=narrow)
    prime_conflicts(user, [task.claim for task in page.tasks], declared=declared)
    typed = typed_query(asked)
    kept = typed if parsed.problems else ""
    context = {
        "rows": [row_of(task, user, room) for task in page.tasks],
        "tabs": _tabs(chosen, counts, kept),
        "chosen": chosen,
        "has_open": counts["all"] > 0,
        "can_pull": counts["takeable"] > 0,
        "summary": _summary(counts, len(desks), chosen),
        "here": address(chosen, after=request.GET.get("after", ""), typed=kept),
        "next_url": address(chosen, after=page.next_cursor, typed=kept) if page.next_cursor else "",
        "first_url": address(chosen, typed=kept) if chosen.after else "",
        "all_url": address(QueueFilter(show="all")),
        "since": counts["newest"] or 0,
        "count": 0,
        "list_url": address(chosen),
        "views": lines_of(user, views, (chosen.show, write(chosen.terms))),
        "view_form": SavedViewForm(desks=shareable(user, desks)),
        **_query_context(parsed, chosen, desks, topics, typed),
        **bulk_context(user, sent, list(picked), asked.get("done", ""), can_act=bool(page.tasks)),
    }
    return render(request, "reviews/queue.html", context, status=status)


def _parsed(asked: dict[str, str], desks: list[Desk], topics: list[Topic]) -> Parsed:
    known = {"desk": {desk.slug for desk in desks}, "topic": {topic.slug for topic in topics}}
    return drop_unknown(parse(typed_query(asked)), known)


def _query_context(
    parsed: Parsed, chosen: QueueFilter, desks: list[Desk], topics: list[Topic], typed: str
) -> dict[str, Any]:
    """The typed query, and what can be done with it by a click."""

    def link(terms: tuple[Term, ...]) -> str:
        with_unread = f"{write(terms)} {parsed.unread}".strip() if parsed.unread else ""
        return address(replace(chosen, terms=terms), typed=with_unread)

    def typed_link(text: str) -> str:
        return "?" + urlencode({"show": chosen.show, "q": text})

    return {
        "typed": typed if parsed.problems else write(chosen.terms),
        "problems": [mend_of(problem, typed, typed_link) for problem in parsed.problems],
        "chips": chips_of(chosen.terms, link),
        "groups": suggested(chosen.terms, link, desks=desks, topics=topics),
        "hints": hints(desks, topics),
        "guide": GUIDE,
        "clear_url": address(replace(chosen, terms=())),
        "everywhere_url": address(replace(chosen, show="all"), typed=typed if parsed.problems else ""),
    }


def _tabs(chosen: QueueFilter, counts: dict[str, int], typed: str) -> list[Tab]:
    """``typed`` is the query where something of it cannot be read: it goes along and is said there too."""
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
            labels[show],
            address(replace(chosen, show=show), typed=typed),
            min(counts[show], COUNT_UP_TO),
            current=chosen.show == show,
            is_more=counts[show] > COUNT_UP_TO,
        )
        for show in SHOWS
    ]


def _summary(counts: dict[str, int], desks: int, chosen: QueueFilter) -> str:
    late = ngettext("%(n)s is late.", "%(n)s are late.", counts["late"]) % {"n": _capped(counts["late"])}
    late = late if counts["late"] else _("None is late.")
    if chosen.terms:
        found = ngettext("%(n)s open task fits", "%(n)s open tasks fit", counts["all"])
        return (
            f"{found % {'n': _capped(counts['all'])}}. {late}" if counts["all"] else _("No open task fits.")
        )
    waiting = ngettext("%(n)s open task", "%(n)s open tasks", counts["all"]) % {"n": _capped(counts["all"])}
    where = ngettext("at %(n)d desk", "at %(n)d desks", desks) % {"n": desks}
    return f"{waiting} {where}. {late}"


def _capped(count: int) -> str:
    return f"{COUNT_UP_TO}+" if count > COUNT_UP_TO else str(count)


def address(chosen: QueueFilter, *, after: str = "", typed: str = "") -> str:
    """The list; ``typed`` is the query with what of it cannot be read, which goes on being said."""
    fields = {"show": chosen.show, "q": typed or write(chosen.terms), "after": after}
    return "?" + urlencode({name: value for name, value in fields.items() if value})


def number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 18 else 0
