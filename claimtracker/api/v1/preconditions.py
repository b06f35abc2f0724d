"""If-Match: whoever changes something says which state of it they have seen."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter
from rest_framework import exceptions, status
from rest_framework.request import Request

from .conditional import names

HEADER = "If-Match"
IF_MATCH = OpenApiParameter(
    HEADER,
    {"type": "string"},
    OpenApiParameter.HEADER,
    required=True,
    description="The ETag with which you read it, or * to change it whatever it is now.",
)


class PreconditionRequired(exceptions.APIException):
    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_code = "precondition_required"
    default_detail = (
        "Send If-Match with the ETag of what you have read, so that nobody's change is lost; * changes it "
        "whatever it is now."
    )


class PreconditionFailed(exceptions.APIException):
    """``etag`` is the present one."""

    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_code = "precondition_failed"
    default_detail = (
        "This was changed since you read it. Read it again, and send your change with the ETag that you get."
    )

    def __init__(self, etag: str) -> None:
        super().__init__()
        self.etag = etag


def require_match(request: Request, etag: str) -> None:
    """Raise PreconditionRequired without If-Match, PreconditionFailed where it names no state that is
    ``etag``'s. The caller holds the lock of what it is about. An ETag that was made weak on its way to the
    client, by compression, counts as the strong one that it was."""
    sent = request.headers.get(HEADER, "").strip()
    if not sent:
        raise PreconditionRequired()
    if not names(sent, etag):
        raise PreconditionFailed(etag)
