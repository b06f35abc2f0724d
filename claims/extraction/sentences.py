"""Where sentences end: by marks and capitals, without a parser, so that reader and training cut alike."""

from __future__ import annotations

import re

Span = tuple[int, int]

_ENDS = re.compile(r"[.!?…]+[\"”’'»)\]]*(?=\s|$)|[.!?…]+[\"”»](?=[A-Z“\"])")
_TITLES = frozenset(
    re.findall(
        r"\S+",
        "mr mrs ms dr prof sen rep gov gen lt col sgt capt cmdr adm maj pres hon rev fr st ste jr sr mt "
        "ft vs etc inc corp co ltd dept dist est no nos vol fig al approx jan feb mar apr jun jul aug "
        "sept sep oct nov dec mon tue tues wed thu thur thurs fri sat sun ave blvd rd d-n.y r-n.y ala "
        "ariz ark calif colo conn del fla ga ill ind kan ky la md mass mich minn miss mo mont neb nev "
        "okla ore pa tenn tex va vt wash wis wyo ",
    )
)
_NEVER_LAST = frozenset(
    re.findall(
        r"\S+",
        "mr mrs ms dr prof sen rep gov gen lt col sgt capt cmdr adm maj hon rev sens reps govs messrs st "
        "vs no nos approx fig vol al ",
    )
)
_INITIALS = re.compile(r"(?:[A-Za-z]\.)*[A-Za-z]$")
_LONGEST = 2_000


def split_sentences(text: str, start: int, end: int) -> list[Span]:
    """The sentences of text[start:end], one line or paragraph, as spans without outer space, in order."""
    found: list[Span] = []
    begin = start
    for mark in _ENDS.finditer(text, start, end):
        if _ends_here(text, begin, mark, end):
            _add(text, begin, mark.end(), found)
            begin = mark.end()
    _add(text, begin, end, found)
    return found


def _ends_here(text: str, begin: int, mark: re.Match[str], end: int) -> bool:
    rest = text[mark.end() : min(end, mark.end() + 40)]
    following = rest.lstrip()
    if not following:
        return True
    first = following.lstrip("\"“‘'([«")[:1]
    if first.islower() or first in {",", ";", ":", "—", "–", ""}:
        return False
    closed = mark[0][-1] not in ".!?…"
    if mark[0][0] != "." or len(mark[0].rstrip("\"”’'»)]")) > 1 or closed:
        return not first.islower()
    word = text[max(begin, mark.start() - 24) : mark.start()].split()[-1:]
    last = word[0].lstrip("(\"“‘'[").lower() if word else ""
    if last in _NEVER_LAST:
        return False
    if last in _TITLES or (_INITIALS.fullmatch(last) and last not in {"i", "a"}):
        return _new_start(following)
    return True


def _new_start(following: str) -> bool:
    """After an abbreviation a sentence starts only with a word that commonly opens one, or with a quotation."""
    if following[0] in '“"':
        return True
    word = re.match(r"[A-Z][a-z’']*", following)
    return word is not None and word[0] in _OPENERS


_OPENERS = frozenset(
    re.findall(
        r"\S+",
        "The A An In On At It He She They We But And His Her Their This That These Those There If When "
        "While After Before As For To From With By Since So Yet Now Then Here Its Our Not No One Some "
        "Many Most Both What Who How Why Where Also Still However Meanwhile Although Though Because "
        "According Asked Last ",
    )
)


def _add(text: str, start: int, end: int, found: list[Span]) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while end - start > _LONGEST:
        cut = text.rfind(" ", start, start + _LONGEST)
        cut = cut if cut > start else start + _LONGEST
        found.append((start, cut))
        start = cut
        while start < end and text[start].isspace():
            start += 1
    if start < end:
        found.append((start, end))
