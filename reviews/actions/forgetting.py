"""What is kept for a while only, and goes by itself."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from ..models import BulkChange, Presence
from .page_looks import forget_over

BULK_CHANGES_FOR = timedelta(days=30)


def forget_passing() -> None:
    """Delete who had which claim open an hour ago, pages that were looked at a day ago, and what was done to
    many tasks at once a month ago. Safe to run twice; what the single actions did stands in the audit."""
    forget_over()
    Presence.objects.over().delete()
    BulkChange.objects.filter(created_at__lt=timezone.now() - BULK_CHANGES_FOR).delete()
