"""schema.org ClaimReview in JSON-LD, as publishers really write it: lists for values, values for objects."""

import json
from collections.abc import Iterator
from typing import Any

from claims.sources.claim_reviews.reviewed import ReadReviews, ReviewedClaim
from claims.sources.claim_reviews.values import (
    LONGEST_CLAIM,
    LONGEST_ID,
    LONGEST_LICENCE,
    LONGEST_NAME,
    LONGEST_RATING,
    LONGEST_TITLE,
    Values,
    as_number,
    first_of,
    names_of,
)

DEEPEST = 24

Node = dict[str, Any]


def parse_json(text: str) -> Any:
    """The value of a JSON text. Raises ValueError, for absurd nesting and NaN too."""
    try:
        return json.loads(text, strict=False, parse_constant=_no_number)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def read_document(document: Any, into: ReadReviews, where: str, *, base_url: str = "") -> int:
    """Add every ClaimReview in one JSON-LD document, wherever it lies. Returns how many there were."""
    named: dict[str, Node] = {}
    reviews: list[Node] = []
    for node in _nodes(document):
        name = node.get("@id")
        if isinstance(name, str) and len(node) > 1:
            named.setdefault(name, node)
        if is_a(node, "ClaimReview"):
            reviews.append(node)
    for number, node in enumerate(reviews, 1):
        place = where if len(reviews) == 1 else f"{where}, review {number}"
        into.add(place, _read_review(node, Values(into, place, base_url), named))
    return len(reviews)


def is_a(node: Node, kind: str) -> bool:
    """Whether @type names ``kind``, with or without a prefix of schema.org."""
    kinds = node.get("@type")
    for each in kinds if isinstance(kinds, list) else [kinds]:
        if isinstance(each, str) and each.replace("#", "/").replace(":", "/").rsplit("/", 1)[-1] == kind:
            return True
    return False


def _nodes(document: Any) -> Iterator[Node]:
    """All objects in ``document`` in the order of the text, down to a depth."""
    waiting: list[tuple[Any, int]] = [(document, 0)]
    while waiting:
        value, depth = waiting.pop()
        if isinstance(value, dict):
            yield value
            inner = list(value.values())
        elif isinstance(value, list):
            inner = value
        else:
            continue
        if depth < DEEPEST:
            waiting += [(each, depth + 1) for each in reversed(inner) if isinstance(each, dict | list)]


def _read_review(node: Node, values: Values, named: dict[str, Node]) -> ReviewedClaim:
    def look_up(value: Any) -> Any:
        value = first_of(value)
        is_reference = isinstance(value, dict) and set(value) <= {"@id", "@type"}
        name = value.get("@id") if is_reference else None
        return named.get(name, value) if isinstance(name, str) else value

    item = look_up(node.get("itemReviewed"))
    item = item if isinstance(item, dict) else {}
    publisher = _publisher(node, look_up)
    rating = look_up(node.get("reviewRating"))
    rating = rating if isinstance(rating, dict) else {"alternateName": rating}
    url = values.url("url", node.get("url") or node.get("mainEntityOfPage"))
    url = url or (values.base_url if not node.get("url") else "")
    places = item.get("appearance") or (None if is_a(item, "Claim") else item.get("url"))
    speaker = item.get("author")
    return ReviewedClaim(
        text=values.text("claimReviewed", node.get("claimReviewed") or _claim_words(item), LONGEST_CLAIM),
        claimant=values.text(
            "itemReviewed.author",
            names_of(speaker if isinstance(speaker, list) else look_up(speaker)),
            LONGEST_NAME,
        ),
        claimed_on=values.day("itemReviewed.datePublished", item.get("datePublished")),
        publisher_name=values.text("author", names_of(publisher), LONGEST_NAME),
        publisher_site=values.site("author.url", _address(publisher), url),
        url=url,
        title=values.text("headline", node.get("headline") or node.get("name"), LONGEST_TITLE),
        rating=values.text("reviewRating.alternateName", _words_of(rating), LONGEST_RATING),
        rating_value=_value_of(rating, values),
        rating_best=values.number("reviewRating.bestRating", rating.get("bestRating")),
        rating_worst=values.number("reviewRating.worstRating", rating.get("worstRating")),
        reviewed_on=values.day("datePublished", node.get("datePublished") or node.get("dateCreated")),
        language=values.language("inLanguage", node.get("inLanguage")),
        licence=_licence(node, values),
        first_appearance=values.url("itemReviewed.firstAppearance", look_up(item.get("firstAppearance"))),
        appearances=values.urls("itemReviewed.appearance", places),
        external_id=values.text("@id", node.get("@id") or _plain(node.get("identifier")), LONGEST_ID),
    )


def _publisher(node: Node, look_up: Any) -> Any:
    """Who reviewed: the author, and the publisher where there is none."""
    author = node.get("author")
    if isinstance(author, list) and len(author) > 1:
        return [look_up(each) for each in author[:20]]
    found = look_up(author)
    return found if names_of(found) or _address(found) else look_up(node.get("publisher"))


def _address(value: Any) -> Any:
    value = first_of(value)
    return (value.get("url") or value.get("sameAs")) if isinstance(value, dict) else value


def _claim_words(item: Node) -> Any:
    """Where claimReviewed is missing, a Claim may carry its own words; the name of a work is no claim."""
    return (item.get("text") or item.get("name")) if is_a(item, "Claim") else None


def _words_of(rating: Node) -> Any:
    """The rating in words; many write "False" where the number belongs."""
    words = first_of(rating.get("alternateName")) or first_of(rating.get("name"))
    if words:
        return words
    value = first_of(rating.get("ratingValue"))
    return value if isinstance(value, str) and as_number(value) is None else None


def _value_of(rating: Node, values: Values) -> float | None:
    value = first_of(rating.get("ratingValue"))
    if isinstance(value, str) and not any(character.isdigit() for character in value):
        return None  # words: they are the rating, or repeat it
    return values.number("reviewRating.ratingValue", value)


def _licence(node: Node, values: Values) -> str:
    licence = first_of(node.get("sdLicense") or node.get("license"))
    if isinstance(licence, dict):
        licence = licence.get("url") or licence.get("@id") or licence.get("name")
    return values.text("sdLicense", licence, LONGEST_LICENCE)


def _plain(value: Any) -> Any:
    value = first_of(value)
    return value.get("value") if isinstance(value, dict) else value
