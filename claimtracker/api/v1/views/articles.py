"""Articles: sent, listed, read, and their claims as annotations."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from claims import states as claim_states
from claims.actions.ingest import Ingested
from claims.models import Article, ArticleFetch
from claimtracker.partners.models import Scope
from reviews.selectors.annotations import annotations_of, version_of

from .. import filters, selectors
from ..base import PartnerView
from ..conditional import etag_of
from ..examples.article_reading import ANNOTATIONS, ARTICLE, ARTICLES
from ..examples.articles import CHANGING, SUBMITTING
from ..pending import (
    FAILED,
    PENDING,
    fetches_of,
    pending_article,
    pending_article_in_full,
    pending_in_state,
)
from ..preconditions import IF_MATCH, require_match
from ..receipts import note_reviews, published_at, published_in_text
from ..renderers import LinkedDataRenderer, QuickJSONRenderer
from ..serializers import (
    ArticleDetailSerializer,
    ArticleSerializer,
    ArticleSubmissionSerializer,
    newest_version,
)
from ..submission_serializers import ArticleChangeSerializer
from ..submissions import change_article, submit_article, withdraw
from ..writing import written

FILTERS = (
    filters.choice(
        "state",
        "Whether we work on it. Articles that you sent by address are listed once they are here; those whose "
        "page is being fetched are found as `pending`, those whose page could not be fetched as `failed`.",
        (*claim_states.INTAKE.states, PENDING, FAILED),
    ),
    filters.words("external_id", "Your own id for the article.", "wire-4711", most=500),
    filters.words("url", "Its address, letter by letter.", "https://wire.example/harbour", most=2000),
    filters.language(),
    filters.updated_since(),
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
        if self.asked.get("state") in (PENDING, FAILED):
            return self._not_here_yet(self.asked["state"])
        articles = selectors.articles_of(self.principal.partner, wanted=self.wanted)
        return self.page(selectors.narrow_articles(articles, self.asked))

    def _not_here_yet(self, state: str) -> Response:
        rows = self.paginate_queryset(pending_in_state(self.principal.partner, state, self.asked)) or []
        answers = [pending_article(row) for row in rows]
        return self.get_paginated_response(
            [{name: answer[name] for name in answer if name in self.wanted} for answer in answers]
        )

    @extend_schema(
        operation_id="submit_article",
        summary="Send an article",
        description=(
            "Send the same article as often as you like: 201 the first time, 200 then. An `external_id` "
            "that is known with another text makes the article's next version: `version` counts on, its "
            "claims are looked for in the new text, and what is new in it is extracted. A text that differs "
            "in links to other stories, dates of access or kinds of quotation marks only is no new version. "
            "What you say of an article that is here already (`byline`, `url`, `published_at`, `language`) "
            "holds from then on; what you leave out stays as it was.\n\n"
            "Until we trust your organisation an article is `held` until a moderator accepts it, and so is "
            "what you send of it later: the answer is 202, the article stays as it was, and `held_update` "
            "says what waits. Under the `external_id` of an article that they rejected another text is a "
            "409.\n\n"
            "With `url` alone the page is fetched from there: the answer is 202 and the article `pending` "
            "until it came; read it at its `Location`. `external_id` is the address then, unless you give "
            "one. Of an article that is here already its page is looked at again."
        ),
        request=ArticleSubmissionSerializer,
        responses={
            201: OpenApiResponse(ArticleSerializer, "Taken in."),
            200: OpenApiResponse(
                ArticleSerializer, "The article was here already; another text is its newest version."
            ),
            202: OpenApiResponse(
                ArticleSerializer, "Its page is being fetched, or what is new waits for a moderator."
            ),
        },
        examples=SUBMITTING,
        tags=["articles"],
    )
    def post(self, request: Request) -> Response:
        submission = ArticleSubmissionSerializer(data=request.data)
        submission.is_valid(raise_exception=True)
        taken = submit_article(submission.validated_data, by=self.principal)
        if taken.article is None:
            return self._answer(pending_article(taken), taken.public_id, status=202)
        if isinstance(taken, Ingested) and taken.version is not None:
            article = selectors.just_stored(taken.article, taken.version)
        else:
            article = selectors.articles_of(self.principal.partner).get(pk=taken.article.pk)
        status = 202 if isinstance(taken, ArticleFetch) or taken.waits else 201 if taken.created else 200
        return self._answer(written(ArticleSerializer, article), article.public_id, status=status)

    def _answer(self, content: Any, id: UUID, *, status: int) -> Response:
        address = self.request.build_absolute_uri(reverse("api-v1:article", kwargs={"id": id}))
        return Response(content, status=status, headers={"Location": address})


class ArticleView(PartnerView):
    http_method_names = ["get", "patch", "delete", "head"]
    scopes = {"PATCH": Scope.SUBMIT, "DELETE": Scope.SUBMIT}
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
        partner = self.principal.partner
        articles = selectors.articles_in_full(partner, wanted=self.wanted)
        article = articles.filter(public_id=id).first()
        if article is None:
            fetch = get_object_or_404(fetches_of(partner), public_id=id)
            if fetch.article_id is None:
                pending = pending_article_in_full(fetch)
                return Response({name: pending[name] for name in pending if name in self.wanted})
            article = articles.get(pk=fetch.article_id)
        if "claims" in self.wanted:
            note_reviews(partner, published_at(newest_version(article).appearances.all()))
        return self.one(article)

    @extend_schema(
        operation_id="change_article",
        summary="Give one of your articles another text, title or description",
        description=(
            "Send only what changes. `body` or `html`, and another `title`, make its next version, in which "
            "its claims are looked for; the rest is changed in place. `If-Match` takes the `ETag` with which "
            "you read the article (without `fields`), so that a change of somebody else is not lost: 412 "
            "says that there was one, 428 that the header is missing. `*` changes it whatever it is now. "
            "Until we trust your organisation, what changes of an article that a moderator accepted waits "
            "for one: 202, with `held_update`; what you sent before and leave out now waits with it. An "
            "article that they rejected does not change any more: 409."
        ),
        parameters=[IF_MATCH],
        request=ArticleChangeSerializer,
        responses={
            200: OpenApiResponse(ArticleDetailSerializer, "As it is now, with its new ETag."),
            202: OpenApiResponse(ArticleDetailSerializer, "As it was: what is new waits for a moderator."),
        },
        examples=CHANGING,
        tags=["articles"],
    )
    def patch(self, request: Request, id: UUID) -> Response:
        change = ArticleChangeSerializer(data=request.data)
        change.is_valid(raise_exception=True)
        rows = selectors.articles_in_full(self.principal.partner)
        with transaction.atomic():
            held = selectors.articles_of(self.principal.partner).prefetch_related(None)
            article = get_object_or_404(held.select_for_update(no_key=True), public_id=id)
            require_match(request, self._etag(rows.get(pk=article.pk)))
            waits = change_article(article, change.validated_data, by=self.principal).waits
            changed = rows.get(pk=article.pk)
            note_reviews(self.principal.partner, published_at(newest_version(changed).appearances.all()))
        answer, status = written(ArticleDetailSerializer, changed), 202 if waits else 200
        return Response(answer, status=status, headers={"ETag": self._etag(changed)})

    @extend_schema(
        operation_id="withdraw_article",
        summary="Take back one of your articles",
        description=(
            "Nobody works on it from then on, and the claims that only it makes are withdrawn. It can still "
            "be read, as `withdrawn`: what came in is kept. Safe to repeat. Its `external_id` stays taken, "
            "and what you send under it is a 409.\n\n"
            "Where people of the newsroom chose, took or checked one of its claims, it is a 409 (`in_work`): "
            "send what is right as the article's next version, or write to the newsroom."
        ),
        responses={204: OpenApiResponse(description="Withdrawn.")},
        tags=["articles"],
    )
    def delete(self, request: Request, id: UUID) -> Response:
        withdraw(self.principal.partner, id, by=self.principal)
        return Response(status=204)

    def _etag(self, article: Article) -> str:
        """With which a GET answers."""
        return etag_of(QuickJSONRenderer().render(written(ArticleDetailSerializer, article)))


class AnnotationsView(PartnerView):
    filters = (
        filters.whole("version", "Which version of the text; the newest unless told.", "2", most=2**31 - 1),
    )
    renderer_classes = [LinkedDataRenderer, QuickJSONRenderer]

    @extend_schema(
        operation_id="read_annotations",
        summary="The claims of one of your articles as W3C Web Annotations",
        description=(
            "An `AnnotationCollection` with one `AnnotationPage`. Each target has a `TextQuoteSelector` and "
            "a `TextPositionSelector` into the `body` of the version that `state` names. Claims that were "
            "dismissed are left out. A claim is assessed where a verdict on these very words is public."
        ),
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
        version = version_of(article, self.asked.get("version"))
        note_reviews(self.principal.partner, published_in_text(version))
        address = settings.SITE_URL + reverse("api-v1:annotations", kwargs={"id": article.public_id})
        return Response(annotations_of(version, address=address))
