"""Debian's Chromium against Django's live server, on the real database; jobs run here when a test asks.

A pytest run of its own: Playwright's event loop makes Django refuse its synchronous database calls, which
DJANGO_ALLOW_ASYNC_UNSAFE turns off, and no other test may see that.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page

import claims.tasks
import claimtracker.partners.tasks
import reviews.tasks
from claimtracker.accounts.models import User
from claimtracker.jobs.models import Job
from claimtracker.jobs.runner import run
from tests import factories

from .windows import Windows

WITH_JOBS = (claims.tasks, claimtracker.partners.tasks, reviews.tasks)  # their import registers the jobs
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or "/usr/bin/chromium"

Open = Callable[..., Page]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    if not Path(CHROMIUM).exists():
        pytest.fail("Chromium is missing. Install it with: apt-get install chromium")
    args = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": args}


@pytest.fixture(scope="session")
def windows(live_server: Any, browser: Browser) -> Iterator[Windows]:
    kept = Windows(browser, live_server.url)
    yield kept
    kept.close()


@pytest.fixture
def open_page(live_server: Any, windows: Windows, transactional_db: None) -> Iterator[Open]:
    """``open_page(user, path="/", size="desktop"|"phone", theme="light"|"dark", js=True)``: a page of a
    window of its own, signed in as ``user`` (signed out with None). A script error or anything that the
    content policy blocks fails the test."""
    complaints: list[str] = []

    def open_one(
        user: User | None, path: str = "/", *, size: str = "desktop", theme: str = "light", js: bool = True
    ) -> Page:
        page = windows.open(size=size, theme=theme, js=js)
        if user is not None:
            page.context.add_cookies([session_cookie(user, live_server.url)])
        page.on("pageerror", lambda error: complaints.append(f"script error: {error}"))
        page.on("console", lambda said: _note(said.type, f"{said.text} ({page.url})", complaints))
        page.goto(path)
        return page

    yield open_one
    windows.put_back()
    assert not complaints, complaints


def _note(kind: str, text: str, complaints: list[str]) -> None:
    # said of an answer such as 422 for a form with errors, of a question that a new page made needless, and
    # of a line that a test has cut, and of a passkey that is not there
    of_answers = (
        "Failed to load resource",
        "Response Status Error",
        "htmx:sendAbort",
        "htmx:sendError",
        "htmx:afterRequest",
        "NotAllowedError",
    )
    if kind == "error" and not any(words in text for words in of_answers):
        complaints.append(text)


def session_cookie(user: User, url: str) -> dict[str, Any]:
    """The cookie of a session in which ``user`` is signed in."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return {
        "name": settings.SESSION_COOKIE_NAME,
        "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
        "url": url,
    }


@pytest.fixture
def run_jobs(transactional_db: None) -> Callable[..., int]:
    """``run_jobs()`` does what is due until nothing is, as a worker would; with a kind, only that."""

    def run_due(kind: str = "") -> int:
        done = 0
        while True:
            due = Job.objects.due().order_by("id")
            job_id = (due.filter(kind=kind) if kind else due).values_list("pk", flat=True).first()
            if job_id is None:
                return done
            run(job_id)
            done += 1
            assert done < 500, "jobs keep coming back"

    return run_due


@pytest.fixture
def checker(transactional_db: None) -> User:
    return factories.make_user(name="Mara Okafor")


@pytest.fixture
def desktop(open_page: Open, checker: User) -> Page:
    """The home page of a checker at 1440 pixels, light."""
    return open_page(checker)


@pytest.fixture
def phone(open_page: Open, checker: User) -> Page:
    """The same at 390 pixels, dark."""
    return open_page(checker, size="phone", theme="dark")


@pytest.fixture
def no_script(open_page: Open, checker: User) -> Page:
    """The same with JavaScript off."""
    return open_page(checker, js=False)
