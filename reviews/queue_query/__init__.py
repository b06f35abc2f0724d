"""What people type above the queue: text to terms, and terms to text. Plain Python; docs/queue.md shows it.

``desk:politics score:>0.7 claimant:"Ann Lee" roads`` is four terms. Whatever cannot be read is a
:class:`Problem` that names the word; the rest applies.
"""

from .parsing import Parsed, drop_unknown, parse
from .terms import Problem, Term, changed_by, either, number, span
from .writing import write, written

__all__ = [
    "Parsed",
    "Problem",
    "Term",
    "changed_by",
    "drop_unknown",
    "either",
    "number",
    "parse",
    "span",
    "write",
    "written",
]
