"""What templates ask about how a person gets in."""

from __future__ import annotations

from typing import Any

from django import template

from ..second_factor import Lack, lack_of, must_have_one
from ..single_sign_on import provider_name

register = template.Library()


@register.simple_tag(takes_context=True)
def second_factor_needed(context: template.Context) -> dict[str, bool]:
    """``always``: the role asks for a second factor; ``now``: it is missing and nothing else opens."""
    user: Any = context["request"].user
    return {"always": must_have_one(user), "now": lack_of(user) is Lack.FACTOR}


@register.simple_tag
def identity_provider() -> str:
    """What the newsroom's own is called; empty where there is none."""
    return provider_name()
