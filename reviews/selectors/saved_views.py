"""The views above the queue."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef

from ..models import DefaultView, SavedView


def views_of(user: Any) -> list[SavedView]:
    """Those that this person sees, their own first, then those of their desks. ``is_default`` says which one
    the queue begins with; one of a desk that the person has left is none any more."""
    own = DefaultView.objects.filter(user=user.pk, view=OuterRef("pk"))
    found = SavedView.objects.visible_to(user).select_related("desk").annotate(is_default=Exists(own))
    return sorted(found, key=lambda view: (view.desk.name if view.desk else "", view.name.lower()))
