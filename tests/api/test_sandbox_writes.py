"""Whatever else a sandbox sends and asks for, nobody but itself sees of it, and it is erased."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims.actions.sandbox import erase_old_sandboxes
from claims.models import Article, ArticleFetch, Batch, CheckRequest
from claimtracker.accounts.models import Role
from claimtracker.ledger.models import AuditEntry
from tests.factories import make_partner, make_user
from tests.support.due_jobs import run_due

from .conftest import Asker, assert_problem

MARK = "Zorbleston"
TEXT = f"{MARK} closed nine of its ten schools."


@pytest.fixture
def sandbox(transactional_db: None) -> Asker:
    return Asker(make_partner("tryout", is_sandbox=True, is_trusted=False))


@pytest.fixture
def wire(transactional_db: None) -> Asker:
    return Asker(make_partner("wire"))


def bring(asker: Asker) -> Any:
    sent = {"articles": [{"external_id": "one", "body": f"{TEXT}\n"}]}
    return asker.post("articles/bulk", sent, Idempotency_Key="b").json()


def test_its_batches_are_taken_in_as_a_sandbox_s(sandbox: Asker) -> None:
    job = bring(sandbox)
    run_due("claims.work_off_batch")
    item = sandbox.get(f"jobs/{job['id']}").json()["items"][0]
    article = sandbox.get(f"articles/{item['article']}").json()
    assert (article["state"], article["body"].strip()) == ("accepted", TEXT)
    assert not Article.objects.exists()
    assert Article.everything.get().is_sandbox


def test_it_changes_its_own(sandbox: Asker) -> None:
    article = sandbox.post("articles", {"body": f"{TEXT}\n", "external_id": "one"}).json()
    path = f"articles/{article['id']}"
    changed = sandbox.ask("PATCH", path, b'{"byline": "Jo"}', If_Match=sandbox.get(path)["ETag"])
    assert (changed.status_code, changed.json()["byline"]) == (200, "Jo")


def test_its_requests_meet_nobody_s(sandbox: Asker, wire: Asker) -> None:
    theirs = wire.post("requests", {"text": TEXT}).json()
    assert_problem(sandbox.get(f"requests/{theirs['id']}"), 404)
    assert_problem(sandbox.post(f"requests/{theirs['id']}/votes", {}), 404)
    assert sandbox.get("requests").json()["results"] == []
    asked = sandbox.post("requests", {"text": TEXT})
    assert asked.status_code == 201
    again = sandbox.post("requests", {"text": TEXT})
    assert (again.status_code, again.json()["votes"], again.json()["id"]) == (200, 1, asked.json()["id"])
    assert wire.get(f"requests/{theirs['id']}").json()["votes"] == 1
    other = Asker(make_partner("another", is_sandbox=True))
    assert other.post("requests", {"text": TEXT}).status_code == 201
    assert_problem(wire.get(f"requests/{asked.json()['id']}"), 404)


def test_moderators_see_none_of_it(sandbox: Asker) -> None:
    bring(sandbox)
    sandbox.post("requests", {"text": TEXT})
    sandbox.post("articles", {"url": f"https://{MARK.lower()}.example/story"})
    desk = Client()
    desk.force_login(make_user(Role.MODERATOR), backend="django.contrib.auth.backends.ModelBackend")
    for name in ("articlefetch", "batch", "batchitem", "checkrequest", "requestvote"):
        page = desk.get(reverse(f"admin:claims_{name}_changelist")).content.decode()
        assert MARK.lower() not in page.lower(), name
        assert "tryout" not in page, name
    for model in (ArticleFetch, Batch, CheckRequest):
        assert not model.objects.exists(), model
        assert model.everything.get().is_sandbox
    assert not CheckRequest.objects.received().exists()


def test_a_page_that_is_fetched_for_it_is_shown_to_nobody_of_the_newsroom(
    sandbox: Asker, wire: Asker
) -> None:
    article = sandbox.post("articles", {"url": f"https://{MARK.lower()}.example/story"}).json()
    wire.post("articles", {"url": "https://news.example/story"})
    theirs, ours = ArticleFetch.everything.order_by("pk")
    assert theirs.is_sandbox
    for role in (Role.MODERATOR, Role.LEAD):
        client = Client()
        person = make_user(role, theirs.desk)
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        assert client.get(reverse("claims:fetch_detail", args=[theirs.pk])).status_code == 404
        assert client.get(reverse("claims:fetch_detail", args=[ours.pk])).status_code == 200
    assert sandbox.get(f"articles/{article['id']}").json()["state"] == "pending"
    told = AuditEntry.objects.filter(verb="article.requested").order_by("pk")
    assert [entry.details for entry in told] == [{}, {"url": "https://news.example/story"}]


def test_all_of_it_is_erased(sandbox: Asker, wire: Asker) -> None:
    for asker in (sandbox, wire):
        bring(asker)
        asker.post("requests", {"text": TEXT})
        asker.post("articles", {"url": f"https://{MARK.lower()}.example/story"})
    run_due("claims.work_off_batch")
    long_ago = timezone.now() - timedelta(days=400)
    for rows in (ArticleFetch.everything, Batch.everything, CheckRequest.everything, Article.everything):
        assert rows.count() == 2
        rows.update(created_at=long_ago)
    erase_old_sandboxes()
    for rows in (ArticleFetch.everything, Batch.everything, CheckRequest.everything, Article.everything):
        assert rows.count() == 1
        assert not rows.get().is_sandbox
