"""The versions of an article: which there are, one of them, what differs, and telling of a new one."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from claims import policies
from claims.actions.fetching import request_article
from claims.actions.versions import record_version
from claims.models import Article
from claims.selectors import newest_version
from claimtracker.accounts.models import User
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from reviews.views.wording import safe_link

from ..article_page import get_article
from ..article_versions import comparison, get_version, tally_of, version_page, version_rows
from ..forms import ChangedTextForm
from ..pagination import page_of


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def version_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Every version; with POST, the text as it reads now comes in as the next one."""
    article = get_article(request.user, pk)
    if request.method != "POST":
        return _list_page(request, article, ChangedTextForm(initial={"title": article.title}))
    policies.can_add_article(request.user, article.desk).enforce()
    form = ChangedTextForm(request.POST)
    if form.is_valid() and form.parsed:
        try:
            recorded = record_version(
                article, form.parsed, by=cast(User, request.user), origin_note="pasted again"
            )
        except NotPermitted:
            raise
        except ActionRefused as refusal:
            form.add_error("text", refusal.reason)
        else:
            return _recorded(request, article, recorded.version.number, created=recorded.created)
    return _list_page(request, article, form, status=422)


def _recorded(request: HttpRequest, article: Article, number: int, *, created: bool) -> HttpResponse:
    saved = f"draft:article-changed-{article.pk}"
    if not created:
        messages.info(
            request, _("This says what the newest version says; nothing changed."), extra_tags=saved
        )
        return redirect("web:version_list", pk=article.pk)
    messages.success(
        request, _("Version %(n)s is in. Its claims are being compared.") % {"n": number}, extra_tags=saved
    )
    return redirect("web:article_detail", pk=article.pk)


def _list_page(
    request: HttpRequest, article: Article, form: ChangedTextForm, *, status: int = 200
) -> HttpResponse:
    newest = newest_version(article)
    page = page_of(version_rows(article), request.GET)
    context = {
        "article": article,
        "page": page,
        "rows": [(version, tally_of(version)) for version in page.rows],
        "newest": newest,
        "numbers": range(newest.number, 0, -1),
        "before": max(newest.number - 1, 1),
        "form": form,
        "can_add": policies.can_add_article(request.user, article.desk),
        "original_url": safe_link(article.url),
    }
    return render(request, "web/version_list.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def version_fetch(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the article's page fetched once more."""
    article = get_article(request.user, pk)
    if request.method != "POST":
        return redirect("web:version_list", pk=pk)
    if not safe_link(article.url):
        messages.error(request, _("This article has no address. Paste its text instead."))
        return redirect("web:version_list", pk=pk)
    fetch = request_article(article.url, by=cast(User, request.user), desk=article.desk, article=article)
    return redirect("claims:fetch_detail", fetch.pk)


@login_required
@require_safe
@never_cache
def version_detail(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    article = get_article(request.user, pk)
    version = get_version(article, number)
    context = {
        "article": article,
        "newest": newest_version(article),
        "page": version_page(version, request.user),
    }
    return render(request, "web/version_detail.html", context)


@login_required
@require_safe
@never_cache
def version_compare(request: HttpRequest, pk: int) -> HttpResponse:
    """Between ``from`` and ``to``, in whichever order; the last two when left out."""
    article = get_article(request.user, pk)
    newest = newest_version(article)
    after = _number(request.GET.get("to", ""), newest.number)
    before = _number(request.GET.get("from", ""), max(after - 1, 1))
    older, newer = (get_version(article, number) for number in sorted((before, after)))
    context = {
        "article": article,
        "newest": newest,
        "numbers": range(newest.number, 0, -1),
        "page": comparison(older, newer, request.user),
    }
    return render(request, "web/version_compare.html", context)


def _number(asked: str, otherwise: int) -> int:
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 9 else otherwise
