"""What holds for any text and any change of it."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from claims.anchoring import SILENT, Fate, Passage, reanchor

NAMES = ["Lee", "Ray", "Marsh", "Norwood"]
# few patterns, so that look-alikes and twins are everywhere
SENTENCES = st.one_of(
    st.builds(
        "{} won {} of the {} seats in the north.".format,
        st.sampled_from(NAMES),
        st.integers(1, 3),
        st.sampled_from([5, 9]),
    ),
    st.builds("The vote in {} was free and fair.".format, st.sampled_from(NAMES)),
    st.sampled_from(
        ["He denied it.", "“It is late,” said Lee.", "Nobody knows why, 😀 e\u0301 – ok?", "Total: 3"]
    ),
)
TEXTS = st.lists(st.tuples(SENTENCES, st.sampled_from([" ", "\n"])), min_size=1, max_size=9)


def laid_out(parts: list[tuple[str, str]]) -> tuple[str, list[Passage]]:
    text, spans = "", []
    for sentence, gap in parts:
        spans.append(Passage(len(text), len(text) + len(sentence)))
        text += sentence + gap
    return text, spans


def words(text: str, start: int | None, end: int | None) -> str:
    return text[start:end]


@given(TEXTS)
@settings(max_examples=60, deadline=None)
def test_nothing_happens_to_a_text_that_stays(parts: list[tuple[str, str]]) -> None:
    text, spans = laid_out(parts)
    for anchored, span in zip(reanchor(text, text, spans), spans, strict=True):
        if anchored.fate in SILENT:
            assert (anchored.start, anchored.end) == (span.start, span.end)
        else:  # a twin that nobody can tell from its neighbour
            assert text.count(words(text, span.start, span.end)) > 1


@given(TEXTS, TEXTS)
@settings(max_examples=80, deadline=None)
def test_what_is_carried_along_is_the_very_sentence_and_nobody_else_s(
    before: list[tuple[str, str]], after: list[tuple[str, str]]
) -> None:
    old, spans = laid_out(before)
    new, places = laid_out(after)
    results = reanchor(old, new, spans)
    carried = [(one.start, one.end) for one in results if one.fate in SILENT]
    assert len(carried) == len(set(carried))
    assert set(carried) <= {(one.start, one.end) for one in places}
    for one, span in zip(results, spans, strict=True):
        assert 0 <= one.score <= 1
        assert 0 <= one.runner_up <= 1
        assert one.why.endswith(".")
        if one.fate is Fate.REMOVED:
            assert one.start is one.end is None
            continue
        assert one.start is not None
        assert one.end is not None
        assert 0 <= one.start < one.end <= len(new)
        if one.fate in SILENT:
            assert words(new, one.start, one.end) == words(old, span.start, span.end)


@given(TEXTS, st.data())
@settings(max_examples=80, deadline=None)
def test_a_changed_figure_is_never_silent(parts: list[tuple[str, str]], data: st.DataObject) -> None:
    old, spans = laid_out(parts)
    changed = data.draw(st.sampled_from(range(len(parts))))
    parts = [*parts]
    parts[changed] = (f"Lee won 44 of the {changed} seats in the south.", parts[changed][1])
    new, places = laid_out(parts)
    results = reanchor(old, new, spans)
    assert results[changed].fate not in SILENT
    for index, one in enumerate(results):
        if one.fate is Fate.UNCHANGED:
            assert (one.start, one.end) == (places[index].start, places[index].end)
