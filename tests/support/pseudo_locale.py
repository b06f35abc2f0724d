"""A language in which every message is its own English in brackets, made for a test and gone with it."""

from __future__ import annotations

import ast
import re
import struct
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from django.conf import settings
from django.utils.translation import template, trans_real

LANGUAGE = "en-xa"
OPEN, CLOSE = "⟦", "⟧"
ROOMS = ("claimtracker", "claims", "reviews")
ONE = {"_", "gettext", "gettext_lazy", "gettext_noop"}
MANY = {"ngettext", "ngettext_lazy"}
_IN_TEMPLATE = re.compile(
    r"\b(ngettext|gettext|_)\((u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"))"
    r"(?:, *(u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")))?"
)
Message = tuple[str, str]  # singular and plural; the plural is empty where there is none


def messages() -> set[Message]:
    """What makemessages would collect from our code and templates."""
    root = Path(settings.BASE_DIR)
    found: set[Message] = set()
    for room in ROOMS:
        for path in (root / room).rglob("*.py"):
            found |= set(_of_code(path.read_text(encoding="utf-8")))
    for path in (root / "templates").rglob("*.*"):
        found |= set(_of_template(path.read_text(encoding="utf-8")))
    return found


def _of_code(source: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        texts = [arg.value for arg in node.args[:2] if isinstance(arg, ast.Constant)]
        if name in ONE and texts:
            yield str(texts[0]), ""
        elif name in MANY and len(texts) == 2:
            yield str(texts[0]), str(texts[1])


def _of_template(source: str) -> Iterator[Message]:
    for match in _IN_TEMPLATE.finditer(template.templatize(source)):
        one = ast.literal_eval(match[2])
        yield one, ast.literal_eval(match[3]) if match[1] == "ngettext" and match[3] else ""


def write_catalog(folder: Path) -> None:
    """A compiled catalog of all messages, each in brackets, where LOCALE_PATHS looks for it."""
    head = "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n"
    pairs = {"": head}
    for one, many in messages():
        if one:
            key = f"{one}\0{many}" if many else one
            pairs[key] = "\0".join(f"{OPEN}{text}{CLOSE}" for text in key.split("\0"))
    target = folder / "en_XA" / "LC_MESSAGES" / "django.mo"
    target.parent.mkdir(parents=True)
    target.write_bytes(_compiled(pairs))
    trans_real._translations.pop(LANGUAGE, None)


def _compiled(pairs: dict[str, str]) -> bytes:
    """The format of GNU's .mo files: two tables of lengths and places, then the texts."""
    keys = sorted(key.encode() for key in pairs)
    values = [pairs[key.decode()].encode() for key in keys]
    place = 28 + 16 * len(keys)
    tables, texts = b"", b""
    for text in [*keys, *values]:
        tables += struct.pack("<II", len(text), place + len(texts))
        texts += text + b"\0"
    return struct.pack("<7I", 0x950412DE, 0, len(keys), 28, 28 + 8 * len(keys), 0, place) + tables + texts


class _Words(HTMLParser):
    ATTRIBUTES = ("alt", "title", "placeholder", "aria-label", "data-confirm", "data-key-label", "data-label")

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.attributes: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in ("script", "style", "kbd", "code")
        self.attributes += [value for name, value in attrs if name in self.ATTRIBUTES and value]
        self.text += "\n"

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("script", "style", "kbd", "code")
        self.text += "\n"

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.text += data


def outside(page: str) -> list[str]:
    """Every piece of text of a page, and of what is read out of its attributes, that stands in no brackets.
    A message may go over several elements."""
    words = _Words()
    words.feed(page)
    pieces = _at_depth_0(words.text).split("\n")
    for value in words.attributes:
        pieces += _at_depth_0(value).split("\n")
    return [piece.strip() for piece in pieces if piece.strip()]


def _at_depth_0(text: str) -> str:
    depth, kept = 0, []
    for letter in text:
        if letter == OPEN:
            depth += 1
        elif letter == CLOSE:
            depth -= 1
        elif depth == 0:
            kept.append(letter)
    return "".join(kept)
