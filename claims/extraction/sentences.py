"""Where sentences end: by marks and capitals, without a parser, so that reader and training cut alike."""

from __future__ import annotations

import re

Span = tuple[int, int]

# every part may match nothing more, so that no run of marks is ever walked over twice
_MARKS = re.compile(
    r"[.!?…]+(?:[ \u00a0](?:\.+|…)(?!\w))*"  # ". . ." is one ellipsis
    r"(?:[\"”’'»)\]]|[ \u00a0][”»])*(?:\[\d{1,3}\])*"
)
_CLOSERS = "\"”’'»)]"
_OPENING = "\"“‘'([«„"
_GOES_ON = frozenset(",;:—–-/%&=")


def _words(lines: str) -> frozenset[str]:
    return frozenset(re.findall(r"\S+", lines))


# before a name, so that no sentence ends with them
_BEFORE_NAMES = _words(
    "mr mrs ms mx dr prof sen rep gov gen lt col sgt capt cmdr adm maj hon rev sens reps govs drs "
    "messrs mmes mlle mme insp supt det amb ald"
)
_BEFORE_WORDS = _words("vs e.g i.e cf viz approx ca")  # and before anything at all
_BEFORE_FIGURES = _words("no nos art sec ch fig figs vol vols pp par op p c")
# these end a sentence only where the next word commonly opens one
_CAPITALISED = _words(
    "pres fr st ste jr sr mt ft inc corp co ltd llc plc bros dept dist est univ assn intl natl jan feb "
    "mar apr jun jul aug sept sep oct nov dec mon tue tues wed thu thur thurs fri sat sun ave blvd rd "
    "d-n.y r-n.y ala ariz ark calif colo conn del fla ga ill ind kan ky la md mass mich minn miss mo "
    "mont neb nev okla ore pa tenn tex va vt wash wis wyo"
)
_LETTERS = re.compile(r"(?:[A-Za-z]{1,2}\.&?)+[A-Za-z]{1,2}|[A-Za-z]")
_CLOCK = frozenset(("a.m", "p.m"))
_AFTER_CLOCK = _words(
    "ET EST EDT CT CST CDT MT MST MDT PT PST PDT GMT BST UTC CET Eastern Central Mountain Pacific "
    "Greenwich Monday Tuesday Wednesday Thursday Friday Saturday Sunday Jan Feb Mar Apr Jun Jul Aug "
    "Sept Oct Nov Dec January February March April May June July August September October November "
    "December"
)
_WITH_A_MARK = frozenset(("yahoo", "jeopardy"))  # names that end in "!"
_LISTED = re.compile(r"[(\[]?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,4})")
_OPENERS = _words(
    "The A An In On At It He She They We But And His Her Their This That These Those There If When "
    "While After Before As For To From With By Since So Yet Now Then Here Its Our Not No One Some Many "
    "Most Both What Who How Why Where Also Still However Meanwhile Although Though Because According "
    "Asked Last Another Other Such Under During Despite Until Even Only Just More Each All Every I You "
    "My Your"
)
_FRAME = re.compile(
    r"(?:[A-Z][\w.'’-]{0,24}[ \u00a0]){1,4}(?:said|says|asked|asks|added|wrote|writes|tweeted|replied|told|"
    r"cried|shouted|responded|answered|exclaimed|joked|quipped|demanded|wondered|remarked|posted)\b"
)
_NAME_WITH_SMALL_START = re.compile(r"(?:https?://|www\.|al-[A-Z]|[a-z]{1,2}[A-Z])")
_GLUED = re.compile(r"[A-Z][a-z]*(?=[ ’'])")
_LONGEST = 2_000  # characters; a longer sentence is cut at a space
_LOOK_AHEAD = 120
_LOOK_BACK = 200


def split_sentences(text: str, start: int, end: int) -> list[Span]:
    """The sentences of text[start:end], one line or paragraph, as spans without outer space, in order.

    Every character that is no space belongs to one sentence, and each sentence holds a letter or digit unless
    the whole stretch has none. The time is linear in the length.
    """
    found: list[Span] = []
    begin = counted = start
    open_quote = False  # whether a straight mark is open
    worded = False  # whether anything can be read since `begin`
    for mark in _MARKS.finditer(text, start, end):
        worded = worded or any(map(str.isalnum, text[counted : mark.start()]))
        open_quote ^= text.count('"', counted, mark.start()) % 2 == 1
        at = _end_of(text, mark, end, open_quote)
        open_quote ^= text.count('"', mark.start(), mark.end()) % 2 == 1
        counted = mark.end()
        if worded and _ends_here(text, begin, mark, at, end):
            _add(text, begin, at, found)
            begin, worded = at, False
    _add_last(text, begin, end, found)
    return found


def _end_of(text: str, mark: re.Match[str], end: int, open_quote: bool) -> int:
    """Where a sentence would end at this mark: before a straight quotation mark that opens the next."""
    at = mark.start()
    while at < mark.end() and text[at] not in _CLOSERS:
        at += 1
    opens = text[at : at + 1] == '"' and not open_quote and at + 1 == mark.end() < end
    return at if opens and not text[mark.end()].isspace() else mark.end()


def _ends_here(text: str, begin: int, mark: re.Match[str], at: int, end: int) -> bool:
    rest = text[at : min(end, at + _LOOK_AHEAD)]
    following = rest.lstrip()
    if not following:
        return True
    if rest[0] == following[0] and not _is_glued(text, mark, at, following):
        return False
    stripped = following.lstrip(_OPENING)
    if stripped[:1] in ("", ".", "…"):
        return bool(stripped) and following[0] in _OPENING  # '"… and so on'
    if stripped[0] in _GOES_ON and not _opens_after_dash(stripped):
        return False
    if stripped[0].islower() and not _NAME_WITH_SMALL_START.match(stripped):
        return False
    if _is_aside(text, begin, mark) and not _new_start(following):
        return False
    return _word_may_end(text, begin, mark, following)


def _is_glued(text: str, mark: re.Match[str], at: int, following: str) -> bool:
    """Whether a sentence starts here with no space before it: "the end.“Then" or "it fell.The bank"."""
    first = following[0]
    if text[at - 1] in '"”»' or (at < mark.end() and first == '"'):
        return first.isupper() or first in '“"'
    if first == "“":
        return True
    word = _GLUED.match(following)
    if word is None or word[0] not in _OPENERS:
        return False
    before = text[max(0, mark.start() - 3) : mark.start()]
    return len(before) == 3 and before.isalpha() and before.islower()


def _opens_after_dash(following: str) -> bool:
    """After a mark and a dash: "it fell. — Ann Lee" goes on elsewhere, "Him? -- raises" does not."""
    if following[0] not in "—–-":
        return False
    word = following.lstrip("—–- \u00a0")
    return bool(word) and not word[0].islower()


def _is_aside(text: str, begin: int, mark: re.Match[str]) -> bool:
    """Whether the mark stands in a bracket that opened inside the sentence: "the (new?) plan"."""
    closer = mark[0][-1]
    if closer not in ")]":
        return False
    opened = text.rfind("(" if closer == ")" else "[", max(begin, mark.start() - _LOOK_BACK), mark.start())
    return opened > begin and bool(text[begin:opened].strip(_OPENING + " "))


def _word_may_end(text: str, begin: int, mark: re.Match[str], following: str) -> bool:
    """Whether the word before the mark can be a sentence's last with these words after it."""
    marks = mark[0].rstrip(_CLOSERS + " \u00a0")
    before = text[max(begin, mark.start() - 48) : mark.start()].split()
    last = before[-1].lstrip(_OPENING) if before else ""
    if marks != ".":
        if marks == "!" and last.lower() in _WITH_A_MARK:
            return _new_start(following)
        quoted = mark[0][-1] in "\"”’'»"
        return not (quoted and _FRAME.match(following))
    if len(before) == 1 and _is_first(text, begin, mark, before[0]) and _LISTED.fullmatch(before[0]):
        return False  # "1." before what it numbers
    if len(before) > 1 and before[-2].endswith(":") and last.isdigit():
        return False
    lower = last.lower()
    if lower in _BEFORE_NAMES or lower in _BEFORE_WORDS:
        return False
    if lower in _BEFORE_FIGURES and following[0].isdigit():
        return False
    if lower in _CLOCK:
        word = re.match(r"[A-Za-z]+", following)
        return word is None or word[0] not in _AFTER_CLOCK
    if (lower in _CAPITALISED and last[0].isupper()) or _is_letters(last, before, mark[0]):
        return _new_start(following)
    return True


def _is_first(text: str, begin: int, mark: re.Match[str], word: str) -> bool:
    return not text[begin : mark.start() - len(word)].strip() if mark.start() - begin < _LOOK_BACK else False


def _is_letters(last: str, before: list[str], mark: str) -> bool:
    """ "U.S.", "J.", "Ph.D.": letters that stand for words, and no "than I." or "figure 5a."."""
    if not _LETTERS.fullmatch(last):
        return False
    if last in ("i", "a"):
        return False
    if last == "I":
        return len(before) < 2 or before[-2][:1].isupper()
    return True


def _new_start(following: str) -> bool:
    """After an abbreviation a sentence starts with a word that commonly opens one, or a quotation."""
    if following[0] in '“"«„' or following.startswith("''"):
        return True
    word = re.match(r"[A-Z][a-z]*", following)
    return word is not None and word[0] in _OPENERS


def _add_last(text: str, start: int, end: int, found: list[Span]) -> None:
    """The rest of the stretch: a sentence, or marks that belong to the one before."""
    if found and not any(map(str.isalnum, text[start:end])):
        last = found.pop()
        start = last[0]
    _add(text, start, end, found)


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
