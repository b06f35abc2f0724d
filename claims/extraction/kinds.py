"""What kind of fact a claim states."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from claims.extraction import lexicon as lex
from claims.extraction.model import ClaimKind
from claims.extraction.parsing import lemma_of

if TYPE_CHECKING:
    from spacy.tokens import Token

_CAUSES = frozenset(("because", "caused", "causes", "cause", "due", "triggered", "owing", "resulted"))
_COMPARES = frozenset(
    ("than", "compared", "highest", "lowest", "largest", "smallest", "biggest", "most", "fewest", "versus")
)


def kind_of(tokens: Sequence[Token], *, has_number: bool, quotes_speech: bool) -> ClaimKind:
    """The kind, by the strongest mark among the words. `quotes_speech`: it is about who said something."""
    words = {t.lower_ for t in tokens}
    lemmas = {lemma_of(t) for t in tokens}
    if quotes_speech:
        return "quotation"
    if words & _CAUSES:
        return "cause"
    if has_number and words & _COMPARES:
        return "comparison"
    if lemmas & lex.LEGAL_STRONG:
        return "legal"
    if has_number:
        return "quantity"
    if words & _COMPARES:
        return "comparison"
    if lemmas & lex.SCIENCE_WORDS:
        return "scientific"
    if any(t.tag_ in ("VBD", "VBN", "VBG") for t in tokens) or lemmas & lex.EVENT_VERBS:
        return "event"
    return "other"
