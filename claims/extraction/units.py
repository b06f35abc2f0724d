"""Units of measure and money as articles write them, each under one name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from claims.extraction.numerals import Lexeme, adjoining, lower_at

if TYPE_CHECKING:
    from spacy.tokens import Token

CURRENCY_SIGNS = {
    "$": "USD",
    "£": "GBP",
    "€": "EUR",
    "¥": "JPY",
    "₹": "INR",
    "₽": "RUB",
    "₪": "ILS",
    "₩": "KRW",
}
_DOLLARS = {
    "us": "USD",
    "a": "AUD",
    "au": "AUD",
    "c": "CAD",
    "ca": "CAD",
    "nz": "NZD",
    "hk": "HKD",
    "s": "SGD",
}
CURRENCY_CODES = frozenset(
    ("USD", "GBP", "EUR", "JPY", "INR", "RUB", "CHF", "CAD", "AUD", "NZD", "CNY", "SEK")
)
_MONEY_WORDS = {
    "dollar": "USD",
    "dollars": "USD",
    "euro": "EUR",
    "euros": "EUR",
    "yen": "JPY",
    "sterling": "GBP",
    "rupees": "INR",
    "rubles": "RUB",
    "roubles": "RUB",
    "yuan": "CNY",
}
_MEASURES = {
    name: plural
    for plural, names in {
        "kilometres": "kilometre kilometer kilometers km kms",
        "metres": "metre meter meters m",
        "centimetres": "centimetre centimeter centimeters cm",
        "millimetres": "millimetre millimeter millimeters mm",
        "miles": "mile",
        "feet": "foot ft",
        "inches": "inch",
        "yards": "yard",
        "acres": "acre",
        "hectares": "hectare ha",
        "kilograms": "kilogram kilogramme kilogrammes kilo kilos kg",
        "grams": "gram gramme grammes g",
        "tonnes": "tonne",
        "tons": "ton",
        "pounds": "lb lbs",
        "litres": "litre liter liters",
        "gallons": "gallon",
        "barrels": "barrel",
        "megawatts": "megawatt mw",
        "gigawatts": "gigawatt gw",
        "kilowatt-hours": "kwh",
        "seconds": "second",
        "minutes": "minute min mins",
        "hours": "hour hr hrs",
        "days": "day",
        "weeks": "week",
        "months": "month",
        "years": "year yr yrs",
        "decades": "decade",
        "centuries": "century",
        "mph": "mph",
        "km/h": "kph kmh",
    }.items()
    for name in (plural, *names.split())
}
_COUNTED_AFTER_HYPHEN = {
    "member": "members",
    "nation": "nations",
    "country": "countries",
    "man": "men",
    "woman": "women",
    "person": "people",
    "seat": "seats",
    "point": "points",
    "vote": "votes",
    "page": "pages",
    "storey": "storeys",
    "story": "storeys",
    "bed": "beds",
    "bedroom": "bedrooms",
    "dollar": "USD",
    "euro": "EUR",
}
_IRREGULAR_PLURALS = frozenset(("people", "men", "women", "children", "police", "troops", "staff", "lives"))
_NOT_PLURALS = frozenset(
    ("was", "is", "has", "does", "as", "this", "his", "its", "us", "less", "plus", "times")
)
_NO_UNITS = frozenset(("percent", "cent", "one", "ones", "number", "-", "lot"))


def currency_before(lexs: Sequence[Lexeme], index: int) -> tuple[str, int]:
    """The currency that stands before a number, and the lexeme it begins at: "US$", "£", "EUR"; else ""."""
    if index and lexs[index - 1].text in CURRENCY_SIGNS:
        sign, at = lexs[index - 1].text, index - 1
        if sign == "$" and at and adjoining(lexs, at) and lexs[at - 1].lower in _DOLLARS:
            return _DOLLARS[lexs[at - 1].lower], at - 1
        return CURRENCY_SIGNS[sign], at
    if index and lexs[index - 1].text in CURRENCY_CODES:
        return lexs[index - 1].text, index - 1
    return "", index


def stated_unit(lexs: Sequence[Lexeme], after: int, *, large: bool) -> tuple[str, int]:
    """The unit that follows a number as a word of measure, and the lexeme after it; "" where none does."""
    word, following = lower_at(lexs, after), lower_at(lexs, after + 1)
    if word == "-" and adjoining(lexs, after) and adjoining(lexs, after + 1):
        unit = _MEASURES.get(following) or _COUNTED_AFTER_HYPHEN.get(following, "")
        if following in ("percent", "per"):
            return stated_unit(lexs, after + 1, large=large)
        return (unit, after + 2) if unit else ("", after)
    if word == "percentage" and following in ("point", "points"):
        return "percentage points", after + 2
    if word in ("%", "percent", "pct"):
        if following in ("point", "points"):
            return "percentage points", after + 2
        return "percent", after + 1
    if word == "per" and following == "cent":
        return "percent", after + 2
    if word == "°" or word == "degrees":
        scale = {"c": "°C", "celsius": "°C", "centigrade": "°C", "f": "°F", "fahrenheit": "°F"}.get(following)
        return (scale, after + 2) if scale else ("degrees", after + 1)
    if word in ("c", "f") and adjoining(lexs, after):
        return f"°{word.upper()}", after + 1
    if word == "pounds":
        return ("GBP" if large else "pounds"), after + 1
    if word in _MONEY_WORDS:
        return _MONEY_WORDS[word], after + 1
    if word == "times" and lower_at(lexs, after + 1) != "square":
        return "times", after + 1
    if word in ("sq", "square", "cubic") and following in _MEASURES:
        return f"{'square' if word != 'cubic' else word} {_MEASURES[following]}", after + 2
    if word in _MEASURES and (len(word) > 1 or adjoining(lexs, after)):
        return _MEASURES[word], after + 1
    return "", after


def counted_noun(lexs: Sequence[Lexeme], last: int, after: int, words: Mapping[int, Token] | None) -> str:
    """The thing counted by the number whose last lexeme is `last`: "26 other nations" counts "nations".

    `words` are the parsed tokens by where they start; without them the shape of the words decides.
    """
    token = words.get(lexs[last].start) if words is not None else None
    if token is not None:
        noun = _head_noun(token, words or {})
        if noun:
            return noun
    return _following_plural(lexs, after)


def _head_noun(token: Token, words: Mapping[int, Token]) -> str:
    head = token
    for _ in range(3):  # "26" < "million" < "people"
        if (
            head.dep_ not in ("nummod", "compound", "quantmod", "amod", "det", "predet", "advmod")
            or head.head.i == head.i
        ):
            break
        if head.head.i - token.i > 8 or head.head.i < token.i:
            break
        head = head.head
        if head.pos_ in ("NOUN", "PROPN") and not head.like_num:
            break
    if head.i == token.i or head.like_num or head.pos_ != "NOUN":
        head = next(
            (_of_what(c) or c for c in token.children if c.dep_ == "prep" and c.lower_ == "of"), token
        )
        if head.dep_ == "prep" or head.i == token.i:
            return ""
    if head.lower_ in _NO_UNITS or not head.is_alpha or head.pos_ not in ("NOUN", "PROPN"):
        return ""
    name = head.text if head.text.istitle() and head.i else head.lower_
    before = head.nbor(-1) if head.i > token.i + 1 else None
    if before is not None and before.dep_ == "compound" and before.pos_ == "NOUN" and before.is_alpha:
        name = f"{before.lower_} {name}"
    return name


def _of_what(prep: Token) -> Token | None:
    """The noun after "of": "three of its 12 ministers" counts ministers."""
    return next((c for c in prep.children if c.dep_ == "pobj" and not c.like_num), None)


def _following_plural(lexs: Sequence[Lexeme], after: int) -> str:
    """The first word that looks like a plural, past at most two other words, with no parser to ask."""
    for index in range(after, min(after + 4, len(lexs))):
        word = lexs[index]
        if not word.text.isalpha() or (word.text[0].isupper() and index > after + 1):
            return ""
        if word.lower in (
            "and",
            "or",
            "in",
            "at",
            "on",
            "to",
            "by",
            "for",
            "from",
            "with",
            "that",
            "who",
            "were",
        ):
            return ""
        plural = word.lower.endswith("s") and not word.lower.endswith(("ss", "ous", "'s"))
        if (
            plural and len(word.lower) > 3 and word.lower not in _NOT_PLURALS
        ) or word.lower in _IRREGULAR_PLURALS:
            return word.text if word.text.istitle() else word.lower
    return ""
