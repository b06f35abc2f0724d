"""What of a text is compared: its words without addresses, with hashtags and handles taken apart. Plain."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

LONGEST = 4_000  # code points that are looked at: a claim is a sentence or two, a post a few
THIN_BELOW = 4  # words that carry meaning; with fewer nobody can be sure what is meant

_ADDRESS = re.compile(r"(?:https?://|www\.|pic\.twitter\.com/)\S*", re.IGNORECASE)
_TAG = re.compile(r"[#@](\w{1,100})")
_SEAM = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=\d)|_")
_SENTENCE_END = re.compile(r"[.!?…](?=\s)")
_WORD = re.compile(r"\w+")
# words that say nothing of what is claimed; only thinness is judged by them
_EMPTY = frozenset(
    """
    a an and are as at be been but by did do does for from had has have he her him his i if in is it its just
    me my no not of on or our she so than that the their them they this to too up us very was we were what
    when which who why will with would you your rt via amp yes ok wow lol omg please look watch read see here
    """.split()  # noqa: SIM905 - as a list of literals it would be ninety lines long
)


class Kind(StrEnum):
    """What sort of text asks: thresholds are chosen for each."""

    POST = "post"  # as people write in social media: several sentences, tags, links
    STATEMENT = "statement"  # one sentence, as extracted from an article or spoken


@dataclass(frozen=True, slots=True)
class Statement:
    """A claim or a question, ready to be compared.

    ``for_vectors`` goes to the encoder, ``for_words`` to the lexical search; ``text`` is what agreement of
    numbers and names is judged by. ``is_thin``: too little is said for more than a possible match.
    """

    text: str
    for_vectors: str
    for_words: str
    kind: Kind
    is_thin: bool


def statement_of(text: str, *, title: str = "", claimant: str = "") -> Statement:
    """Prepare a text. ``title`` is the headline of a review, ``claimant`` who is said to have claimed it;
    both belong to known claims and say what the claim's own words leave out."""
    words, head, who = _plain(text), _plain(title), _plain(claimant)
    spoken = f"{who}: {words}" if who and who.casefold() not in words.casefold() else words
    return Statement(
        text=words,
        for_vectors=f"{spoken} {head}".strip(),
        for_words=f"{head} {_with_tags_whole(text, words)}".strip(),
        kind=_kind(text),
        is_thin=_is_thin(words),
    )


def _plain(text: str) -> str:
    """Without addresses and control characters; "#StopTheSteal" becomes "Stop The Steal"."""
    text = _ADDRESS.sub(" ", text[:LONGEST].replace("\0", " "))
    text = _TAG.sub(lambda tag: _SEAM.sub(" ", tag[1]), text)
    return " ".join(text.split())


def _with_tags_whole(text: str, words: str) -> str:
    """The words, and every tag once more in one piece: somebody may have written it so before."""
    whole = [tag for tag in _TAG.findall(text[:LONGEST].replace("\0", " ")) if _SEAM.search(tag)]
    return " ".join([words, *whole])


def _kind(text: str) -> Kind:
    looked_at = text[:LONGEST]
    is_post = bool(_TAG.search(looked_at) or _ADDRESS.search(looked_at))
    is_post = is_post or len(_SENTENCE_END.findall(looked_at)) >= 3
    return Kind.POST if is_post else Kind.STATEMENT


def _is_thin(words: str) -> bool:
    telling = {word for word in _WORD.findall(words.casefold()) if word not in _EMPTY and len(word) > 1}
    return len(telling) < THIN_BELOW
