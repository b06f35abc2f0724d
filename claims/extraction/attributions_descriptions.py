"""Sources that are only described: "the candidate", "the campaign", "the newspaper", "the poll"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from claims.extraction.lexicon import BODY_NOUNS, DOCUMENT_NOUNS, ROLE_NOUNS
from claims.extraction.speakers import Discourse, Speaker

if TYPE_CHECKING:
    from spacy.tokens import Token

_LOOK_BACK = 8  # sentences
_REACH = 4_000  # characters before a description in which its fuller name is looked for
_POLLS = {"poll": "poll|survey", "survey": "survey|poll"}
_CAPITAL = r"(?:(?!The |A |An |This |That |His |Her |Their |Its |In |But |And |According )[A-Z][\w.&/'’-]* )"
_OF_WHAT = r"(?: (?:of|for|on) (?:the )?[A-Z][\w’']*(?: [A-Z][\w’']*)*)?"


def described_source(words: str, head: Token, start: int, discourse: Discourse) -> Speaker | None:
    """Whom or what the article means by `words`, a description without a name of its own that stands at
    `start`; None where it is not plain. `discourse` has read up to there.
    """
    parts = words.split()
    if not 2 <= len(parts) <= 5 or parts[0].lower() not in ("the", "this"):
        return None
    noun = parts[-1].lower()
    if head.lower_ != noun:
        return None
    if noun in ROLE_NOUNS and head.tag_ == "NN":
        return _last_person(discourse, head)
    if any(part[:1].isupper() for part in parts[1:]):
        return None
    return _fuller(parts[1:], start, discourse) or (_last_body(discourse) if noun in BODY_NOUNS else None)


def _last_person(discourse: Discourse, head: Token) -> Speaker | None:
    """The person of the article who spoke or acted last."""
    for sentence in reversed(discourse.past[-_LOOK_BACK:]):
        for speaker in (*sentence.speakers[::-1], *sentence.subjects[::-1]):
            if speaker.person and speaker.name[:1].isupper() and not speaker.name.lower().startswith("the "):
                return speaker
    return None


def _last_body(discourse: Discourse) -> Speaker | None:
    """The named body that spoke or acted last."""
    for sentence in reversed(discourse.past[-_LOOK_BACK:]):
        for speaker in (*sentence.speakers[::-1], *sentence.subjects[::-1], *sentence.others[::-1]):
            named = any(word[:1].isupper() for word in speaker.name.split()[1:] or [speaker.name])
            if named and not speaker.person and not speaker.plural:
                return speaker
    return None


def _fuller(parts: list[str], start: int, discourse: Discourse) -> Speaker | None:
    """ "the campaign", "the board": the last name before it that ends in these words or goes on from them."""
    noun = _POLLS.get(parts[-1].lower(), re.escape(parts[-1].lower()))
    if noun in DOCUMENT_NOUNS:
        return None
    words = " ".join([*map(re.escape, parts[:-1]), f"(?i:{noun})"])
    name = re.compile(rf"\b(?:[Tt]he )?{_CAPITAL}{{1,6}}{words}\b{_OF_WHAT}")
    found = list(name.finditer(discourse.text, max(0, start - _REACH), start))
    if not found:
        return None
    return Speaker(found[-1][0], found[-1].span(), plural=parts[-1].endswith("s"))
