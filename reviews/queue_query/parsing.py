"""Text to terms."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from .terms import BOUNDED, CHOICES, MOST_TERMS, NAMES, ONCE, WRITTEN_OTHERWISE, Problem, Term, fault_of
from .writing import write, written

LONGEST_TEXT = 500
# a name with its value, or a value alone; a value is in quotation marks or ends at the next space
_TOKEN = re.compile(
    r"""(?:(?P<name>[A-Za-z][A-Za-z_-]*):)?(?P<sign>[<>]=?|=)?(?:"(?P<quoted>(?:[^"\\]|\\.)*)(?P<end>"?)|(?P<bare>\S*))"""
)
_READ_ALL_THE_SAME = frozenset(("open_quote", "long_text", "many_terms"))
_ESCAPED = re.compile(r"\\(.)")
_QUOTES = str.maketrans("“”„«»", '"""""')


@dataclass(frozen=True, slots=True)
class Parsed:
    terms: tuple[Term, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def text(self) -> str:
        return write(self.terms)

    @property
    def unread(self) -> str:
        """The words of which nothing applies, as they were typed."""
        return " ".join(problem.word for problem in self.problems if problem.code not in _READ_ALL_THE_SAME)


def parse(text: str) -> Parsed:
    """Never raises: what cannot be read becomes a problem, and the rest applies."""
    clean = "".join(char if char.isprintable() else " " for char in text).translate(_QUOTES)
    terms: list[Term] = []
    problems: list[Problem] = []
    if len(clean) > LONGEST_TEXT:
        problems.append(Problem(f"{clean[:20].strip()}…", "long_text"))
        clean = clean[:LONGEST_TEXT].rpartition(" ")[0]
    for term, word, is_open in _tokens(clean):
        if is_open:
            problems.append(Problem(word, "open_quote", mend=f'{word}"'))
        term, problem = _checked(term, word, terms)
        if problem is not None:
            problems.append(problem)
        elif term not in terms:
            terms.append(term)
    if len(terms) > MOST_TERMS:
        problems.append(Problem(written(terms[MOST_TERMS]), "many_terms"))
    return Parsed(tuple(terms[:MOST_TERMS]), tuple(problems))


def _tokens(text: str) -> Iterator[tuple[Term, str, bool]]:
    """Each term as it stands, its text, and whether its quotation mark is missing."""
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        found = _TOKEN.match(text, at)
        assert found is not None  # noqa: S101 - the last branch matches anything
        at = max(found.end(), at + 1)
        quoted = found["quoted"]
        value = found["bare"] if quoted is None else _ESCAPED.sub(r"\1", quoted)
        name, sign, word = (found["name"] or "").lower(), found["sign"] or "", found[0]
        if not name or (name not in NAMES and found["bare"] and found["bare"].startswith("//")):
            # a web address, or a sign before a free word: taken as it was typed
            value, name = (word if quoted is None else value), ""
        yield (
            Term(name, " ".join(value.split()), "" if not name else sign),
            word,
            quoted is not None and (not found["end"]),
        )


def _checked(term: Term, word: str, before: Collection[Term]) -> tuple[Term, Problem | None]:
    """The term as it is kept, or why it cannot be."""
    if not term.name:
        fault = fault_of(term)
        return term, Problem(word, fault) if fault else None
    name = WRITTEN_OTHERWISE.get(term.name, term.name)
    if name not in NAMES:
        near = get_close_matches(name, NAMES, n=1)
        mend = written(Term(near[0], term.value, term.sign)) if near else ""
        return term, Problem(word, "no_such_name", mend, NAMES)
    value = term.value if name in ("claimant", "with") else term.value.lower()
    if name in CHOICES:
        value = WRITTEN_OTHERWISE.get(value, value)
    sign, fault = _sign(name, term.sign)
    kept = Term(name, value, sign)
    fault = fault or fault_of(kept)
    if fault:
        near = get_close_matches(value, CHOICES.get(name, ()), n=1, cutoff=0.5)
        mend = f"{name}:{near[0]}" if near else ""
        return kept, Problem(word, fault, mend, CHOICES.get(name, ()))
    if name in ONCE and any(one.name == name and one.value != value for one in before):
        return kept, Problem(word, "contradicts")
    return kept, None


def _sign(name: str, typed: str) -> tuple[str, str]:
    """Which bound is meant, or that there can be none."""
    if name not in BOUNDED:
        return "", "no_bound" if typed not in ("", "=") else ""
    if typed in ("", "="):
        return BOUNDED[name], ""
    return typed if name == "score" else typed[0], ""


def drop_unknown(parsed: Parsed, known: Mapping[str, Collection[str]]) -> Parsed:
    """Without the terms whose value is none of those that are ``known`` for their name: each is a problem."""
    kept, problems = [], list(parsed.problems)
    for term in parsed.terms:
        values = known.get(term.name)
        if values is None or term.value in values:
            kept.append(term)
            continue
        near = get_close_matches(term.value, values, n=1, cutoff=0.5)
        mend = f"{term.name}:{near[0]}" if near else ""
        problems.append(Problem(written(term), "not_there", mend, tuple(sorted(values)[:8])))
    return Parsed(tuple(kept), tuple(problems))
