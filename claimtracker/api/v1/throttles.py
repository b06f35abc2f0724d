"""How much a partner may ask: the limits of partners.limits, as DRF asks for them."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from claimtracker.partners import limits
from claimtracker.partners.auth import PartnerPrincipal

ADMISSION = "admission"  # the attribute of a request that holds what its limits said
IS_COUNTED = "is_counted_as_an_error"  # there once it is


def group_of(request: Request) -> str:
    """What usage is counted by: the resource, the first word of the address after the version."""
    route = getattr(request.resolver_match, "route", "")
    parts = route.removeprefix("api/v1/").split("/")
    return parts[0][:40]


class PartnerLimits(BaseThrottle):
    """Who has no key is refused elsewhere and is not counted."""

    def __init__(self) -> None:
        self.admission: limits.Admission | None = None

    def allow_request(self, request: Request, view: Any) -> bool:
        if not isinstance(request.user, PartnerPrincipal):
            return True
        self.admission = limits.admit(request.user.key, group=group_of(request))
        setattr(request, ADMISSION, self.admission)
        return self.admission is None or self.admission.is_allowed

    def wait(self) -> float | None:
        return self.admission.retry_after if self.admission else None
