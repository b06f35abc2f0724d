"""What a browser that has nothing of a page yet has to load for it, and how far the page moves meanwhile."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from .site import cookie_of

SIZES = {"desktop": (1440, 900), "phone": (390, 844)}
SHIFTS = """
window.shift = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
}).observe({type: "layout-shift", buffered: true});
"""


@dataclass(frozen=True, slots=True)
class Load:
    """Bytes as they came over the wire, heads included, without pictures."""

    page: str
    size: str
    bytes: int
    document_bytes: int
    requests: int
    shift: float

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@contextmanager
def chromium() -> Iterator[Any]:
    """Debian's, without a sandbox where we are root."""
    import os

    from playwright.sync_api import sync_playwright

    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's loop runs beside our queries
    where = shutil.which("chromium") or shutil.which("chromium-browser") or "/usr/bin/chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=where, args=["--no-sandbox"] if os.geteuid() == 0 else []
        )
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def window(browser: Any, room: Any, who: str | None, address: str, size: str, theme: str) -> Iterator[Any]:
    """A tab of a window that has loaded nothing, of that person."""
    width, height = SIZES[size]
    context = browser.new_context(
        base_url=address,
        viewport={"width": width, "height": height},
        color_scheme=theme,
        reduced_motion="reduce",
        locale="en-GB",
        has_touch=size == "phone",
        is_mobile=size == "phone",
    )
    if who:
        context.add_cookies([cookie_of(room, who, address)])
    try:
        yield context.new_page()
    finally:
        context.close()


def load(browser: Any, room: Any, page: Any, address: str, size: str) -> Load:
    """Opens the page in an empty window and waits until nothing is asked for any more."""
    with window(browser, room, page.who, address, size, "light") as tab:
        tab.add_init_script(SHIFTS)
        session = tab.context.new_cdp_session(tab)
        session.send("Network.enable")
        kinds: dict[str, str] = {}
        taken: dict[str, int] = {}
        session.on("Network.responseReceived", lambda said: kinds.update({said["requestId"]: said["type"]}))
        session.on(
            "Network.loadingFinished",
            lambda said: taken.update({said["requestId"]: int(said["encodedDataLength"])}),
        )
        answer = tab.goto(page.address(room), wait_until="networkidle")
        if answer is None or answer.status != 200:
            raise RuntimeError(f"{page.name}: {answer and answer.status}")
        tab.wait_for_timeout(100)  # a shift is told after the frame that made it
        wanted = {one: size for one, size in taken.items() if kinds.get(one) != "Image"}
        return Load(
            page=page.name,
            size=size,
            bytes=sum(wanted.values()),
            document_bytes=sum(n for one, n in wanted.items() if kinds.get(one) == "Document"),
            requests=len(wanted),
            shift=round(tab.evaluate("window.shift"), 4),
        )
