"""The queue's query in words: chips of what applies, what could not be read, and what can be added."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from claimtracker.accounts.models import Desk

from ..models import Topic
from ..models.review_task import TaskKind
from ..queue_query import Problem, Term, written
from ..queue_query.terms import CHOICES, LONGEST_VALUE, MOST_TERMS

Link = Callable[[tuple[Term, ...]], str]

NAMED = {
    "desk": gettext_lazy("Desk"),
    "state": gettext_lazy("State"),
    "kind": gettext_lazy("Kind"),
    "score": gettext_lazy("Check-worthiness"),
    "lang": gettext_lazy("Language"),
    "claimant": gettext_lazy("Claimant"),
    "due": gettext_lazy("Due"),
    "with": gettext_lazy("With"),
    "changed-by": gettext_lazy("Last changed"),
    "topic": gettext_lazy("Topic"),
    "partner": gettext_lazy("Partner"),
}
VALUES = {
    ("state", "queued"): gettext_lazy("waiting"),
    ("state", "taken"): gettext_lazy("in hand"),
    ("late", "yes"): gettext_lazy("Late"),
    ("late", "no"): gettext_lazy("Not late"),
    ("mine", "yes"): gettext_lazy("Mine"),
    ("mine", "no"): gettext_lazy("Not mine"),
    ("changed-by", "me"): gettext_lazy("by me"),
    ("changed-by", "not-me"): gettext_lazy("not by me"),
}
SOON = (Term("late", "yes"), *(Term("due", time, "<") for time in ("2h", "1d", "3d")))
# name, example, what it finds: shown on the page and in docs/queue.md
GUIDE = (
    ("desk", "desk:politics", gettext_lazy("Tasks of a desk, by its short name.")),
    ("state", "state:queued", gettext_lazy("queued waits for somebody, taken is in hand.")),
    ("kind", "kind:recheck", gettext_lazy("What is to be done: triage, research, second-review, …")),
    ("score", "score:>0.7", gettext_lazy("How check-worthy the claim is, from 0 to 1.")),
    ("due", "due:<2d", gettext_lazy("Due within two days. m, h, d and w are minutes, hours, days, weeks.")),
    ("late", "late:yes", gettext_lazy("Past the deadline, or not.")),
    ("mine", "mine:yes", gettext_lazy("Yours, or not.")),
    ("with", 'with:"Mara"', gettext_lazy("In the hands of somebody, by part of the name.")),
    ("claimant", 'claimant:"Ann Lee"', gettext_lazy("Who said it, by part of the name.")),
    ("lang", "lang:de", gettext_lazy("The language of an article where it stands.")),
    ("topic", "topic:health", gettext_lazy("A topic of the routing rules.")),
    ("partner", "partner:wire", gettext_lazy("The partner that sent an article where it stands.")),
    (
        "changed-by",
        "changed-by:not-me",
        gettext_lazy("Who changed claim, task or verdict last: me or not-me."),
    ),
    ("", "roads", gettext_lazy("Words of the claim; several in quotation marks stand side by side.")),
)


@dataclass(frozen=True, slots=True)
class Chip:
    """``url`` is the list without it; for a suggestion, with it."""

    label: str
    url: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class ChipGroup:
    label: str
    chips: list[Chip]


@dataclass(frozen=True, slots=True)
class Mend:
    """What is wrong with a word; ``mend`` is what may have been meant, and ``url`` the list with it."""

    says: str
    mend: str
    url: str


@dataclass(frozen=True, slots=True)
class Hint:
    """One completion: what is written, and what it means."""

    text: str
    label: str


def chips_of(terms: tuple[Term, ...], link: Link) -> list[Chip]:
    return [Chip(label_of(term), link(tuple(one for one in terms if one != term))) for term in terms]


def label_of(term: Term) -> str:
    said = VALUES.get((term.name, term.value))
    if term.name in ("late", "mine"):
        return str(said)
    if not term.name:
        return f"“{term.value}”"
    return _("%(name)s: %(value)s") % {"name": NAMED[term.name], "value": said or _value_of(term)}


def _value_of(term: Term) -> str:
    if term.name == "kind":
        return str(TaskKind(term.value.replace("-", "_")).label).lower()
    if term.name == "score":
        words = {">": _("over %s"), ">=": _("from %s"), "<": _("under %s"), "<=": _("up to %s")}
        return words[term.sign] % term.value
    if term.name == "due":
        time = _length(term.value)
        return _("within %s") % time if term.sign == "<" else _("later than in %s") % time
    return term.value


def _length(text: str) -> str:
    number, unit = int(text[:-1]), text[-1]
    words = {
        "m": ngettext("%d minute", "%d minutes", number),
        "h": ngettext("%d hour", "%d hours", number),
        "d": ngettext("%d day", "%d days", number),
        "w": ngettext("%d week", "%d weeks", number),
    }
    return words[unit] % number


def mend_of(problem: Problem, typed: str, link: Callable[[str], str]) -> Mend:
    """One sentence, and the query as it may have been meant. ``link`` leads to a query as it is typed."""
    url = link(typed.replace(problem.word, problem.mend, 1)) if problem.mend else ""
    return Mend(_said_of(problem), problem.mend, url)


def _said_of(problem: Problem) -> str:
    word = {"word": problem.word}
    among = "" if problem.mend else ", ".join(problem.among)  # one that is meant says more than all there are
    said = {
        "no_such_name": _("“%(word)s”: there is no such filter."),
        "no_such_value": _("“%(word)s”: there is no such value."),
        "not_there": _("“%(word)s”: you see nothing of this name."),
        "no_value": _("“%(word)s”: write a value after it."),
        "no_score": _("“%(word)s”: write a number from 0 to 1, as in score:>0.7."),
        "no_span": _("“%(word)s”: write a length of time, as in due:<2d or due:<4h."),
        "no_language": _("“%(word)s”: write the short name of the language, as in lang:de."),
        "no_slug": _("“%(word)s”: write its short name, in small letters without spaces."),
        "no_bound": _("“%(word)s”: only score and due have < and >."),
        "open_quote": _("“%(word)s”: the closing quotation mark is missing."),
        "contradicts": _("“%(word)s” contradicts what stands before it. Keep one."),
        "too_long": _("“%(word)s”: keep it under %(n)d characters."),
        "long_text": _("“%(word)s”: the query is too long, so its end was left out. Shorten it."),
        "many_terms": _("“%(word)s” and what follows was left out: %(most)d terms are the limit."),
    }[problem.code] % {**word, "n": LONGEST_VALUE, "most": MOST_TERMS}
    return f"{said} {_('There are %s.') % among}" if among else said


def suggested(
    terms: tuple[Term, ...], link: Link, *, desks: Iterable[Desk], topics: Iterable[Topic]
) -> list[ChipGroup]:
    """What can be added or taken away by a click."""
    desks, topics = list(desks), list(topics)
    groups = [
        (_("When"), [(term, "") for term in SOON]),
        (_("Who"), [
            (Term("mine", "yes"), ""),
            (Term("state", "queued"), _("Nobody has it")),
            (Term("state", "taken"), _("In hand")),
            (Term("changed-by", "not-me"), _("Last changed by others")),
        ]),
        (_("Kind"), [(Term("kind", kind.value.replace("_", "-")), str(kind.label)) for kind in TaskKind]),
        (_("Desk"), [(Term("desk", desk.slug), desk.name) for desk in desks] if len(desks) > 1 else []),
        (_("Topic"), [(Term("topic", topic.slug), topic.name) for topic in topics[:12]]),
        (_("Check-worthiness"), [(Term("score", "0.7", ">"), _("over 0.7"))]),
    ]  # fmt: skip
    return [
        ChipGroup(name, [_toggle(terms, term, label, link) for term, label in chips])
        for name, chips in groups
        if chips
    ]


def _toggle(terms: tuple[Term, ...], term: Term, label: str, link: Link) -> Chip:
    without = tuple(one for one in terms if one != term)
    if term in terms:
        return Chip(label or label_of(term), link(without), current=True)
    replaced = ("due",) if term.name == "due" else ()
    kept = tuple(one for one in without if one.name not in replaced)
    return Chip(label or label_of(term), link((*kept, term)))


def hints(desks: Iterable[Desk], topics: Iterable[Topic]) -> list[Hint]:
    """Everything that can be completed while somebody types."""
    found = [Hint(written(term), label_of(term)) for term in _fixed()]
    found += [Hint(f"desk:{desk.slug}", desk.name) for desk in desks]
    found += [Hint(f"topic:{topic.slug}", topic.name) for topic in topics]
    found += [Hint("claimant:", str(NAMED["claimant"])), Hint("lang:", str(NAMED["lang"]))]
    return [*found, Hint("partner:", str(NAMED["partner"])), Hint("with:", str(NAMED["with"]))]


def _fixed() -> list[Term]:
    found = [Term(name, value) for name, values in CHOICES.items() for value in values]
    found += [Term("due", value, "<") for value in ("2h", "1d", "2d", "1w")]
    return [*found, Term("score", "0.7", ">"), Term("score", "0.5", "<")]
