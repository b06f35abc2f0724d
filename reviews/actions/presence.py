"""Somebody has a claim's page open."""

from __future__ import annotations

from django.db import connection

from claims.models import Claim
from claimtracker.accounts.models import User

from ..models import Presence

_SAY = (
    "INSERT INTO reviews_presence (claim_id, user_id, is_writing, seen_at) VALUES (%s, %s, %s, now()) "
    "ON CONFLICT (claim_id, user_id) DO UPDATE SET is_writing = EXCLUDED.is_writing, seen_at = now()"
)


def say_here(claim: Claim, *, by: User, is_writing: bool) -> list[Presence]:
    """Note that ``by`` has the page open; returns who else has, by name. Neither audited nor told: it is over
    in a minute, and forgotten after an hour."""
    with connection.cursor() as cursor:
        cursor.execute(_SAY, [claim.pk, by.pk, is_writing])
    others = Presence.objects.now().filter(claim=claim).exclude(user=by)
    return list(others.select_related("user").order_by("user__name", "user_id"))
