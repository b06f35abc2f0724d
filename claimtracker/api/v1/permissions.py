"""What a key is for."""

from __future__ import annotations

from typing import Any, cast

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from claimtracker.partners.auth import PartnerPrincipal
from claimtracker.partners.models import Scope


class HasScope(BasePermission):
    """The view's ``scopes`` name the scope for each method (None: any key will do); reading is the rule."""

    def has_permission(self, request: Request, view: Any) -> bool:
        method = "GET" if request.method == "HEAD" else request.method
        needed = getattr(view, "scopes", {}).get(method, Scope.READ)
        if needed is None or needed in cast(PartnerPrincipal, request.user).scopes:
            return True
        self.message = f"This key lacks the scope “{needed.value}”. Ask the newsroom for a key that has it."
        return False
