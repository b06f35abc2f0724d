"""A picture of every page, in both themes and at two widths.

    python -m bench.screens [--out docs/screens] [--rows 6] [NAME ...]

Opens the pages that the tests know (tests/support/newsroom) on a temporary site with production settings, as
the person whose page it is, and writes NAME-desktop-light.png and so on, at most 2,000 pixels of each.
Without names, all of them. The README shows some; the others are not kept in the repository.
"""

from __future__ import annotations

import argparse
import io
import sys
from pathlib import Path
from typing import Any

from bench.pages_run.browser import SIZES, chromium, window
from bench.pages_run.site import newsroom_site

THEMES = ("light", "dark")
TALLEST = 2000
COLOURS = 192


def take(room: Any, address: str, names: list[str], out: Path) -> int:
    from tests.support.newsroom import pages_of

    pages = pages_of(*names)
    people = sorted({page.who or "" for page in pages})
    taken = 0
    with chromium() as browser:
        for size in SIZES:
            for theme in THEMES:
                for who in people:
                    with window(browser, room, who or None, address, size, theme) as tab:
                        for page in pages:
                            if (page.who or "") == who:
                                tab.goto(page.address(room), wait_until="load")
                                tab.wait_for_timeout(150)  # fragments that the page asks for once it is there
                                shrink(picture(tab, size), out / f"{page.name}-{size}-{theme}.png")
                                taken += 1
    return taken


def picture(tab: Any, size: str) -> bytes:
    height = tab.evaluate("document.documentElement.scrollHeight")
    width, least = SIZES[size]
    clip = {"x": 0, "y": 0, "width": width, "height": max(least, min(height, TALLEST))}
    return bytes(tab.screenshot(full_page=True, clip=clip))


def shrink(png: bytes, path: Path) -> None:
    """A third of the bytes: our pages have few colours."""
    from PIL import Image

    image = Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    image.save(path, optimize=True)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("docs/screens"))
    parser.add_argument("--rows", type=int, default=6)
    parser.add_argument("names", nargs="*", metavar="NAME")
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    with newsroom_site(options.rows) as (address, room):
        from tests.support.newsroom import PAGES

        unknown = set(options.names) - {page.name for page in PAGES}
        if unknown:
            parser.error(f"no such page: {', '.join(sorted(unknown))}")
        print(f"{take(room, address, options.names, options.out)} pictures in {options.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
