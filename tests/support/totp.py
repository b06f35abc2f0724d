"""What an authenticator app shows, after RFC 6238: written anew, so that it vouches for the server's."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
import time


def code_at(secret: str, at: float) -> str:
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", int(at) // 30), hashlib.sha1).digest()
    offset = digest[-1] & 15
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def code_now(secret: str) -> str:
    return code_at(secret, time.time())
