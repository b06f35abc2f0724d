"""``manage.py match``."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from claims.actions.match_index import index_everything
from claims.models import ClaimMatch
from tests.factories import make_known_claim
from tests.support.match_index import mark_everything

pytestmark = pytest.mark.django_db

SAID = "The tram line to the harbour cost 1,400 million euros to build."


@pytest.fixture(autouse=True)
def _known(settings: Any) -> None:
    settings.MATCHING_ENCODER_MODULE = "claims.matching.encoder"
    make_known_claim(text=SAID, rating="Pants on fire", publisher_name="Harbour Checks", title="")
    mark_everything()
    index_everything()


def match(*arguments: str) -> str:
    out = io.StringIO()
    call_command("match", *arguments, stdout=out)
    return out.getvalue()


def test_a_statement_is_looked_up_and_nothing_is_stored() -> None:
    shown = match(SAID)
    assert "very likely the same" in shown
    assert "Harbour Checks: “Pants on fire”" in shown
    assert "Both say 1,400 million euros" in shown
    assert not ClaimMatch.objects.exists()


def test_json_has_grade_probability_and_reasons() -> None:
    (row,) = json.loads(match(SAID, "--json"))
    assert row["statement"] == SAID
    (known,) = row["known"]
    assert (known["grade"], known["rating"]) == ("strong", "Pants on fire")
    assert known["probability"] > 0.6
    assert known["reasons"][0]["text"]


def test_every_claim_of_a_draft_is_looked_up(tmp_path: Path) -> None:
    draft = tmp_path / "draft.txt"
    draft.write_text(f"{SAID}\n\nThe library on Mill Street lent 12,000 books last year.\n", encoding="utf-8")
    rows = json.loads(match(str(draft), "--draft", "--json"))
    assert len(rows) == 2
    assert [bool(row["known"]) for row in rows] == [True, False]


def test_what_nobody_claimed_says_so() -> None:
    assert "Nothing like it is known." in match("Bees sleep in flowers on warm nights in June.")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["  "], "empty"),
        ([SAID, "--most", "0"], "1 to 50"),
        (["no-such-file.txt", "--draft"], "There is no file"),
    ],
)
def test_what_is_wrong_is_said(arguments: list[str], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        match(*arguments)
