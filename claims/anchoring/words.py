"""A text as words and sentences, each with its place. Spelling is folded where it makes no difference to a
reader: kinds of quotation marks, dashes and spaces, composed letters, soft hyphens. Case is a difference."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from ..extraction.sentences import split_sentences

_INNER = r"[\u0300-\u036f\u00ad\u200b-\u200d\u2060]*"
_TOKEN = re.compile(
    r"\d+(?:[.,:]\d+)*"
    r"|[\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff]"  # scripts that put no space between words
    rf"|(?:[^\W\d_]{_INNER})+(?:['’](?:[^\W\d_]{_INNER})+)*"
    r"|[^\w\s]|_"
)
_FULL_STOP = re.compile(r"(?<=[。！？])")
_UNSEEN = re.compile(r"[\u00ad\u200b-\u200d\u2060\ufe0e\ufe0f\ufeff]")
_SPELLINGS = str.maketrans(
    {**dict.fromkeys("‘’‚‛′`´", "'"), **dict.fromkeys("“”„‟″«»", '"'), **dict.fromkeys("‐‑‒–—―−", "-")}
)
_PLAIN = re.compile(r"[A-Za-z0-9.,]+")
# words that open a sentence with a capital and name nothing
_FUNCTION_WORDS = frozenset(
    re.findall(
        r"\w+",
        "a about after all also although an and another any are as asked at be because before both but "
        "by can could despite do during each even every few for from had has have he her here his how "
        "however i if in is it its just last many may meanwhile more most my no nor not now of on one "
        "only or other our over she should since so some still such than that the their them then there "
        "these they this those though to under until was we were what when where which while who why "
        "will with would yet you your ",
    )
)
_DATES = frozenset(
    re.findall(
        r"\w+",
        "January February March April May June July August September October November December "
        "Monday Tuesday Wednesday Thursday Friday Saturday Sunday I",
    )
)
# "he" speaks of somebody else wherever it stands; "it", unless it opens, may speak of what its sentence names
_PERSONS = frozenset(("he", "she", "him", "her", "his", "hers"))
_OPENING_PRONOUNS = _PERSONS | frozenset(
    ("it", "they", "its", "their", "them", "this", "that", "these", "those", "such", "both", "neither")
)


class Reference(StrEnum):
    """Whom a sentence speaks of: its own names, "she" of one before, or "the company" of its paragraph."""

    NONE = "none"
    PRONOUN = "pronoun"
    DEFINITE = "definite"


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words ``first`` to ``last`` (exclusive) of the text. ``key`` is the same for the same words."""

    first: int
    last: int
    paragraph: int
    key: str


@dataclass(frozen=True, slots=True)
class Words:
    """A text cut up. ``folded[i]`` stands at ``starts[i]`` to ``ends[i]``, in code points; ``firsts`` are the
    first words of the sentences."""

    raw: str
    folded: Sequence[str]
    starts: Sequence[int]
    ends: Sequence[int]
    sentences: Sequence[Sentence]
    firsts: Sequence[int]

    def of(self, first: int, last: int) -> Sequence[str]:
        """The words of sentences ``first`` to ``last``, inclusive."""
        return self.folded[self.sentences[first].first : self.sentences[last].last]

    def sentences_at(self, start: int, end: int) -> tuple[int, int]:
        """The first and the last sentence that a passage touches."""
        words = self.words_at(start, end)
        return bisect_left(self.firsts, words[0] + 1) - 1, bisect_left(self.firsts, words[1]) - 1

    def words_at(self, start: int, end: int) -> tuple[int, int]:
        """The words that a passage touches, as a range."""
        first, last = bisect_left(self.ends, start + 1), bisect_left(self.starts, end)
        if not 0 <= start < end <= len(self.raw) or first >= last:
            raise ValueError(f"{start} to {end} holds no words of a text of {len(self.raw)} characters.")
        return first, last


def cut(raw: str) -> Words:
    """``raw`` as words and sentences. The time is linear in its length."""
    found = [(word, match.start(), match.end()) for match in _TOKEN.finditer(raw) if (word := fold(match[0]))]
    folded = [word for word, _start, _end in found]
    starts = [start for _word, start, _end in found]
    ends = [end for _word, _start, end in found]
    sentences: list[Sentence] = []
    at = 0
    for paragraph, end in _sentence_ends(raw):
        first = at
        at = bisect_left(starts, end, lo=first)
        if at > first:
            sentences.append(Sentence(first, at, paragraph, " ".join(folded[first:at])))
    return Words(raw, folded, starts, ends, sentences, [one.first for one in sentences])


def _sentence_ends(raw: str) -> list[tuple[int, int]]:
    """The paragraph and the end of each sentence, in order."""
    found, start = [], 0
    for paragraph, line in enumerate(raw.split("\n")):
        end = start + len(line)
        if line and not line.isspace():
            for first, last in split_sentences(raw, start, end):
                found += [(paragraph, first + stop.start()) for stop in _FULL_STOP.finditer(raw[first:last])]
                found.append((paragraph, last))
        start = end + 1
    return found


def fold(token: str) -> str:
    if _PLAIN.fullmatch(token):
        return token
    return _UNSEEN.sub("", unicodedata.normalize("NFC", token).translate(_SPELLINGS))


class Vocabulary:
    """What the words of two texts weigh, and which are names."""

    def __init__(self, *texts: Words) -> None:
        self._known = set(chain.from_iterable(text.folded for text in texts))
        self._weights: dict[str, float] = {}
        self._sentences_with: Counter[str] = Counter()
        for text in texts:
            for one in text.sentences:
                self._sentences_with.update(set(text.folded[one.first : one.last]))

    def weight(self, word: str) -> float:
        """The rarer a word is in the two texts, the more it tells; marks tell next to nothing."""
        weight = self._weights.get(word)
        if weight is None:
            weight = float(1 / self._sentences_with.get(word, 1) ** 0.5) if word[0].isalnum() else 0.05
            weight = self._weights[word] = weight / 2 if word.lower() in _FUNCTION_WORDS else weight
        return weight

    def weigh(self, words: Counter[str]) -> float:
        return sum(self.weight(word) * count for word, count in words.items())

    def names(self, words: Sequence[str]) -> frozenset[str]:
        """Words with a capital that do not have it from opening the sentence alone, and are no dates."""
        return frozenset(word for index, word in enumerate(words) if self._is_name(words, index))

    def refers_back(self, words: Sequence[str]) -> Reference:
        """How these words lean on the sentences before for whom they speak of."""
        opening = next((word for word in words if word[0].isalnum()), "")
        if opening.lower() in _OPENING_PRONOUNS:
            return Reference.PRONOUN
        for index, word in enumerate(words):
            if self._is_name(words, index):
                return Reference.NONE
            if word.lower() in _PERSONS:
                return Reference.PRONOUN
        return Reference.DEFINITE if opening == "The" else Reference.NONE

    def _is_name(self, words: Sequence[str], index: int) -> bool:
        word = words[index]
        if not word[0].isupper() or word in _DATES:
            return False
        opens = not any(before[0].isalnum() for before in words[:index])
        return not (opens and (word.lower() in _FUNCTION_WORDS or word.lower() in self._known))
