"""Notices that a person has read."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from reviews.models import Notification


def mark_read(user: Any, *, notice_id: int | None = None) -> int:
    """Mark one of ``user``'s unread notices, or all when ``notice_id`` is None; never somebody else's.

    Returns how many. Not audited: it tells nothing about the work.
    """
    unread = Notification.objects.filter(user=user).unread()
    if notice_id is not None:
        unread = unread.filter(pk=notice_id)
    return unread.update(read_at=timezone.now())
