"""What looks like spam, each point with its reason; and what does not."""

from __future__ import annotations

import pytest
from django.core import signing

from claimtracker.intake import opened
from claimtracker.intake.spam import Message, phrases_in, plain_words, score
from claimtracker.intake.weighing import reasons_in_words

HONEST = (
    "The minister said on television that the city built 3,000 flats last year. The table at "
    "https://statistics.example/housing has 1,812, and https://city.example/report.pdf says the same."
)


def codes(message: Message) -> dict[str, int]:
    return {str(one["code"]): int(str(one["points"])) for one in score(message).reasons}


def test_an_honest_message_has_no_points() -> None:
    assert score(Message(HONEST, seconds=90.0)).points == 0


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (Message("See http://a.example http://b.example www.c.example", seconds=60), {"links": 10}),
        (Message("x " + "http://a.example " * 40, seconds=60), {"links": 50, "repeated": 30}),
        (Message('Read <a href="http://a.example">this</a>', seconds=60), {"markup": 40}),
        (Message("[url=http://a.example]cheap[/url]", seconds=60), {"markup": 40}),
        (Message("buy pills now " * 20, seconds=60), {"repeated": 30}),
        (Message("THEY ARE ALL LYING TO US ABOUT IT", seconds=60), {"shouting": 15}),
        (Message(HONEST, seconds=1.0), {"fast": 40}),
        (Message(HONEST, seconds=4.0), {"fast": 15}),
        (Message(HONEST, seconds=None), {"no_time": 20}),
        (Message(HONEST, seconds=None, is_timed=False), {}),
        (Message(HONEST, seconds=60, sent_today=3), {}),
        (Message(HONEST, seconds=60, sent_today=4), {"often": 10}),
        (Message(HONEST, seconds=60, sent_today=400), {"often": 40}),
        (Message(HONEST, seconds=60, is_same_again=True), {"same_again": 40}),
        (Message(HONEST, seconds=60, is_other_language=True), {"other_language": 25}),
        (Message(HONEST, seconds=60, phrases={"casino": 30}), {"phrase": 30}),
    ],
)
def test_each_sign_has_its_points(message: Message, reason: dict[str, int]) -> None:
    assert codes(message) == reason


def test_a_score_ends_at_a_hundred_and_every_reason_has_words() -> None:
    worst = Message(
        "<a BUY PILLS NOW " * 30 + "http://a.example " * 9,
        seconds=0.5,
        phrases={"buy pills": 60},
        sent_today=9,
        is_same_again=True,
        is_other_language=True,
    )
    found = score(worst)
    assert found.points == 100
    words = reasons_in_words(found.reasons)
    assert len(words) == len(found.reasons) >= 8
    assert "“buy pills” stands in the list of phrases (+60)" in words
    assert all(" " in one for one in words), "no bare codes"


def test_phrases_are_whole_words_in_whatever_case_and_letters() -> None:
    listed = [("buy   Pills", 30), ("ill", 50), ("", 90)]
    assert phrases_in("Now BUY\npills!", listed) == {"buy   Pills": 30}
    assert phrases_in("ＢＵＹ pills", listed) == {"buy   Pills": 30}, "letters that only look different"
    assert plain_words("¡Ａ-b!") == "a b"


def test_a_long_hostile_text_is_weighed_at_once() -> None:
    import time

    begun = time.process_time()
    for text in ("http://" * 9_000, "<a " * 20_000, "a" * 64_000, "www." * 16_000, "[url=" * 12_000):
        score(Message(text, seconds=60))
    assert time.process_time() - begun < 2.0


def test_the_stamp_tells_the_time_and_cannot_be_forged(monkeypatch: pytest.MonkeyPatch) -> None:
    stamped = opened.stamp()
    first = opened.seconds_since(stamped)
    assert first is not None and first < 5
    now = opened.time.time()
    monkeypatch.setattr(opened.time, "time", lambda: now + 61)
    monkeypatch.setattr(signing.time, "time", lambda: now + 61)
    later = opened.seconds_since(stamped)
    assert later is not None and 60 <= later <= 63
    for forged in (
        "",
        "form",
        "form:1:2",
        stamped[:-1] + "~",
        "x" * 5_000,
        signing.TimestampSigner().sign("form"),
    ):
        assert opened.seconds_since(forged) is None
    monkeypatch.setattr(signing.time, "time", lambda: now + opened.LONGEST + 60)
    assert opened.seconds_since(stamped) is None, "a form left open for a day says nothing"
