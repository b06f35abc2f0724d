"""Bringing an article in, and waiting for a page that is being fetched."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from claimtracker.accounts.models import User
from claimtracker.kernel.errors import ActionRefused, NotPermitted

from .. import selectors
from ..actions.fetching import request_article
from ..actions.ingest import ingest_article
from ..forms import FIELD_OF_WAY, NewArticleForm
from ..models import Article, ArticleFetch


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def article_new(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        chosen = {name: request.GET[name] for name in ("way", "desk", "url") if request.GET.get(name)}
        initial = {"desk": _usual_desk(request.user), **chosen}
        return _form_page(request, NewArticleForm(initial=initial, user=request.user))
    form = NewArticleForm(request.POST, request.FILES, user=request.user)
    if form.is_valid():
        try:
            return _bring_in(request, form)
        except NotPermitted:
            raise
        except ActionRefused as refusal:
            form.add_error(FIELD_OF_WAY[form.cleaned_data["way"]], refusal.reason)
    return _form_page(request, form, status=422)


def _usual_desk(user: Any) -> int | None:
    """Where the person added their last article, else the default desk, if they may still add there."""
    desks = selectors.desks_for(user)
    last = Article.objects.filter(submitted_by=user, desk__in=desks).order_by("-pk")
    usual = last.values_list("desk_id", flat=True).first()
    return usual or desks.filter(is_default=True).values_list("pk", flat=True).first()


def _form_page(request: HttpRequest, form: NewArticleForm, *, status: int = 200) -> HttpResponse:
    has_desk = selectors.desks_for(request.user).exists()
    return render(request, "claims/article_new.html", {"form": form, "has_desk": has_desk}, status=status)


def _bring_in(request: HttpRequest, form: NewArticleForm) -> HttpResponseRedirect:
    desk, user = form.cleaned_data["desk"], cast(User, request.user)
    if form.parsed is None:
        fetch = request_article(form.cleaned_data["url"], by=user, desk=desk)
        return redirect("claims:fetch_detail", fetch.pk)
    ingested = ingest_article(
        form.parsed, origin=f"desk:{desk.slug}", channel=form.cleaned_data["way"], by=user, desk=desk
    )
    if ingested.created:
        messages.success(
            request,
            _("The article is in."),
            extra_tags="draft:article-new",
        )
    else:
        messages.info(
            request,
            _("This very text is here already: you are looking at it."),
            extra_tags="draft:article-new",
        )
    return redirect("web:article_detail", ingested.article.pk)


@login_required
@require_GET
@never_cache
def fetch_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The waiting page of a fetch; htmx asks every two seconds and gets nothing while nothing changed."""
    fetch = selectors.get_fetch(request.user, pk)
    if fetch.state == ArticleFetch.State.FETCHED and fetch.article is not None:
        return _to_article(request, fetch)
    progress = selectors.progress_of("claims.fetch_article", fetch.pk)
    if fetch.state == ArticleFetch.State.WAITING and progress.state == "unknown":
        fetch.refresh_from_db()  # it ended between the two reads
        if fetch.state == ArticleFetch.State.FETCHED:
            return _to_article(request, fetch)
    seen = f"{fetch.state}-{progress.state}"
    if request.headers.get("HX-Request") and request.GET.get("seen") == seen:
        return HttpResponse(status=204)
    template = "claims/_fetch.html" if request.headers.get("HX-Request") else "claims/fetch_detail.html"
    context = {
        "fetch": fetch,
        "progress": progress,
        "seen": seen,
        "is_waiting": fetch.state == ArticleFetch.State.WAITING,
    }
    return render(request, template, context)


def _to_article(request: HttpRequest, fetch: ArticleFetch) -> HttpResponse:
    article = fetch.article
    assert article is not None, "the database lets no fetch be fetched without its article"  # noqa: S101 - invariant
    if article.versions.filter(number__gt=1, created_at__gte=fetch.created_at).exists():
        messages.success(request, _("The page has changed: this is its newest version."))
    elif article.created_at < fetch.created_at:
        messages.info(request, _("This page was brought in before and says the same."))
    address = reverse("web:article_detail", args=[article.pk])
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(address)
    return HttpResponseRedirect(address)
