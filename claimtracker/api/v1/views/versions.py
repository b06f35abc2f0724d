"""The texts of a partner's article, one after the other."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from claims.models import ArticleVersion

from .. import selectors
from ..base import PartnerView
from ..examples.article_reading import VERSION, VERSIONS
from ..version_serializers import VersionDetailSerializer, VersionSerializer


class VersionsOfArticle(PartnerView):
    """Both are below one of the partner's own articles: 404 for another's."""

    def versions(self, id: UUID) -> QuerySet[ArticleVersion]:
        own = selectors.articles_of(self.principal.partner).prefetch_related(None)
        return selectors.versions_of(get_object_or_404(own, public_id=id), wanted=self.wanted)


class VersionListView(VersionsOfArticle):
    is_list = True
    shape = VersionSerializer

    @extend_schema(
        operation_id="list_versions",
        summary="The versions of one of your articles, newest first",
        description="A text that came in again and said the same is no version of its own.",
        responses=VersionSerializer(many=True),
        examples=VERSIONS,
        tags=["articles"],
    )
    def get(self, request: Request, id: UUID) -> Response:
        return self.page(self.versions(id).defer("body", "blocks"))


class VersionView(VersionsOfArticle):
    shape = VersionDetailSerializer

    @extend_schema(
        operation_id="read_version",
        summary="One version of one of your articles with its text",
        description="The text as it came in; it never changes, so it can be kept.",
        parameters=[
            OpenApiParameter(
                "number",
                {"type": "integer", "minimum": 1, "maximum": 2**31 - 1},
                OpenApiParameter.PATH,
                description="The version's number, counted from 1.",
            )
        ],
        responses=VersionDetailSerializer,
        examples=VERSION,
        tags=["articles"],
    )
    def get(self, request: Request, id: UUID, number: int) -> Response:
        versions = self.versions(id).defer("blocks")
        return self.one(get_object_or_404(versions, number=min(number, 2**31 - 1)))
