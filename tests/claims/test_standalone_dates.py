"""Relative dates are told from the article's day, and only where their tense makes them plain."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest

from claims.extraction.blocks import find_blocks
from claims.extraction.reading import read_article
from claims.extraction.standalone import Rewriter

PUBLISHED = date(2016, 1, 21)  # a Thursday


@cache
def rewriter(text: str) -> Rewriter:
    reading = read_article(text, find_blocks(text))
    discourse = reading.discourse
    return Rewriter(text, reading.parsed, discourse.cast, discourse, published=PUBLISHED)


def dated(text: str, *, in_quotation: bool = False) -> str:
    return rewriter(text).reword(0, len(text), piece=None, claimant=None, in_quotation=in_quotation).text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The port closed on Tuesday.", "The port closed on Tuesday, 19 January 2016."),
        ("The port closed on Thursday.", "The port closed on Thursday, 21 January 2016."),
        ("The port closed last Thursday.", "The port closed last Thursday, 14 January 2016."),
        ("The port will close on Tuesday.", "The port will close on Tuesday, 26 January 2016."),
        ("The port closed Monday night.", "The port closed Monday night, 18 January 2016."),
        ("The port closed yesterday.", "The port closed on 20 January 2016."),
        ("The port lost 40 ships last month.", "The port lost 40 ships in December 2015."),
        ("The port has lost 40 ships this year.", "The port has lost 40 ships in 2016."),
        ("The port will lose 40 ships next month.", "The port will lose 40 ships in February 2016."),
        ("The port lost 40 ships last week.", "The port lost 40 ships in the week of 11 January 2016."),
        ("The port has grown since last year.", "The port has grown since 2015."),
        ("The port closed in October.", "The port closed in October 2015."),
        (
            "The ministers would meet in Oslo in February.",
            "The ministers would meet in Oslo in February 2016.",
        ),
        ("The ministers met in Oslo on 20 January.", "The ministers met in Oslo on 20 January 2016."),
        ("The port closed two years ago.", "The port closed two years before 2016."),
        ("The port closed three days ago.", "The port closed three days before 21 January 2016."),
        ("The port now employs 40 people.", "The port now (January 2016) employs 40 people."),
    ],
)
def test_a_relative_date_gets_its_day_month_or_year(text: str, expected: str) -> None:
    assert dated(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "The port closed on Tuesday, 12 January.",
        "The port closed in May 2014.",
        "The port closed over the last year.",
        "Every Tuesday the port closed.",
        "The port is ready for the vote in November.",
        "The port closed before Tuesday.",
        "Right now, the port is for sale.",
        "The port may close.",
    ],
)
def test_a_date_that_is_whole_or_not_plain_is_left_alone(text: str) -> None:
    assert dated(text).replace(" 2016", "") == text


def test_the_day_of_a_speech_is_not_known() -> None:
    assert dated("The port closed yesterday.", in_quotation=True) == "The port closed yesterday."
    assert dated("The port closed today.", in_quotation=True) == "The port closed today (January 2016)."
