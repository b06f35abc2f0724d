"""What a claim is made of: its amounts, its dates and the names in it, read from an article parsed once."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from claims.extraction.dates import dates_in
from claims.extraction.kinds import kind_of
from claims.extraction.lexicon import FEMALE_NAMES, HONORIFICS, MALE_NAMES, NATIONS, NOBLE, ROLE_NOUNS
from claims.extraction.model import ClaimKind, ClaimParts, NamedThing
from claims.extraction.names import Cast
from claims.extraction.parsing import Parsed
from claims.extraction.periods import Leaning
from claims.extraction.place_names import PLACES
from claims.extraction.quantities import quantities_in

if TYPE_CHECKING:
    from spacy.tokens import Token

NameKind = Literal["person", "organisation", "place", "other"]
_KINDS: dict[str, NameKind] = {
    "PERSON": "person",
    "ORG": "organisation",
    "GPE": "place",
    "LOC": "place",
    "FAC": "place",
    "NORP": "other",
    "EVENT": "other",
    "LAW": "other",
    "PRODUCT": "other",
    "WORK_OF_ART": "other",
}
_COUNTRY_LETTERS = frozenset(
    ("US", "U.S.", "USA", "U.S.A.", "UK", "U.K.", "UAE", "DC", "D.C.", "NYC", "L.A.")
)
_BODY_LETTERS = frozenset(("EU", "UN", "NATO", "IS", "NHS", "BBC", "FBI", "CIA", "IMF", "WHO"))
_PLACE_ENDS = frozenset(
    (
        *(
            "Tower",
            "Street",
            "Avenue",
            "Road",
            "Park",
            "Square",
            "Airport",
            "Bridge",
            "County",
            "City",
            "River",
        ),
        *("Island", "Islands", "Beach", "Valley", "Mountain", "Mountains", "Lake", "Bay", "Sea", "Ocean"),
    )
)
_BODY_ENDS = frozenset(
    (
        *("University", "College", "School", "Hospital", "Department", "Ministry", "Committee", "Council"),
        *("Commission", "Agency", "Party", "Times", "Post", "News", "Bank", "Association", "Foundation"),
        *("Institute", "Inc", "Corp", "Ltd", "Union", "Court", "Congress", "Parliament", "Police", "Group"),
    )
)
_OFFICE_WORDS = frozenset(
    ("defence", "defense", "foreign", "prime", "home", "finance", "health", "justice", "interior", "vice")
)


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """A parsed token with the stretch of the article it stands for."""

    start: int
    end: int
    token: Token


class ArticleWords:
    """The tokens of every parsed piece of an article in the article's order, for look-up by position."""

    def __init__(self, parsed: Iterable[Parsed]) -> None:
        placed: list[PlacedWord] = []
        self._common: set[str] = set()
        self._labels: dict[str, Counter[NameKind]] = defaultdict(Counter)
        for piece in parsed:
            for token in piece.doc:
                start, end = piece.bounds(token, token)
                # a stand-in for a quotation covers far more of the article than its own letters
                if not token.is_space and end - start <= 2 * len(token.text):
                    placed.append(PlacedWord(start, end, token))
                    if token.text.islower():
                        self._common.add(token.text)
            for entity in piece.doc.ents:
                if entity.label_ in _KINDS:
                    self._labels[entity.text][_KINDS[entity.label_]] += 1
        placed.sort(key=lambda word: word.start)
        self._words = placed
        self._starts = [word.start for word in placed]

    def between(self, start: int, end: int) -> Sequence[PlacedWord]:
        """The words that start in [start, end)."""
        return self._words[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def is_common(self, word: str) -> bool:
        """Whether the article also writes the word in small letters, as it does no name."""
        return word.lower() in self._common

    def usual_kind(self, name: str) -> NameKind | None:
        """What the parser takes this name for most often in the article."""
        counted = self._labels.get(name)
        return counted.most_common(1)[0][0] if counted else None


def parts_of(
    text: str, words: ArticleWords, start: int, end: int, *, cast: Cast, published: dt.date | None
) -> ClaimParts:
    """The parts of text[start:end]; `published` is the day that "last week" counts from, None where unknown.

    Takes time in the length of the claim, not of the article.
    """
    placed = words.between(start, end)
    dates = dates_in(text, start, end, published=published, leaning=leaning_of(w.token for w in placed))
    by_start = {word.start: word.token for word in placed}
    quantities = quantities_in(text, start, end, words=by_start, dates=dates)
    taken = [(d.start, d.end) for d in dates] + [(q.start, q.end) for q in quantities]
    names = tuple(
        name
        for name in _names_in(text, words, placed, end, cast)
        if not any(name.start < e and s < name.end for s, e in taken)
    )
    return ClaimParts(quantities, dates, names)


def leaning_of(tokens: Iterable[Token]) -> Leaning:
    """Whether the words tell of what is to come or of what was, for dates that name no year."""
    past = False
    for token in tokens:
        if token.lower_ in ("will", "would", "'ll", "shall", "upcoming", "scheduled", "next"):
            return "future"
        past = past or token.tag_ == "VBD"
    return "past" if past else None


def _names_in(
    text: str, words: ArticleWords, placed: Sequence[PlacedWord], end: int, cast: Cast
) -> Iterator[NamedThing]:
    for run in _runs(placed):
        label = next((w.token.ent_type_ for w in run if w.token.ent_type_), "")
        bare = _without_office(run)
        if not bare or bare[-1].end > end or _only_describes(bare, label):
            continue
        start, stop = bare[0].start, bare[-1].end
        shown = text[start:stop]
        if not any(map(str.isupper, shown)) or len(shown) < 2:
            continue
        if text[start - 1 : start] in ("#", "@"):
            continue
        if not label and not _is_name(bare, shown, words, cast):
            continue
        parsed = bare[0].token.doc[bare[0].token.i : bare[-1].token.i + 1].text
        kind = _kind_of_name(shown, words.usual_kind(parsed) or _KINDS.get(label), cast)
        yield NamedThing(start, stop, _full_form(shown, kind, cast), kind)


def _runs(placed: Sequence[PlacedWord]) -> Iterator[list[PlacedWord]]:
    """The entities the parser marked, and runs of capitalised names that it did not."""
    run: list[PlacedWord] = []
    for word in placed:
        token = word.token
        labelled = token.ent_type_ in _KINDS
        unknown = not token.ent_type_ and token.pos_ == "PROPN" and token.text[:1].isupper()
        last = run[-1].token if run else None
        follows = last is not None and last.doc is token.doc and token.i == last.i + 1
        goes_on = (
            follows
            and last is not None
            and last.ent_type_ == token.ent_type_
            and (token.ent_iob_ == "I" if labelled else unknown)
        )
        if run and not goes_on:
            yield run
            run = []
        if labelled or unknown:
            run.append(word)
    if run:
        yield run


def _without_office(run: list[PlacedWord]) -> list[PlacedWord]:
    """The run without the article, titles and offices before the name and the marks after it."""
    first, last = 0, len(run)
    while first < last and (
        run[first].token.lower_ in ("the", "a", "an", "former", "then")
        or run[first].token.lower_.rstrip(".") in HONORIFICS | NOBLE
        or run[first].token.is_punct
    ):
        first += 1
    if run[0].token.ent_type_ in ("PERSON", "ORG", ""):
        for index in range(last - 1, first - 1, -1):
            if run[index].token.lower_ in ROLE_NOUNS and not _of_a_place(run, index):
                first = index + 1  # "Defence Secretary Ann Lee", "Prime Minister"
                break
    while last > first and (
        run[last - 1].token.text in ("'s", "’s", "'", "’", ".", "the") or run[last - 1].token.is_punct
    ):
        last -= 1
    return run[first:last]


def _of_a_place(run: list[PlacedWord], index: int) -> bool:
    """ "General Electric", "General Assembly": the office word is the body's own first name."""
    return run[index].token.lower_ in ("general", "king", "prince", "queen") and index == 0 and len(run) > 1


def _only_describes(run: list[PlacedWord], label: str) -> bool:
    """ "British" in "the British defence secretary" describes; "Republicans" names."""
    following = run[-1].token.nbor(1) if run[-1].token.i + 1 < len(run[-1].token.doc) else None
    if following is not None and following.lower_ in ROLE_NOUNS and run[-1].token.lower_ in _OFFICE_WORDS:
        return True  # "Defence" in "the US Defence Secretary"
    if label != "NORP":
        return (
            not label
            and len(run) == 1
            and run[0].token.dep_ in ("compound", "amod")
            and (run[0].token.lower_ in NATIONS)
        )
    return _not_plural_name(run[-1].token)


def _not_plural_name(last: Token) -> bool:
    return last.tag_ not in ("NNPS", "NNS") and last.lower_ not in ("labour", "tory", "hamas", "hezbollah")


def _is_name(run: list[PlacedWord], shown: str, words: ArticleWords, cast: Cast) -> bool:
    """Whether capitalised words that the parser gave no label are a name."""
    if cast.person_called(shown) is not None or shown in PLACES:
        return True
    last = run[-1].token
    following = last.nbor(1) if last.i + 1 < len(last.doc) else None
    if following is not None and following.ent_type_ == "PERSON":
        return False  # a title: "Justice Ann Lee"
    if len(run) == 1:
        return not (run[0].token.is_sent_start or words.is_common(shown) or run[0].token.lower_ in ROLE_NOUNS)
    return not any(words.is_common(word.token.text) for word in run)


def _kind_of_name(shown: str, usual: NameKind | None, cast: Cast) -> NameKind:
    words = shown.split()
    if shown in PLACES or shown in _COUNTRY_LETTERS:
        return "place"
    if shown in _BODY_LETTERS or (shown.isupper() and shown.isalpha() and 2 <= len(shown) <= 5):
        return "organisation"
    if len(words) > 1 and words[-1] in _PLACE_ENDS | _BODY_ENDS:
        return "place" if words[-1] in _PLACE_ENDS else "organisation"
    if cast.acronym_called(shown) is not None:
        return "organisation"
    if usual != "place" and cast.person_called(" ".join(words)) is not None:
        return "person"
    if usual != "organisation" and _is_full_name(words):
        return "person"
    return usual or "other"


def _is_full_name(words: Sequence[str]) -> bool:
    """A given name that is known as one, and one or two name words after it."""
    given = words[0].lower() in MALE_NAMES | FEMALE_NAMES
    return given and len(words) in (2, 3) and all(word.isalpha() and word.istitle() for word in words)


def _full_form(shown: str, kind: NameKind, cast: Cast) -> str:
    """The fullest spelling that the article gives of the name."""
    name = " ".join(shown.replace("-] ", "-").replace("[", "").replace("]", "").split())
    if kind == "person":
        person = cast.person_called(name)
        return person.name if person is not None and len(cast.sharing_name(name)) < 2 else name
    known = cast.acronym_called(name)
    if known is None:
        return name
    return " ".join(known[0].split()).removeprefix("the ").removeprefix("The ")


class Anatomy:
    """The kind and the parts of any claim of one article, whose words are put in order once."""

    def __init__(
        self, text: str, parsed: Iterable[Parsed], cast: Cast, *, published: dt.date | None = None
    ) -> None:
        self._text = text
        self._words = ArticleWords(parsed)
        self._cast = cast
        self._published = published

    def of(self, start: int, end: int, *, about_speech: bool = False) -> tuple[ClaimKind, ClaimParts]:
        """The kind and the parts of text[start:end]; `about_speech`: it tells who said what."""
        parts = parts_of(self._text, self._words, start, end, cast=self._cast, published=self._published)
        placed = self._words.between(start, end)
        return kind_of(placed, quantities=parts.quantities, quotes_speech=about_speech), parts
