"""Watched sources: the list, trying one out, and one with its items."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims import states
from claims.actions import feeds
from claims.models import Feed
from claims.policies import keeps_feeds_somewhere
from claims.selectors import desks_for
from claimtracker.accounts.models import User
from claimtracker.kernel.errors import ActionRefused, NotPermitted

from ..feed_forms import FeedForm, TryFeedForm
from ..feed_pages import (
    SHOWN,
    TABS,
    desks_kept_by,
    feeds_of,
    get_feed,
    get_item,
    health_of,
    item_health,
    items_of,
    may_keep,
    sampled_entries,
    tabs_of,
)
from ..pagination import page_of


@login_required
@require_safe
def feed_list(request: HttpRequest) -> HttpResponse:
    desk, show = request.GET.get("desk", ""), request.GET.get("show", "")
    show = show if show in SHOWN else SHOWN[0]
    page = page_of(feeds_of(request.user, desk=desk, show=show), request.GET)
    context = {
        "page": page,
        "rows": [(feed, health_of(feed)) for feed in page.rows],
        "desks": list(desks_for(request.user)),
        "desk": desk,
        "show": show,
        "is_filtered": bool(
            desk or show != SHOWN[0] or request.GET.get("before") or request.GET.get("after")
        ),
        "may_add": keeps_feeds_somewhere(request.user),
    }
    return render(request, "web/feed_list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def feed_new(request: HttpRequest) -> HttpResponse:
    if not keeps_feeds_somewhere(request.user):
        raise PermissionDenied(_("Only leads of a desk and moderators keep watched sources."))
    if request.method != "POST":
        chosen = {name: request.GET[name] for name in ("url", "desk") if request.GET.get(name)}
        first = desks_kept_by(request.user).values_list("pk", flat=True).first()
        form = TryFeedForm(initial={"desk": first, **chosen}, user=request.user)
        return render(request, "web/feed_new.html", {"form": form})
    form = TryFeedForm(request.POST, user=request.user)
    if form.is_valid():
        try:
            feed = feeds.try_feed(
                form.cleaned_data["url"], by=_person(request), desk=form.cleaned_data["desk"]
            )
            return redirect("web:feed_detail", feed.pk)
        except NotPermitted:
            raise
        except ActionRefused as refusal:
            form.add_error("url", refusal.reason)
    return render(request, "web/feed_new.html", {"form": form}, status=422)


@login_required
@require_safe
@never_cache
def feed_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One source. While a trial waits htmx asks every two seconds, and gets nothing while nothing changed."""
    feed = get_feed(request.user, pk)
    is_waiting = feed.state == states.ON_TRIAL and feed.next_visit_at is not None
    if request.headers.get("HX-Request"):
        if is_waiting:
            return HttpResponse(status=204)
        return render(request, "web/_feed_trial.html", _context(request, feed))
    return _page(request, feed)


@login_required
@require_POST
def feed_watch(request: HttpRequest, pk: int) -> HttpResponse:
    return _save(request, pk, feeds.watch_feed, _("It is watched: its articles come in from now on."))


@login_required
@require_POST
def feed_change(request: HttpRequest, pk: int) -> HttpResponse:
    return _save(request, pk, feeds.change_feed, _("Saved."))


@login_required
@require_POST
def feed_pause(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, feeds.pause_feed, _("It is paused: nothing of it is asked for."))


@login_required
@require_POST
def feed_resume(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, feeds.resume_feed, _("It is watched again."))


@login_required
@require_POST
def feed_again(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, feeds.try_again, _("It is asked as soon as its site may be asked."))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def feed_end(request: HttpRequest, pk: int) -> HttpResponse:
    """What stays and what stops, before watching ends for good."""
    if request.method == "POST":
        return _act(request, pk, feeds.end_watching, _("Watching has ended. Its articles stay."))
    feed = get_feed(request.user, pk)
    can_keep = may_keep(request.user, feed)
    if not can_keep:
        raise PermissionDenied(can_keep.reason)
    if feed.state not in {states.WATCHED, states.PAUSED}:
        return redirect("web:feed_detail", feed.pk)
    counts = {tab: count for tab, _label, count in tabs_of(feed)}
    context = {"feed": feed, "came_in": counts[states.INGESTED], "waiting": counts[states.WAITING]}
    return render(request, "web/feed_end.html", context)


@login_required
@require_POST
def feed_drop(request: HttpRequest, pk: int) -> HttpResponse:
    feed = get_feed(request.user, pk)
    try:
        feeds.drop_trial(feed, by=_person(request))
    except ActionRefused as refusal:
        return _refused(request, refusal, feed.pk)
    messages.success(request, _("The trial is removed."))
    return redirect("web:feed_list")


@login_required
@require_POST
def item_fetch(request: HttpRequest, pk: int) -> HttpResponse:
    item = get_item(request.user, pk)
    try:
        feeds.fetch_item(item, by=_person(request))
    except ActionRefused as refusal:
        return _refused(request, refusal, item.feed_id)
    messages.success(request, _("The page is asked for as soon as its site may be asked."))
    return redirect("web:feed_detail", item.feed_id)


def _save(request: HttpRequest, pk: int, action: Callable[..., Feed], done: str) -> HttpResponse:
    feed = get_feed(request.user, pk)
    form = FeedForm.of(feed, request.POST)
    if not form.is_valid():
        return _page(request, feed, form=form, status=422)
    try:
        action(feed, by=_person(request), **form.cleaned_data)
    except ActionRefused as refusal:
        return _refused(request, refusal, feed.pk)
    messages.success(request, done)
    return redirect("web:feed_detail", feed.pk)


def _act(request: HttpRequest, pk: int, action: Callable[..., Feed], done: str) -> HttpResponse:
    feed = get_feed(request.user, pk)
    try:
        action(feed, by=_person(request))
    except ActionRefused as refusal:
        return _refused(request, refusal, feed.pk)
    if feed.state != states.ON_TRIAL:
        messages.success(request, done)
    return redirect("web:feed_detail", feed.pk)


def _refused(request: HttpRequest, refusal: ActionRefused, pk: int) -> HttpResponse:
    if isinstance(refusal, NotPermitted):
        raise PermissionDenied(refusal.reason)
    messages.error(request, refusal.reason)
    return redirect("web:feed_detail", pk)


def _page(
    request: HttpRequest, feed: Feed, *, form: FeedForm | None = None, status: int = 200
) -> HttpResponse:
    return render(request, "web/feed_detail.html", _context(request, feed, form), status=status)


def _context(request: HttpRequest, feed: Feed, form: FeedForm | None = None) -> dict[str, Any]:
    context: dict[str, Any] = {
        "feed": feed,
        "health": health_of(feed),
        "form": form or FeedForm.of(feed),
        "can_keep": may_keep(request.user, feed),
    }
    if feed.state == states.ON_TRIAL:
        return {
            **context,
            "is_waiting": feed.next_visit_at is not None,
            "sample": feed.sample,
            "entries": sampled_entries(feed),
        }
    tab = request.GET.get("show", "")
    tab = tab if tab in TABS else TABS[0]
    page = page_of(items_of(feed, tab), request.GET)
    return {
        **context,
        "page": page,
        "tab": tab,
        "tabs": tabs_of(feed),
        "items": [(item, item_health(item)) for item in page.rows],
    }


def _person(request: HttpRequest) -> User:
    return cast(User, request.user)
