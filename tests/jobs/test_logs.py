"""What the log lines of a job look like, to people and to machines."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from typing import Any

import pytest

from claimtracker.settings.logging import formatter
from tests.support.worker import ROOT

SAY = """
import logging, structlog
import django; django.setup()
from structlog.contextvars import bound_contextvars
with bound_contextvars(job=7, request_id="r-1"):
    structlog.get_logger("ours").warning("job failed", kind="x")
    logging.getLogger("theirs").warning("plain %s", "words")
    logging.getLogger("django.request").warning("Not Found: /x")
    try:
        1 / 0
    except ZeroDivisionError:
        structlog.get_logger("ours").exception("broken")
"""


def lines(style: str) -> list[str]:
    chosen = {
        "LOG_FORMAT": style,
        "LOG_LEVEL": "INFO",
        "DJANGO_SETTINGS_MODULE": "claimtracker.settings.test",
    }
    environment = {**os.environ, **chosen}
    said = subprocess.run(
        [sys.executable, "-c", SAY], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert said.stdout == ""
    return said.stderr.splitlines()


def test_machines_get_one_json_object_a_line() -> None:
    found: list[dict[str, Any]] = [json.loads(line) for line in lines("json")]
    assert [each["event"] for each in found] == ["job failed", "plain words", "Not Found: /x", "broken"]
    assert {(each["job"], each["request_id"]) for each in found} == {(7, "r-1")}
    assert [each["logger"] for each in found] == ["ours", "theirs", "django.request", "ours"]
    assert found[0]["kind"] == "x"
    assert "ZeroDivisionError" in found[3]["exception"]
    assert all(each["timestamp"].endswith("Z") for each in found)


def test_people_get_plain_lines() -> None:
    first, second, third, *rest = lines("plain")
    assert "[warning  ] job failed" in first
    assert "kind=x" in first
    assert "request_id=r-1" in second
    assert "plain words" in second
    assert "Not Found: /x" in third
    assert rest[-1] == "ZeroDivisionError: division by zero"


def test_another_style_is_refused_with_the_choices() -> None:
    with pytest.raises(ValueError, match='LOG_FORMAT must be "plain" or "json", not \'xml\''):
        formatter("xml")


def test_without_a_choice_debug_decides(settings: Any) -> None:
    record = logging.LogRecord("theirs", logging.INFO, "", 0, "words", (), None)
    settings.DEBUG = False
    assert json.loads(formatter("").format(record))["event"] == "words"
    settings.DEBUG = True
    assert formatter("").format(record).rstrip().endswith("words                          [theirs]")
