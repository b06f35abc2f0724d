"""Answers as JSON, and as JSON under its other name."""

from __future__ import annotations

from typing import Any

import orjson
from rest_framework.renderers import JSONRenderer
from rest_framework.utils.encoders import JSONEncoder

OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS
_other: Any = JSONEncoder().default  # lazy words, decimals and whatever else Django's rows hold


class QuickJSONRenderer(JSONRenderer):
    """DRF's, written by orjson: the same content."""

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None
    ) -> bytes:
        if data is None or self.get_indent(accepted_media_type or "", renderer_context or {}):
            return bytes(super().render(data, accepted_media_type, renderer_context))
        try:
            return orjson.dumps(data, default=_other, option=OPTIONS)
        except orjson.JSONEncodeError:  # a number of more than 64 bits
            return bytes(super().render(data, accepted_media_type, renderer_context))


class LinkedDataRenderer(QuickJSONRenderer):
    media_type = "application/ld+json"
    format = "ld+json"
