"""The docs are held to the code: settings, events, audit verbs, jobs and state diagrams."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

from claims.states import (
    BATCH_ITEM,
    CHECK_REQUEST,
    CLAIM,
    CLAIM_MATCH,
    DRAFT,
    FEED,
    FEED_ITEM,
    HELD_UPDATE,
    INTAKE,
    KNOWN_CLAIM_IMPORT,
    SUGGESTION,
)
from claimtracker.jobs.states import JOB
from claimtracker.kernel.transitions import Transitions
from claimtracker.partners.states import DELIVERY
from claimtracker.web.permissions.document import text as permissions_text
from reviews.states import (
    COMPLAINT,
    FLAG_CASE,
    MAILING,
    REPLY,
    REPLY_REQUEST,
    RESTRICTION,
    REVIEW_TASK,
    VERDICT,
)

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"


def settings_read_from_the_environment() -> set[str]:
    found = set()
    for path in (ROOT / "claimtracker" / "settings").glob("*.py"):
        text = path.read_text(encoding="utf-8")
        found |= set(re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", text))
    return found


@pytest.mark.parametrize("name", sorted(settings_read_from_the_environment()))
def test_every_variable_has_a_heading_in_operations(name: str) -> None:
    assert re.search(rf"^#+ `{name}`", (DOCS / "operations.md").read_text(encoding="utf-8"), re.MULTILINE), (
        f"docs/operations.md needs a heading for {name}"
    )


@pytest.mark.parametrize("event", sorted(settings.OUTBOX_SUBSCRIPTIONS))
def test_every_event_has_a_heading_in_events(event: str) -> None:
    assert f"## `{event}`" in (DOCS / "events.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("event", sorted(settings.OUTBOX_SUBSCRIPTIONS))
def test_every_event_names_the_jobs_that_it_starts(event: str) -> None:
    text = (DOCS / "events.md").read_text(encoding="utf-8")
    section = text.split(f"## `{event}`", 1)[1].split("\n## ", 1)[0]
    missing = [kind for kind, _about in settings.OUTBOX_SUBSCRIPTIONS[event] if f"`{kind}`" not in section]
    assert not missing


def jobs() -> list[str]:
    """Every job of the product; the tests' own stand in tests/support."""
    return sorted(
        kind
        for kind in {*settings.JOB_QUEUES, *settings.CELERY_BEAT_SCHEDULE}
        if not kind.startswith("tests.")
    )


@pytest.mark.parametrize("kind", jobs())
def test_every_job_has_a_heading_in_events(kind: str) -> None:
    assert f"### `{kind}`" in (DOCS / "events.md").read_text(encoding="utf-8")


def audit_verbs() -> set[str]:
    verbs = set()
    for room in ("claims", "reviews", "claimtracker"):
        for path in (ROOT / room).rglob("*.py"):
            verbs |= set(
                re.findall(
                    r"audit\.record(?:_all)?\(\s*f?\"([a-z_]+\.[a-z_{}]+)\"", path.read_text(encoding="utf-8")
                )
            )
    return verbs


@pytest.mark.parametrize("verb", sorted(audit_verbs()))
def test_every_audit_verb_is_in_the_docs(verb: str) -> None:
    pattern = re.escape(verb).replace(r"\{state\}", r"\w+")
    assert re.search(rf"`{pattern}`", (DOCS / "events.md").read_text(encoding="utf-8")), (
        f"docs/events.md lacks {verb}"
    )


@pytest.mark.parametrize(
    "machine",
    [
        INTAKE,
        CLAIM,
        KNOWN_CLAIM_IMPORT,
        CLAIM_MATCH,
        FEED,
        FEED_ITEM,
        DRAFT,
        BATCH_ITEM,
        CHECK_REQUEST,
        SUGGESTION,
        HELD_UPDATE,
        REVIEW_TASK,
        VERDICT,
        MAILING,
        REPLY_REQUEST,
        REPLY,
        COMPLAINT,
        FLAG_CASE,
        RESTRICTION,
        JOB,
        DELIVERY,
    ],
    ids=lambda m: m.name,
)
def test_every_state_diagram_is_the_table_of_the_code(machine: Transitions) -> None:
    assert machine.mermaid() in (DOCS / "states.md").read_text(encoding="utf-8"), (
        f"docs/states.md shows another {machine.name}; this is the table of the code:\n{machine.mermaid()}"
    )


def test_who_may_do_what_is_the_table_of_the_code() -> None:
    assert permissions_text() == (DOCS / "permissions.md").read_text(encoding="utf-8"), (
        "run `python manage.py permissions`"
    )


def test_the_architecture_fits_on_a_page() -> None:
    assert len((DOCS / "architecture.md").read_text(encoding="utf-8").splitlines()) <= 80


def test_every_module_named_in_the_docs_exists() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in [*DOCS.rglob("*.md"), ROOT / "README.md"])
    named = set(re.findall(r"`((?:claimtracker|claims|reviews|tests|bench|templates|docs)/[\w/.-]+)`", text))
    missing = sorted(name for name in named if not (ROOT / name).exists())
    assert not missing, f"the docs name what is not there: {missing}"


@pytest.mark.parametrize("line", [
    line for line in (ROOT / "requirements.in").read_text(encoding="utf-8").splitlines()
    if line.strip() and not line.startswith("#")
])  # fmt: skip
def test_every_dependency_says_why_it_was_chosen(line: str) -> None:
    name = re.split(r"[\[~=;<>]", line)[0].strip()
    assert f"`{name}`" in (DOCS / "dependencies.md").read_text(encoding="utf-8"), (
        f"docs/dependencies.md lacks {name}"
    )
