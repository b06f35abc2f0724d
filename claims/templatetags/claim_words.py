"""A claim's wording with every word marked that is not the article's, and the list that says which."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ..explaining import why_changed
from ..models import Claim
from ..wording_changes import Piece, pieces

register = template.Library()


@register.simple_tag
def changed_wording(claim: Claim) -> SafeString:
    """The whole wording, escaped. What the article has instead stands in each mark's title and in the list
    of :func:`wording_changes`, which needs no mouse."""
    return format_html_join("", "{}", ((_marked(piece),) for piece in pieces(claim.text, claim.changes)))


def _marked(piece: Piece) -> SafeString | str:
    if not piece.is_changed or not piece.text.strip():
        return piece.text
    words = piece.text.strip()
    before, _words, after = piece.text.partition(words)
    return format_html('{}<mark class="changed" title="{}">{}</mark>{}', before, _title(piece), words, after)


def _title(piece: Piece) -> str:
    if piece.was.strip():
        return _("In the article: “%(was)s”") % {"was": piece.was.strip()}
    return _("Not in the article at this place")


@register.inclusion_tag("claims/_changes.html")
def wording_changes(claim: Claim) -> dict[str, Any]:
    """Every changed word in a list for everybody: what the article has, what stands here, and why."""
    changed = [piece for piece in pieces(claim.text, claim.changes) if piece.is_changed]
    return {
        "lines": [
            {"was": piece.was.strip(), "now": piece.text.strip(), "why": why_changed(piece.why)}
            for piece in changed
        ]
    }
