"""Claim reviews by the command and by the job."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

import claims.tasks  # noqa: F401 - registers the job
from claims.actions.known_claim_imports import request_import
from claims.models import KnownClaim, KnownClaimImport
from claims.sources.claim_reviews import Defaults, UnreadableReviews, checked_defaults, table
from claimtracker.accounts.models import Role
from claimtracker.jobs.models import Job
from claimtracker.jobs.runner import run
from claimtracker.kernel.errors import NotPermitted
from claimtracker.kernel.outbound_address import ALLOW_VARIABLE
from tests import factories
from tests.claims.sources.claim_reviews.samples import CLAIM_REVIEW, CSV, SEARCH, feed, page, review
from tests.support.hostile_server import hostile_server

ROOT = Path(__file__).resolve().parents[2]


def imported(*arguments: str) -> str:
    out = io.StringIO()
    call_command("import_claim_reviews", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_a_file_is_imported_and_again_without_a_change(tmp_path: Path) -> None:
    path = tmp_path / "data.json"
    path.write_bytes(feed([CLAIM_REVIEW], [review(claimReviewed=None)]))
    first = imported(str(path)).splitlines()
    assert first[0].startswith("1 new, 0 updated, 0 unchanged, 1 refused, 0 repeated (data-feed, import ")
    assert first[1].startswith("  element 2, claim: It does not say which claim it is about.")
    assert imported(str(path)).startswith("0 new, 0 updated, 1 unchanged, 1 refused")
    assert KnownClaim.objects.get().text == "Crime has doubled in two years"
    assert KnownClaimImport.objects.filter(source=str(path), state="done").count() == 2


@pytest.mark.django_db
def test_json_and_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(json.dumps(SEARCH).encode())))
    found = json.loads(
        imported("-", "--json", "--licence", "CC BY 4.0", "--site", "https://www.otra.example/")
    )
    assert {key: found[key] for key in ("format", "new", "refused", "problem_count", "problems")} == {
        "format": "claims-search",
        "new": 2,
        "refused": 0,
        "problem_count": 0,
        "problems": [],
    }
    assert KnownClaimImport.objects.get().source == "standard input"
    assert set(KnownClaim.objects.values_list("publisher_site", "licence", "language")) == {
        ("checks.example", "CC BY 4.0", "en"),
        ("otra.example", "CC BY 4.0", "pt-BR"),
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["{folder}/nothing.csv"], "There is no file"),
        (["{folder}"], "cannot be read: Is a directory"),
        (["{folder}/empty.csv"], "It is empty"),
        (["{folder}/words.txt"], "no file of claim reviews"),
        (["{folder}/table.csv", "--format", "json-ld"], "cannot be read as json-ld"),
        (["{folder}/table.csv", "--language", "British English"], "no language tag"),
        (["{folder}/table.csv", "--site", "checks"], "no site like checks.example"),
        (["http://10.0.0.7/data.json"], "private"),
    ],
)
def test_what_cannot_be_imported_is_refused_with_the_mend(
    tmp_path: Path, arguments: list[str], says: str
) -> None:
    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "words.txt").write_text("Just words.", encoding="utf-8")
    (tmp_path / "table.csv").write_text(CSV, encoding="utf-8")
    with pytest.raises(CommandError) as refused:
        imported(*[argument.format(folder=tmp_path) for argument in arguments])
    assert says in str(refused.value)
    assert not KnownClaimImport.objects.exists()


def test_defaults_are_held_to_the_limits_of_single_values() -> None:
    assert checked_defaults(language="pt_BR") == Defaults(language="pt-BR")
    with pytest.raises(UnreadableReviews) as refused:
        checked_defaults(publisher_name="x" * 301)
    assert refused.value.field == "publisher_name"


def test_the_columns_in_the_docs_are_those_of_the_code() -> None:
    text = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    assert not [name for name in table.COLUMNS if f"`{name}`" not in text]


# --- the job


def work_off() -> Job:
    job = Job.objects.get(kind="claims.import_known_claims")
    run(job.pk)
    job.refresh_from_db()
    return job


@pytest.mark.django_db(transaction=True)
def test_an_address_is_fetched_and_stored_by_a_job(monkeypatch: pytest.MonkeyPatch) -> None:
    moderator = factories.make_user(Role.MODERATOR)
    with hostile_server() as server:
        monkeypatch.setenv(ALLOW_VARIABLE, server.pair)
        url = server.gives("/fc/1", page(json.dumps(CLAIM_REVIEW)))
        row = request_import(url, by=moderator, defaults=Defaults(licence="CC0"))
        assert (row.state, KnownClaim.objects.count()) == ("begun", 0)
        assert work_off().state == "done"
        run(Job.objects.get(kind="claims.import_known_claims").pk)
    row.refresh_from_db()
    assert (row.state, row.format, row.new_count, row.requested_by) == ("done", "page", 1, moderator)
    assert KnownClaim.objects.get().last_import == row


@pytest.mark.django_db(transaction=True)
def test_an_address_that_cannot_be_read_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    row = request_import("http://10.0.0.7/", by="system", defaults=Defaults())
    assert work_off().state == "done"
    row.refresh_from_db()
    assert row.state == "failed"
    assert "private" in row.message


@pytest.mark.django_db
def test_others_cannot_ask_for_an_import(monkeypatch: Any) -> None:
    with pytest.raises(NotPermitted):
        request_import("https://a.example/", by=factories.make_user(Role.EDITOR), defaults=Defaults())
    assert not Job.objects.exists()
