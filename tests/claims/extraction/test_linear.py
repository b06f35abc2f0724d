"""Reading takes time and memory in proportion to the text, however odd the text is."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

import pytest

from claims.extraction import names, quotes
from claims.extraction.blocks import find_blocks
from claims.extraction.offering import offered_claims
from claims.extraction.parsing import _LONGEST_SENTENCE, MAX_PIECE, ParseText, _batches, parse, prepare
from claims.extraction.reading import read_article
from claims.extraction.speakers import Discourse, Mentions, Speaker

_MOST_GROWTH = 8  # for four times the text; twice as much again as linear, since machines are shared


def _growth(work: Callable[[str], object], unit: str, size: int) -> float:
    """How many times longer the work takes on four times the text. Measured again where that seems too much:
    somebody else may have had the machine."""

    def seconds(length: int) -> float:
        text = (unit * (length // len(unit) + 1))[:length] + " the man said it was five people"
        began = time.process_time()
        work(text)
        return time.process_time() - began

    work("The man said it was five people.")  # what is loaded at the first use
    growth = 0.0
    for _ in range(3):
        short = max(seconds(size), 0.005)
        growth = seconds(4 * size) / short
        if growth < _MOST_GROWTH:
            break
    return growth


def _read(text: str) -> object:
    return offered_claims(text, read_article(text, find_blocks(text)))


def _quotations(text: str) -> object:
    return quotes.find_quotations(text, quotes.lines_as_blocks(text))


@pytest.mark.parametrize("unit", ["By Ann ", "he said ", "the man and ", '"We won," he said. '])
def test_reading_odd_text_grows_with_its_length(unit: str) -> None:
    assert _growth(_read, unit, 3_000) < _MOST_GROWTH


@pytest.mark.parametrize("unit", ["'a ", "‘a ", '"We won," he said. ', "“a ”", "„a“, ", '"', "“"])
def test_finding_quotations_grows_with_the_length(unit: str) -> None:
    assert _growth(_quotations, unit, 50_000) < _MOST_GROWTH


@pytest.mark.parametrize("unit", ["'a ", "’a‘b ", "‘a "])
def test_each_single_mark_is_weighed_once(unit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    weigh = quotes._single_closes

    def counting(text: str, at: int, block: quotes.Block) -> bool:
        asked.append(at)
        return weigh(text, at, block)

    monkeypatch.setattr(quotes, "_single_closes", counting)
    _quotations(unit * 2_000)
    assert len(asked) == len(set(asked))


@pytest.mark.parametrize("unit", ["the man and ", "he said ", "[( a ", "a, ", "By Ann "])
def test_no_sentence_is_longer_than_people_write(unit: str) -> None:
    text = unit * (5_000 // len(unit))
    parsed = list(parse([(prepare(text, 0, len(text)), None)]))
    assert max(len(sentence) for piece in parsed for sentence in piece.sentences()) <= _LONGEST_SENTENCE + 20
    assert [place for piece in parsed for place in piece.positions] == list(range(len(text)))


def test_few_characters_are_parsed_at_a_time() -> None:
    text = "The council opened five schools. " * 3_000
    sizes = [sum(len(p.text) for p, _ in batch) for batch in _batches([(prepare(text, 0, len(text)), None)])]
    assert max(sizes) <= MAX_PIECE
    assert sum(sizes) == len(text)


def test_a_quotation_far_into_a_paragraph_is_introduced_as_one_at_its_start() -> None:
    lead = "The council opened five schools. " * 100
    text = lead + 'Ms Lee said: "The town needed every one of them."'
    found = quotes.find_quotations(text, quotes.lines_as_blocks(text))
    assert [q.whole for q in found] == [True]


@pytest.mark.parametrize("unit", ["\"'", "…—", "[(", "“”", ", . ; ", "'\" ", ".,;:!?-–—()[]{}", "😀☂"])
def test_the_parser_reads_little_of_a_crowd_of_marks(unit: str) -> None:
    text = "She said: " + unit * 5_000 + " it fell."
    read = prepare(text, 0, len(text))
    assert len(read.text) < 150
    assert (read.text[:9], read.text[-8:]) == ("She said:", "it fell.")
    assert all(char == text[at] for char, at in _placed(read) if char.isalnum())


@pytest.mark.parametrize("unit", ["a.", "7,", "🙂a", "people", "A-"])
def test_no_stretch_without_a_space_is_long_for_the_tokenizer(unit: str) -> None:
    text = "She said " + unit * 3_000
    read = prepare(text, 0, len(text))
    assert max(map(len, read.text.split())) <= 300
    assert [at for char, at in _placed(read) if not char.isspace()] == [
        at for at, char in enumerate(text) if not char.isspace()
    ]


def _placed(read: ParseText) -> list[tuple[str, int]]:
    return list(zip(read.text, read.positions, strict=True))


@pytest.mark.parametrize("unit", ["Ann\n", "Ann said it.\n", "\n", "-A", "A'"])
def test_telling_lines_apart_grows_with_the_length(unit: str) -> None:
    assert _growth(find_blocks, unit, 20_000) < _MOST_GROWTH


def test_long_names_are_walked_through_once_for_all_sources(monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[object] = []

    class Counted(names.SpelledBodies):
        def __init__(self, named: Iterable[tuple[str, tuple[int, int]]]) -> None:
            built.append(self)
            super().__init__(named)

    monkeypatch.setattr(names, "SpelledBodies", Counted)
    cast = names.Cast()
    cast.bodies["committee"]["the Democratic National Committee"] = 0, 33
    cast.bodies["center"]["Brennan Center for Justice"] = 40, 66
    for _ in range(50):
        assert cast.body_spelled("the DNC") == ("the Democratic National Committee", (0, 33))
        assert cast.body_spelled("the Brennan Center") == ("Brennan Center for Justice", (40, 66))
        assert cast.body_spelled("the WHO") is None
    assert len(built) == 1


def test_each_sentence_is_searched_for_documents_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Mentions] = []
    everybody = Mentions.everybody

    def counting(mentions: Mentions) -> list[Speaker]:
        asked.append(mentions)
        return everybody(mentions)

    monkeypatch.setattr(Mentions, "everybody", counting)
    discourse = Discourse("", names.Cast())
    for name in ["a Gallup poll of voters", "the Fox poll", *["the poll", "Ann Lee"] * 100]:
        discourse.begin_sentence().speakers.append(Speaker(name, (0, len(name))))
        found = discourse.document_called("poll", len("the poll"))
    assert found is not None and found.name == "the Fox poll"
    assert discourse.document_called("poll", 12) == Speaker("a Gallup poll of voters", (0, 23))
    assert discourse.document_called("study", 3) is None
    assert len(asked) <= 2 * len(discourse.past) + 3
