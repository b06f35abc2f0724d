"""A reason of one line, as people type it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from claimtracker.kernel.errors import ActionRefused


def short_reason(text: str, *, most: int, missing: str) -> str:
    """The reason on one line. Raises ActionRefused for ``reason``: with the words of ``missing`` when there
    is none, or when it is longer than ``most`` characters."""
    reason = " ".join(text.split())
    if not reason:
        raise ActionRefused(missing, code="reason_missing", field="reason")
    if len(reason) > most:
        raise ActionRefused(
            _("Shorten this to %(most)s characters; it has %(number)s now.")
            % {"most": most, "number": len(reason)},
            code="too_long",
            field="reason",
        )
    return reason
