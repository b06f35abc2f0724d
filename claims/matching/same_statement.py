"""Whether two offers of one article state the same, by their words alone: a headline and its sentence, a
quotation that is repeated, the same sentence again. Plain.

A wrong "yes" hides a claim, a wrong "no" costs a second look: so every word has to be accounted for. Two
wordings are the same when they are equal but for punctuation, articles and the like, or differ by words that
add nothing to what is claimed: "has", a time that only one of them gives, a title or first name of the same
person, the headline's present tense. Other words, other numbers, other order, a "not": not the same.
Paraphrases are left to matching, where a person decides.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from .statement_words import Words, is_number, words_of

ENOUGH = 8  # words, from which on a sentence with a loose pronoun is known again
TELLING = 4  # words that carry meaning, in two wordings that are not equal

LOOSE = frozenset(
    ("he", "she", "it", "they", "we", "i", "you", "this", "these", "those", "him", "them", "here", "there")
)
_FIRST_PERSON = frozenset({"i", "we"})
_EMPTY = LOOSE | frozenset(
    """
    and or but of in on at to for from by with as is are was were be been being has have had do does did his
    her its their our my your not no so than then who which what when where if also all more most will would
    """.split()  # noqa: SIM905 - as a list of literals it would be sixty lines long
)
_LIGHT = frozenset({"has", "have", "had", "also", "then", "meanwhile", "too", "so", "and", "but", "however"})
_TITLES = frozenset(
    """
    president senator sen representative rep congressman congresswoman governor gov secretary minister mayor
    chancellor councillor sir lord lady prime vice foreign former professor prof judge justice general gen
    """.split()  # noqa: SIM905 - as a list of literals it would be thirty lines long
)
WEEKDAYS = frozenset(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"))
MONTHS = frozenset(
    (
        *("january", "february", "march", "april", "may", "june", "july"),
        *("august", "september", "october", "november", "december"),
    )
)
TURNS, _STRETCHES = frozenset({"last", "this"}), frozenset({"week", "month", "year"})
DAYS = frozenset({"yesterday", "today", "tonight"})
_PRESENT = {
    **{"cuts": "cut", "hits": "hit", "wins": "won", "says": "said", "rises": "rose", "falls": "fell"},
    **{"loses": "lost", "takes": "took", "gets": "got", "makes": "made", "leads": "led", "gives": "gave"},
    **{"spends": "spent", "leaves": "left", "finds": "found", "holds": "held", "pays": "paid", "sees": "saw"},
    **{"goes": "went", "sells": "sold", "buys": "bought", "runs": "ran", "sets": "set", "puts": "put"},
}


@dataclass(frozen=True)
class Said:
    """An offer: its standalone wording and its exact words, whose word it is ("" when nobody is known),
    whether it stands in the headline, and the full names of the people in it."""

    text: str
    quote: str
    claimant: str = ""
    in_headline: bool = False
    people: frozenset[str] = frozenset()

    @cached_property
    def words(self) -> Words:
        return words_of(self.text)

    @cached_property
    def exact(self) -> Words:
        return words_of(self.quote)

    @property
    def is_fragment(self) -> bool:
        """No sentence: it leans on words around it, which may be others at another place."""
        return self.text[:1].islower()

    @cached_property
    def numbers(self) -> Words:
        return tuple(sorted(word for word in self.words if is_number(word)))

    @cached_property
    def names(self) -> frozenset[Words]:
        return frozenset(words_of(name) for name in self.people)


def same_statement(one: Said, other: Said) -> bool:
    """Whether both state the same proposition, as sure as words can make it. Symmetric."""
    one, other = sorted((one, other), key=lambda said: (said.words, said.exact))
    if one.numbers != other.numbers or not may_be_one_voice(one.claimant, other.claimant):
        return False
    if one.is_fragment or other.is_fragment:
        return False
    if one.words == other.words:
        return _says_enough(one.words) and _is_fixed(one, other)
    if len(_telling(one.words) & _telling(other.words)) < TELLING or LOOSE & {*one.words, *other.words}:
        return False
    return _differ_by_nothing(one, other) or _is_quoted_again(one, other)


def may_be_one_voice(one: str, other: str) -> bool:
    """Whether two claimants may be one: the same name, the last part of it, or one is not known."""
    if not one or not other:
        return True
    shorter, longer = sorted((words_of(one), words_of(other)), key=len)
    return bool(shorter) and (shorter == longer[-len(shorter) :])


def groups_of(offers: Sequence[Said]) -> list[list[int]]:
    """Positions in ``offers``, those of one statement together, in order of their first. Each of a group is
    the same as each other of it, so that no chain of small differences joins what differs."""
    near = _likely_pairs(offers)
    groups: list[list[int]] = []
    group_of: dict[int, list[int]] = {}
    for place, offer in enumerate(offers):
        mine = None
        for earlier in near.get(place, ()):
            group = group_of[earlier]
            if all(same_statement(offers[member], offer) for member in group):
                mine = group
                break
        if mine is None:
            mine = []
            groups.append(mine)
        mine.append(place)
        group_of[place] = mine
    return groups


def _likely_pairs(offers: Sequence[Said]) -> dict[int, list[int]]:
    """Place → earlier ones that may be the same: with the same numbers, and with one of its rarest words in
    common. Two that are the same share more than half of the longer one's telling words."""
    telling = [sorted(_telling(offer.words)) for offer in offers]
    often = Counter(word for words in telling for word in words)
    seen: dict[tuple[Words, str], list[int]] = defaultdict(list)
    likely: dict[int, list[int]] = {}
    for place, words in enumerate(telling):
        rarest = sorted(words, key=lambda word: (often[word], word))[: len(words) // 2 + 1]
        keys = [(offers[place].numbers, word) for word in rarest]
        likely[place] = sorted({earlier for key in keys for earlier in seen[key]})
        for key in keys:
            seen[key].append(place)
    return likely


def _telling(words: Iterable[str]) -> set[str]:
    return {word for word in words if word not in _EMPTY}


def _says_enough(words: Words) -> bool:
    """Not "the lead is bigger": equal words that could be said of many things."""
    telling = _telling(words)
    return len(telling) >= TELLING or (len(telling) >= 3 and any(is_number(word) for word in telling))


def _is_fixed(one: Said, other: Said) -> bool:
    """Whether equal words mean the same at both places: no loose "he", or a sentence too long for chance."""
    loose = LOOSE.intersection(one.words)
    if not loose:
        return True
    known = bool(one.claimant and other.claimant) or not _FIRST_PERSON & loose
    return known and len(one.words) >= ENOUGH and one.exact == other.exact


def _is_quoted_again(one: Said, other: Said) -> bool:
    """The same long words, to which the wording of one adds what the other leaves as it stands."""
    if one.exact != other.exact or len(one.exact) < ENOUGH or LOOSE.intersection(one.exact):
        return False
    tags = {tag for tag, *_ in differences(one.words, other.words)}
    return tags in ({"insert"}, {"delete"})


def _differ_by_nothing(one: Said, other: Said) -> bool:
    tense = one.in_headline != other.in_headline
    dated: set[str] = set()
    for tag, left, right, after in differences(one.words, other.words):
        if tag == "replace":
            if not (tense and _is_other_tense(left, right)):
                return False
            continue
        added = left or right
        if _is_time(added):
            dated.add(tag)
        elif not (_LIGHT.issuperset(added) or _names_fully(added, after, one.names | other.names)):
            return False
    return len(dated) < 2  # a time on either side: perhaps not the same one


def differences(one: Words, other: Words) -> list[tuple[str, Words, Words, Words]]:
    """What stands in one and not in the other, with the words that follow in the one that has more."""
    steps = SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    return [
        (tag, one[i:j], other[k:m], one[j:] if tag == "delete" else other[m:])
        for tag, i, j, k, m in steps
        if tag != "equal"
    ]


def _is_time(words: Words) -> bool:
    """ "on Tuesday", "in March", "last year", "yesterday": a point in time as news add it."""
    rest = words[1:] if words[0] in ("on", "in", "late", "early") and len(words) > 1 else words
    if len(rest) == 1:
        bare = len(words) == 1
        return rest[0] in WEEKDAYS | DAYS or (rest[0] in MONTHS and not bare)
    return len(rest) == 2 and rest[0] in TURNS and rest[1] in _STRETCHES | WEEKDAYS | MONTHS


def _names_fully(added: Words, after: Words, people: frozenset[Words]) -> bool:
    """A title or the first names of a person whose name goes on in both: "Mayor Ann" before "Lee"."""
    first = next((place for place, word in enumerate(added) if word not in _TITLES), len(added))
    given = added[first:]
    for name in people:
        if given and name[: len(given)] == given and len(name) > len(given):
            rest = name[len(given) :]
            if after[: len(rest)] == rest:
                return True
        if not given and after[:1] and after[0] in name:
            return True
    return False


def _is_other_tense(one: Words, other: Words) -> bool:
    """ "closes" and "closed", "wins" and "has won"."""
    verbs = [[word for word in words if word not in _LIGHT] for words in (one, other)]
    if [len(verb) for verb in verbs] != [1, 1]:
        return False
    for (present,), (past,) in (verbs, verbs[::-1]):
        if _PRESENT.get(present) == past:
            return True
        if present.endswith("s") and past.endswith("ed"):
            stem, root = present.removesuffix("s"), past.removesuffix("ed")
            if stem in (root, f"{root}e") or present.removesuffix("es") == root:
                return len(root) > 2
    return False
