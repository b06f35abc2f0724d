"""How the newest texts of a partner's articles stand to a claim, in one word.

``claim_answers`` says the same in SQL; the tests compare the two.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from claims.selectors import other_words
from reviews.models.basis import TextState

# of those that a publication's article_text has; here "carried" is the same
STATES = (TextState.SAME, TextState.REWORDED, TextState.REMOVED, TextState.UNKNOWN)
TEXT_STATES = [(state.value, state.label) for state in STATES]


def text_state_of(claim: Any, places: Sequence[Any]) -> str:
    """Of a claim and its places as selectors.places_in_articles gives them. What a person has to decide goes
    first: then it does not help that the claim stands in another article as it is put."""
    newest = [place.pk for place in places if place.is_newest_version]
    if any(place.version.number > 1 for place in places) and set(newest) & set(other_words([claim.pk])):
        return TextState.REWORDED
    if newest:
        return TextState.SAME
    return TextState.UNKNOWN if any(place.is_looked_for for place in places) else TextState.REMOVED
