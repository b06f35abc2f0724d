"""Every error of the API as problem+json (RFC 9457), with the mend in its words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import structlog
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.signals import got_request_exception
from django.db import connections
from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import exceptions, status

from claims.models import RestrictedClaim
from claims.sources import UnreadableArticle
from claimtracker.kernel import problems as kernel_problems
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from claimtracker.kernel.problems import sayable
from claimtracker.ledger.context import current_request_id
from claimtracker.partners.answering_once import AnotherRequest, StillRunning
from reviews.selectors.withheld import sentence_of, status_of

from .in_turn import Busy
from .mends import for_programs
from .preconditions import PreconditionFailed

log = structlog.get_logger(__name__)

# nobody reads the rest of such a body: the connection is of no use for another request
CLOSING = {"Connection": "close"}
CONTENT_TYPE = kernel_problems.CONTENT_TYPE


class BodyTooLarge(exceptions.APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"


class LengthRequired(exceptions.APIException):
    status_code = status.HTTP_411_LENGTH_REQUIRED
    default_detail = "Send the body's length in the Content-Length header; chunked bodies are not read."
    default_code = "length_required"


class NoSuchAddress(exceptions.NotFound):
    """Nothing is served there for anybody, unlike a row that one partner may not see."""

    default_detail = "There is no such address. The addresses of the API are listed at /api/docs/reference/."


class NoSuchId(NoSuchAddress):
    """The address would be one, were it not for ``part``, which stands where an id should."""

    def __init__(self, part: str, example: str) -> None:
        super().__init__(
            f"“{part[:100]}” is no id, so nothing is there. Ids look like {example}; take them from our "
            "answers as they are."
        )


class Retracted(exceptions.APIException):
    """A check that we took back describes no finding."""

    status_code = status.HTTP_410_GONE
    default_detail = (
        "This check was retracted, so it has no ClaimReview. Read the publication for the reason."
    )
    default_code = "retracted"


class Superseded(exceptions.APIException):
    """A version of a check that a newer one replaced; ``link`` leads to what is asked for of that."""

    status_code = status.HTTP_410_GONE
    default_code = "superseded"

    def __init__(self, newest: UUID, link: str) -> None:
        super().__init__(
            "A newer version of this check is public, so this one has no ClaimReview any more. Read "
            f"publications/{newest}/claim-review."
        )
        self.link = link


class NotShown(exceptions.APIException):
    """A check that is hidden (410) or taken down (451): no version of it is read at present."""

    def __init__(self, restricted: RestrictedClaim) -> None:
        super().__init__(sentence_of(restricted), code=restricted.kind)
        self.status_code = status_of(restricted)


class CursorExpired(exceptions.APIException):
    """What came next is no longer kept, so going on from there would leave out events unseen."""

    status_code = status.HTTP_410_GONE
    default_detail = (
        "What came after this cursor is no longer kept. Read the publications as a whole, then begin anew "
        "without after."
    )
    default_code = "cursor_expired"


class BadParameter(exceptions.APIException):
    """A query parameter that cannot be read; ``parameter`` is its name."""

    status_code = status.HTTP_400_BAD_REQUEST
    default_code = "invalid"

    def __init__(self, parameter: str, detail: str) -> None:
        super().__init__(detail)
        self.parameter = parameter


class BadHeader(exceptions.APIException):
    """A header that is missing or cannot be read; ``header`` is its name."""

    status_code = status.HTTP_400_BAD_REQUEST
    default_code = "invalid"

    def __init__(self, header: str, detail: str, *, code: str = "invalid") -> None:
        super().__init__(detail)
        self.header, self.code = header, code


def problem(
    status_code: int,
    detail: str,
    *,
    code: str,
    errors: list[dict[str, str]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JsonResponse:
    """The response. ``errors`` names each input to mend: {"detail", "code", "pointer" or "parameter"}."""
    return kernel_problems.problem(
        status_code,
        detail,
        code=code,
        errors=errors or (),
        headers=headers,
        request_id=current_request_id(),
    )


def problem_response(error: Exception, context: dict[str, Any]) -> JsonResponse:
    """DRF's EXCEPTION_HANDLER: whatever a view raised, as a problem. The unforeseen is logged and a 500."""
    _undo_transactions()
    if isinstance(error, ActionRefused):
        return _refusal(error)
    if isinstance(error, UnreadableArticle):
        return _invalid([_field_error(error.field, for_programs(error.message), error.code)])
    if isinstance(error, exceptions.ValidationError):
        return _invalid(list(_flatten(error.get_full_details(), "#")))
    if isinstance(error, BadParameter):
        detail = str(error.detail)
        return problem(
            400,
            detail,
            code="invalid",
            errors=[{"detail": detail, "code": "invalid", "parameter": error.parameter}],
        )
    if isinstance(error, BadHeader):
        detail = str(error.detail)
        named = {"detail": detail, "code": error.code, "header": error.header}
        return problem(400, detail, code="invalid", errors=[named])
    if isinstance(error, Http404):
        return problem(404, "There is nothing at this address that your key may see.", code="not_found")
    if isinstance(error, PermissionDenied):
        return problem(403, "Your key may not do this.", code="permission_denied")
    if isinstance(error, RequestDataTooBig):
        detail = "The body is too large. Send a shorter text."
        return problem(413, detail, code="too_large", headers=CLOSING)
    if isinstance(error, SuspiciousOperation):
        return problem(400, "The request cannot be read. Check its headers.", code="malformed")
    if isinstance(error, exceptions.APIException):
        return _api_exception(error, context)
    return _unforeseen(error, context["request"]._request)


def _refusal(error: ActionRefused) -> JsonResponse:
    if isinstance(error, AnotherRequest):
        return problem(422, error.reason, code=error.code)
    if isinstance(error, StillRunning):
        return problem(409, error.reason, code=error.code, headers={"Retry-After": "1"})
    if isinstance(error, NotPermitted):
        return problem(403, error.reason, code=error.code)
    errors = [_field_error(error.field, error.reason, error.code)] if error.field else None
    if error.field and not error.code.startswith("duplicate"):
        return _invalid(errors or [])
    return problem(409, error.reason, code=error.code, errors=errors)


def _api_exception(error: exceptions.APIException, context: dict[str, Any]) -> JsonResponse:
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    detail = str(error.detail)
    match error:
        case exceptions.NotAuthenticated():
            detail = "Send your API key in the header “Authorization: Bearer ct_…”."
        case exceptions.MethodNotAllowed():
            allowed = ", ".join(context["view"].allowed_methods)
            detail = f"{context['request'].method} is not possible here. Use {allowed}."
            headers["Allow"] = allowed
        case exceptions.NotAcceptable():
            offered = ", ".join(renderer.media_type for renderer in context["view"].renderer_classes)
            detail = f"Answers come as {offered}. Send that in the Accept header."
        case exceptions.UnsupportedMediaType():
            detail = "Send the body as JSON, with the header “Content-Type: application/json”."
        case BodyTooLarge():
            headers |= CLOSING
        case PreconditionFailed():
            headers["ETag"] = error.etag
        case Superseded():
            headers["Link"] = error.link
        case Busy():
            headers["Retry-After"] = str(error.wait)
        case exceptions.Throttled():
            wait = max(1, int(getattr(error, "wait", None) or 1))
            headers["Retry-After"] = str(wait)
            detail = (
                f"You have used up your requests for now: RateLimit says which limit. Try again in {wait} "
                "seconds."
            )
    return problem(error.status_code, detail, code=_code_of(error), headers=headers)


def problem_of_item(error: exceptions.ValidationError) -> dict[str, Any]:
    """What is wrong with one of many things that came in together, as it is kept with it."""
    found = _flatten(error.get_full_details(), "#")
    errors = [{name: sayable(value) for name, value in one.items()} for one in found]
    return {"status": 400, "code": "invalid", "detail": _sentence(errors), "errors": errors}


def _unforeseen(error: Exception, request: HttpRequest) -> JsonResponse:
    log.error("API request failed", path=request.path, exc_info=error)
    got_request_exception.send(sender=problem_response, request=request)
    return problem(
        500,
        "Something went wrong on our side. Try again later; if it stays, tell us the request_id.",
        code="internal",
    )


def _invalid(errors: list[dict[str, str]]) -> JsonResponse:
    return problem(400, _sentence(errors), code="invalid", errors=errors)


def _sentence(errors: list[dict[str, str]]) -> str:
    count = len(errors)
    return errors[0]["detail"] if count == 1 else f"{count} inputs need mending; errors names each."


def _field_error(field: str, detail: str, code: str) -> dict[str, str]:
    return {"detail": detail, "code": code, "pointer": f"#/{_escaped(field)}"}


def _flatten(details: Any, pointer: str) -> Iterator[dict[str, str]]:
    if isinstance(details, list):
        for entry in details:
            yield from _flatten(entry, pointer)
    elif (
        isinstance(details, dict) and set(details) == {"message", "code"} and isinstance(details["code"], str)
    ):
        yield {"detail": str(details["message"]), "code": details["code"], "pointer": pointer}
    elif isinstance(details, dict):
        for name, entry in details.items():
            deeper = pointer if name == "non_field_errors" else f"{pointer}/{_escaped(str(name))}"
            yield from _flatten(entry, deeper)


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _code_of(error: exceptions.APIException) -> str:
    codes = error.get_codes()
    return codes if isinstance(codes, str) else error.default_code


def _undo_transactions() -> None:
    for connection in connections.all(initialized_only=True):
        if connection.settings_dict["ATOMIC_REQUESTS"] and connection.in_atomic_block:
            connection.set_rollback(True)
