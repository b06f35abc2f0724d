"""Addresses without a slash at the end are the canonical ones; with one they answer all the same."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path

from . import views

app_name = "api-v1"


def both(route: str, view: type[views.PartnerView], name: str) -> list[URLPattern]:
    answer: Any = view.as_view()
    return [path(route, answer, name=name), path(f"{route}/", answer)]


urlpatterns = [
    *both("articles", views.ArticleListView, "articles"),
    *both("articles/<uuid:id>", views.ArticleView, "article"),
    *both("articles/<uuid:id>/annotations", views.AnnotationsView, "annotations"),
    *both("claims", views.ClaimListView, "claims"),
    *both("claims/<uuid:id>", views.ClaimView, "claim"),
    *both("publications", views.PublicationListView, "publications"),
    *both("publications/<uuid:id>", views.PublicationView, "publication"),
    *both("publications/<uuid:id>/claim-review", views.ClaimReviewView, "claim-review"),
]
