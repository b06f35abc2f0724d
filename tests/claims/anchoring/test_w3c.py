"""The selectors that other annotation tools read."""

from datetime import UTC, datetime

from claims.anchoring import Note, Text, annotation, collection, position_selector, quote_selector


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


def test_a_claim_that_was_checked_is_assessed() -> None:
    at = datetime(2026, 11, 20, 9, tzinfo=UTC)
    text = Text("Crime has doubled.", "https://news.example/a/1", 2, at, "en")
    note = Note("https://us.example/x#1", 0, 17, "Crime doubled in Eastmouth.", at)
    plain = annotation(text, note)
    assert plain["motivation"] == "describing"
    assert [one["purpose"] for one in plain["body"]] == ["describing"]
    assert plain["target"] == {
        "type": "SpecificResource",
        "source": "https://news.example/a/1",
        "state": {"type": "TimeState", "sourceDate": "2026-11-20T09:00:00Z", "version": 2},
        "selector": [
            {"type": "TextQuoteSelector", "exact": "Crime has doubled", "prefix": "", "suffix": "."},
            {"type": "TextPositionSelector", "start": 0, "end": 17},
        ],
    }
    checked = Note(note.id, 0, 17, note.wording, at, rating="False", check="https://us.example/fc/1")
    assessed = annotation(text, checked)
    assert assessed["motivation"] == "assessing"
    assert assessed["body"][1:] == [
        {"type": "TextualBody", "purpose": "assessing", "format": "text/plain", "value": "False"},
        {"type": "SpecificResource", "purpose": "linking", "source": "https://us.example/fc/1"},
    ]


def test_a_collection_without_annotations_has_no_page() -> None:
    text = Text("Words.", "https://news.example/a/1", 1, datetime(2026, 11, 20, tzinfo=UTC))
    empty = collection(text, [], id="https://us.example/c", label="Title")
    assert (empty["type"], empty["total"], "first" in empty) == ("AnnotationCollection", 0, False)
