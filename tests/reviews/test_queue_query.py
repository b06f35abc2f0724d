"""What people type above the queue, read and written again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.queue_query import Parsed, Term, drop_unknown, number, parse, span, write
from reviews.queue_query.terms import CHOICES, NAMES, ONCE

EVERYTHING = (
    'desk:politics state:queued score:>0.7 kind:recheck lang:de claimant:"Ann Lee" due:<2d late:yes '
    "mine:yes changed-by:not-me topic:health partner:wire roads"
)


def read(text: str) -> list[Term]:
    parsed = parse(text)
    assert not parsed.problems, parsed.problems
    return list(parsed.terms)


def test_every_name_is_read() -> None:
    assert read(EVERYTHING) == [
        Term("desk", "politics"),
        Term("state", "queued"),
        Term("score", "0.7", ">"),
        Term("kind", "recheck"),
        Term("lang", "de"),
        Term("claimant", "Ann Lee"),
        Term("due", "2d", "<"),
        Term("late", "yes"),
        Term("mine", "yes"),
        Term("changed-by", "not-me"),
        Term("topic", "health"),
        Term("partner", "wire"),
        Term("", "roads"),
    ]
    assert parse(EVERYTHING).text == EVERYTHING


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("KIND:Second_Review", [Term("kind", "second-review")]),
        ("score:0.5", [Term("score", "0.5", ">=")]),
        ("score:=0.5", [Term("score", "0.5", ">=")]),
        ("due:3h", [Term("due", "3h", "<")]),
        ("due:>=1w", [Term("due", "1w", ">")]),
        ("language:DE changed_by:not_me", [Term("lang", "de"), Term("changed-by", "not-me")]),
        ('"roads and   bridges"', [Term("", "roads and bridges")]),
        ("“roads and bridges”", [Term("", "roads and bridges")]),
        (r'claimant:"Ann \"Ace\" Lee"', [Term("claimant", 'Ann "Ace" Lee')]),
        (
            "at 10:30 https://a.example/b",
            [Term("", "at"), Term("", "10:30"), Term("", "https://a.example/b")],
        ),
        ("roads roads", [Term("", "roads")]),
        ("mine:yes mine:yes", [Term("mine", "yes")]),
        ("a\x00b\ud800c", [Term("", "a"), Term("", "b"), Term("", "c")]),
        ("", []),
    ],
)
def test_what_is_meant_is_read(typed: str, meant: list[Term]) -> None:
    assert read(typed) == meant


@pytest.mark.parametrize(
    ("typed", "code", "word", "mend"),
    [
        ("stat:queued", "no_such_name", "stat:queued", "state:queued"),
        ("state:quued", "no_such_value", "state:quued", "state:queued"),
        ("score:>7", "no_score", "score:>7", ""),
        ("due:<soon", "no_span", "due:<soon", ""),
        ("lang:german", "no_language", "lang:german", ""),
        ("desk:", "no_value", "desk:", ""),
        ("desk:a'b", "no_slug", "desk:a'b", ""),
        ("kind:>recheck", "no_bound", "kind:>recheck", "kind:recheck"),
        ('claimant:"Ann', "open_quote", 'claimant:"Ann', 'claimant:"Ann"'),
        ("mine:yes mine:no", "contradicts", "mine:no", ""),
        ('""', "no_value", '""', ""),
    ],
)
def test_a_problem_names_the_word_and_the_rest_applies(typed: str, code: str, word: str, mend: str) -> None:
    parsed = parse(f"roads {typed} late:yes")
    if code == "open_quote":
        parsed = parse(f"roads late:yes {typed}")
    problem = parsed.problems[0]
    assert (problem.code, problem.word, problem.mend) == (code, word, mend)
    assert {Term("", "roads"), Term("late", "yes")} <= set(parsed.terms)


def test_a_query_without_end_is_cut() -> None:
    parsed = parse("word " * 1000)
    assert [problem.code for problem in parsed.problems] == ["long_text"]
    many = parse(" ".join(f"w{n}" for n in range(30)))
    assert (len(many.terms), [problem.code for problem in many.problems]) == (20, ["many_terms"])


def test_values_that_are_not_there_are_dropped_with_the_nearest_one() -> None:
    parsed = drop_unknown(parse("desk:politcs topic:health roads"), {"desk": {"politics", "world"}})
    assert [term.name for term in parsed.terms] == ["topic", ""]
    assert [(one.code, one.mend) for one in parsed.problems] == [("not_there", "desk:politics")]


def test_numbers_and_lengths_of_time() -> None:
    assert [number(text) for text in ("0.7", ".5", "1", "1.1", "x")] == [0.7, 0.5, 1.0, None, None]
    assert [span(text) for text in ("90m", "2d", "1w", "2x")] == [
        timedelta(minutes=90), timedelta(days=2), timedelta(weeks=1), None,
    ]  # fmt: skip


WORDS = st.text(min_size=1, max_size=30).map(
    lambda text: " ".join("".join(c if c.isprintable() else " " for c in text).split())
)
WORDS = WORDS.filter(lambda text: text and not set(text) & set("“”„«»"))
VALUES = {
    **{name: st.sampled_from(values) for name, values in CHOICES.items()},
    "score": st.floats(0, 1).map(lambda value: f"{value:.3f}"),
    "due": st.builds("{}{}".format, st.integers(0, 9999), st.sampled_from("mhdw")),
    "lang": st.from_regex(r"[a-z]{2,3}", fullmatch=True),
    **{name: st.from_regex(r"[a-z0-9_-]{1,20}", fullmatch=True) for name in ("desk", "topic", "partner")},
    **dict.fromkeys(("claimant", "with", ""), WORDS),
}
SIGNS = {"score": ("<", "<=", ">", ">="), "due": ("<", ">")}
TERM = st.sampled_from((*NAMES, "")).flatmap(
    lambda name: st.builds(Term, st.just(name), VALUES[name], st.sampled_from(SIGNS.get(name, ("",))))
)


@given(st.lists(TERM, max_size=8, unique=True))
def test_whatever_is_written_is_read_again(terms: list[Term]) -> None:
    once = [term for term in terms if term.name in ONCE]
    terms = [term for term in terms if term.name not in ONCE or term == once[0]]
    text = write(terms)
    if len(text) <= 500:
        assert parse(text) == Parsed(tuple(terms))


@given(st.text(max_size=200))
def test_nothing_that_is_typed_breaks_it_and_what_was_read_stays_so(typed: str) -> None:
    terms = parse(typed).terms
    text = write(terms)
    if len(text) <= 500:  # quotation marks may make it longer
        assert parse(text).terms == terms
