"""Addresses without a slash at the end are the canonical ones; with one they answer all the same."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path

from .base import PartnerView
from .views import articles, claimants, claims, corrections, keys, publications, ratings, versions

app_name = "api-v1"


def both(route: str, view: type[PartnerView], name: str) -> list[URLPattern]:
    answer: Any = view.as_view()
    return [path(route, answer, name=name), path(f"{route}/", answer)]


urlpatterns = [
    *both("articles", articles.ArticleListView, "articles"),
    *both("articles/<uuid:id>", articles.ArticleView, "article"),
    *both("articles/<uuid:id>/annotations", articles.AnnotationsView, "annotations"),
    *both("articles/<uuid:id>/versions", versions.VersionListView, "versions"),
    *both("articles/<uuid:id>/versions/<int:number>", versions.VersionView, "version"),
    *both("claimants", claimants.ClaimantListView, "claimants"),
    *both("claimants/<slug:id>", claimants.ClaimantView, "claimant"),
    *both("claims", claims.ClaimListView, "claims"),
    *both("claims/<uuid:id>", claims.ClaimView, "claim"),
    *both("claims/<uuid:id>/appearances", claims.ClaimAppearancesView, "appearances"),
    *both("corrections", corrections.CorrectionListView, "corrections"),
    *both("publications", publications.PublicationListView, "publications"),
    *both("publications/<uuid:id>", publications.PublicationView, "publication"),
    *both("publications/<uuid:id>/claim-review", publications.ClaimReviewView, "claim-review"),
    *both("rating-scales", ratings.RatingScaleListView, "rating-scales"),
    *both("rating-scales/<slug:id>", ratings.RatingScaleView, "rating-scale"),
    *both("key", keys.KeyView, "key"),
    *both("key/rotation", keys.KeyRotationView, "key-rotation"),
    *both("usage", keys.UsageView, "usage"),
]
