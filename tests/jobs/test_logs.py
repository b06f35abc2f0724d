"""What the log lines of a job look like, to people and to machines."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from typing import Any

import pytest

from claimtracker.kernel.secret_addresses import mask_everywhere
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


TOKEN = "Zk3vW-8qLJt5xYb2_nRf0aQmUeHcDgSoPiT4KyVwXzA"


@pytest.mark.parametrize("style", ["json", "plain"])
def test_no_line_has_the_key_of_a_reply_page(style: str) -> None:
    format_line = formatter(style).format
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, "Conflict: %s", (), None)
    record.args = (f"/reply/{TOKEN}/",)
    record.request = f"<WSGIRequest: POST '/reply/{TOKEN}/'>"
    line = format_line(record)
    assert TOKEN not in line
    assert line.count("/reply/[key]") == 2
    ordinary = "/claims/7/reply/12/call-off/ and /claims/7/reply/ask/"
    assert ordinary in format_line(logging.LogRecord("x", logging.INFO, "", 0, ordinary, (), None))


def test_gunicorns_log_and_error_reports_have_no_key_either(capfd: pytest.CaptureFixture[str]) -> None:
    from gunicorn.config import Config

    from claimtracker.web_log import WebLog

    config = Config()
    config.set("accesslog", "-")
    config.set("errorlog", "-")
    log = WebLog(config)
    log.access_log.info('"GET %s HTTP/1.1" 200 "%s"', f"/reply/{TOKEN}/", f"https://x.org/reply/{TOKEN}/")
    log.error("Error handling request %s", f"/unsubscribe/{TOKEN}:1a:bc/")
    said = "".join(capfd.readouterr())
    assert TOKEN not in said
    assert said.count("[key]") == 3
    event = {"request": {"url": f"https://x.org/reply/{TOKEN}/"}, "breadcrumbs": [{"n": 1, "to": "/"}]}
    assert mask_everywhere(event) == {
        "request": {"url": "https://x.org/reply/[key]/"},
        "breadcrumbs": [{"n": 1, "to": "/"}],
    }
