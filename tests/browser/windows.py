"""Browser windows that share nothing, emptied and used again: a new one costs Chromium as much as three
pages."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

SIZES = {"desktop": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
Look = tuple[str, str, bool]


class Windows:
    """``open`` gives a page of a window that nobody else has until ``put_back``."""

    def __init__(self, browser: Browser, url: str) -> None:
        self._browser, self._url = browser, url
        self._free: dict[Look, list[BrowserContext]] = defaultdict(list)
        self._used: list[tuple[Look, BrowserContext]] = []

    def open(self, *, size: str, theme: str, js: bool) -> Page:
        look = (size, theme, js)
        page = self._take(look).new_page()
        self._empty(page)
        return page

    def _take(self, look: Look) -> BrowserContext:
        for other, context in self._used:
            if other == look and not context.pages:  # the test has closed what it had opened there
                return context
        context = self._free[look].pop() if self._free[look] else self._make(*look)
        self._used.append((look, context))
        return context

    def put_back(self) -> None:
        """Close every page; what they kept goes before the window is used again."""
        for look, context in self._used:
            for page in context.pages:
                page.close()
            context.set_offline(False)
            self._free[look].append(context)
        self._used.clear()

    def close(self) -> None:
        for contexts in self._free.values():
            for context in contexts:
                context.close()

    def _make(self, size: str, theme: Any, js: bool) -> BrowserContext:
        context = self._browser.new_context(
            base_url=self._url,
            viewport=SIZES[size],
            color_scheme=theme,
            java_script_enabled=js,
            has_touch=size == "phone",
            is_mobile=size == "phone",
            reduced_motion="reduce",
            locale="en-GB",
        )
        context.set_default_timeout(10_000)
        return context

    def _empty(self, page: Page) -> None:
        """No cookie, nothing stored and nothing cached: public pages stay in a cache for a minute."""
        page.context.clear_cookies()
        session = page.context.new_cdp_session(page)
        session.send("Storage.clearDataForOrigin", {"origin": self._url, "storageTypes": "all"})
        session.send("Network.clearBrowserCache")
        session.detach()
