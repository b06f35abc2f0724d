"""The documentation: a guide for partners, and the reference, Swagger UI from our own server with its script
apart, so that the CSP holds."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import conditional_page, require_safe
from drf_spectacular.views import SpectacularSwaggerSplitView

from .guide.contents import LANGUAGES, SECTIONS, facts


@require_safe
@conditional_page
def guide(request: HttpRequest) -> HttpResponse:
    context = {"sections": SECTIONS, "languages": LANGUAGES, "site_url": settings.SITE_URL, **facts()}
    response = render(request, "api/guide/page.html", context)
    response["Cache-Control"] = "public, no-cache"
    return response


class ReferenceView(SpectacularSwaggerSplitView):
    url_name = "api-schema"
    template_name = "api/docs.html"
    throttle_classes = []
