"""Who the sources of an article's attributions are, by the fullest names that it gives."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING

from claims.extraction.attribution import note_subject
from claims.extraction.attributions_decoding import Act
from claims.extraction.attributions_descriptions import described_source
from claims.extraction.lexicon import DOCUMENT_NOUNS, ROLE_NOUNS
from claims.extraction.parsing import Parsed
from claims.extraction.speakers import Discourse, Speaker

if TYPE_CHECKING:
    from spacy.tokens import Span as Words
    from spacy.tokens import Token

Span = tuple[int, int]

_BREAK = re.compile(r",|;|\s[—–(\[-]|[—(\[]|\s(?:who|which|whose|whom|where)\s|\sthat\s")
_CAPITALS = re.compile(r"(?:[A-Z][\w.’'-]*\s+)*[A-Z][\w.-]*$")
_RELATION = re.compile(r"\b(?:of|for|by|from|in|at|to|on|with|and|or|than)\s+(?:the\s+)?$", re.IGNORECASE)
_POLL = re.compile(r"\b(?:polls?|surveys?|polling)\b", re.IGNORECASE)
_NAMED_POLL = re.compile(
    r"^(?:(?:an?|the|its|[Nn]ew|latest|recent|most|national|statewide|last|another)\s+)*"
    r"(?P<name>[A-Z][\w’'./&-]*(?:\s+[\w’'./&-]+)*?\s+(?:poll|survey|Poll|Survey))\b"
)
_OUTLET = re.compile(
    r"^(?:an?|the|one|another|new|recent|latest|last|\w+[’']s|\w+day|\s)*"
    r"(?:article|story|column|op-ed|editorial|count|tally|piece|blog post|post|interview)\s+"
    r"(?:in|by|on|from|at|with)\s+(?P<name>(?:the\s+)?[A-Z].*)$",
    re.IGNORECASE,
)
_ISSUED = frozenset(("statement", "letter", "tweet", "post", "email", "release", "note", "op-ed"))
_SUFFIX = re.compile(r"[’']s?$")


def speakers_of(
    text: str, acts: Sequence[Act], parsed: Sequence[Parsed], discourse: Discourse
) -> list[Speaker | None]:
    """The speaker of each act, None where it has no source; reads the article in order, as "he" asks for."""
    waiting = sorted({act.source for act in acts if act.source is not None})
    found: dict[Span, Speaker | None] = {}
    for piece in parsed:
        if piece.within is None:
            for sentence in piece.sentences():
                _read(sentence, piece, discourse, waiting, found)
    for source in waiting:
        if found.get(source) is None:
            found[source] = _by_words(text, source, discourse)
    return [found[act.source] if act.source is not None else None for act in acts]


def _read(
    sentence: Words,
    piece: Parsed,
    discourse: Discourse,
    waiting: Sequence[Span],
    found: dict[Span, Speaker | None],
) -> None:
    mentions = discourse.begin_sentence()
    start, end = piece.start_of(sentence[0]), piece.end_of(sentence[-1])
    heads: dict[int, Span] = {}
    for source in waiting[bisect_left(waiting, (start, start)) : bisect_right(waiting, (end, end))]:
        head = _head(source, sentence, piece)
        if head is not None and source not in found:
            heads[head.i] = source
    for token in sentence:
        if token.i in heads:
            speaker = _speaker(heads[token.i], token, piece, discourse)
            found[heads[token.i]] = speaker
            if speaker is not None:
                mentions.speakers.append(speaker)
        note_subject(token, piece, discourse, mentions)


def _head(source: Span, sentence: Words, piece: Parsed) -> Token | None:
    """The word that the source's other words hang on."""
    inside = [t for t in sentence if source[0] <= piece.start_of(t) < source[1] and not t.is_punct]
    numbers = {t.i for t in inside}
    tops = [t for t in inside if t.head.i not in numbers or t.head.i == t.i]
    named = [t for t in tops if t.pos_ in ("NOUN", "PROPN", "PRON")]
    return next(iter(named or tops), None)


def _speaker(source: Span, head: Token, piece: Parsed, discourse: Discourse) -> Speaker | None:
    text = discourse.text
    written = _written(text, source)
    words = text[written[0] : written[1]]
    if head.pos_ == "PRON" or head.lower_ in (
        "he",
        "she",
        "they",
        "it",
        "who",
        "which",
        "whose",
        "his",
        "her",
    ):
        return discourse.resolve(head, piece)
    person = _person_at_end(words, written, discourse)
    if person is not None:
        return person
    issued = _issuer(words, discourse)
    if issued is not None:
        return issued
    speaker = discourse.resolve(head, piece)
    if speaker is None or not _overlap(speaker.span, source):
        return speaker
    meant = described_source(words, head, written[0], discourse)
    if meant is not None or speaker.person:
        return meant or speaker
    return _body(words, written, speaker, discourse)


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _written(text: str, source: Span) -> Span:
    """The source as a reader would name it: up to the first clause or explanation."""
    start, end = source
    cut = _BREAK.search(text, start + 1, end)
    if cut is not None and any(char.isalnum() for char in text[start : cut.start()]):
        end = cut.start()
    while end > start and not (text[end - 1].isalnum() or text[end - 1] in '.%)”"'):
        end -= 1
    return start, end


def _person_at_end(words: str, span: Span, discourse: Discourse) -> Speaker | None:
    """The person whose name ends the words: "House Speaker Ann Lee", not "a spokesman for Ann Lee"."""
    name = _CAPITALS.search(words)
    if name is None:
        return None
    before = words[: name.start()]
    if _RELATION.search(before) or _names_two(before, discourse):
        return None
    parts = name[0].split()
    for first in range(len(parts)):
        called = " ".join(parts[first:])
        person = discourse.cast.person_called(called.title() if called.isupper() else called)
        if person is not None and (len(parts) - first > 1 or _bare(before, parts[:first])):
            return discourse.as_speaker(person, span[0])
    return None


def _names_two(before: str, discourse: Discourse) -> bool:
    """Whether somebody else stands before the last: "Ann Lee and Bob Ray", not "singer and actor Bob"."""
    first, joined, _ = before.rpartition(" and ")
    return bool(joined) and any(word.strip(",") in discourse.cast.by_word for word in first.split())


def _bare(before: str, others: Sequence[str]) -> bool:
    """Whether a surname stands alone or after an office: "Lee", "Mr. Lee", "Mayor Lee"."""
    return not others or all(
        o.lower().rstrip(".") in ROLE_NOUNS or o.endswith(".") or o.istitle() for o in others
    )


def _issuer(words: str, discourse: Discourse) -> Speaker | None:
    """Who issued "the statement": whoever spoke last."""
    plain = words.lower().split()
    if len(plain) != 2 or plain[0] not in ("the", "this", "that") or plain[1] not in _ISSUED:
        return None
    for sentence in reversed(discourse.past[-4:]):
        for speaker in reversed(sentence.speakers):
            if speaker.name.lower().split()[-1] not in _ISSUED:
                return speaker
    return None


def _body(words: str, span: Span, speaker: Speaker, discourse: Discourse) -> Speaker:
    """A body, a document or a group by the name that readers know it by."""
    poll = _NAMED_POLL.match(words)
    if poll is not None and poll.end() == len(words):
        return Speaker(poll["name"], (span[0] + poll.start("name"), span[0] + poll.end("name")))
    outlet = _OUTLET.match(words)
    if outlet is not None:
        return Speaker(outlet["name"], (span[0] + outlet.start("name"), span[0] + outlet.end("name")))
    known = discourse.cast.body_spelled(words) or _last_word_body(words, discourse)
    if known is not None:
        return Speaker(known[0], known[1])
    earlier = _named_before(words, discourse)
    if earlier is not None:
        return earlier
    if _POLL.search(words) or len(words) > len(speaker.name):
        return Speaker(words, span, plural=speaker.plural)
    return speaker


def _last_word_body(words: str, discourse: Discourse) -> tuple[str, Span] | None:
    parts = words.split()
    if len(parts) == 2 and parts[0].lower() == "the" and parts[1][:1].isupper():
        return discourse.cast.body_called(_SUFFIX.sub("", parts[1]))
    return None


def _named_before(words: str, discourse: Discourse) -> Speaker | None:
    """ "The poll", "the survey", "the study" by the fuller name that it went by before."""
    parts = words.lower().split()
    if len(parts) != 2 or parts[0] not in ("the", "this", "that") or parts[1] not in DOCUMENT_NOUNS:
        return None
    return discourse.document_called(parts[1], len(words))


def _by_words(text: str, source: Span, discourse: Discourse) -> Speaker | None:
    """A source that stands outside the parsed prose, as in a headline."""
    span = _written(text, source)
    words = text[span[0] : span[1]]
    person = _person_at_end(words, span, discourse)
    return person or _body(words, span, Speaker(words, span), discourse)
