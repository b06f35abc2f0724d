"""Finding words that people read and that do not go through gettext, in Python, templates and scripts."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TRANSLATING = {
    "_",
    "gettext",
    "gettext_lazy",
    "gettext_noop",
    "ngettext",
    "ngettext_lazy",
    "pgettext",
    "npgettext",
}
# not for people: faults of the code, what programs read, what an operator's terminal and the logs say
NOT_SHOWN = {
    "ValueError", "RuntimeError", "TypeError", "KeyError", "LookupError", "ImproperlyConfigured",
    "CommandError", "NotImplementedError", "say", "Trigger", "Condition", "RunSQL", "RawSQL", "compile",
    "execute", "record", "only_with_role", "SQL",
}  # fmt: skip
# words of fields and pages that may be one word only
LABELS = {"label", "help_text", "verbose_name", "empty_label", "description", "placeholder"}
READ_ATTRIBUTES = {
    "alt", "title", "placeholder", "aria-label", "aria-description", "aria-roledescription", "label",
    "data-confirm", "data-key-label", "data-one", "data-label", "content-label",
}  # fmt: skip
NAMES = {
    "Claimtracker",
    "ClaimReview",
    "IFCN",
    "API",
    "JSON",
    "CSV",
    "Atom",
    "SHA-256",
    "UTC",
    "BM25",
    "Claim",
    "tracker",
}
_WORD = re.compile(r"[^\W\d_]{2,}")
_SENTENCE = re.compile(r"[^\W\d_]{2,} [a-z{“]")


def looks_like_words(text: str) -> bool:
    text = text.strip()
    is_code = re.search(
        r"\b(SELECT|INSERT INTO|DELETE FROM|SET|RAISE|ERRCODE|EXISTS)\b|::|</|^[<]|^http", text
    )
    if is_code or not _SENTENCE.search(text):
        return False
    return text[0].isupper() or text[-1] in ".?!:" or text.startswith(("{}", "“"))


def called(node: ast.AST) -> str:
    function = node.func if isinstance(node, ast.Call) else None
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def untranslated(path: Path) -> Iterator[tuple[int, str]]:
    """Line and text of each sentence, and of each label, of a module that is written out in one language."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    yield from _look(tree, docs)


def _look(node: ast.AST, docs: set[int]) -> Iterator[tuple[int, str]]:
    if _is_not_shown(node) or id(node) in docs:
        return
    if isinstance(node, ast.keyword) and node.arg in LABELS and isinstance(node.value, ast.Constant):
        text = node.value.value
        if isinstance(text, str) and _WORD.search(text):
            yield node.value.lineno, text
        return
    text = _text_of(node)
    if text is not None:
        if looks_like_words(text):
            yield getattr(node, "lineno", 0), text
        return
    for child in ast.iter_child_nodes(node):
        yield from _look(child, docs)


def _is_not_shown(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        name = called(node)
        of_log = isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") == "log"
        return of_log or name in TRANSLATING | NOT_SHOWN
    if isinstance(node, ast.FunctionDef):  # a row in the admin, for whoever mends something
        return node.name in {"__str__", "__repr__"}
    return isinstance(node, ast.Assert)


def _text_of(node: ast.AST) -> str | None:
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


class _Markup(HTMLParser):
    """Text nodes and read attributes of a page, by the line."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, str]] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in ("script", "style", "kbd", "code")
        self.found += [
            (self.getpos()[0], value) for name, value in attrs if name in READ_ATTRIBUTES and value
        ]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("script", "style", "kbd", "code")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.found.append((self.getpos()[0], data))


_BLOCK = re.compile(r"\{% blocktrans(late)?\b.*?\{% endblocktrans(late)? %\}", re.DOTALL)
# names of classes and of the current page, and what only readers of the template see
_NAMES = re.compile(
    r"\{% (block) (?:nav_current|page_class|bodyclass|at_\w+) %\}.*?\{% endblock[^%]*%\}"
    r"|\{% comment %\}.*?\{% endcomment %\}",
    re.DOTALL,
)
_TAG = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)


def untranslated_markup(text: str) -> Iterator[tuple[int, str]]:
    """The same of a template: whatever stands outside of the tags that translate."""
    markup = _Markup()
    markup.feed(_TAG.sub(_blank, _NAMES.sub(_blank, _BLOCK.sub(_blank, text))))
    for line, found in markup.found:
        words = set(re.findall(r"(?<![?&])\b[^\W\d_][\w-]+", found))
        if words - NAMES:
            yield line, " ".join(found.split())


def _blank(match: re.Match[str]) -> str:
    return "\n" * match[0].count("\n")


_SCRIPT_TEXT = re.compile(r'"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`')


def untranslated_script(text: str) -> Iterator[tuple[int, str]]:
    """Sentences in a script: their place is a template, where they are translated."""
    for number, line in enumerate(text.splitlines(), 1):
        code = re.sub(r"(^|\s)//.*", "", line)
        for match in _SCRIPT_TEXT.finditer(code):
            said = match[1] or match[2] or ""
            if re.match(r"[A-Z][a-z]+( [a-z]+)+[.!?]?$", said):
                yield number, said
