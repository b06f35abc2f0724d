"""Texts that are looked at and not kept."""

from __future__ import annotations

from claimtracker.partners.models import Scope

from . import Endpoint

SENTENCE = "The harbour handled 4 million containers last year, the port authority said on Monday."

ENDPOINTS = [
    Endpoint("api-v1:extract", "POST", Scope.SUBMIT, body={"text": SENTENCE}),
    Endpoint("api-v1:match", "POST", Scope.READ, body={"text": SENTENCE}),
]
