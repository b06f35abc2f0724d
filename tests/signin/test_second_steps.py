"""Signing in with an authenticator app and with recovery codes; each code works once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from claimtracker.accounts.models import User
from claimtracker.jobs.models import Job
from claimtracker.jobs.runner import run
from claimtracker.ledger.models import AuditEntry
from claimtracker.signin import tasks  # noqa: F401 - registers the jobs in this process
from tests.support.totp import code_at, code_now

from .conftest import browser, recovery_codes, set_up_app, sign_in, signed_in

pytestmark = pytest.mark.django_db
SECOND = "/account/2fa/authenticate/"


@pytest.fixture
def secret(checker: User) -> str:
    """Of a checker who has set up an app."""
    return set_up_app(signed_in(checker))


def is_in(client: Client) -> bool:
    return client.get("/").status_code == 200


def first_step(person: User) -> Client:
    client = browser()
    assert sign_in(client, person)["Location"].startswith(SECOND)
    assert not is_in(client)
    return client


def test_the_password_alone_is_not_enough(checker: User, secret: str) -> None:
    first_step(checker)


def test_the_code_of_the_app_lets_one_in(checker: User, secret: str, next_code: Callable[[str], str]) -> None:
    client = first_step(checker)
    assert client.post(SECOND, {"code": next_code(secret)}).status_code == 302
    assert is_in(client)


def test_a_wrong_code_and_an_old_one_do_not(checker: User, secret: str) -> None:
    client = first_step(checker)
    right = code_now(secret)
    wrong = f"{(int(right) + 1) % 1_000_000:06}"
    old = code_at(secret, 1_000_000_000)
    for code in {wrong, old} - {right}:
        assert client.post(SECOND, {"code": code}).status_code == 200
    assert not is_in(client)


def test_a_code_that_was_overseen_is_worth_nothing(
    checker: User, secret: str, next_code: Callable[[str], str]
) -> None:
    code = next_code(secret)
    assert first_step(checker).post(SECOND, {"code": code}).status_code == 302
    thief = first_step(checker)
    assert thief.post(SECOND, {"code": code}).status_code == 200
    assert not is_in(thief)


def test_each_recovery_code_works_once(checker: User) -> None:
    owner = signed_in(checker)
    set_up_app(owner)
    codes = recovery_codes(owner)
    assert len(set(codes)) == 10
    for code in codes[:2]:
        client = first_step(checker)
        assert client.post(SECOND, {"code": code}).status_code == 302
        assert is_in(client)
        again = first_step(checker)
        assert again.post(SECOND, {"code": code}).status_code == 200
        assert not is_in(again)
    used = AuditEntry.objects.filter(verb="recovery_code.used").order_by("pk")
    assert [entry.details for entry in used] == [{"left": 9}, {"left": 8}]


def test_the_owner_hears_of_a_recovery_code(checker: User, django_capture_on_commit_callbacks: Any) -> None:
    owner = signed_in(checker)
    set_up_app(owner)
    code = recovery_codes(owner)[0]
    assert first_step(checker).post(SECOND, {"code": code}).status_code == 302
    for job in Job.objects.filter(kind="signin.send_letter").order_by("pk"):
        run(job.pk)
    assert "A recovery code of yours was used" in [message.subject.split("] ")[1] for message in mail.outbox]
    (told,) = [message for message in mail.outbox if "recovery code" in message.subject]
    assert "9 are left" in told.body
    assert code not in told.body
