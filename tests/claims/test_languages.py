"""One interface for every language; what is not read is refused by name."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

import pytest

from claims.extraction import Block, Extraction, extract
from claims.extraction.language import check_language
from claims.extraction.languages import LanguageReader, Lexicon, reader_of, readers, register, unregister
from claims.extraction.model import UnsupportedText

FRENCH = (
    "Le ministre a déclaré mardi que le nombre de chômeurs avait baissé de trois pour cent depuis le début "
    "de l'année et que les salaires avaient augmenté dans toutes les régions du pays."
)
LATIN = "Et tu es in via cum amicis et non est pax in urbe nec in agris sed et hic est spes et lux"


class LatinReader:
    """A toy: enough of a second language to be told and read."""

    code = "la"
    name = "Latin"
    script = "LATIN"
    pipeline = ""
    lexicon = Lexicon(
        frozenset("et in est non cum sed nec tu es hic".split()),  # noqa: SIM905 - reads as words
        *(frozenset[str](),) * 6,
    )

    def likeness(self, words: Sequence[str]) -> float:
        return sum(word in self.lexicon.everyday_words for word in words) / len(words)

    def sentences(self, text: str, start: int, end: int) -> list[tuple[int, int]]:
        return [(start, end)]

    def read(
        self, text: str, blocks: Sequence[Block], *, published: datetime.date | None = None
    ) -> Extraction:
        return Extraction("toy-1", self.code, len(self.sentences(text, 0, len(text))), (), tuple(blocks))


@pytest.fixture
def latin() -> Iterator[LanguageReader]:
    reader = LatinReader()
    register(reader)
    yield reader
    if reader in readers():
        unregister("la")


def test_a_second_language_is_one_module(latin: LanguageReader) -> None:
    assert extract(LATIN).version == "toy-1"
    assert check_language("The minister said that the bridge in Leeds had been closed for two years.") == "en"
    with pytest.raises(UnsupportedText, match=r"French\. Only English and Latin are read so far"):
        check_language(FRENCH)
    unregister("la")
    with pytest.raises(UnsupportedText, match="Only English is read so far"):
        extract(LATIN)


def test_a_code_is_registered_once(latin: LanguageReader) -> None:
    with pytest.raises(ValueError, match="read by Latin already"):
        register(LatinReader())
    with pytest.raises(ValueError, match="English is the language"):
        unregister("en")
    assert reader_of("la") is latin


def test_the_refusal_names_what_was_found_and_what_is_read() -> None:
    with pytest.raises(UnsupportedText) as refusal:
        check_language(FRENCH)
    assert refusal.value.code == "language"
    assert "in French. Only English is read so far" in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "Министр заявил, что в прошлом году безработица снизилась на три процента во всех областях.",
            "Russian",
        ),
        ("大臣は火曜日に、失業率が昨年に比べて三パーセント低下したと述べた。", "Japanese"),
        (
            "El ministro dijo el martes que el paro había bajado un tres por ciento en todo el país.",
            "Spanish",
        ),
    ],
)
def test_other_languages(text: str, name: str) -> None:
    with pytest.raises(UnsupportedText, match=name):
        check_language(text)


def test_an_english_article_with_long_foreign_quotations_is_english() -> None:
    text = (
        "The mayor of Lyon spoke to reporters for an hour on Monday and did not answer a question about the "
        f"bridge. “{FRENCH} {FRENCH} {FRENCH}” The council will meet again in March to vote on the plan."
    )
    assert check_language(text) == "en"


def test_a_french_article_with_long_english_quotations_is_french() -> None:
    quoted = (
        "We have not decided anything about the bridge and we will not do so before the vote in the spring. "
    )
    with pytest.raises(UnsupportedText, match="French"):
        check_language(f"{FRENCH} « {quoted * 3}» {FRENCH}")


@pytest.mark.parametrize("text", ["Rents rose.", "42", "Crime fell 3%.", "Paris, Berlin, Rome"])
def test_a_few_words_are_given_the_benefit_of_the_doubt(text: str) -> None:
    assert check_language(text) == "en"


def test_english_offers_all_that_a_language_must() -> None:
    english = reader_of("en")
    text = "Mr. Lee left. Ann stayed."
    assert [text[s:e] for s, e in english.sentences(text, 0, len(text))] == ["Mr. Lee left.", "Ann stayed."]
    assert english.pipeline
    assert {"say"} <= english.lexicon.speech_verbs
