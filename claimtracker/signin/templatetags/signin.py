"""What templates ask about how a person gets in."""

from __future__ import annotations

from typing import Any

from django import template

from ..second_factor import Lack, lack_of, must_have_one

register = template.Library()


@register.simple_tag(takes_context=True)
def second_factor_needed(context: template.Context) -> dict[str, bool]:
    """``always``: the role asks for a second factor; ``now``: it is missing and nothing else opens."""
    user: Any = context["request"].user
    return {"always": must_have_one(user), "now": lack_of(user) is Lack.FACTOR}
