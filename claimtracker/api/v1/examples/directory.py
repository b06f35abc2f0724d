"""Claimants and rating scales."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample

CLAIMANT: dict[str, Any] = {
    "id": "ann-lee-3f2a1b",
    "name": "Ann Lee",
    "url": "https://claims.example/claimants/ann-lee-3f2a1b/",
    "checks": 3,
    "retracted": 0,
    "first_published_at": "2026-03-02T10:00:00Z",
    "last_published_at": "2026-11-20T11:15:00Z",
    "ratings": [
        {"slug": "true", "label": "True", "count": 1},
        {"slug": "mostly-false", "label": "Mostly false", "count": 2},
    ],
}
SCALE: dict[str, Any] = {
    "id": "truth",
    "name": "Truth",
    "is_default": True,
    "best": 5,
    "worst": 1,
    "ratings": [
        {
            "slug": "true",
            "label": "True",
            "meaning": "graded",
            "value": 5,
            "description": "The claim holds in what matters.",
        },
        {
            "slug": "mostly-false",
            "label": "Mostly false",
            "meaning": "graded",
            "value": 2,
            "description": "A grain of it holds.",
        },
        {
            "slug": "unproven",
            "label": "Unproven",
            "meaning": "no_evidence",
            "value": None,
            "description": "There is no evidence either way.",
        },
    ],
}
CLAIMANTS = [OpenApiExample("A claimant with three checks", value=CLAIMANT, response_only=True)]
SCALES = [OpenApiExample("The scale of the newsroom", value=SCALE, response_only=True)]
