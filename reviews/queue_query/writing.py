"""Terms to text, so that parse() reads the same terms from it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .terms import Term

_PLAIN = re.compile(r"""[^\s"\\:<>=]+""")


def write(terms: Iterable[Term]) -> str:
    return " ".join(written(term) for term in terms)


def written(term: Term) -> str:
    value = term.value
    if not _PLAIN.fullmatch(value):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        value = f'"{escaped}"'
    return f"{term.name}:{term.sign}{value}" if term.name else value
