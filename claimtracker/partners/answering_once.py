"""A request with an Idempotency-Key has one effect and one answer, however often it is sent.

    held = reserve(request)                   # committed before the work begins
    with transaction.atomic():
        take_up(held)                         # locks the row until the work is committed
        ...                                   # the work
        keep(held, status=201, headers={...}, body=b"...")

Killed anywhere, PostgreSQL takes the work back with the lock, and the next one who asks does it anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claimtracker.kernel.errors import ActionRefused

from .models import ApiKey, KeptAnswer

# From the reservation to the lock is a moment. A process that is killed in it costs the partner this wait.
BRIDGE = timedelta(seconds=5)
BATCH = 1000


@dataclass(frozen=True, slots=True)
class AskedOnce:
    """A request: whose key, to which address, under which name, and a digest of all that it says."""

    api_key: ApiKey
    method: str
    path: str
    idempotency_key: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Held:
    """The right to do the work of one request, while ``fence`` is the row's."""

    pk: int
    fence: int


class StillRunning(ActionRefused):
    """The first of two equal requests is under way."""

    def __init__(self) -> None:
        super().__init__(
            _("The first request with this Idempotency-Key is still being worked on. Ask again in a second."),
            code="idempotency_key_in_use",
        )


class AnotherRequest(ActionRefused):
    """The key was used for something else."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This Idempotency-Key was sent before with another request. Send a new key with what is new, "
                "and the same key only with exactly the same request."
            ),
            code="idempotency_key_reused",
        )


def reserve(asked: AskedOnce) -> Held | KeptAnswer:
    """The right to do the work, committed; or the answer, where there is one.

    Raises StillRunning, and AnotherRequest where the key stands for a request that says something else. A row
    that is as old as the purge takes counts as gone. Must not be called inside a transaction of the caller's.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO partners_keptanswer (api_key_id, method, path, idempotency_key, fingerprint, fence,
                                             reserved_at, reserved_until, headers, body)
            VALUES (%s, %s, %s, %s, %s, 1, clock_timestamp(),
                    clock_timestamp() + make_interval(secs => %s), '{}', '')
            ON CONFLICT (api_key_id, method, path, idempotency_key) DO NOTHING
            RETURNING id
            """,
            [
                asked.api_key.pk,
                asked.method,
                asked.path,
                asked.idempotency_key,
                asked.fingerprint,
                BRIDGE.total_seconds(),
            ],
        )
        row = cursor.fetchone()
        return Held(row[0], 1) if row else _reserve_again(asked)


def _reserve_again(asked: AskedOnce) -> Held | KeptAnswer:
    rows = KeptAnswer.objects.filter(
        api_key=asked.api_key,
        method=asked.method,
        path=asked.path,
        idempotency_key=asked.idempotency_key,
    )
    seen = rows.first()
    if seen is None:  # it was purged or given up at this moment
        raise StillRunning()
    if _is_to_be_done(seen, asked):
        # whoever works holds the lock; who was faster in taking over has raised the fence
        mine = rows.select_for_update(skip_locked=True).filter(fence=seen.fence, status=seen.status).first()
        if mine is None:
            raise StillRunning()
        return _taken_over(mine, asked)
    return seen


def _is_to_be_done(row: KeptAnswer, asked: AskedOnce) -> bool:
    """False where the row holds the answer. Raises StillRunning and AnotherRequest."""
    now = timezone.now()
    if row.reserved_at < now - kept_for():
        return True
    if row.fingerprint != asked.fingerprint:
        raise AnotherRequest()
    if row.status is not None:
        return False
    if row.reserved_until > now:
        raise StillRunning()
    return True


def _taken_over(row: KeptAnswer, asked: AskedOnce) -> Held:
    now = timezone.now()
    row.fence += 1
    row.fingerprint, row.status, row.headers, row.body = asked.fingerprint, None, {}, b""
    row.reserved_at, row.reserved_until = now, now + BRIDGE
    row.save()
    return Held(row.pk, row.fence)


def take_up(held: Held) -> None:
    """Lock the row until the caller's transaction ends. Raises StillRunning when somebody else has it."""
    rows = KeptAnswer.objects.select_for_update(skip_locked=True)
    if not rows.filter(pk=held.pk, fence=held.fence, status=None).exists():
        raise StillRunning()


def keep(held: Held, *, status: int, headers: Mapping[str, str], body: bytes) -> None:
    """Write the answer, in the transaction of the work. The caller has taken the row up."""
    KeptAnswer.objects.filter(pk=held.pk).update(status=status, headers=dict(headers), body=body)


def give_up(held: Held) -> None:
    """Forget the reservation: the next one who asks begins anew. Nothing, once somebody else holds it."""
    KeptAnswer.objects.filter(pk=held.pk, fence=held.fence, status=None).delete()


def kept_for() -> timedelta:
    return timedelta(hours=settings.IDEMPOTENCY_HOURS)


def forget_answers() -> int:
    """Delete what is older than ``IDEMPOTENCY_HOURS``, but what is worked on. Returns how many rows went.
    Safe to run twice and side by side."""
    gone = 0
    while True:
        with transaction.atomic():
            old = KeptAnswer.objects.filter(reserved_at__lt=timezone.now() - kept_for())
            batch = list(
                old.order_by("reserved_at")
                .select_for_update(skip_locked=True)
                .values_list("pk", flat=True)[:BATCH]
            )
            KeptAnswer.objects.filter(pk__in=batch).delete()
        gone += len(batch)
        if len(batch) < BATCH:
            return gone
