"""The header Idempotency-Key: a repeated request gets the answer of the first and changes nothing."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from claimtracker.partners import answering_once
from claimtracker.partners.answering_once import AskedOnce, Held
from claimtracker.partners.models import KeptAnswer

from .problems import BadHeader

if TYPE_CHECKING:
    from .base import PartnerView

HEADER = "Idempotency-Key"
METHODS = ("POST", "PATCH")
LONGEST = 255
# RFC 8941: a string in quotation marks, or, leniently, the same without them
QUOTED = re.compile(r'"((?:[ !#-\[\]-~]|\\["\\])+)"')
BARE = re.compile(r"[!#-+\--:<-\[\]-~]+")
KEPT_HEADERS = ("Content-Type", "Location", "ETag", "Retry-After", "Link")
# these say nothing of the request itself: the key may be mended, the limit pass, the fault be repaired
NOT_KEPT = (401, 403, 429)

Handler = Callable[..., Any]


def once(view: PartnerView, handler: Handler) -> Handler:
    """``handler``, done once for each Idempotency-Key. Without the header it is the handler itself."""

    def answer(request: Request, *args: Any, **kwargs: Any) -> Any:
        idempotency_key = key_of(request)
        if idempotency_key is None:
            if view.key_is_required:
                raise BadHeader(
                    HEADER,
                    "Send an Idempotency-Key with this request: a new UUID for each new request, and the "
                    "same one when you repeat it.",
                    code="required",
                )
            return handler(request, *args, **kwargs)
        if view.keeps_nothing:
            return handler(request, *args, **kwargs)
        return _answer_once(view, handler, request, idempotency_key, *args, **kwargs)

    return answer


def key_of(request: Request) -> str | None:
    """What the header names, None without it. Raises BadHeader."""
    value = request.headers.get(HEADER)
    if value is None:
        return None
    value = value.strip()
    if quoted := QUOTED.fullmatch(value):
        value = re.sub(r'\\(["\\])', r"\1", quoted[1])
    elif not BARE.fullmatch(value):
        raise BadHeader(
            HEADER,
            f"{HEADER} must be a string of visible ASCII characters in quotation marks, like "
            '"8e03978e-40d5-43e8-bc93-6894a57f9324".',
        )
    if len(value) > LONGEST:
        raise BadHeader(
            HEADER, f"{HEADER} has too many characters: {LONGEST} are the limit.", code="max_length"
        )
    return value


def _answer_once(
    view: PartnerView, handler: Handler, request: Request, idempotency_key: str, *args: Any, **kwargs: Any
) -> HttpResponse:
    held = answering_once.reserve(_asked(view, request, idempotency_key))
    if isinstance(held, KeptAnswer):
        return _replayed(held)
    try:
        with transaction.atomic():
            answering_once.take_up(held)
            response = _rendered(view, handler, request, *args, **kwargs)
            if response.status_code >= 500 or response.status_code in NOT_KEPT:
                answering_once.give_up(held)
            else:
                _keep(held, response)
        return response
    except answering_once.StillRunning:
        raise
    except Exception:
        # the transaction itself broke: what was begun is taken back, so the next one may begin at once
        answering_once.give_up(held)
        raise


def _asked(view: PartnerView, request: Request, idempotency_key: str) -> AskedOnce:
    path = request.path.rstrip("/")
    digest = hashlib.sha256()
    for part in (
        str(request.method),
        path,
        request.headers.get("Content-Type", ""),
        request.headers.get("If-Match", ""),
    ):
        digest.update(part.encode(errors="surrogateescape") + b"\0")
    digest.update(request._request.body)
    return AskedOnce(view.principal.key, str(request.method), path[:300], idempotency_key, digest.hexdigest())


def _rendered(
    view: PartnerView, handler: Handler, request: Request, *args: Any, **kwargs: Any
) -> HttpResponse:
    """The handler's answer, ready to be kept. An error has undone what the handler had begun."""
    try:
        with transaction.atomic():
            response = handler(request, *args, **kwargs)
    except Exception as error:  # noqa: BLE001 - whatever it is, it becomes the answer, as it does without a key
        response = view.handle_exception(error)
    if isinstance(response, Response):
        view.finalize_response(request, response, *args, **kwargs).render()
    return response


def _keep(held: Held, response: HttpResponse) -> None:
    headers = {name: response[name] for name in KEPT_HEADERS if response.has_header(name)}
    answering_once.keep(held, status=response.status_code, headers=headers, body=response.content)


def _replayed(kept: KeptAnswer) -> HttpResponse:
    assert kept.status is not None, "only a row with an answer is replayed"  # noqa: S101 - reserve() says so
    return HttpResponse(
        bytes(kept.body),
        status=kept.status,
        headers={**kept.headers, "Idempotent-Replayed": "true"},
    )
