"""Addresses that exist in the bench only: answers that were captured beforehand, and views by hand."""

from django.http import HttpResponse
from django.urls import path, re_path

from . import by_hand
from .bare import replayed

urlpatterns = [
    path("health/live", lambda _request: HttpResponse(b"live")),
    path("hand/claims", by_hand.claims),
    path("hand/claims/<uuid:id>", by_hand.claim),
    path("hand/articles", by_hand.create),
    path("hand/match", by_hand.match),
    re_path(r"", replayed),
]
