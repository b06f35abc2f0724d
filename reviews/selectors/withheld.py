"""How it is said that a check is not shown, wherever somebody asks for it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from claims.models import RestrictedClaim

GONE, LEGAL = 410, 451


def sentence_of(restricted: RestrictedClaim) -> str:
    """For programs, and for who reads their logs."""
    if restricted.is_taken_down:
        return _("This fact check was taken down for legal reasons: %(reason)s") % {
            "reason": restricted.public_reason
        }
    return _("This fact check is not shown at present. It may come back.")


def status_of(restricted: RestrictedClaim) -> int:
    return LEGAL if restricted.is_taken_down else GONE
