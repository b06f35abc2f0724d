"""What the database holds of a JSON column: its outermost shape."""

from __future__ import annotations

from django.db.models import CharField, F, Func, Value
from django.db.models.lookups import Exact


def is_json(field: str, shape: str) -> Exact:
    """The condition that ``field`` is an ``array`` or an ``object``, for a check constraint."""
    return Exact(Func(F(field), function="jsonb_typeof", output_field=CharField()), Value(shape))
