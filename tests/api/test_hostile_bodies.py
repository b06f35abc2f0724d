"""What nobody sends by accident: it is answered as a problem, and of a bounded size."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from claims.models import Batch
from claimtracker.api.v1.claim_answers import _statement
from claimtracker.api.v1.serializers import ClaimSerializer
from claimtracker.api.v1.writing import _parts_of, writer_of
from claimtracker.partners.models import KeptAnswer

from .conftest import Asker, assert_problem

HALF = b'"\\ud800"'


@pytest.mark.parametrize(
    "body",
    [
        b'{"body": "Words.", ' + HALF + b": 1}",
        b'{"body": "Words.", "a\\u0000b": 1}',
        b'{"state": ' + HALF + b"}",
    ],
)
def test_halves_of_characters_and_nul_in_names_are_told_back_readably(asker: Asker, body: bytes) -> None:
    problem = assert_problem(asker.ask("POST", "articles", body), 400)
    assert problem["errors"]


def test_so_are_those_in_one_article_of_many(asker: Asker) -> None:
    body = b'{"articles": [{"body": "W.", "a\\u0000": 1, "external_id": ' + HALF + b"}]}"
    answer = asker.ask("POST", "articles/bulk", body, Idempotency_Key='"one"')
    assert answer.status_code == 202, answer.content
    item = Batch.objects.get().items.get()
    assert "\0" not in json.dumps(item.problem)


def test_of_thousands_of_unknown_fields_some_are_named(asker: Asker) -> None:
    sent = {"body": "Words."} | {f"{n}{'x' * 200}": 1 for n in range(3000)}
    answer = asker.post("articles", sent)
    assert len(assert_problem(answer, 400)["errors"]) == 20
    assert len(answer.content) < 50_000


def test_as_many_choices_of_fields_as_one_likes_take_no_room(asker: Asker) -> None:
    before = _parts_of.cache_info().currsize
    names = list(ClaimSerializer().fields)
    for n in range(300):
        writer_of(ClaimSerializer, frozenset(name for i, name in enumerate(names) if n >> i & 1))
    assert _parts_of.cache_info().currsize <= before + 20
    assert _statement.cache_info().maxsize == 256


def test_a_secret_is_kept_in_no_answer(asker: Asker) -> None:
    made = asker.post("webhook-endpoints", {"url": "https://hooks.wire.example/"}, Idempotency_Key='"a"')
    assert (made.status_code, made["Cache-Control"]) == (201, "no-store")
    address = f"webhook-endpoints/{made.json()['id']}/rotations"
    turned = asker.post(address, {}, Idempotency_Key='"b"')
    assert (turned.status_code, turned["Cache-Control"]) == (200, "no-store")
    assert turned.json()["secret"] != made.json()["secret"]
    assert not KeptAnswer.objects.exists()


def test_a_misspelt_overlap_leaves_no_key_alive(asker: Asker) -> None:
    assert_problem(asker.post("key/rotation", {"overlap_hour": 0}), 400)


def test_head_asks_for_the_scope_of_get(asker: Asker, client: Client) -> None:
    only = Asker(asker.partner, scopes=["submit"])
    assert only.ask("HEAD", "key").status_code == 200
    assert only.ask("HEAD", "jobs").status_code == 200
    assert only.ask("HEAD", "claims").status_code == 403


def test_what_a_list_is_narrowed_by_is_unknown_where_something_is_sent(asker: Asker) -> None:
    sent = {"text": "The city spent four million on roads last year."}
    assert_problem(asker.post("requests?status=received", sent), 400)
