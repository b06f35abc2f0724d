"""Where the passages of a text are found again when the text changes. Plain functions, without I/O.

:func:`reanchor` says of each passage whether it is unchanged, moved, reworded or removed, and where it now
stands. ``METHOD`` names how it decides; whoever stores an answer stores it too.
"""

from .deciding import METHOD, reanchor
from .fates import SILENT, Anchored, Fate, Passage
from .w3c import Note, Text, annotation, collection, position_selector, quote_selector

__all__ = [
    "METHOD",
    "SILENT",
    "Anchored",
    "Fate",
    "Note",
    "Passage",
    "Text",
    "annotation",
    "collection",
    "position_selector",
    "quote_selector",
    "reanchor",
]
