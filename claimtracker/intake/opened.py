"""When a form was opened, in a field that nobody can forge: a program fills it in within a second."""

from __future__ import annotations

import time

from django.core import signing

SALT = "claimtracker.intake.opened"
LONGEST = 24 * 3600  # a form that was left open for longer says nothing


def stamp() -> str:
    """For a hidden field of a form that is shown now."""
    return signing.TimestampSigner(salt=SALT).sign("form")


def seconds_since(stamped: str) -> float | None:
    """How long ago the form was shown; None for what is missing, forged or too old."""
    try:
        signing.TimestampSigner(salt=SALT).unsign(stamped, max_age=LONGEST)
        at = signing.b62_decode(stamped.rsplit(":", 2)[1])
    except (signing.BadSignature, ValueError, IndexError):
        return None
    return max(0.0, time.time() - at)
