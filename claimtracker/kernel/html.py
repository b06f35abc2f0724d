"""Foreign HTML, made safe to show or turned into text. Both take time in proportion to their input."""

import re
from html import escape, unescape

import nh3

# nh3's tree builder takes quadratic time on deep nesting (299 s for 200,000 open divs, 0.2 s for 5,000).
_MOST_TAGS_TO_CLEAN = 5_000

_SHOWN = (
    "p br h2 h3 h4 ul ol li blockquote q cite em strong b i s sub sup small code pre hr "
    "dl dt dd table caption thead tbody tr th td a abbr time"
)
_SHOWN_TAGS = frozenset(_SHOWN.split())
_SHOWN_ATTRIBUTES = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "time": {"datetime"},
    "th": {"colspan", "rowspan", "scope"},
    "td": {"colspan", "rowspan"},
}
_UNSEEN_TAGS = frozenset(
    {"script", "style", "template", "noscript", "svg", "math", "iframe", "object", "head", "select"}
)
_LINES = (
    "address article aside blockquote body br caption center dd details div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol option p pre section summary table tbody "
    "td tfoot th thead tr ul"
)
_LINE_TAGS = frozenset(_LINES.split())
_MARKUP = re.compile(r"<(?=[a-zA-Z/!?])")
_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9:-]{0,40})")


def clean_html(html: str) -> str:
    """HTML that can be put into our own pages: an allow-list of plain text markup.

    No images, scripts, styles, classes, ids or forms; links to http, https and mailto only, without
    a referrer. A document with an absurd number of tags comes back as escaped paragraphs.
    """
    if html.count("<") > _MOST_TAGS_TO_CLEAN:
        lines = html_to_text(html).split("\n")
        return "".join(f"<p>{escape(line)}</p>" for line in lines if line)
    return nh3.clean(
        html,
        tags=set(_SHOWN_TAGS),
        attributes={tag: set(names) for tag, names in _SHOWN_ATTRIBUTES.items()},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow ugc",
        clean_content_tags={"script", "style", "template"},
        strip_comments=True,
    )


def html_to_text(html: str) -> str:
    """What a reader would see, one line for each block, entities resolved, in one pass.

    It builds no tree, so that no nesting can exhaust it; unclosed scripts and comments swallow the rest.
    """
    lower = html.lower() if html.isascii() else _ascii_lower(html)
    pieces: list[str] = []
    position = 0
    while (found := _MARKUP.search(html, position)) is not None:
        pieces.append(html[position : found.start()])
        position = _after_markup(html, lower, found.start(), pieces)
    pieces.append(html[position:])
    text = unescape("".join(pieces))
    lines = (re.sub(r"[^\S\n]+", " ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _after_markup(html: str, lower: str, opening: int, pieces: list[str]) -> int:
    """The position after what begins at `opening`; its visible effect goes into `pieces`."""
    if html.startswith("<!--", opening):
        return _end_of(html.find("-->", opening + 4), 3, html)
    tag = _TAG.match(html, opening)
    if tag is None:
        if html[opening + 1 : opening + 2] in {"!", "?"}:
            return _end_of(html.find(">", opening), 1, html)
        pieces.append("<")
        return opening + 1
    name = tag[1].lower()
    if name in _LINE_TAGS:
        pieces.append("\n")
    end = _end_of(html.find(">", tag.end()), 1, html)
    if name in _UNSEEN_TAGS and html[opening + 1] != "/" and html[end - 2 : end - 1] != "/":
        closing = lower.find(f"</{name}", end)
        return len(html) if closing == -1 else _end_of(html.find(">", closing), 1, html)
    return end


def _end_of(found: int, width: int, html: str) -> int:
    return len(html) if found == -1 else found + width


def _ascii_lower(text: str) -> str:
    # str.lower() may change the length ("İ"), and positions must stay those of the original.
    return re.sub("[A-Z]+", lambda match: match[0].lower(), text)
