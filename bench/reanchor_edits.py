"""Makes newsroom edits of articles, with what became of every passage, for bench.reanchor."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from claims.anchoring import Fate, Passage
from claims.extraction.sentences import split_sentences

from .reanchor_pairs import Expected, Revision

Span = tuple[int, int]
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{3,}")
_QUOTED = re.compile(r"[“\"]([^“”\"\n]{20,})[”\"]")
_SHORTEST = 5  # words of a passage


@dataclass(frozen=True, slots=True)
class Edit:
    """old[start:end] becomes ``text``. ``of`` says what it does to a passage in whose words it is."""

    start: int
    end: int
    text: str
    of: Fate = Fate.REWORDED


@dataclass(frozen=True, slots=True)
class Article:
    """A text, its sentences, and passages in it: sentences without their mark, or the part of one."""

    text: str
    sentences: list[Span]
    passages: list[Span]

    def words(self, span: Span) -> str:
        return self.text[span[0] : span[1]]


def article_of(text: str, chance: random.Random, passages: Sequence[Span] = ()) -> Article:
    sentences, start = [], 0
    for line in text.split("\n"):
        sentences += split_sentences(text, start, start + len(line))
        start += len(line) + 1
    made = list(passages)
    for sentence in [] if passages else sentences:
        first, last = sentence
        while last > first and not text[last - 1].isalnum():
            last -= 1
        comma = text.find(", ", first, last)
        if comma > 0 and chance.random() < 0.4:
            halves = [(first, comma), (comma + 2, last)]
            first, last = max(halves, key=lambda half: half[1] - half[0])
        if len(text[first:last].split()) >= _SHORTEST:
            made.append((first, last))
    return Article(text, sentences, made)


def revision(
    kind: str, article: Article, others: Sequence[Article], chance: random.Random, name: str
) -> Revision | None:
    """One edit of this kind, or None where the article gives no room for it."""
    edits = KINDS[kind](article, others, chance)
    if not edits:
        return None
    if isinstance(edits, Revision):
        return Revision(name, edits.old, edits.new, edits.expected)
    edits.sort(key=lambda edit: (edit.start, edit.end))
    new = _applied(article.text, edits)
    return Revision(name, article.text, new, [_expected(article, span, edits) for span in article.passages])


def _applied(text: str, edits: Sequence[Edit]) -> str:
    parts, position = [], 0
    for edit in edits:
        parts += [text[position : edit.start], edit.text]
        position = edit.end
    return "".join([*parts, text[position:]])


def _expected(article: Article, span: Span, edits: Sequence[Edit]) -> Expected:
    start = span[0] + sum(len(one.text) - (one.end - one.start) for one in edits if one.end <= span[0])
    inside = [one for one in edits if one.start < span[1] and one.end > span[0]]
    end = span[1] + start - span[0] + sum(len(one.text) - (one.end - one.start) for one in inside)
    passage = Passage(*span)
    if any(one.of is Fate.REMOVED for one in inside):
        return Expected(passage, Fate.REMOVED)
    if inside:
        return Expected(passage, Fate.REWORDED, start, end)
    beside = any(
        one.start < sentence[1] and one.end > sentence[0]
        for sentence in article.sentences
        if sentence[0] < span[1] and sentence[1] > span[0]
        for one in edits
    )
    return Expected(passage, None if beside else Fate.UNCHANGED, start, end)


def _insert(article: Article, others: Sequence[Article], chance: random.Random) -> list[Edit]:
    """A sentence of another article, within a paragraph or as one of its own."""
    other = chance.choice(others)
    sentence, at = other.words(chance.choice(other.sentences)), chance.choice(article.sentences)[0]
    return [Edit(at, at, sentence + chance.choice([" ", "\n\n"]))]


def _delete(article: Article, _others: Sequence[Article], chance: random.Random) -> list[Edit]:
    start, end = _host(article, chance.choice(article.passages))
    return [Edit(start, end, "", Fate.REMOVED)]


def _reorder(article: Article, _others: Sequence[Article], chance: random.Random) -> Revision | None:
    """One paragraph is put elsewhere."""
    lines = [line for line in article.text.split("\n") if line.strip()]
    text = "\n\n".join(lines)
    places, position = [], 0
    for line in lines:
        places.append((position, position + len(line)))
        position += len(line) + 2
    holding = [
        index
        for index, line in enumerate(lines)
        if any(article.words(span) in line for span in article.passages)
    ]
    if len(lines) < 4 or not holding:
        return None
    moved = chance.choice(holding)
    order = [index for index in range(len(lines)) if index != moved]
    order.insert(chance.choice([at for at in range(len(lines)) if abs(at - moved) > 1]), moved)
    new, begins, position = "\n\n".join(lines[index] for index in order), {}, 0
    for index in order:
        begins[index] = position
        position += len(lines[index]) + 2
    expected = []
    for span in article.passages:
        words = article.words(span)
        if text.count(words) != 1:
            continue
        start = text.index(words)
        line = next(index for index, place in enumerate(places) if place[0] <= start < place[1])
        there = begins[line] + start - places[line][0]
        fate = Fate.MOVED if line == moved else Fate.UNCHANGED
        expected.append(Expected(Passage(start, start + len(words)), fate, there, there + len(words)))
    return Revision("", text, new, expected)


def _number(article: Article, _others: Sequence[Article], chance: random.Random) -> list[Edit]:
    return _retouched(article, _NUMBER, _other_number, chance)


def _name(article: Article, _others: Sequence[Article], chance: random.Random) -> list[Edit]:
    names = sorted({match[0] for match in _NAME.finditer(article.text)})
    if len(names) < 2:
        return []
    return _retouched(article, _NAME, lambda was, by: by.choice([one for one in names if one != was]), chance)


def _quote(article: Article, _others: Sequence[Article], chance: random.Random) -> list[Edit]:
    """One to three words of a quotation are put otherwise."""
    inside = [
        span
        for span in article.passages
        for match in _QUOTED.finditer(article.text)
        if match.start(1) <= span[0] and span[1] <= match.end(1)
    ]
    if not inside:
        return []
    start, end = chance.choice(inside)
    words = list(re.finditer(r"[a-z]{3,}", article.text[start:end]))
    if len(words) < 4:
        return []
    others = ["really", "probably", "something", "going", "rather", "told", "wanted"]
    return [
        Edit(start + word.start(), start + word.end(), chance.choice(others))
        for word in chance.sample(words, chance.randint(1, 3))
    ]


def _retouched(
    article: Article,
    pattern: re.Pattern[str],
    other: Callable[[str, random.Random], str],
    chance: random.Random,
) -> list[Edit]:
    found = [
        (match.start(), match.end())
        for match in pattern.finditer(article.text)
        if any(start <= match.start() and match.end() <= end for start, end in article.passages)
    ]
    if not found:
        return []
    start, end = chance.choice(found)
    return [Edit(start, end, other(article.text[start:end], chance))]


def _other_number(was: str, chance: random.Random) -> str:
    digits = [letter for letter in was if letter.isdigit()]
    for _try in range(20):
        at = chance.randrange(len(digits))
        changed = [*digits[:at], str(chance.randint(1, 9)), *digits[at + 1 :]]
        if changed != digits:
            digits = changed
            break
    rest = iter(digits)
    return "".join(next(rest) if letter.isdigit() else letter for letter in was)


def _look_alike(article: Article, _others: Sequence[Article], chance: random.Random) -> list[Edit]:
    """A sentence that says nearly the same of another thing: added beside it or far from it; or put in while
    the sentence itself goes; or in its place, while its own words are told of elsewhere."""
    host = _host(article, chance.choice(article.passages))
    copy = _altered(article, host, chance)
    if copy is None:
        return []
    far = [one for one in article.sentences if one[0] >= host[1] or one[1] <= host[0]]
    at = chance.choice(far)[0] if far else host[1]
    match chance.choice(["beside", "before", "far", "instead", "gone", "kept elsewhere"]):
        case "beside":
            return [Edit(host[1], host[1], " " + copy)]
        case "before":
            return [Edit(host[0], host[0], copy + " ")]
        case "far":
            return [Edit(at, at, copy + "\n\n")]
        case "instead":
            return [Edit(*host, copy)]
        case "gone":
            return [Edit(*host, "", Fate.REMOVED), Edit(at, at, copy + "\n\n")] if far else []
        case _:
            return [Edit(*host, copy), Edit(at, at, article.words(host) + "\n\n")] if far else []


def _altered(article: Article, host: Span, chance: random.Random) -> str | None:
    words = article.words(host)
    places = [*_NUMBER.finditer(words), *_NAME.finditer(words)]
    if not places:
        return None
    place = chance.choice(places)
    names = sorted({match[0] for match in _NAME.finditer(article.text)} - {place[0]}) or ["Norwood"]
    other = _other_number(place[0], chance) if place[0][0].isdigit() else chance.choice(names)
    return words[: place.start()] + other + words[place.end() :]


def _host(article: Article, span: Span) -> Span:
    """The sentences that a passage is in."""
    touched = [one for one in article.sentences if one[0] < span[1] and one[1] > span[0]]
    return touched[0][0], touched[-1][1]


KINDS: dict[str, Callable[[Article, Sequence[Article], random.Random], list[Edit] | Revision | None]] = {
    "insert": _insert,
    "delete": _delete,
    "reorder": _reorder,
    "number": _number,
    "name": _name,
    "quote": _quote,
    "look_alike": _look_alike,
}
