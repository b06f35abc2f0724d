"""What is kept for a while is in one table, and the table in the docs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

from claimtracker.celery import app
from claimtracker.web.privacy.retention import BY_HAND, TERMS, Term, as_markdown

DOCS = Path(__file__).resolve().parents[2] / "docs"
CLEANS_UP = re.compile(r"purge|forget|erase|tidy|clean|delete|expunge|retain|prune")


def test_the_docs_have_the_table() -> None:
    assert (DOCS / "retention.md").read_text(encoding="utf-8") == as_markdown(), (
        "python -m claimtracker.web.privacy.retention > docs/retention.md"
    )


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.kind)
def test_every_job_of_the_table_is_there_and_runs_by_itself(term: Term) -> None:
    assert term.job in settings.CELERY_BEAT_SCHEDULE or term.job in settings.JOB_QUEUES
    if term.job in settings.CELERY_BEAT_SCHEDULE:
        app.loader.import_default_modules()
        assert settings.CELERY_BEAT_SCHEDULE[term.job]["task"] in app.tasks


@pytest.mark.parametrize("term", [term for term in TERMS if term.setting], ids=lambda term: term.kind)
def test_a_setting_says_how_long(term: Term) -> None:
    number, unit = term.how_long.split()
    assert term.setting.endswith(unit.upper()) and getattr(settings, term.setting) == int(number)


def test_every_periodic_job_that_cleans_up_is_in_the_table() -> None:
    cleaning = {name for name in settings.CELERY_BEAT_SCHEDULE if CLEANS_UP.search(name)}
    assert cleaning >= {"reviews.forget_passing", "partners.tidy"}
    assert sorted(cleaning - {term.job for term in TERMS}) == [], (
        "say in claimtracker/web/privacy/retention.py what it ends, and after how long"
    )


def test_each_kind_stands_there_once() -> None:
    kinds = [term.kind for term in (*TERMS, *BY_HAND)]
    assert len(set(kinds)) == len(kinds)
    assert all(bool(term.job) != bool(term.ends) for term in (*TERMS, *BY_HAND))
