"""The log of tries: each is written down before it goes out, and ends in exactly one outcome.

The caller holds the delivery's row, or the lease of its job.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils import timezone

from .models import Attempt, Delivery

if TYPE_CHECKING:
    from .delivery import Outcome

EXCERPT_LENGTH = 500
MOST_HEADERS = 40
HEADER_LENGTH = 300
NOT_KEPT = frozenset({"set-cookie", "set-cookie2"})  # a receiver's own secrets
INTERRUPTED = (
    "Interrupted: our worker was stopped during this try, so nobody knows whether the message arrived. "
    "It is sent again under the same webhook-id."
)


def close_interrupted(delivery_id: int) -> None:
    """End a try whose worker was lost. Only who holds the delivery's job may call this."""
    Attempt.objects.filter(delivery=delivery_id, finished_at__isnull=True).update(
        error=INTERRUPTED, finished_at=timezone.now()
    )


def begin_attempt(delivery: Delivery, *, url: str, headers: Mapping[str, str]) -> Attempt:
    return Attempt.objects.create(
        delivery=delivery, number=_next_number(delivery), url=url, request_headers=dict(headers)
    )


def end_attempt(delivery: Delivery, attempt_id: int | None, outcome: Outcome) -> None:
    """Write down what came of a try; one that was refused before it began is written whole."""
    if attempt_id is None:
        now = timezone.now()
        row = Attempt(delivery=delivery, number=_next_number(delivery), created_at=now)
    else:
        row = Attempt.objects.get(pk=attempt_id)
    row.status_code, row.error, row.seconds = outcome.status, outcome.error[:500], outcome.seconds
    row.response_headers, row.response_excerpt = dict(outcome.headers), outcome.excerpt
    row.finished_at = timezone.now()
    row.save()


def kept_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Of an answer's headers what the log keeps: not too much, and no cookies."""
    kept = [(name, value) for name, value in headers.items() if name.lower() not in NOT_KEPT]
    return {_printable(name)[:100]: _printable(value)[:HEADER_LENGTH] for name, value in kept[:MOST_HEADERS]}


def request_text(attempt: Attempt) -> str:
    """What was sent, but for the body, as it reads on the wire."""
    return f"POST {attempt.url}\n{_header_lines(attempt.request_headers)}"


def answer_text(attempt: Attempt) -> str:
    """What came back: status, headers, an empty line, and how the body begins."""
    head = f"{attempt.status_code}\n{_header_lines(attempt.response_headers)}"
    return f"{head}\n\n{attempt.response_excerpt}"


def _header_lines(headers: Mapping[str, str]) -> str:
    return "\n".join(f"{name}: {value}" for name, value in headers.items())


def excerpt_of(body: bytes) -> str:
    return _printable(body[: EXCERPT_LENGTH * 4].decode("utf-8", "replace"))[:EXCERPT_LENGTH]


def _printable(text: str) -> str:
    return text.replace("\x00", "")  # PostgreSQL stores no NUL


def _next_number(delivery: Delivery) -> int:
    last = delivery.attempts.order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1
