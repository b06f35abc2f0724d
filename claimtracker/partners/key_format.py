"""How a key is written: ``ct_live_<prefix>_<secret><checksum>``, ``ct_test_…`` for a sandbox.

The checksum tells a key that was mistyped or cut off from one that we do not know, without a look into the
database; scanners for secrets use it, and PATTERN, to be sure of what they found (docs/partner-keys.md).
Keys of the first kind, ``ct_<prefix>_<secret>`` without a checksum, go on working.
"""

from __future__ import annotations

import re
import secrets
import string
import zlib
from dataclasses import dataclass

LIVE, TEST = "live", "test"
PREFIX_LENGTH = 12
SECRET_LENGTH = 43  # 256 bits in letters and digits
CHECKSUM_LENGTH = 6  # 32 bits in letters and digits
PREFIX_LETTERS = string.ascii_lowercase + string.digits
SECRET_LETTERS = string.digits + string.ascii_uppercase + string.ascii_lowercase

PATTERN = rf"ct_(?:live|test)_[a-z0-9]{{{PREFIX_LENGTH}}}_[A-Za-z0-9]{{{SECRET_LENGTH + CHECKSUM_LENGTH}}}"
FIRST_PATTERN = rf"ct_[a-z0-9]{{{PREFIX_LENGTH}}}_[A-Za-z0-9]{{{SECRET_LENGTH}}}"
_KEY = re.compile(PATTERN)
_FIRST_KEY = re.compile(FIRST_PATTERN)


@dataclass(frozen=True, slots=True)
class KeyText:
    """What a key's text says: ``kind`` is LIVE, TEST, or "" for a key of the first kind."""

    kind: str
    prefix: str
    secret: str

    def __str__(self) -> str:
        if not self.kind:
            return f"ct_{self.prefix}_{self.secret}"
        body = f"ct_{self.kind}_{self.prefix}_{self.secret}"
        return body + checksum_of(body)


def new_key(kind: str) -> KeyText:
    """A key that nobody can guess."""
    return KeyText(kind, _random(PREFIX_LETTERS, PREFIX_LENGTH), _random(SECRET_LETTERS, SECRET_LENGTH))


def read_key(plain: str) -> KeyText | None:
    """The parts of a key's text; None when it is no key: mistyped, cut off or something else."""
    if _FIRST_KEY.fullmatch(plain):
        _scheme, prefix, secret = plain.split("_")
        return KeyText("", prefix, secret)
    if not _KEY.fullmatch(plain):
        return None
    body, checksum = plain[:-CHECKSUM_LENGTH], plain[-CHECKSUM_LENGTH:]
    if checksum != checksum_of(body):
        return None
    _scheme, kind, prefix, secret = body.split("_")
    return KeyText(kind, prefix, secret)


def checksum_of(body: str) -> str:
    """CRC-32 of everything before it, in base 62 (0-9, A-Z, a-z), padded with zeros to six characters."""
    rest, digits = zlib.crc32(body.encode()), ""
    for _ in range(CHECKSUM_LENGTH):
        rest, digit = divmod(rest, len(SECRET_LETTERS))
        digits = SECRET_LETTERS[digit] + digits
    return digits


def _random(letters: str, length: int) -> str:
    return "".join(secrets.choice(letters) for _ in range(length))
