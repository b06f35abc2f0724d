"""Addresses without a slash at the end are the canonical ones; with one they answer all the same."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path

from .base import PartnerView
from .views import articles, claims, keys, publications

app_name = "api-v1"


def both(route: str, view: type[PartnerView], name: str) -> list[URLPattern]:
    answer: Any = view.as_view()
    return [path(route, answer, name=name), path(f"{route}/", answer)]


urlpatterns = [
    *both("articles", articles.ArticleListView, "articles"),
    *both("articles/<uuid:id>", articles.ArticleView, "article"),
    *both("articles/<uuid:id>/annotations", articles.AnnotationsView, "annotations"),
    *both("claims", claims.ClaimListView, "claims"),
    *both("claims/<uuid:id>", claims.ClaimView, "claim"),
    *both("publications", publications.PublicationListView, "publications"),
    *both("publications/<uuid:id>", publications.PublicationView, "publication"),
    *both("publications/<uuid:id>/claim-review", publications.ClaimReviewView, "claim-review"),
    *both("key", keys.KeyView, "key"),
    *both("key/rotation", keys.KeyRotationView, "key-rotation"),
    *both("usage", keys.UsageView, "usage"),
]
