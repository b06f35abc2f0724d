"""The documentation: a guide for partners, and the reference, Swagger UI from our own server with its script
apart, so that the CSP holds."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import conditional_page, require_safe
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.request import Request
from rest_framework.response import Response

from .guide.contents import LANGUAGES, SECTIONS, facts


@require_safe
@conditional_page
def guide(request: HttpRequest) -> HttpResponse:
    context = {"sections": SECTIONS, "languages": LANGUAGES, "site_url": settings.SITE_URL, **facts()}
    response = render(request, "api/guide/page.html", context)
    response["Cache-Control"] = "public, no-cache"
    return response


class SchemaView(SpectacularAPIView):
    """The same for everybody, and made once in a process: that takes seconds, and nobody needs a key to ask.
    Nothing of the address gets into it, nor into the name of the file."""

    throttle_classes = []

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        name = f'inline; filename="{self._get_filename(request, None)}"'
        return Response(_schema(), headers={"Content-Disposition": name})


@cache
def _schema() -> Any:
    generator = SchemaView.generator_class(urlconf=None, api_version=None, patterns=None)
    return generator.get_schema(request=None, public=True)


class ReferenceView(SpectacularSwaggerSplitView):
    url_name = "api-schema"
    template_name = "api/docs.html"
    throttle_classes = []
