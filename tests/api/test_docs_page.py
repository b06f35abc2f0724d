"""The documentation page under our content security policy, read by a real browser."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from typing import Any

import pytest
from django.test import Client

from claimtracker.partners.event_types import DESCRIBED

from .test_openapi import SNAPSHOT

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
POLICY = "default-src 'self'"


def test_the_page_holds_nothing_inline(db: None) -> None:
    page = Client().get("/api/docs/reference/")
    assert page.status_code == 200
    assert POLICY in page["Content-Security-Policy"]
    assert "unsafe-inline" not in page["Content-Security-Policy"]
    html = page.content.decode()
    assert "<style" not in html
    assert not re.search(r"\son\w+=|\sstyle=", html)
    scripts = re.findall(r"<script[^>]*>([^<]*)</script>", html)
    assert len(scripts) == 4
    assert not any(content.strip() for content in scripts)
    sources = re.findall(r'(?:src|href)="([^"]+)"', html)
    assert all(source.startswith("/") and not source.startswith("//") for source in sources), sources


def test_the_page_leads_back_to_the_site(db: None) -> None:
    assert '<a href="/">Back to Claimtracker</a>' in Client().get("/api/docs/reference/").content.decode()


def test_the_slash_at_the_end_may_be_left_out(db: None) -> None:
    for path in ("/api/docs", "/api/docs/reference", "/api/v1/schema"):
        assert Client().get(path).status_code == 200


def test_its_script_names_our_schema(db: None) -> None:
    script = Client().get("/api/docs/reference/?script=")
    assert script["Content-Type"].startswith("application/javascript")
    assert b"/api/v1/schema/" in script.content
    assert b"http" not in re.sub(rb"https?\"", b"", script.content.partition(b"SwaggerUIBundle({")[2])


def test_the_schema_is_public_and_names_no_host(db: None) -> None:
    for accept in ("application/vnd.oai.openapi", "application/vnd.oai.openapi+json", "application/json"):
        schema = Client().get("/api/v1/schema/", headers={"Accept": accept})
        assert schema.status_code == 200
        assert b"bearer" in schema.content
        assert b"localhost" not in schema.content


def test_a_browser_shows_every_operation(live_server: Any) -> None:
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        pytest.fail("No Chromium here. Install it: apt-get install chromium")
    with tempfile.TemporaryDirectory(prefix="ct-chromium-") as profile:
        seen = subprocess.run(
            [
                browser,
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                f"--user-data-dir={profile}",
                "--enable-logging=stderr",
                "--virtual-time-budget=20000",
                "--dump-dom",
                f"{live_server.url}/api/docs/reference/",
            ],
            capture_output=True,
            text=True,
            timeout=90,
            check=True,
        )
    assert "Claimtracker partner API" in seen.stdout
    served = SNAPSHOT.read_text(encoding="utf-8").count("operationId:")
    assert seen.stdout.count('class="opblock ') == served + len(DESCRIBED), "and every webhook"
    refused = [
        line for line in seen.stderr.splitlines() if "Content Security Policy" in line or "Refused to" in line
    ]
    assert refused == []
