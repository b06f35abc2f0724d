"""The list of articles, and one article set for reading with its claims."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_htmx.http import reswap, retarget

from claims.selectors import desks_for, newest_version, progress_of
from claimtracker.accounts.first_steps import note_look_of
from claimtracker.accounts.models import Look
from reviews.selectors.annotations import annotations_of, version_of
from reviews.views.wording import safe_link

from .. import selectors
from ..article_page import ArticlePage, article_page, get_article, newest_run
from ..forms import USUAL_REASONS, MarkClaimForm
from ..pagination import page_of


@login_required
@require_safe
def article_list(request: HttpRequest) -> HttpResponse:
    desk, reading = request.GET.get("desk", ""), request.GET.get("reading", "")
    rows = selectors.filter_articles(selectors.article_rows(request.user), desk=desk, reading=reading)
    page = page_of(rows, request.GET)
    for article in page.rows:
        article.reading = selectors.reading_state(article)
    context = {
        "page": page,
        "desks": list(desks_for(request.user)),
        "desk": desk,
        "reading": reading if reading in selectors.READING_STATES else "",
        "is_filtered": bool(desk or reading or request.GET.get("before") or request.GET.get("after")),
    }
    return render(request, "web/article_list.html", context)


@login_required
@require_safe
@never_cache
def article_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return article_response(request, pk)


def article_response(
    request: HttpRequest, pk: int, *, form: MarkClaimForm | None = None, status: int = 200
) -> HttpResponse:
    """The whole page; ``form`` is a marking form that was sent and has errors."""
    page = article_page(get_article(request.user, pk), request.user, **shown_as(request))
    note_look_of(request, Look.ARTICLE)
    return render(request, "web/article_detail.html", page_context(page, form), status=status)


def shown_as(request: HttpRequest) -> dict[str, Any]:
    """How the address asks for the page: the order of the rail, and what was passed over."""
    number = request.GET.get("passed", "")
    is_number = number.isascii() and number.isdecimal() and len(number) < 6
    return {"order": request.GET.get("order", ""), "passed": int(number) if is_number else 0}


def page_context(page: ArticlePage, form: MarkClaimForm | None = None) -> dict[str, object]:
    return {
        "page": page,
        "article": page.article,
        "original_url": safe_link(page.article.url),
        "form": form or MarkClaimForm(),
        "usual_reasons": USUAL_REASONS,
    }


@login_required
@require_safe
@never_cache
def article_annotations(request: HttpRequest, pk: int) -> HttpResponse:
    """The claims of the newest version, or of ``?version=N``, as a file for annotation tools."""
    article = get_article(request.user, pk)
    number = request.GET.get("version", "")
    is_number = number.isascii() and number.isdecimal() and len(number) < 10
    if number and not is_number:
        raise Http404
    version = version_of(article, int(number) if number else None)
    address = settings.SITE_URL + reverse("api-v1:annotations", args=[article.public_id])
    response = JsonResponse(
        annotations_of(version, address=address),
        content_type="application/ld+json",
        json_dumps_params={"indent": 2, "ensure_ascii": False},
    )
    name = f"article-{article.pk}-version-{version.number}.jsonld"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@login_required
@require_safe
@never_cache
def article_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """What a waiting page asks: nothing new (204), the changed notice, or the finished reader."""
    article = get_article(request.user, pk)
    version = newest_version(article)
    progress = progress_of("claims.extract_article", version.pk)
    if newest_run(version) is None:
        if request.GET.get("seen") == progress.state:
            return HttpResponse(status=204)
        return render(request, "web/_reading.html", {"article": article, "progress": progress})
    page = article_page(article, request.user, **shown_as(request))
    response = render(request, "web/_reader.html", page_context(page))
    return reswap(retarget(response, "#reader"), "outerHTML")
