"""Addresses without a slash at the end are the canonical ones; with one they answer all the same."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path, register_converter

from .base import PartnerView
from .views import (
    articles,
    bulk,
    claimants,
    claims,
    corrections,
    deliveries,
    events,
    keys,
    publications,
    ratings,
    receipts,
    requests,
    texts,
    versions,
    webhooks,
)

app_name = "api-v1"


class MessageId:
    """A webhook-id of ours."""

    regex = "msg_[0-9a-f]{32}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(MessageId, "message")


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
    *both("publications/<uuid:id>/acknowledgement", receipts.AcknowledgementView, "acknowledgement"),
    *both("receipts", receipts.ReceiptListView, "receipts"),
    *both("events", events.EventListView, "events"),
    *both("event-types", webhooks.EventTypeListView, "event-types"),
    *both("webhook-endpoints", webhooks.EndpointListView, "webhook-endpoints"),
    *both("webhook-endpoints/<uuid:id>", webhooks.EndpointView, "webhook-endpoint"),
    *both("webhook-endpoints/<uuid:id>/rotations", webhooks.RotationView, "webhook-rotations"),
    *both("webhook-endpoints/<uuid:id>/tests", webhooks.TestView, "webhook-tests"),
    *both("webhook-endpoints/<uuid:id>/replays", deliveries.ReplaysView, "webhook-replays"),
    *both("webhook-endpoints/<uuid:id>/deliveries", deliveries.DeliveryListView, "deliveries"),
    *both("deliveries/<message:id>", deliveries.DeliveryView, "delivery"),
    *both("deliveries/<message:id>/replay", deliveries.ReplayView, "delivery-replay"),
    *both("rating-scales", ratings.RatingScaleListView, "rating-scales"),
    *both("rating-scales/<slug:id>", ratings.RatingScaleView, "rating-scale"),
    *both("key", keys.KeyView, "key"),
    *both("key/rotation", keys.KeyRotationView, "key-rotation"),
    *both("usage", keys.UsageView, "usage"),
]
