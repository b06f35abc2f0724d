"""Reading request bodies: JSON only, in UTF-8, no larger than the limit."""

from __future__ import annotations

import json
from typing import IO, Any, NoReturn

from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from .problems import BodyTooLarge

MOST_BODY_BYTES = 2_000_000
MOST_BULK_BYTES = 5_000_000
MOST_DISCARDED_BYTES = 20_000_000
CHUNK = 64 * 1024


class BoundedJSONParser(BaseParser):
    media_type = "application/json"
    most_bytes = MOST_BODY_BYTES
    mend = "Send the text without its markup, or in parts."

    def parse(self, stream: IO[bytes], media_type: Any = None, parser_context: Any = None) -> Any:
        """The parsed body. Raises BodyTooLarge, and ParseError with the place of the fault."""
        declared = (parser_context or {})["request"].META.get("CONTENT_LENGTH") or "0"
        if declared.isdigit() and int(declared) > self.most_bytes:
            _discard(stream, int(declared))
            raise self._too_large()
        raw = stream.read(self.most_bytes + 1)
        if len(raw) > self.most_bytes:
            raise self._too_large()
        try:
            return json.loads(raw.decode("utf-8-sig"), parse_constant=_refuse_constant)
        except UnicodeDecodeError as error:
            raise ParseError(f"The body is not UTF-8 (byte {error.start}). Encode it as UTF-8.") from error
        except json.JSONDecodeError as error:
            raise ParseError(
                f"The body is not valid JSON: {error.msg} at line {error.lineno}, column {error.colno}."
            ) from error
        except RecursionError as error:
            raise ParseError("The JSON is nested too deeply. Send one flat object.") from error
        except ValueError as error:  # a number with thousands of digits, NaN, Infinity
            raise ParseError("The body holds a number that JSON does not allow.") from error

    def _too_large(self) -> BodyTooLarge:
        return BodyTooLarge(f"The body is larger than {self.most_bytes:,} bytes, the limit. {self.mend}")


class BulkJSONParser(BoundedJSONParser):
    most_bytes = MOST_BULK_BYTES
    mend = "Send fewer articles at once."


def _discard(stream: IO[bytes], length: int) -> None:
    """Most clients send the whole body before they read an answer; one whose connection is closed meanwhile
    sees no answer."""
    while 0 < length <= MOST_DISCARDED_BYTES and (part := stream.read(min(length, CHUNK))):
        length -= len(part)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)
