"""Articles: sent, listed, read, and their claims as annotations."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from claims import states as claim_states
from claimtracker.partners.models import Scope
from reviews.selectors.annotations import annotations_of, version_of

from .. import filters, selectors
from ..base import PartnerView
from ..examples.article_reading import ANNOTATIONS, ARTICLE, ARTICLES
from ..parameters import positive
from ..receipts import note_reviews, published_at
from ..renderers import LinkedDataRenderer, QuickJSONRenderer
from ..serializers import (
    ArticleDetailSerializer,
    ArticleSerializer,
    ArticleSubmissionSerializer,
    newest_version,
)
from ..submissions import submit_article
from ..writing import written

FILTERS = (
    filters.choice("state", "Whether we work on it.", claim_states.INTAKE.states),
    filters.words("external_id", "Your own id for the article.", "wire-4711", most=500),
    filters.words("url", "Its address, letter by letter.", "https://wire.example/harbour", most=2000),
    filters.language(),
    filters.moment(
        "updated_since",
        "Whose `updated_at` is this moment or later. Ask from a minute before your last request: what is "
        "being written while you ask bears a moment that is over.",
    ),
)


class ArticleListView(PartnerView):
    is_list = True
    shape = ArticleSerializer
    filters = FILTERS
    scopes = {"POST": Scope.SUBMIT}

    @extend_schema(
        operation_id="list_articles",
        summary="Your articles, newest first",
        description=(
            "Without their texts and claims: read one article for these. Filters can be combined; each "
            "narrows the list further."
        ),
        responses=ArticleSerializer(many=True),
        examples=ARTICLES,
        tags=["articles"],
    )
    def get(self, request: Request) -> Response:
        articles = selectors.articles_of(self.principal.partner, wanted=self.wanted)
        return self.page(selectors.narrow_articles(articles, self.asked))

    @extend_schema(
        operation_id="submit_article",
        summary="Send an article",
        description=(
            "Send the same article as often as you like: 201 the first time, 200 then. An `external_id` "
            "that is known with another text makes the article's next version: `version` counts on, its "
            "claims are looked for in the new text, and what is new in it is extracted. A text that differs "
            "in links to other stories, dates of access or kinds of quotation marks only is no new version. "
            "Until we trust your organisation an article is `held` until a moderator accepts it; what they "
            "decided about does not change any more, and another text under its `external_id` is a 409."
        ),
        request=ArticleSubmissionSerializer,
        responses={
            201: OpenApiResponse(ArticleSerializer, "Taken in."),
            200: OpenApiResponse(
                ArticleSerializer, "The article was here already; another text is its newest version."
            ),
        },
        tags=["articles"],
    )
    def post(self, request: Request) -> Response:
        submission = ArticleSubmissionSerializer(data=request.data)
        submission.is_valid(raise_exception=True)
        ingested = submit_article(submission.validated_data, by=self.principal)
        article = selectors.articles_of(self.principal.partner).get(pk=ingested.article.pk)
        address = reverse("api-v1:article", kwargs={"id": article.public_id})
        return Response(
            written(ArticleSerializer, article),
            status=201 if ingested.created else 200,
            headers={"Location": request.build_absolute_uri(address)},
        )


class ArticleView(PartnerView):
    shape = ArticleDetailSerializer

    @extend_schema(
        operation_id="read_article",
        summary="One of your articles with its text and claims",
        description=(
            "Its newest version: `start` and `end` of the claims count code points of `body`. The versions "
            "before have addresses of their own."
        ),
        responses=ArticleDetailSerializer,
        examples=ARTICLE,
        tags=["articles"],
    )
    def get(self, request: Request, id: UUID) -> Response:
        articles = selectors.articles_in_full(self.principal.partner, wanted=self.wanted)
        article = get_object_or_404(articles, public_id=id)
        if "claims" in self.wanted:
            note_reviews(self.principal.partner, published_at(newest_version(article).appearances.all()))
        return self.one(article)


class AnnotationsView(PartnerView):
    parameters = ("version",)
    renderer_classes = [LinkedDataRenderer, QuickJSONRenderer]

    @extend_schema(
        operation_id="read_annotations",
        summary="The claims of one of your articles as W3C Web Annotations",
        description=(
            "An `AnnotationCollection` with one `AnnotationPage`. Each target has a `TextQuoteSelector` and "
            "a `TextPositionSelector` into the `body` of the version that `state` names. Claims that were "
            "dismissed are left out. A claim is assessed where a verdict on these very words is public."
        ),
        parameters=[
            OpenApiParameter(
                "version",
                {"type": "integer", "minimum": 1, "maximum": 2**31 - 1},
                description="Which version of the text; the newest unless told.",
            )
        ],
        responses={
            (200, "application/ld+json"): OpenApiTypes.OBJECT,
            (200, "application/json"): OpenApiTypes.OBJECT,
        },
        examples=ANNOTATIONS,
        tags=["articles"],
    )
    def get(self, request: Request, id: UUID) -> Response:
        own = selectors.articles_of(self.principal.partner).prefetch_related(None)
        article = get_object_or_404(own, public_id=id)
        version = version_of(article, positive(request, "version"))
        address = settings.SITE_URL + reverse("api-v1:annotations", kwargs={"id": article.public_id})
        return Response(annotations_of(version, address=address))
