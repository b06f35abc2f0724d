"""What every answer tells the browser beside the content policy: what no page of ours ever needs."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

NEVER_NEEDED = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "display-capture",
    "encrypted-media",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
PERMISSIONS = ", ".join(f"{name}=()" for name in NEVER_NEEDED)


class DefensiveHeaders:
    """``Permissions-Policy``, and ``Cross-Origin-Resource-Policy``: other sites may show our pictures and
    style sheets and nothing else, so that no page of a signed-in person can be read in passing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_shown_elsewhere = request.path_info.startswith(str(settings.STATIC_URL))
        policy = "cross-origin" if is_shown_elsewhere else "same-origin"
        response.headers.setdefault("Cross-Origin-Resource-Policy", policy)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return response
