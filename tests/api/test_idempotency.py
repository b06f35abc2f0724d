"""The header Idempotency-Key: what is refused, what is repeated, and what is done anew."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from claims.models import Article
from claimtracker.ledger.models import AuditEntry
from claimtracker.partners import answering_once
from claimtracker.partners.models import KeptAnswer, Partner
from tests.support.counting_urls import COUNTED

from .conftest import Asker, assert_problem

pytestmark = pytest.mark.urls("tests.support.counting_urls")

COUNT = "tests/count"


def effects() -> int:
    return AuditEntry.objects.filter(verb=COUNTED).count()


def post(asker: Asker, content: Any = None, *, key: str = '"k-1"', path: str = COUNT) -> Any:
    return asker.post(path, {} if content is None else content, Idempotency_Key=key)


def test_a_repetition_changes_nothing_and_gets_the_first_answer(asker: Asker) -> None:
    first, second = post(asker), post(asker)
    assert (first.status_code, effects()) == (201, 1)
    assert not first.has_header("Idempotent-Replayed")
    assert second["Idempotent-Replayed"] == "true"
    for name in ("Content-Type", "Location", "Cache-Control", "RateLimit-Policy"):
        assert first[name] == second[name], name
    assert (first.status_code, first.content) == (second.status_code, second.content)


def test_without_the_header_each_request_is_one_of_its_own(asker: Asker) -> None:
    assert post(asker, key="").content != post(asker, key="").content
    assert effects() == 2
    assert not KeptAnswer.objects.exists()


def test_an_article_that_is_sent_again_is_still_new_to_its_sender(asker: Asker) -> None:
    sent = {"body": "The harbour handled 4 million containers last year.\n"}
    first = asker.post("articles", sent, Idempotency_Key="a")
    assert [first.status_code, asker.post("articles", sent).status_code] == [201, 200]
    again = asker.post("articles/", sent, Idempotency_Key='"a"')  # quoted or not, with a slash or without
    assert (again.status_code, again.content) == (201, first.content)
    assert again["Location"] == first["Location"]
    assert Article.objects.count() == 1


@pytest.mark.parametrize(
    "key", ['"', '""', '"a', 'a"', "a b", "a,b", "a;b=1", '"a";b=1', '"a\\b"', "a\\b", "clé", '"a", "b"', " "]
)
def test_a_header_that_cannot_be_read_names_the_mend(asker: Asker, key: str) -> None:
    problem = assert_problem(post(asker, key=key), 400, "Idempotency-Key must be a string")
    assert problem["errors"][0]["header"] == "Idempotency-Key"
    assert effects() == 0


def test_an_escaped_quotation_mark_belongs_to_the_key(asker: Asker) -> None:
    post(asker, key='"a\\"b"')
    assert KeptAnswer.objects.get().idempotency_key == 'a"b'


def test_a_key_has_255_characters_at_most(asker: Asker) -> None:
    assert post(asker, key="a" * 255).status_code == 201
    assert_problem(post(asker, key="a" * 256), 400, "255 are the limit")
    assert_problem(post(asker, key=f'"{"a" * 256}"'), 400, "255 are the limit")


def test_where_it_is_needed_it_must_be_there(asker: Asker) -> None:
    path = f"{COUNT}-with-key"
    problem = assert_problem(post(asker, key="", path=path), 400, "Send an Idempotency-Key")
    assert problem["errors"] == [
        {"detail": problem["detail"], "code": "required", "header": "Idempotency-Key"}
    ]
    assert post(asker, path=path).status_code == 201


def test_the_same_key_with_something_else_is_refused(asker: Asker) -> None:
    post(asker, {"n": 1})
    problem = assert_problem(post(asker, {"n": 2}), 422, "was sent before with another request")
    assert problem["code"] == "idempotency_key_reused"
    patched = asker.ask("PATCH", COUNT, b"{}", Idempotency_Key="p", If_Match='"1"')
    assert patched.status_code == 201
    assert_problem(asker.ask("PATCH", COUNT, b"{}", Idempotency_Key="p", If_Match='"2"'), 422)
    assert effects() == 2


def test_a_key_counts_for_one_method_address_and_api_key(asker: Asker, partner: Partner) -> None:
    post(asker)
    assert post(asker, path=f"{COUNT}-with-key").status_code == 201
    assert asker.ask("PATCH", COUNT, b"{}", Idempotency_Key='"k-1"').status_code == 201
    assert post(Asker(partner)).status_code == 201
    assert effects() == 4


def test_an_error_is_repeated_and_its_work_undone(asker: Asker) -> None:
    first, second = (post(asker, {"refuse": True}) for _ in "ab")
    assert first.status_code == second.status_code == 409
    assert first.content == second.content
    assert second["Content-Type"] == "application/problem+json"
    assert second["Idempotent-Replayed"] == "true"
    assert effects() == 0


def test_a_body_that_cannot_be_read_is_an_answer_like_another(asker: Asker) -> None:
    answers = [asker.ask("POST", COUNT, b"{", Idempotency_Key="k") for _ in "ab"]
    assert [answer.status_code for answer in answers] == [400, 400]
    assert answers[0].content == answers[1].content
    assert_problem(asker.ask("POST", COUNT, b"{}", Idempotency_Key="k"), 422)


def test_a_fault_of_ours_is_not_kept(asker: Asker) -> None:
    assert_problem(post(asker, {"fail": True}), 500)
    assert_problem(post(asker, {"fail": True}), 500)
    assert effects() == 0
    assert not KeptAnswer.objects.exists(), "the next one begins at once"


def test_a_key_without_the_scope_keeps_nothing(partner: Partner) -> None:
    reader = Asker(partner, scopes=["read"])
    assert_problem(post(reader), 403, "lacks the scope")
    assert not KeptAnswer.objects.exists()


def test_what_changes_nothing_keeps_nothing(asker: Asker) -> None:
    assert [post(asker, path="tests/keep-nothing").status_code for _ in "ab"] == [200, 200]
    assert_problem(post(asker, path="tests/keep-nothing", key="a b"), 400)
    assert not KeptAnswer.objects.exists()


def test_while_the_first_is_being_worked_on_the_second_waits(asker: Asker) -> None:
    post(asker)
    KeptAnswer.objects.update(status=None, reserved_until=timezone.now() + timedelta(seconds=5))
    answer = post(asker)
    assert assert_problem(answer, 409, "still being worked on")["code"] == "idempotency_key_in_use"
    assert answer["Retry-After"] == "1"
    assert effects() == 1


def test_what_was_given_up_in_the_middle_is_done_by_the_next(asker: Asker) -> None:
    post(asker)
    KeptAnswer.objects.update(status=None, reserved_until=timezone.now())
    assert post(asker).status_code == 201
    assert (effects(), KeptAnswer.objects.get().fence) == (2, 2)
    assert post(asker)["Idempotent-Replayed"] == "true"


def test_an_answer_is_kept_for_a_day(asker: Asker) -> None:
    first = post(asker)
    young = timezone.now() - timedelta(hours=23, minutes=59)
    KeptAnswer.objects.update(reserved_at=young)
    assert answering_once.forget_answers() == 0
    assert post(asker).content == first.content
    KeptAnswer.objects.update(reserved_at=young - timedelta(minutes=2))
    assert post(asker, {"n": "another"}).status_code == 201, "nobody waits for the purge"
    KeptAnswer.objects.update(reserved_at=young - timedelta(minutes=2))
    assert answering_once.forget_answers() == 1
    assert answering_once.forget_answers() == 0
    assert not KeptAnswer.objects.exists()
