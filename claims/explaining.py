"""Why something was offered as a claim, in words for people: from what a reading stored."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.humanize.templatetags.humanize import ordinal
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .models import Appearance, ExtractionRun

Stored = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """Words of the claim and what they come to: "several hundred" is 200 to 900 people."""

    words: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """``place`` is empty where there is no ranking, ``worth`` and ``reader`` for what a person marked."""

    worth: str
    place: str
    cue: str
    reasons: Sequence[str]
    amounts: list[Part]
    dates: list[Part]
    names: list[Part]
    reader: str


def explanation_of(appearance: Appearance, body: str, run: ExtractionRun | None) -> Explanation:
    """Why this is a claim, with its parts out of ``body``; ``run`` is the reading that offered it, if one
    did."""
    parts, reader = appearance.parts, appearance.extractor_version
    by_model = bool(run and run.model)
    return Explanation(
        worth=worth_in_words(appearance.score, is_probability=by_model) if reader else "",
        place=place_in_words(appearance.rank, run.claims_found if run else 0),
        cue=appearance.cue,
        reasons=appearance.reasons,
        amounts=[_amount(one, body) for one in parts.get("quantities", ())],
        dates=list(_dates(parts.get("dates", ()), body)),
        names=list(_names(parts.get("names", ()), body)),
        reader=reader,
    )


def worth_in_words(score: float, *, is_probability: bool) -> str:
    """What the score says, and no more than that."""
    if not is_probability:
        return _("%(score)s on a scale from 0 to 1, by rules: it orders claims and is no probability") % {
            "score": number_format(score, 2)
        }
    of_hundred = round(score * 100)
    if of_hundred >= 99:
        share = _("more than 98")
    elif of_hundred < 1:
        share = _("fewer than 1")
    else:
        share = _("about %(n)d") % {"n": of_hundred}
    return _(
        "of 100 statements that score like this, %(share)s were judged worth checking by the people who "
        "labelled the examples"
    ) % {"share": share}


def place_in_words(rank: int | None, of: int) -> str:
    """ "3rd of 14"; empty where there is nothing to compare with."""
    if not rank or rank > of or of < 2:
        return ""
    return _("%(rank)s of %(of)d") % {"rank": ordinal(rank), "of": of}


def why_changed(why: str) -> str:
    """The reason of a changed word, as it stands in brackets after it."""
    return {
        "pronoun": _("pronoun"),
        "reference": _("named in full"),
        "date": _("date"),
        "subject": _("subject of the sentence"),
        "grammar": _("grammar"),
    }.get(why, why)


def why_passed_over(reason: str) -> tuple[str, str]:
    """A word and a sentence for why a sentence was not offered."""
    return {
        "opinion": (_("Opinion"), _("a judgement or a wish: no evidence could settle it")),
        "prediction": (_("Prediction"), _("about what is to come: nothing can be checked yet")),
        "intention": (_("Intention"), _("what somebody plans or promises")),
        "experience": (_("Personal experience"), _("what one person felt or went through")),
        "question": (_("Question"), _("it asks and states nothing")),
        "rhetoric": (_("Rhetoric"), _("a figure of speech, a greeting or an appeal")),
        "scene": (_("Scene"), _("it describes, and nobody would check it")),
        "minor": (_("Minor"), _("a fact, but nobody is likely to need it checked")),
    }.get(reason, (reason, ""))


def _amount(stored: Stored, body: str) -> Part:
    low, high, unit = stored["low"], stored["high"], str(stored["unit"])
    if low is not None and high is not None:
        number = (
            _figure(low, unit)
            if low == high
            else _("%(low)s to %(high)s")
            % {
                "low": _figure(low, "" if unit != "percent" else unit),
                "high": _figure(high, unit),
            }
        )
        if stored["approximation"] == "about":
            number = _("about %(number)s") % {"number": number}
    else:
        number = _open_ended(low, high, str(stored["approximation"]), unit)
    return Part(body[stored["start"] : stored["end"]], number)


def _open_ended(low: float | None, high: float | None, approximation: str, unit: str) -> str:
    bound = low if low is not None else high
    if bound is None:
        return _("an amount that the article leaves open")
    words = {
        "more_than": _("more than %(number)s"),
        "at_least": _("at least %(number)s"),
        "less_than": _("less than %(number)s"),
        "at_most": _("at most %(number)s"),
    }.get(approximation, _("at least %(number)s") if low is not None else _("at most %(number)s"))
    return words % {"number": _figure(bound, unit)}


def _figure(number: float, unit: str) -> str:
    if unit == "percent":
        return f"{_plain(number)}%"
    if unit == "share":
        return f"{_plain(number * 100)}%"
    for size, word in ((1e12, _("trillion")), (1e9, _("billion")), (1e6, _("million"))):
        if abs(number) >= size:
            return f"{_plain(number / size)} {word} {unit}".strip()
    return f"{_plain(number)} {unit}".strip()


def _plain(number: float) -> str:
    """Without needless decimals, with separators for thousands."""
    rounded = round(number, 2)
    if rounded != int(rounded):
        return number_format(f"{rounded:.2f}".rstrip("0"), use_l10n=True, force_grouping=True)
    return number_format(int(rounded), use_l10n=True, force_grouping=True)


def _dates(stored: Sequence[Stored], body: str) -> Iterator[Part]:
    for one in stored:
        words = body[one["start"] : one["end"]]
        first, last = _day(one["earliest"]), _day(one["latest"])
        if first and last:
            meaning = _stretch(first, last)
        elif first:
            meaning = _("from %(day)s on") % {"day": date_format(first, "j F Y")}
        elif last:
            meaning = _("until %(day)s") % {"day": date_format(last, "j F Y")}
        else:
            meaning = _("not known: the article came without its date")
        if meaning.casefold() != words.casefold():
            yield Part(words, meaning)


def _day(text: object) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(str(text)) if text else None
    except ValueError:
        return None


def _stretch(first: datetime.date, last: datetime.date) -> str:
    """A day, a month, a year or from one day to another, as people say it."""
    if first == last:
        return date_format(first, "j F Y")
    after = last + datetime.timedelta(days=1) if last < datetime.date.max else last
    if first.day == 1 and after.day == 1:
        if (first.month, after.month) == (1, 1):
            years = (first.year, last.year)
            return (
                str(years[0])
                if years[0] == years[1]
                else _("%(low)s to %(high)s") % {"low": years[0], "high": years[1]}
            )
        if (first.year, first.month) == (last.year, last.month):
            return date_format(first, "F Y")
    return _("%(low)s to %(high)s") % {
        "low": date_format(first, "j F Y"),
        "high": date_format(last, "j F Y"),
    }


def _names(stored: Sequence[Stored], body: str) -> Iterator[Part]:
    kinds = {"person": _("person"), "organisation": _("organisation"), "place": _("place")}
    seen: set[str] = set()
    for one in stored:
        words, name = body[one["start"] : one["end"]], str(one["name"])
        if name in seen:
            continue
        seen.add(name)
        kind = kinds.get(str(one["kind"]), "")
        full = "" if name == words else name
        yield Part(words, ", ".join(part for part in (full, kind) if part))


def offer_in_words(run: ExtractionRun) -> str:
    """What to know of an offer that is short, or that had no room for more; empty for an ordinary one."""
    if run.left_out:
        return ngettext(
            "%(n)d more claim was found than an offer has room for: the weakest is left out.",
            "%(n)d more claims were found than an offer has room for: the weakest are left out.",
            run.left_out,
        ) % {"n": run.left_out}
    if run.sentences >= 10 and run.claims_found * 10 <= run.sentences:
        return ngettext(
            "The extractor offers %(n)d claim from %(sentences)d sentences, which is little. "
            "Look at what was passed over.",
            "The extractor offers %(n)d claims from %(sentences)d sentences, which is little. "
            "Look at what was passed over.",
            run.claims_found,
        ) % {"n": run.claims_found, "sentences": run.sentences}
    return ""
