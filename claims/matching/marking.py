"""Another's statement set for reading beside ours: which of its words are ours too, and which contradict."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Literal, NamedTuple

from claims.extraction.lexicon import FUNCTION_WORDS

from .stems import stem_of
from .tokens import Word, words_in

Kind = Literal["", "agrees", "against"]


class Piece(NamedTuple):
    """A run of the statement; the pieces together are all of it, as it stands."""

    text: str
    kind: Kind


def marked_words(theirs: str, ours: str, reasons: Iterable[Mapping[str, Any]] = ()) -> list[Piece]:
    """``theirs`` in pieces. Parts that ``reasons`` (as a match keeps them) name go before single words."""
    words, our_stems = words_in(theirs), _stems(ours)
    kinds: list[Kind] = [_kind_of(word, our_stems) for word in words]
    held: set[int] = set()  # words that belong to the next one whatever stands between: "1" of "1,200"
    for reason in sorted(reasons, key=lambda each: not each["agrees"]):
        kind: Kind = "agrees" if reason["agrees"] else "against"
        covered = _words_at(words, theirs, str(reason.get("there", "")))
        held.update(covered[:-1])
        for number in covered:
            kinds[number] = kind
    return list(_pieces(theirs, words, _joined(words, kinds), held))


def _stems(text: str) -> frozenset[str]:
    return frozenset(stem_of(word.lower) for word in words_in(text)) - {""}


def _kind_of(word: Word, ours: frozenset[str]) -> Kind:
    return "agrees" if word.lower not in FUNCTION_WORDS and stem_of(word.lower) in ours else ""


def _words_at(words: list[Word], text: str, part: str) -> range:
    """The numbers of the words that a part covers, where it first stands."""
    at = text.casefold().find(part.casefold()) if part else -1
    if at < 0 or len(text.casefold()) != len(text):
        return range(0)
    covered = [n for n, word in enumerate(words) if word.start < at + len(part) and word.end > at]
    return range(covered[0], covered[-1] + 1) if covered else range(0)


def _joined(words: list[Word], kinds: list[Kind]) -> list[Kind]:
    """A small word between two marked ones of a kind is marked with them: one mark reads easier than two."""
    joined = list(kinds)
    for number in range(1, len(words) - 1):
        before, after = kinds[number - 1], kinds[number + 1]
        if not kinds[number] and before and before == after and words[number].lower in FUNCTION_WORDS:
            joined[number] = before
    return joined


def _pieces(text: str, words: list[Word], kinds: list[Kind], held: Collection[int]) -> Iterable[Piece]:
    done, number = 0, 0
    while number < len(words):
        last = number
        while last + 1 < len(words) and kinds[last + 1] == kinds[number]:
            if last not in held and text[words[last].end : words[last + 1].start].strip():
                break  # a mark does not reach over punctuation
            last += 1
        if kinds[number]:
            if words[number].start > done:
                yield Piece(text[done : words[number].start], "")
            done = words[last].end
            yield Piece(text[words[number].start : done], kinds[number])
        number = last + 1
    if done < len(text):
        yield Piece(text[done:], "")
