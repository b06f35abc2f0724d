"""One's sessions, how they end, and what one is told of a new device."""

from __future__ import annotations

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claimtracker import jobs
from claimtracker.accounts.models import User
from claimtracker.jobs.models import Job
from claimtracker.jobs.runner import run
from claimtracker.ledger.models import AuditEntry
from claimtracker.signin import tasks
from claimtracker.signin.devices import name_of
from claimtracker.signin.models import AccountLetter, KnownDevice
from claimtracker.signin.seen import MARK
from tests import factories

from .conftest import FIREFOX, browser, sign_in, signed_in

pytestmark = pytest.mark.django_db
LIST = "/account/sessions/"


def is_in(client: Client) -> bool:
    return client.get("/").status_code == 200


def send_letters() -> None:
    for job in Job.objects.filter(kind="signin.send_letter").order_by("pk"):
        run(job.pk)


def test_the_list_has_ones_own_only_this_one_first(checker: User, lead: User) -> None:
    signed_in(lead)
    phone = {"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18.0 Mobile Safari/604.1"}
    here, _there = signed_in(checker), signed_in(checker, **phone)
    lines = here.get(LIST).context["sessions"]
    assert [(line.device, line.is_this) for line in lines] == [
        ("Firefox on Linux", True),
        ("Safari on iPhone", False),
    ]
    assert {line.address for line in lines} == {"203.0.113.9"}


def test_the_list_costs_the_same_for_many(checker: User) -> None:
    here = signed_in(checker)

    def price() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert here.get(LIST).status_code == 200
        return len(caught)

    few = price()
    for _ in range(5):
        signed_in(checker)
    assert price() == few


def test_one_that_is_ended_is_out_at_once(checker: User) -> None:
    here, there = signed_in(checker), signed_in(checker)
    other = next(line for line in here.get(LIST).context["sessions"] if not line.is_this)
    assert here.post(reverse("signin:session_end", args=[other.pk])).status_code == 302
    assert (is_in(here), is_in(there)) == (True, False)
    assert AuditEntry.objects.filter(verb="session.ended").count() == 1


def test_nobody_ends_a_session_of_somebody_else(checker: User, lead: User) -> None:
    theirs = signed_in(lead)
    row = UserSession.objects.get(user=lead)
    assert signed_in(checker).post(reverse("signin:session_end", args=[row.pk])).status_code == 404
    assert is_in(theirs)


def test_all_others_end_also_those_that_are_in_no_list(checker: User) -> None:
    here, there = signed_in(checker), signed_in(checker)
    from_before = Client()
    from_before.force_login(checker, backend="django.contrib.auth.backends.ModelBackend")
    assert here.post(reverse("signin:sessions_end")).status_code == 302
    assert [is_in(client) for client in (here, there, from_before)] == [True, False, False]
    assert AuditEntry.objects.get(verb="sessions.ended").details == {"because": "others", "count": 2}


def test_a_session_is_seen_again_after_five_minutes_and_not_before(checker: User) -> None:
    here = signed_in(checker)
    began = UserSession.objects.get(user=checker).last_seen_at
    here.get("/")
    assert UserSession.objects.get(user=checker).last_seen_at == began
    session = here.session
    session[MARK] -= 301
    session.save()
    here.get("/", REMOTE_ADDR="198.51.100.4")
    row = UserSession.objects.get(user=checker)
    assert row.last_seen_at > began
    assert row.ip == "198.51.100.4"


def test_a_session_from_before_comes_into_the_list(checker: User) -> None:
    here = Client()
    here.force_login(checker, backend="django.contrib.auth.backends.ModelBackend")
    session = here.session
    del session[MARK]
    session.save()
    here.get("/")
    assert [line.is_this for line in here.get(LIST).context["sessions"]] == [True]


def test_a_new_password_ends_the_others_and_is_told(checker: User) -> None:
    here, there = signed_in(checker), signed_in(checker)
    fields = {
        "oldpassword": factories.PASSWORD,
        "password1": "tram-ticket-91x",
        "password2": "tram-ticket-91x",
    }
    assert here.post("/account/password/change/", fields).status_code == 302
    assert (is_in(here), is_in(there)) == (True, False)
    assert UserSession.objects.filter(user=checker).count() == 1
    assert Session.objects.count() == 1
    send_letters()
    assert "Your password was changed" in mail.outbox[-1].subject
    assert AuditEntry.objects.filter(verb="password.changed", subject_id=str(checker.pk)).exists()


def test_who_is_switched_off_finds_no_session_when_switched_on_again(checker: User, moderator: User) -> None:
    there = signed_in(checker)
    admin, page = signed_in(moderator), reverse("admin:accounts_user_change", args=[checker.pk])
    row = checker.memberships.get()
    form = {
        "name": checker.name, "memberships-TOTAL_FORMS": "1", "memberships-INITIAL_FORMS": "1",
        "memberships-0-id": row.pk, "memberships-0-user": checker.pk, "memberships-0-desk": row.desk_id,
        "memberships-0-role": row.role,
    }  # fmt: skip
    assert admin.post(page, form).status_code == 302
    checker.refresh_from_db()
    assert not checker.is_active
    assert admin.post(page, {**form, "is_active": "on"}).status_code == 302
    assert not is_in(there)


def test_a_moderator_signs_somebody_out_everywhere(checker: User, moderator: User) -> None:
    there = signed_in(checker)
    admin = signed_in(moderator)
    chosen = {"action": "end_sessions", "_selected_action": [checker.pk]}
    assert admin.post(reverse("admin:accounts_user_changelist"), chosen).status_code == 302
    assert not is_in(there)
    entry = AuditEntry.objects.get(verb="sessions.ended")
    assert entry.details == {"because": "moderator", "count": 1}


def test_but_not_a_superuser(moderator: User) -> None:
    root = User.objects.create_superuser("root@example.org", factories.PASSWORD, name="Root")
    there = signed_in(root)
    chosen = {"action": "end_sessions", "_selected_action": [root.pk]}
    page = signed_in(moderator).post(reverse("admin:accounts_user_changelist"), chosen, follow=True)
    assert "Only a superuser" in page.content.decode()
    assert is_in(there)


# --- devices


def test_a_new_device_is_told_and_a_known_one_is_not(checker: User) -> None:
    here = signed_in(checker)
    send_letters()
    (told,) = mail.outbox
    assert told.to == [f"{checker.name} <{checker.email}>"]
    for words in ("Firefox on Linux", "203.0.113.9", "choose another password", "/account/sessions/"):
        assert words in told.body
    here.post("/account/logout/")
    sign_in(here, checker)
    assert AccountLetter.objects.count() == 1
    signed_in(checker)
    assert AccountLetter.objects.filter(kind="new_device").count() == 2


def test_the_cookie_is_for_the_sign_in_only_and_no_secret_stands_in_the_database(checker: User) -> None:
    here = signed_in(checker)
    cookie = here.cookies["device"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/account/", True, "Lax")
    assert cookie.value not in str(KnownDevice.objects.values().get())


def test_a_device_of_one_person_is_new_for_another(checker: User, lead: User) -> None:
    here = signed_in(checker)
    here.post("/account/logout/")
    sign_in(here, lead)
    assert AccountLetter.objects.filter(user=lead, kind="new_device").exists()
    assert KnownDevice.objects.count() == 2


def test_a_cookie_that_somebody_made_up_is_not_taken(checker: User) -> None:
    here = browser()
    here.cookies["device"] = "x" * 4000
    sign_in(here, checker)
    assert len(here.cookies["device"].value) == 43


def test_who_cannot_sign_in_any_more_is_not_told(checker: User) -> None:
    signed_in(checker)
    User.objects.filter(pk=checker.pk).update(is_active=False)
    send_letters()
    assert mail.outbox == []


def test_a_letter_goes_out_once(checker: User) -> None:
    signed_in(checker)
    send_letters()
    jobs.enqueue("signin.send_letter", AccountLetter.objects.get().pk)
    send_letters()
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (FIREFOX, "Firefox on Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/141.0 Safari/537.36 Edg/141.0",
            "Edge on Windows",
        ),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 15_0) Version/18.0 Safari/605.1.15", "Safari on macOS"),
        ("curl/8.0", "Unknown device"),
        ("", "Unknown device"),
    ],
)
def test_what_a_device_is_called(agent: str, name: str) -> None:
    assert name_of(agent) == name


def test_what_is_old_is_forgotten(checker: User) -> None:
    from datetime import timedelta

    from django.utils import timezone

    signed_in(checker)
    long_ago = timezone.now() - timedelta(days=500)
    AccountLetter.objects.update(created_at=long_ago)
    KnownDevice.objects.update(last_seen_at=long_ago)
    Session.objects.update(expire_date=long_ago)
    tasks.tidy()
    tasks.tidy()
    counts = [model.objects.count() for model in (AccountLetter, KnownDevice, Session, UserSession)]
    assert counts == [0, 0, 0, 0]
