"""The addresses of an account: whose they are, and who changes them."""

from __future__ import annotations

import time
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from claimtracker.accounts.models import User
from claimtracker.jobs.models import Job
from claimtracker.jobs.runner import run
from claimtracker.ledger.models import AuditEntry
from claimtracker.signin import tasks  # noqa: F401 - registers the job, as a worker's start does
from claimtracker.signin.actions.failures import note_failure
from claimtracker.signin.models import AccountLetter, SignInFailure

from .conftest import signed_in

pytestmark = pytest.mark.django_db
PAGE = "/account/email/"
NEW = "mara.new@example.org"


def add(client: Client, email: str) -> None:
    client.post(PAGE, {"action_add": "", "email": email})


def make_main(client: Client, email: str) -> None:
    assert client.post(PAGE, {"action_primary": "", "email": email}).status_code == 302


def confirm(person: User, email: str) -> None:
    EmailAddress.objects.filter(user=person, email=email).update(verified=True)


def main_of(person: User) -> tuple[str, list[str]]:
    person.refresh_from_db()
    return person.email, list(
        EmailAddress.objects.filter(user=person, primary=True).values_list("email", flat=True)
    )


def signed_in_long_ago(person: User) -> Client:
    client = signed_in(person)
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] = time.time() - 3600
    session.save()
    return client


@pytest.mark.parametrize("way", ["action_add", "action_primary", "action_remove"])
def test_whoever_sits_at_an_open_session_is_asked_for_the_password(checker: User, way: str) -> None:
    EmailAddress.objects.create(user=checker, email=checker.email, primary=True)
    other = EmailAddress.objects.create(user=checker, email="other@example.org", verified=True)
    asked = "evil@example.org" if way == "action_add" else other.email
    response = signed_in_long_ago(checker).post(PAGE, {way: "", "email": asked})
    assert response.status_code == 302
    assert response["Location"].startswith("/account/reauthenticate/")
    before = checker.email
    assert main_of(checker) == (before, [before])
    assert not EmailAddress.objects.filter(email="evil@example.org").exists()
    assert EmailAddress.objects.filter(pk=other.pk).exists()


def test_an_address_that_nobody_confirmed_is_never_the_main_one(checker: User) -> None:
    before, client = checker.email, signed_in(checker)
    add(client, NEW)
    make_main(client, NEW)
    assert main_of(checker) == (before, [before])


def test_a_confirmed_one_is_and_the_one_before_is_told(checker: User) -> None:
    before, client = checker.email, signed_in(checker)
    add(client, NEW)
    confirm(checker, NEW)
    mail.outbox.clear()
    make_main(client, NEW)
    assert main_of(checker) == (NEW, [NEW])
    assert AuditEntry.objects.filter(verb="address.changed", subject_id=str(checker.pk)).count() == 1
    for job in Job.objects.filter(
        kind="signin.send_letter", object_id=AccountLetter.objects.get(kind="address").pk
    ):
        run(job.pk)
    (told,) = mail.outbox
    assert before in told.to[0] and NEW not in told.to[0]
    assert NEW not in told.body


def test_confirming_one_does_not_make_it_the_main_one(checker: User) -> None:
    before, client = checker.email, signed_in(checker)
    mail.outbox.clear()
    add(client, NEW)
    (sent,) = [one for one in mail.outbox if one.to == [NEW]]
    link = next(word for word in sent.body.split() if "/confirm-email/" in word)
    client.post(link[link.index("/account/") :])
    assert EmailAddress.objects.get(user=checker, email=NEW).verified
    assert main_of(checker) == (before, [before])


def test_an_address_of_another_account_is_not_taken(checker: User, lead: User) -> None:
    client = signed_in(checker)
    add(client, lead.email.upper())
    assert not EmailAddress.objects.filter(user=checker, email=lead.email).exists()


def test_one_that_another_account_has_meanwhile_is_refused(checker: User, lead: User) -> None:
    before, client = checker.email, signed_in(checker)
    add(client, NEW)
    confirm(checker, NEW)
    User.objects.filter(pk=lead.pk).update(email=NEW)
    make_main(client, NEW)
    assert main_of(checker) == (before, [before])


def test_a_forgotten_password_goes_to_no_address_that_nobody_confirmed(checker: User) -> None:
    EmailAddress.objects.create(user=checker, email=checker.email, primary=True)
    EmailAddress.objects.create(user=checker, email=NEW)

    def reset_for(email: str) -> bool:
        mail.outbox.clear()
        Client().post("/account/password/reset/", {"email": email})
        return any("/account/password/reset/key/" in one.body for one in mail.outbox)

    assert not reset_for(NEW)
    assert reset_for(checker.email.upper())
    confirm(checker, NEW)
    assert reset_for(NEW)


def test_another_way_of_writing_an_address_mails_its_owner_nothing(lead: User, settings: Any) -> None:
    """To PostgreSQL a dotless i is an i, so each such spelling was a count and a mail of its own."""
    User.objects.filter(pk=lead.pk).update(email="ines@example.org")
    spelled = "\N{LATIN SMALL LETTER DOTLESS I}ne\N{LATIN SMALL LETTER LONG S}@example.org"
    for _try in range(settings.SIGN_IN_FAILURES):
        note_failure(spelled, address="")
    assert SignInFailure.objects.get().user is None
    assert not AccountLetter.objects.exists()
