"""A blocked partner reads on and brings nothing in; a blocked domain is refused by name."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from claims.models import Article, BatchItem, CheckRequest
from claimtracker.accounts.models import Role
from claimtracker.intake.blocking import lift_block, set_block
from claimtracker.intake.models import Block
from tests.factories import make_user
from tests.support.due_jobs import run_due

from .conftest import Asker, assert_problem

TEXT = "The harbour handled 4 million containers last year."


def block(kind: str, value: str, **facts: object) -> Block:
    moderator = make_user(Role.MODERATOR)
    return set_block(kind, value, by=moderator, reason="Invented quotations", **facts)  # type: ignore[arg-type] - a test's


def test_a_blocked_partner_is_told_so_and_still_reads(asker: Asker) -> None:
    asked = asker.post("requests", {"text": TEXT}).json()
    row = block("partner", asker.partner.origin, expires_at=timezone.now() + timedelta(days=3))
    for path, content in (
        ("articles", {"body": TEXT}),
        ("articles", {"url": "https://wire.example/a"}),
        ("requests", {"text": "The bridge cost 9 million pounds."}),
        (f"requests/{asked['id']}/votes", {}),
    ):
        problem = assert_problem(asker.post(path, content), 403, "Invented quotations.")
        assert problem["code"] == "sender_blocked"
        assert "until" in problem["detail"]
    answer = asker.post("articles/bulk", {"articles": [{"body": TEXT}]}, Idempotency_Key="b")
    assert assert_problem(answer, 403)["code"] == "sender_blocked"
    assert not Article.everything.exists()
    for path in ("requests", "publications", "events"):
        assert asker.get(path).status_code == 200
    lift_block(row, by=make_user(Role.MODERATOR))
    assert asker.post("articles", {"body": TEXT}).status_code == 201


def test_an_address_on_a_blocked_domain_is_named(asker: Asker) -> None:
    block("domain", "hoax.example")
    url = "https://www.hoax.example/story"
    for path, content in (
        ("articles", {"url": url}),
        ("articles", {"body": TEXT, "url": url}),
        ("requests", {"text": TEXT, "url": url}),
    ):
        problem = assert_problem(asker.post(path, content), 400, "hoax.example")
        assert [(one["code"], one["pointer"]) for one in problem["errors"]] == [("blocked_domain", "#/url")]
    assert not Article.everything.exists() and not CheckRequest.everything.exists()


@pytest.mark.django_db(transaction=True)
def test_what_a_batch_brought_before_the_block_is_refused_item_by_item(asker: Asker) -> None:
    batch = {"articles": [{"body": TEXT, "external_id": "1"}]}
    assert asker.post("articles/bulk", batch, Idempotency_Key="b").status_code == 202
    block("partner", asker.partner.origin)
    run_due("claims.work_off_batch")
    item = BatchItem.objects.get()
    assert (item.state, item.problem["status"], item.problem["code"]) == ("failed", 403, "sender_blocked")
    assert not Article.everything.exists()
