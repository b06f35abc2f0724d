"""Relative dates in a claim's words, told from the day on which the article was published."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from claims.extraction.parsing import lemma_of
from claims.extraction.standalone_words import Word, finite_verb
from claims.extraction.wording import Edit

if TYPE_CHECKING:
    from spacy.tokens import Token

_MONTHS = {name.lower(): i for i, name in enumerate(calendar.month_name) if name}
_SHORT_MONTHS = {name.lower(): i for i, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
_DAYS = {name.lower(): i for i, name in enumerate(calendar.day_name)}
_FUTURE = frozenset(("will", "would", "shall", "'ll", "’ll", "wo"))
_AHEAD = frozenset(("before", "until", "till", "ahead", "for", "by", "next", "coming", "every", "each", "of"))
_SPANS = {"day": "date", "week": "date", "month": "month", "year": "year", "decade": "year"}
_COUNTS = frozenset(
    ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "twenty")
)


def day_words(day: date) -> str:
    """ "19 January 2016"."""
    return f"{day.day} {calendar.month_name[day.month]} {day.year}"


def month_words(day: date) -> str:
    """ "January 2016"."""
    return f"{calendar.month_name[day.month]} {day.year}"


def date_edits(words: Sequence[Word], published: date, *, in_quotation: bool) -> Iterator[Edit]:
    """The edits that make the claim's dates say which day, month or year they mean."""
    for at, word in enumerate(words):
        following = words[at + 1] if at + 1 < len(words) else None
        before = words[at - 1].token.lower_ if at else _word_before(word.token)
        lower = word.token.lower_.rstrip(".")
        if lower in _DAYS and word.token.text[0].isupper():
            yield from _weekday(word, following, before, published)
        elif lower in ("yesterday", "today", "tomorrow", "tonight", "now", "currently"):
            yield from _near_day(word, published, in_quotation)
        elif lower in _MONTHS | _SHORT_MONTHS and word.token.text[0].isupper():
            yield from _month(word, before, published)
        elif lower in ("last", "this", "next") and following is not None:
            yield from _last_or_this(word, following, before, published, in_quotation)
        elif lower == "ago" and at >= 2:
            yield from _ago(words[at - 2], words[at - 1], word, published)


def _word_before(token: Token) -> str:
    return str(token.nbor(-1).lower_) if token.i else ""


def _word_after(token: Token) -> str:
    return str(token.nbor(1).lower_) if token.i + 1 < len(token.doc) else ""


def _tense(token: Token) -> str:
    """Whether the verb over the date speaks of what was or of what is to come; "" where that is not plain."""
    verb = next((t for t in token.ancestors if t.pos_ in ("VERB", "AUX")), None)
    while verb is not None and finite_verb(verb) is None:
        if any(c.dep_ == "aux" and c.lower_ == "to" for c in verb.children) or verb.tag_ == "VBG":
            return ""
        verb = next((t for t in verb.ancestors if t.pos_ in ("VERB", "AUX")), None)
    if verb is None:
        return ""
    auxiliaries = {c.lower_ for c in verb.children if c.dep_ in ("aux", "auxpass")}
    if auxiliaries & _FUTURE:
        return "" if "have" in auxiliaries else "future"
    finite = finite_verb(verb)
    if finite is not None and finite.tag_ == "VBD":
        return "past"
    return "past" if auxiliaries & {"has", "have", "'ve", "’ve"} else ""


def _hangs_on_noun(token: Token) -> bool:
    """Whether the date belongs to a thing ("the vote on Tuesday") rather than to the verb."""
    head = token.head
    if head.pos_ == "ADP":
        head = head.head
    place = head.pos_ == "PROPN" and head.ent_type_ in ("GPE", "LOC", "FAC", "PERSON")
    return head.pos_ in ("NOUN", "PROPN") and not place


def _weekday(word: Word, following: Word | None, before: str, published: date) -> Iterator[Edit]:
    after = following.token if following is not None else None
    dated = after is not None and (after.text == "," or after.lower_ in _MONTHS | _SHORT_MONTHS)
    if before in _AHEAD or before in ("a", "the", "and", "or", "to", "super", "black", "good") or dated:
        return
    tense = _tense(word.token)
    possessive = after is not None and after.tag_ == "POS"
    if before == "last":
        back = (published.weekday() - _DAYS[word.token.lower_]) % 7 or 7
        day = published - timedelta(days=back)
    elif tense == "past":
        day = published - timedelta(days=(published.weekday() - _DAYS[word.token.lower_]) % 7)
    elif tense == "future" and not possessive:
        day = published + timedelta(days=(_DAYS[word.token.lower_] - published.weekday()) % 7)
    else:
        return
    if possessive and following is not None:
        if before not in ("on", "in", "from", "during", "at", "after", "since"):
            yield Edit(word.start, following.end, f"the {day_words(day)}", "date")
        return
    part = after is not None and after.lower_ in ("morning", "afternoon", "evening", "night")
    hung = after if part and after is not None else word.token
    if tense == "past" and _hangs_on_noun(hung) and before not in ("on", "last"):
        return
    end = following.end if part and following is not None else word.end
    yield Edit(end, end, f", {day_words(day)}", "date")


def _near_day(word: Word, published: date, in_quotation: bool) -> Iterator[Edit]:
    lower, token = word.token.lower_, word.token
    if token.dep_ in ("compound", "amod") or _word_after(token) in ("'s", "’s"):
        return
    if lower == "now":
        # "right now", "now that", "from now on", and "now" as a filler, say no date
        verb = token.head.pos_ in ("VERB", "AUX") and token.dep_ == "advmod"
        opens = (
            token.text[0].isupper()
            or _word_before(token) in ("", ".", ",", '"', "from", "until", "by")
            or _word_after(token)
            in (
                "that",
                ",",
                "on",
            )
        )
        if verb and not opens and not _future_head(token):
            yield Edit(word.end, word.end, f" ({month_words(published)})", "date")
    elif lower == "today":
        if token.dep_ in ("npadvmod", "tmod", "advmod"):
            said = month_words(published) if in_quotation else day_words(published)
            yield Edit(word.end, word.end, f" ({said})", "date")
    elif (
        lower in ("yesterday", "tomorrow")
        and not in_quotation
        and token.dep_ in ("npadvmod", "tmod", "advmod")
    ):
        day = published + timedelta(days=1 if lower == "tomorrow" else -1)
        if _word_after(token) not in ("morning", "afternoon", "evening", "night"):
            yield Edit(word.start, word.end, f"on {day_words(day)}", "date")


def _future_head(token: Token) -> bool:
    return any(c.lower_ in _FUTURE | {"can", "could", "must", "should"} for c in token.head.children)


def _month(word: Word, before: str, published: date) -> Iterator[Edit]:
    token = word.token
    number = (_MONTHS | _SHORT_MONTHS)[token.lower_.rstrip(".")]
    day_first, day_after = before.isdigit(), _word_after(token).isdigit()
    if (day_after and len(_word_after(token)) == 4) or _word_after(token) in ("'s", "’s", "and", "of"):
        return
    if before not in ("in", "since") and not day_first and not day_after:
        return
    end, year_at = word.end, token.i + 1
    if day_after:
        end, year_at = word.end + 1 + len(_word_after(token)), token.i + 2
    if _year_within(token, year_at) or token.doc[year_at : year_at + 1].text in ("-", "–", "to", "and", "or"):
        return
    if token.dep_ == "compound" or (
        day_after and token.head.tag_ in ("NN", "NNS") and token.dep_ != "npadvmod"
    ):
        return
    tense = _tense(token)
    noun = _hangs_on_noun(token)
    if not tense or (noun and tense == "past" and not (day_first or day_after)):
        return
    year = _year_of(number, tense, published)
    if year is not None:
        yield Edit(end, end, f", {year}" if day_after else f" {year}", "date")


def _year_within(token: Token, at: int) -> bool:
    """Whether a year follows within three words: the date is whole already."""
    return any(t.is_digit and len(t) == 4 for t in token.doc[at : at + 3])


def _year_of(month: int, tense: str, published: date) -> int | None:
    if tense == "past":
        return published.year if month <= published.month else published.year - 1
    return published.year if month >= published.month else published.year + 1


def _last_or_this(word: Word, unit: Word, before: str, published: date, in_quotation: bool) -> Iterator[Edit]:
    kind, which, lower = unit.token.lower_, word.token.lower_, unit.token.lower_
    step = {"last": -1, "this": 0, "next": 1}[which]
    if before in ("the", "that", "of", "and", "or", "'s", "’s") or unit.token.tag_ == "POS":
        return
    if lower == "year":
        said, lead = str(published.year + step), "in "
    elif lower == "month":
        months = published.year * 12 + published.month - 1 + step
        said, lead = month_words(date(months // 12, months % 12 + 1, 1)), "in "
    elif lower == "week":
        monday = published - timedelta(days=published.weekday()) + timedelta(days=7 * step)
        said, lead = f"the week of {day_words(monday)}", "in "
    elif lower in ("night", "morning", "afternoon", "evening") and step < 1 and not in_quotation:
        day = published - timedelta(days=1 if step else 0)
        said, lead = f"the {lower} of {day_words(day)}", "on "
    else:
        return
    if unit.token.dep_ in ("npadvmod", "tmod", "advmod"):
        yield Edit(word.start, unit.end, lead + said, "date")
    elif unit.token.dep_ in ("pobj", "nsubj", "nsubjpass") or _word_after(unit.token) in ("'s", "’s"):
        if kind in ("week", "night", "morning", "afternoon", "evening") and unit.token.dep_ == "poss":
            return
        yield Edit(word.start, unit.end, said, "date")


def _ago(count: Word, unit: Word, word: Word, published: date) -> Iterator[Edit]:
    """ "three days ago" → "three days before 21 January 2016"."""
    exact = count.token.lower_ in _COUNTS or count.token.lower_.isdigit()
    scale = _SPANS.get(lemma_of(unit.token))
    if not exact or scale is None:
        return
    said = {"date": day_words(published), "month": month_words(published), "year": str(published.year)}[scale]
    yield Edit(word.start, word.end, f"before {said}", "date")
