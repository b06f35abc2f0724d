"""Addresses that are keys: whoever has one may act by it, so no log line and no error report has it whole."""

from __future__ import annotations

import copy
import logging
import re
from typing import Any

# reply pages, complaints, suggestions, invitations, unsubscribing, and what is sent to set a password or
# confirm an address
_KEY = re.compile(
    r"(/(?:reply|complaints|suggestions|invitation|unsubscribe|password/reset/key|confirm-email)/)"
    r"[^/\s\"'<>?#\\]{16,}"
)

# a partner's key, which clients of Google's put into the address
_API_KEY = re.compile(r"\b(ct_(?:live_|test_)?[a-z0-9]{4,16}_)[A-Za-z0-9]{20,}")


# what an identity provider sends people back with
_CODE = re.compile(r"(/account/sso/callback/\?)[^\s\"'<>\\]+")

# what a terminal obeys instead of showing it, and line ends, with which a stranger's words begin a line
_CONTROLS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]")


def written_out(text: str) -> str:
    """``text`` on one line, with its control characters as Python writes them."""
    return _CONTROLS.sub(lambda found: repr(found[0])[1:-1], text)


def masked(text: str) -> str:
    """``text`` with the secret part of such addresses and keys left out."""
    for pattern in (_KEY, _CODE, _API_KEY):
        text = pattern.sub(r"\1[key]", text)
    return text


def mask_everywhere(facts: Any) -> Any:
    """The same for every text inside dicts and lists: an error report."""
    if isinstance(facts, str):
        return masked(facts)
    if isinstance(facts, dict):
        return {name: mask_everywhere(value) for name, value in facts.items()}
    if isinstance(facts, list | tuple):
        return [mask_everywhere(value) for value in facts]
    return facts


class MaskingFormatter(logging.Formatter):
    """Formats as ``inner`` does, without keys, and what strangers sent on one line."""

    def __init__(self, inner: logging.Formatter) -> None:
        super().__init__()
        self.inner = inner

    def format(self, record: logging.LogRecord) -> str:
        shown = copy.copy(record)
        shown.msg, shown.args = written_out(record.getMessage()), None
        return masked(self.inner.format(shown))
