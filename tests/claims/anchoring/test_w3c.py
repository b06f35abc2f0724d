"""The selectors that other annotation tools read."""

from claims.anchoring import position_selector, quote_selector


def test_a_quotation_comes_with_what_stands_around_it() -> None:
    body = "The mayor said that crime has doubled in two years, and that nobody noticed it."
    start = body.index("crime")
    assert quote_selector(body, start, start + len("crime has doubled")) == {
        "type": "TextQuoteSelector",
        "exact": "crime has doubled",
        "prefix": "The mayor said that ",
        "suffix": " in two years, and that nobody n",
    }
    assert position_selector(3, 9) == {"type": "TextPositionSelector", "start": 3, "end": 9}


def test_no_letter_is_cut_from_its_accent() -> None:
    body = "e\u0301" * 20 + "words" + "e\u0301" * 20
    selector = quote_selector(body, 40, 45)
    assert (selector["prefix"], selector["suffix"]) == ("e\u0301" * 16, "e\u0301" * 16)
    family = "👨\u200d👩\u200d👧"
    selector = quote_selector(family * 12 + "words" + family * 12, 60, 65)
    assert selector["prefix"] == family * 6
    assert selector["suffix"] == family * 6
