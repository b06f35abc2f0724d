"""Whoever guesses at an account is kept out, with the cache away too, and its owner is not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claimtracker.accounts.models import User
from claimtracker.jobs.models import Job
from claimtracker.jobs.runner import run
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from claimtracker.ledger.models import AuditEntry
from claimtracker.signin import tasks  # noqa: F401 - registers the jobs in this process
from claimtracker.signin.actions.failures import is_closed, lift_lock, note_failure
from claimtracker.signin.models import SignInFailure
from tests import factories

from .conftest import browser, set_up_app, sign_in, signed_in

pytestmark = pytest.mark.django_db
CLOSED = b"Too many failed"


@pytest.fixture(autouse=True)
def few(settings: Any) -> None:
    """Nothing is counted in the cache: as if it were away."""
    settings.SIGN_IN_FAILURES = 3
    assert settings.ACCOUNT_RATE_LIMITS is False


def guess(person_or_email: Any, *, times: int = 3, client: Client | None = None) -> Any:
    email = getattr(person_or_email, "email", person_or_email)
    client = client or browser()
    for _try in range(times):
        answer = client.post("/account/login/", {"login": email, "password": "wrong-guess"})
    return answer


def test_after_some_wrong_tries_the_right_password_does_not_help_elsewhere(checker: User) -> None:
    assert CLOSED not in guess(checker).content
    answer = sign_in(browser(), checker)
    assert CLOSED in answer.content
    assert answer.status_code == 200


def test_the_owner_goes_on_with_a_device_of_their_own(checker: User) -> None:
    own = signed_in(checker)
    own.post("/account/logout/")
    guess(checker)
    assert sign_in(own, checker).status_code == 302
    # and that opens it again: whoever has the password and a device of theirs is the owner
    assert not SignInFailure.objects.exists()


def test_a_device_that_was_taken_does_not_guess_for_ever(checker: User) -> None:
    taken = signed_in(checker)
    taken.post("/account/logout/")
    assert CLOSED not in guess(checker, times=15, client=taken).content
    assert CLOSED in sign_in(taken, checker).content


def test_an_address_without_an_account_is_closed_just_so(checker: User) -> None:
    for email in (checker.email, "nobody@example.org"):
        guess(email)
    answers = [guess(email, times=1).content.count(CLOSED) for email in (checker.email, "nobody@example.org")]
    assert answers[0] == answers[1] > 0
    assert "nobody" not in str(list(SignInFailure.objects.values()))


def test_other_accounts_stay_open(checker: User, lead: User) -> None:
    guess(checker)
    assert sign_in(browser(), lead).status_code == 302


def test_it_opens_again_by_itself(checker: User) -> None:
    guess(checker)
    SignInFailure.objects.update(locked_until=timezone.now() - timedelta(seconds=1))
    assert sign_in(browser(), checker).status_code == 302


def test_tries_over_days_do_not_add_up(checker: User) -> None:
    guess(checker, times=2)
    SignInFailure.objects.update(since=timezone.now() - timedelta(hours=2))
    guess(checker, times=2)
    assert sign_in(browser(), checker).status_code == 302


def test_its_owner_is_told_once_and_the_ledger_has_one_entry(checker: User) -> None:
    guess(checker, times=8)
    for job in Job.objects.filter(kind="signin.send_letter").order_by("pk"):
        run(job.pk)
    (told,) = mail.outbox
    assert "Somebody tries to sign in" in told.subject
    for words in ("203.0.113.9", "From your own devices you still can", "3 wrong passwords"):
        assert words in " ".join(told.body.split())
    entry = AuditEntry.objects.get(verb="sign_in.locked")
    assert entry.details == {"count": 3}
    assert "203.0.113" not in str(entry.details)


def test_wrong_codes_count_as_well(checker: User) -> None:
    set_up_app(signed_in(checker))
    client = browser()
    sign_in(client, checker)
    for code in ("000000", "000001", "000002"):
        client.post("/account/2fa/authenticate/", {"code": code})
    assert SignInFailure.objects.get().count == 3
    answer = client.post("/account/2fa/authenticate/", {"code": "000003"})
    assert CLOSED in answer.content
    assert SignInFailure.objects.get().count == 3


def test_behind_a_proxy_the_visitors_address_is_kept(checker: User, settings: Any) -> None:
    settings.TRUSTED_PROXIES = 1
    guess(checker, client=browser(**{"X-Forwarded-For": "198.51.100.1, 192.0.2.44"}))
    assert SignInFailure.objects.get().last_address == "192.0.2.44"


def test_a_moderator_opens_it_again(checker: User, moderator: User) -> None:
    guess(checker)
    admin = signed_in(moderator)
    assert "Accounts that somebody guesses at" in admin.get("/admin/").content.decode()
    row = SignInFailure.objects.get()
    chosen = {"action": "lift", "_selected_action": [row.pk]}
    admin.post(reverse("admin:signin_signinfailure_changelist"), chosen)
    assert sign_in(browser(), checker).status_code == 302
    assert AuditEntry.objects.filter(verb="sign_in.lock_lifted").count() == 1


def test_nobody_else_does_and_not_twice(checker: User, lead: User, moderator: User) -> None:
    for _try in range(3):
        note_failure(checker.email, address="203.0.113.9")
    row = SignInFailure.objects.get()
    with pytest.raises(NotPermitted):
        lift_lock(row, by=lead)
    assert is_closed(checker.email, device_is_known=False)
    lift_lock(row, by=moderator)
    with pytest.raises(ActionRefused):
        lift_lock(row, by=moderator)


def test_in_spite_of_upper_case_and_spaces(checker: User) -> None:
    guess(f" {checker.email.upper()} ")
    assert is_closed(checker.email, device_is_known=False)


def test_a_new_sign_in_counts_anew(checker: User, next_code: Callable[[str], str]) -> None:
    guess(checker, times=2)
    signed_in(checker)
    assert CLOSED not in guess(checker, times=2).content
    assert sign_in(browser(), checker).status_code == 302


def at_an_open_session(person: User) -> Client:
    """Of a device that was never signed in with: the cookie of the session was taken."""
    client = browser()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_old_password_is_not_guessed_at_an_open_session_either(checker: User) -> None:
    thief, new = at_an_open_session(checker), "staple tram ticket four"
    for old in ("wrong-1", "wrong-2", "wrong-3", factories.PASSWORD):
        sent = {"oldpassword": old, "password1": new, "password2": new}
        answer = thief.post("/account/password/change/", sent)
    assert CLOSED in answer.content
    checker.refresh_from_db()
    assert not checker.check_password(new)
    assert SignInFailure.objects.get().count == 3


def test_nor_a_code(checker: User, next_code: Callable[[str], str]) -> None:
    secret = set_up_app(signed_in(checker))
    thief, again = at_an_open_session(checker), "/account/2fa/reauthenticate/"
    for _try in range(3):
        answer = thief.post(again, {"code": "000000"})
        assert CLOSED not in answer.content
    answer = thief.post(again, {"code": next_code(secret)})
    assert (answer.status_code, CLOSED in answer.content) == (200, True)
