"""A bare Django view: the product's key check and throttle, then bytes that were captured beforehand."""

from __future__ import annotations

import json
import os
from base64 import b64decode
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from claimtracker.api.v1.base import PartnerView
from claimtracker.api.v1.throttles import ADMISSION

from . import CAPTURED


def for_partners(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Exactly what ours asks of a key: the classes of the product, without DRF around them."""

    @csrf_exempt
    @wraps(view)
    def guarded(request: Any, **parts: Any) -> HttpResponse:
        for authentication in PartnerView.authentication_classes:
            known = authentication().authenticate(request)
            if known is None:
                return JsonResponse({"detail": "no key"}, status=401)
            request.user, request.auth = known
        for throttle in PartnerView.throttle_classes:
            if not throttle().allow_request(request, None):
                return JsonResponse({"detail": "too often"}, status=429)
        response = view(request, **parts)
        if (admission := getattr(request, ADMISSION, None)) is not None:
            for name, value in admission.headers().items():
                response[name] = value
        # what Django's CommonMiddleware does; else gunicorn would send chunks
        response["Content-Length"] = str(len(response.content))
        return response

    return guarded


@cache
def captured() -> dict[str, tuple[int, str, bytes]]:
    stored = json.loads(Path(os.environ[CAPTURED]).read_text(encoding="utf-8"))
    return {name: (status, kind, b64decode(body)) for name, (status, kind, body) in stored.items()}


@for_partners
def replayed(request: HttpRequest) -> HttpResponse:
    """The very bytes that ours answered with. A body that was sent is read, as ours reads it."""
    _sent = request.body
    status, kind, body = captured()[f"{request.method} {request.get_full_path()}"]
    return HttpResponse(body, content_type=kind, status=status)
