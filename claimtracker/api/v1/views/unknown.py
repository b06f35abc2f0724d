"""Addresses that are none."""

from __future__ import annotations

from typing import Any

from django.urls import Resolver404, resolve
from rest_framework.request import Request
from rest_framework.views import APIView

from ..problems import NoSuchAddress, NoSuchId

IDS = ("0a4d8f0e-6f0c-4c3a-9d63-0b7f8f5f9f11", "msg_5d8e5d1c5f0b4f7f9a3b2c1d0e9f8a7b", "1")
MOST_PARTS = 8  # of an address of ours; longer ones are not looked at


class UnknownPathView(APIView):
    """Whatever else is asked below /api/: a problem, not the site's page."""

    authentication_classes = []
    permission_classes = []
    throttle_classes = []
    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        _refuse_malformed_id(request.path_info)
        raise NoSuchAddress()


def _refuse_malformed_id(path: str) -> None:
    """Raise NoSuchId where only an id keeps ``path`` from being an address."""
    parts = path.split("/")
    if len(parts) > MOST_PARTS:
        return
    for place in range(4, len(parts)):  # behind /api/v1/ and the name of what is asked for
        for example in IDS:
            if parts[place] and _is_served("/".join([*parts[:place], example, *parts[place + 1 :]])):
                raise NoSuchId(parts[place], example)


def _is_served(path: str) -> bool:
    try:
        found = resolve(path)
    except Resolver404:
        return False
    return getattr(found.func, "view_class", None) is not UnknownPathView
