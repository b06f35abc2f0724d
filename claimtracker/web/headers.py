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
    style sheets and nothing else, so that no page of a signed-in person can be read in passing. No cache
    that people share keeps what somebody with a session got, and the browser's own goes with the session:
    on the newsroom's computer the next person leafs back to nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_shown_elsewhere = request.path_info.startswith(str(settings.STATIC_URL))
        policy = "cross-origin" if is_shown_elsewhere else "same-origin"
        response.headers.setdefault("Cross-Origin-Resource-Policy", policy)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            response.headers.setdefault("Cache-Control", "private, no-cache")
            ended = response.cookies.get(settings.SESSION_COOKIE_NAME)
            if ended is not None and ended["max-age"] == 0:
                response.headers["Clear-Site-Data"] = '"cache"'
        return response
