"""The page of the guide: all of it is there, true, and under our content security policy."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import escape
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from standardwebhooks import Webhook

from claims.extraction.languages import readers
from claimtracker.api.guide.contents import EXAMPLES, SECTIONS, Vector, facts
from claimtracker.partners.event_types import TEST, offered_event_types
from claimtracker.partners.signing import signed_headers

pytestmark = pytest.mark.django_db


@pytest.fixture
def guide() -> str:
    return str(Client().get("/api/docs/").content.decode())


def test_every_example_is_run_and_shown(guide: str) -> None:
    named = {section.example for section in SECTIONS if section.example}
    assert {path.stem for path in EXAMPLES.iterdir() if path.is_file()} == named
    run_here: set[str] = set()
    for path in Path(__file__).parent.glob("test_*.py"):
        run_here |= set(re.findall(r'example\.(?:run|running|gives_up)\(\s*"(\w+)"', path.read_text()))
    assert run_here == named
    for section in SECTIONS:
        assert f'id="{section.slug}"' in guide
        for example in section.examples:
            assert escape(example.code) in guide, (section.slug, example.suffix)


def test_the_guide_holds_nothing_inline() -> None:
    page = Client().get("/api/docs/")
    html = page.content.decode()
    assert "unsafe-inline" not in page["Content-Security-Policy"]
    assert "<style" not in html and not re.search(r"\son\w+=|\sstyle=", html)
    assert not any(content.strip() for content in re.findall(r"<script[^>]*>([^<]*)</script>", html))


def test_every_type_of_event_is_named(guide: str) -> None:
    section = guide.partition('id="webhooks"')[2].partition("</dl>")[0]
    named = re.findall(r"<dt><code>([\w.]+)</code></dt>", section)
    assert sorted(named) == sorted([*offered_event_types(), TEST])


def test_no_mark_of_markdown_is_shown(guide: str) -> None:
    for type, description in facts()["event_types"]:
        assert "`" not in description and f"<dt><code>{type}</code></dt><dd>{description}</dd>" in guide


def test_the_languages_that_are_read_are_those_of_the_extraction(guide: str) -> None:
    names = ", ".join(reader.name for reader in readers())
    assert f"{names} is the language that we read" in guide or f"{names} are the languages" in guide


def test_every_status_of_an_error_is_explained(guide: str) -> None:
    section = guide.partition('id="errors"')[2].partition("</dl>")[0]
    for status in (400, 401, 403, 404, 405, 406, 409, 410, 411, 412, 413, 415, 422, 428, 429):
        assert str(status) in section, status


def test_the_message_to_check_against_is_genuine(guide: str) -> None:
    vector = Vector()
    at = datetime.fromtimestamp(vector.timestamp, UTC)
    assert Webhook(vector.secret).sign(vector.id, at, vector.body) == vector.signature
    ours = signed_headers(vector.body.encode(), message_id=vector.id, at=at, signing_secrets=[vector.secret])
    assert ours["webhook-signature"] == vector.signature
    assert ours["webhook-timestamp"] == str(vector.timestamp)
    headers = {**ours, "webhook-timestamp": str(int(datetime.now(UTC).timestamp()))}
    with pytest.raises(Exception, match="No matching signature"):
        Webhook(vector.secret).verify(vector.body, headers)
    for shown in (vector.secret, vector.id, str(vector.timestamp), vector.body, vector.signature):
        assert escape(shown) in guide


def test_the_reference_is_where_the_guide_says(guide: str) -> None:
    assert 'href="/api/docs/reference/"' in guide and settings.SITE_URL in guide
