"""Icons as inline SVG. Each is drawn once: a page has twenty or so, from the same few."""

from __future__ import annotations

from functools import lru_cache

import heroicons
from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    return _drawn(str(name))


@lru_cache(maxsize=256)
def _drawn(name: str) -> SafeString:
    return mark_safe(heroicons._render_icon("mini", name, 18, {"class": "icon"}))  # noqa: S308 - the package's own
