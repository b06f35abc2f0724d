""" "I" and "we" inside a quotation, as the name of the one who speaks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from claims.extraction.names import Cast
from claims.extraction.standalone_subjects import third_person, verbs_of
from claims.extraction.standalone_words import Word, finite_verb
from claims.extraction.wording import Edit

if TYPE_CHECKING:
    from spacy.tokens import Token

_SINGLE = frozenset(("i", "me", "my"))
_GROUP = frozenset(("we", "us", "our"))
_BARRED = frozenset(("myself", "mine", "ourselves", "ours"))
_AGAIN = {"m": ("he", "him", "his"), "f": ("she", "her", "her")}
_SHORT = {"'ve": "have", "'m": "am", "'re": "are", "'ll": "will"}


def speech_edits(words: Sequence[Word], claimant: str, cast: Cast, apostrophe: str) -> Iterator[Edit]:
    """The edits for the speaker's own pronouns; none where any of them cannot be told or put right."""
    person = next((p for p in cast.people if p.name == claimant), None)
    own = _SINGLE if person is not None else _GROUP
    said = [w for w in words if w.token.tag_ in ("PRP", "PRP$") and w.token.lower_ in own]
    if not said or "\n" in claimant or len(claimant.split()) > 8:
        return
    if any(w.token.lower_ in _BARRED for w in words) or any(_in_inner_marks(w, words) for w in said):
        return
    if person is None and not _is_group(claimant):
        return
    if any(w.token.lower_ in ("i", "we") and w.token.dep_ not in ("nsubj", "nsubjpass") for w in said):
        return  # misread: its verb could not be made to agree
    again = _AGAIN.get(person.gender or "") if person is not None else ("they", "them", "their")
    name = claimant[0].lower() + claimant[1:] if claimant.split()[0] in ("The", "A", "An") else claimant
    for count, word in enumerate(said):
        token = word.token
        form = 2 if token.tag_ == "PRP$" else 0 if token.dep_ in ("nsubj", "nsubjpass") else 1
        if count and again is not None:
            new = again[form]
        elif form == 2:
            new = name + apostrophe + ("" if person is None and name.endswith("s") else "s")
        else:
            new = name
        yield Edit(word.start, word.end, new, "pronoun")
        if form == 0:
            yield from _agreeing(word, plural=person is None)


def _is_group(claimant: str) -> bool:
    """Whether a source as written is several people: "the military leaders"."""
    last = claimant.split()[-1].lower()
    return (
        claimant[:1].islower() | claimant.startswith("The ")
        and last.endswith("s")
        and not last.endswith("ss")
    )


def _in_inner_marks(word: Word, words: Sequence[Word]) -> bool:
    """Whether a quotation inside the quotation is open before the word: then another speaks."""
    before = word.token.doc[word.token.sent.start : word.token.i].text
    return before.count('"') % 2 == 1 or before.count(" '") > before.count("' ")


def _agreeing(word: Word, *, plural: bool) -> Iterator[Edit]:
    for verb in verbs_of(word.token):
        finite = finite_verb(verb)
        if finite is None or (finite.i < word.token.i and verb.i == word.token.head.i):
            continue
        start, end = word.parsed.bounds(finite, finite)
        short = _short_form(finite)
        if short is not None:
            full = (
                short if plural or finite.tag_ == "MD" or short in ("had", "would") else third_person(short)
            )
            yield Edit(start, end, " " + full, "grammar")
        elif not plural and (finite.tag_ == "VBP" or finite.lower_ in ("am", "are")):
            yield Edit(start, end, third_person(finite.lower_), "grammar")


def _short_form(finite: Token) -> str | None:
    text = finite.lower_.replace("’", "'")
    if text == "'d":
        return "would" if finite.tag_ == "MD" else "had"
    return _SHORT.get(text)
