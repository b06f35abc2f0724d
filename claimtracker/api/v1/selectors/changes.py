"""What changed since: a row itself, or what an answer shows beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

RECENT = timedelta(days=3)


def changed_since(rows: QuerySet[Any], since: datetime, beside: Sequence[QuerySet[Any, Any]]) -> Q:
    """Those of ``rows`` that changed from ``since`` on, and those whose ids are in one of ``beside``.

    Two ways of asking the same. Of a short time few rows changed: their ids are read from the indexes, and
    nothing else is. Of a long time nearly all did: the newest rows are walked, and a page is full soon.
    """
    changed = rows.filter(changed_at__gte=since).order_by().values("pk")
    first, *others = beside
    if since > timezone.now() - RECENT:
        return Q(pk__in=changed.union(first, *others))
    return Q(changed_at__gte=since) | Q(pk__in=first.union(*others))
