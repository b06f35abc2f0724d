"""What a person is told to paste, a program is told to send."""

from __future__ import annotations

import re

PASTING = re.compile(r"\b(p)aste (the full text|the text|the article's words|its words)", re.IGNORECASE)


def for_programs(message: str) -> str:
    """``message`` with its mend in terms of the API's fields. Only the words of the mend change."""
    return PASTING.sub(lambda found: f"{'S' if found[1] == 'P' else 's'}end {found[2]} as body", message)
