"""Many articles in one request, and the job that one polls."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims import states
from claims.actions import batches, submitting
from claims.models import Article, ArticleFetch, Batch, BatchItem
from claimtracker.jobs.models import Job
from claimtracker.partners.models import Partner, Scope
from tests.factories import make_partner
from tests.support.due_jobs import run_due

from .conftest import Asker, assert_problem

WORK_OFF = batches.WORK_OFF


def article(number: int, **fields: Any) -> dict[str, Any]:
    body = f"The harbour handled {number} million containers last year.\n"
    return {"external_id": f"wire-{number}", "body": body, **fields}


def bring(asker: Asker, articles: Any, key: str = "b-1", **more: Any) -> Any:
    return asker.post("articles/bulk", {"articles": articles, **more}, Idempotency_Key=key)


@pytest.fixture
def asker(transactional_db: None) -> Asker:
    return Asker(make_partner("wire", name="The Wire"))


def test_each_is_taken_in_and_a_faulty_one_stops_no_other(asker: Asker) -> None:
    asker.post("articles", article(3))
    sent = [
        article(1, published_at="2026-11-20T09:30:00Z"),
        article(2, published_at="yesterday", byline=7),
        article(3),
        {"url": "https://wire.example/harbour"},
        {"external_id": "empty", "body": " \n "},
        "no object",
        article(6, title="Harbour"),
    ]
    response = bring(asker, sent)
    job = response.json()
    assert response.status_code == 202, job
    assert (job["state"], job["kind"]) == ("queued", "articles.bulk")
    assert job["counts"] == {"total": 7, "waiting": 5, "done": 0, "failed": 2}
    assert Article.objects.count() == 1, "nothing is done while the partner waits"
    run_due(WORK_OFF)
    done = asker.get(response["Location"].partition("/api/v1/")[2]).json()
    assert (done["id"], done["state"]) == (job["id"], "done")
    assert done["finished_at"]
    assert done["counts"] == {"total": 7, "waiting": 0, "done": 4, "failed": 3}
    items = done["items"]
    assert [item["index"] for item in items] == list(range(7))
    assert [item["outcome"] for item in items] == ["created", "", "updated", "pending", "", "", "created"]
    assert [item["state"] for item in items] == ["done", "failed", "done", "done", "failed", "failed", "done"]
    assert asker.get(f"articles/{items[0]['article']}").json()["published_at"] == "2026-11-20T09:30:00Z"
    assert asker.get(f"articles/{items[3]['article']}").json()["state"] == "pending"
    assert {error["pointer"] for error in items[1]["problem"]["errors"]} == {"#/published_at", "#/byline"}
    assert items[4]["problem"]["errors"][0]["pointer"] == "#/body"
    assert items[5]["problem"]["detail"].startswith("The body must be a JSON object")
    assert all(item["problem"]["status"] == 400 for item in items if item["state"] == "failed")
    assert not BatchItem.objects.exclude(fields={}).exists(), "the texts are kept once"
    assert ArticleFetch.objects.count() == 1


def test_it_may_run_twice_and_side_by_side(asker: Asker) -> None:
    bring(asker, [article(n) for n in range(1, 6)])
    batch = Batch.objects.get()
    assert batches.work_off(batch, goes_on=lambda: True)
    assert batches.work_off(batch, goes_on=lambda: True)
    run_due(WORK_OFF)
    assert Article.objects.count() == 5
    assert not BatchItem.objects.filter(outcome="updated").exists(), "nothing was taken in again"


def test_who_lost_the_job_stops(asker: Asker) -> None:
    bring(asker, [article(n) for n in range(1, 6)])
    rounds = iter([True, True, False])
    assert not batches.work_off(Batch.objects.get(), goes_on=lambda: next(rounds))
    assert Article.objects.count() == 2
    job = asker.get(f"jobs/{Batch.objects.get().public_id}").json()
    assert (job["state"], job["counts"]["waiting"]) == ("running", 3)


def test_others_get_their_turn(asker: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "TURN_SECONDS", 0)
    bring(asker, [article(1), article(2)])
    Job.objects.filter(kind=WORK_OFF).update(due_at=timezone.now())
    assert not batches.work_off(Batch.objects.get(), goes_on=lambda: True)
    monkeypatch.undo()
    run_due(WORK_OFF)
    assert Article.objects.count() == 2


def test_our_own_fault_in_one_stops_no_other(asker: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    real = submitting.submit_text

    def breaks(fields: Any, *, sender: Any) -> Any:
        if fields["external_id"] == "wire-2":
            raise ZeroDivisionError
        return real(fields, sender=sender)

    monkeypatch.setattr(batches, "submit_text", breaks)
    bring(asker, [article(n) for n in (1, 2, 3)])
    run_due(WORK_OFF)
    items = asker.get(f"jobs/{Batch.objects.get().public_id}").json()["items"]
    assert [item["state"] for item in items] == ["done", "failed", "done"]
    assert (items[1]["problem"]["status"], items[1]["problem"]["code"]) == (500, "internal")


def test_an_outage_is_nobody_s_fault_and_passes(asker: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_args: Any, **_options: Any) -> Any:
        raise ConnectionError

    bring(asker, [article(1)])
    with monkeypatch.context() as broken, pytest.raises(ConnectionError):
        broken.setattr(batches, "submit_text", breaks)
        batches.work_off(Batch.objects.get(), goes_on=lambda: True)
    assert BatchItem.objects.get().state == states.TO_DO
    run_due(WORK_OFF)
    assert BatchItem.objects.get().state == states.TAKEN_IN


def test_what_an_untrusted_partner_brings_is_held(transactional_db: None) -> None:
    bring(Asker(make_partner("new", is_trusted=False)), [article(1)])
    run_due(WORK_OFF)
    assert Article.objects.get().state == "held"


def test_a_key_is_required_and_repeats_the_job(asker: Asker) -> None:
    assert_problem(bring(asker, [article(1)], key=""), 400, "Send an Idempotency-Key")
    first, second = (bring(asker, [article(1)]) for _ in "ab")
    assert first.content == second.content
    assert Batch.objects.count() == Job.objects.filter(kind=WORK_OFF).count() == 1


@pytest.mark.parametrize(
    ("content", "pointer"),
    [
        ({"articles": []}, "#/articles"),
        ({"articles": [{}] * 501}, "#/articles"),
        ({"articles": "many"}, "#/articles"),
        ({}, "#/articles"),
        ([], "#/articles"),
        ({"articles": [{}], "more": 1}, "#/more"),
    ],
)
def test_what_is_no_list_of_articles_is_refused(asker: Asker, content: Any, pointer: str) -> None:
    problem = assert_problem(asker.post("articles/bulk", content, Idempotency_Key="k"), 400)
    assert [error["pointer"] for error in problem["errors"]] == [pointer]
    assert not Batch.objects.exists()


def test_five_hundred_are_taken_and_five_megabytes(asker: Asker) -> None:
    response = bring(asker, [article(n, body="The harbour grew. " * 400) for n in range(500)])
    assert response.status_code == 202
    assert response.json()["counts"]["total"] == 500
    too_large = json.dumps({"articles": [{"body": "x" * 5_000_000}]}).encode()
    refused = asker.ask("POST", "articles/bulk", too_large, Idempotency_Key="k")
    assert_problem(refused, 413, "5,000,000 bytes")


def test_jobs_are_listed_newest_first_and_only_one_s_own(asker: Asker) -> None:
    ids = [bring(asker, [article(n)], key=f"k-{n}").json()["id"] for n in range(3)]
    stranger = Asker(make_partner("stranger"))
    assert [job["id"] for job in asker.get("jobs").json()["results"]] == ids[::-1]
    assert stranger.get("jobs").json()["results"] == []
    assert_problem(stranger.get(f"jobs/{ids[0]}"), 404)
    assert_problem(Asker(asker.partner, scopes=[Scope.READ]).get("jobs"), 403, "lacks the scope “submit”")


@pytest.mark.parametrize("path", ["jobs", "jobs/{id}"])
def test_as_many_queries_for_three_as_for_thirty(asker: Asker, path: str) -> None:
    counts = []
    for number in (3, 30):
        for each in range(number if path == "jobs" else 1):
            bring(asker, [article(n) for n in range(number)], key=f"{number}-{each}")
        address = path.format(id=Batch.objects.latest("pk").public_id)
        asker.get(address)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert asker.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_jobs_are_kept_for_a_month(asker: Asker) -> None:
    bring(asker, [article(1)])
    run_due(WORK_OFF)
    assert batches.purge_batches() == 0
    Batch.objects.update(finished_at=timezone.now() - batches.KEPT_FOR)
    assert batches.purge_batches() == 1
    assert (Batch.objects.count(), Article.objects.count()) == (0, 1)
    assert Partner.objects.count() == 1
