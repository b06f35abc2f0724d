"""Addresses without a slash at the end are the canonical ones; with one they answer all the same."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path

from .base import PartnerView
from .views import articles, bulk, claims, publications, requests, texts

app_name = "api-v1"


def both(route: str, view: type[PartnerView], name: str) -> list[URLPattern]:
    answer: Any = view.as_view()
    return [path(route, answer, name=name), path(f"{route}/", answer)]


urlpatterns = [
    *both("articles", articles.ArticleListView, "articles"),
    *both("articles/bulk", bulk.BulkView, "articles-bulk"),
    *both("articles/<uuid:id>", articles.ArticleView, "article"),
    *both("articles/<uuid:id>/annotations", articles.AnnotationsView, "annotations"),
    *both("jobs", bulk.JobListView, "jobs"),
    *both("jobs/<uuid:id>", bulk.JobView, "job"),
    *both("claims/extract", texts.ExtractView, "extract"),
    *both("requests", requests.RequestListView, "requests"),
    *both("requests/<uuid:id>", requests.RequestView, "request"),
    *both("requests/<uuid:id>/votes", requests.VotesView, "request-votes"),
    *both("match", texts.MatchView, "match"),
    *both("claims", claims.ClaimListView, "claims"),
    *both("claims/<uuid:id>", claims.ClaimView, "claim"),
    *both("publications", publications.PublicationListView, "publications"),
    *both("publications/<uuid:id>", publications.PublicationView, "publication"),
    *both("publications/<uuid:id>/claim-review", publications.ClaimReviewView, "claim-review"),
]
