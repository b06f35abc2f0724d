"""Addresses that are none."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.views import APIView

from ..problems import NoSuchAddress


class UnknownPathView(APIView):
    """Whatever else is asked below /api/: a problem, not the site's page."""

    authentication_classes = []
    permission_classes = []
    throttle_classes = []
    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise NoSuchAddress()
