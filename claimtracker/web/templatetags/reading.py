"""Marked text as markup. Built here, not in a template, because no space may slip in between code points."""

from __future__ import annotations

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from ..marked_text import Segment, TextBlock

register = template.Library()


@register.simple_tag
def marked_text(block: TextBlock) -> SafeString:
    """The block's text, escaped, each claim's words in a mark that links to its card."""
    return mark_safe("".join(_segment(segment) for segment in block.segments))  # noqa: S308 - parts are escaped below


def _segment(segment: Segment) -> SafeString:
    if not segment.spans:
        return format_html("{}", segment.text)
    inner = segment.spans[-1]
    anchor = segment.opening[-1] if segment.opening else None
    others = format_html_join("", '<span id="span-{}"></span>', ((one.key,) for one in segment.opening[:-1]))
    names = ", ".join(str(span.label) for span in segment.opening)
    return format_html(
        '{}<mark class="claim claim--{}"{} data-claim="{}"><a href="#claim-{}"{}>{}{}</a></mark>',
        others,
        inner.tone,
        format_html(' id="span-{}"', anchor.key) if anchor else "",
        " ".join(dict.fromkeys(str(span.leads_to) for span in segment.spans)),
        inner.leads_to,
        # a later piece of the same claim is no second stop for the Tab key
        "" if anchor else mark_safe(' tabindex="-1"'),
        segment.text,
        format_html('<span class="visually-hidden"> ({})</span>', names) if names else "",
    )
