"""Somebody new is invited by who may, comes in once by the address of the mail, and in no other way."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claimtracker.accounts.models import Desk, Membership, Role, User
from claimtracker.jobs.models import Job
from claimtracker.jobs.runner import run
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from claimtracker.kernel.secret_addresses import masked
from claimtracker.ledger.models import AuditEntry
from claimtracker.signin import tasks  # noqa: F401 - registers the jobs in this process
from claimtracker.signin.actions.invitations import accept, invite, send_again, withdraw
from claimtracker.signin.models import AccountLetter, Invitation
from tests import factories

from .conftest import browser, signed_in

pytestmark = pytest.mark.django_db
PASSWORD = "tram-ticket-91x"
NEW = "ann@example.org"


@pytest.fixture
def desk(lead: User) -> Desk:
    """The one that the lead leads."""
    return lead.memberships.get().desk


@pytest.fixture
def invited(desk: Desk, lead: User) -> Invitation:
    return invite(desk, by=lead, email=NEW, role=Role.CHECKER)


def mailed_path() -> str:
    """Send what waits, and read the newest mail's address as its reader would."""
    for job in Job.objects.filter(kind="signin.send_letter").order_by("pk"):
        run(job.pk)
    found = re.findall(r"https?://\S+(/account/invitation/\S+)", mail.outbox[-1].body)
    assert len(found) == 1, mail.outbox[-1].body
    return str(found[0])


def come_in(path: str, client: Client | None = None, **changes: str) -> Any:
    return (client or browser()).post(path, {"name": "Ann Bell", "password": PASSWORD, **changes})


def test_a_lead_invites_and_somebody_new_works_at_the_desk(lead: User, desk: Desk) -> None:
    page = signed_in(lead).post(
        reverse("signin:invitations"), {"email": NEW, "desk": desk.pk, "role": "checker"}, follow=True
    )
    assert "ann@example.org gets a mail" in page.content.decode()
    path = mailed_path()
    assert mail.outbox[-1].to == [NEW]
    newcomer = browser()
    assert lead.name in newcomer.get(path).content.decode()
    assert come_in(path, newcomer).status_code == 302
    assert newcomer.get("/").status_code == 200
    person = User.objects.get(email=NEW)
    assert (person.name, person.is_staff, person.is_superuser) == ("Ann Bell", False, False)
    assert [(row.desk, row.role) for row in person.memberships.all()] == [(desk, "checker")]
    assert EmailAddress.objects.get(user=person).verified
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert {"invitation.made", "invitation.accepted", "membership.added"} <= verbs
    assert not AccountLetter.objects.filter(user=person).exists()


def test_it_works_once(invited: Invitation) -> None:
    path = mailed_path()
    assert come_in(path).status_code == 302
    assert come_in(path, name="Somebody Else").status_code == 404
    assert User.objects.filter(email=NEW).count() == 1


def test_the_database_does_not_give_the_address_away(invited: Invitation) -> None:
    token = mailed_path().strip("/").rsplit("/", 1)[1]
    assert len(token) == 64
    for rows in (Invitation.objects.values(), AccountLetter.objects.values(), AuditEntry.objects.values()):
        assert token not in str(list(rows))
    assert token not in masked(f'"GET /account/invitation/{token}/ HTTP/1.1" 200')


@pytest.mark.parametrize(
    "why", ["withdrawn", "run out", "sent again", "inviter off", "inviter no lead", "desk closed"]
)
def test_what_does_not_work_any_more_says_so_and_never_why(
    why: str, invited: Invitation, lead: User, desk: Desk
) -> None:
    path = mailed_path()
    if why == "withdrawn":
        withdraw(invited, by=lead)
    elif why == "run out":
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif why == "sent again":
        send_again(invited, by=lead)
    elif why == "inviter off":
        User.objects.filter(pk=lead.pk).update(is_active=False)
    elif why == "inviter no lead":
        Membership.objects.filter(user=lead).update(role=Role.EDITOR)
    else:
        other = factories.make_desk("other")
        Desk.objects.filter(pk=desk.pk).update(is_default=False, closed_at=timezone.now(), closed_into=other)
    gone, never_was = browser().get(path), browser().get(f"/account/invitation/{'0' * 64}/")
    assert (gone.status_code, never_was.status_code) == (404, 404)
    heading = "This invitation does not work any more"
    assert heading in gone.content.decode() and heading in never_was.content.decode()
    assert come_in(path).status_code == 404
    assert not User.objects.filter(email=NEW).exists()


def test_sent_again_the_newer_address_works(invited: Invitation, lead: User) -> None:
    before = mailed_path()
    signed_in(lead).post(reverse("signin:invitation_settle", args=[invited.pk]))
    after = mailed_path()
    assert before != after
    assert come_in(after).status_code == 302


def test_a_mail_of_what_was_withdrawn_meanwhile_is_not_sent(invited: Invitation, lead: User) -> None:
    page = signed_in(lead).post(
        reverse("signin:invitation_settle", args=[invited.pk]), {"withdraw": "1"}, follow=True
    )
    assert "is withdrawn" in page.content.decode()
    for job in Job.objects.filter(kind="signin.send_letter").order_by("pk"):
        run(job.pk)
    assert [message.to for message in mail.outbox if NEW in str(message.to)] == []


@pytest.mark.parametrize("role", [Role.REPORTER, Role.CHECKER, Role.EDITOR])
def test_who_leads_nothing_invites_nobody(role: Role, desk: Desk) -> None:
    person = factories.make_user(role, desk)
    with pytest.raises(NotPermitted):
        invite(desk, by=person, email=NEW, role=Role.REPORTER)
    client = signed_in(person)
    assert client.get(reverse("signin:invitations")).status_code == 403
    sent = client.post(reverse("signin:invitations"), {"email": NEW, "desk": desk.pk, "role": "reporter"})
    assert sent.status_code == 403
    assert not Invitation.objects.exists()


def test_a_lead_neither_invites_to_other_desks_nor_sees_their_invitations(
    lead: User, moderator: User
) -> None:
    other = factories.make_desk("other")
    theirs = invite(other, by=moderator, email="ben@example.org", role=Role.LEAD)
    with pytest.raises(NotPermitted):
        invite(other, by=lead, email=NEW, role=Role.REPORTER)
    client = signed_in(lead)
    sent = client.post(reverse("signin:invitations"), {"email": NEW, "desk": other.pk, "role": "reporter"})
    assert sent.status_code == 422
    assert "ben@example.org" not in client.get(reverse("signin:invitations")).content.decode()
    assert client.post(reverse("signin:invitation_settle", args=[theirs.pk])).status_code == 404


def test_nobody_invites_a_moderator(moderator: User, desk: Desk) -> None:
    with pytest.raises(NotPermitted):
        invite(desk, by=moderator, email=NEW, role=Role.MODERATOR)


def test_an_address_is_invited_once_and_only_without_an_account(
    invited: Invitation, lead: User, desk: Desk, checker: User
) -> None:
    for email in (NEW.upper(), f" {NEW}", checker.email):
        with pytest.raises(ActionRefused) as refused:
            invite(desk, by=lead, email=email, role=Role.CHECKER)
        assert refused.value.field == "email"


def test_there_is_a_limit_for_the_hour(lead: User, desk: Desk, settings: Any) -> None:
    settings.INVITATIONS_PER_HOUR = 2
    for number in range(2):
        invite(desk, by=lead, email=f"{number}@example.org", role=Role.CHECKER)
    with pytest.raises(ActionRefused) as refused:
        invite(desk, by=lead, email=NEW, role=Role.CHECKER)
    assert refused.value.code == "too_many"
    Invitation.objects.update(created_at=timezone.now() - timedelta(hours=2))
    assert invite(desk, by=lead, email=NEW, role=Role.CHECKER)


@pytest.mark.parametrize("password", ["short", "1234567890", "password12", "ann@example.org", ""])
def test_a_weak_password_makes_no_account(invited: Invitation, password: str) -> None:
    assert come_in(mailed_path(), password=password).status_code == 422
    assert not User.objects.filter(email=NEW).exists()


def test_a_name_is_one_plain_line(invited: Invitation) -> None:
    come_in(mailed_path(), name="  Ann\u202e   Bell\n")
    assert User.objects.get(email=NEW).name == "Ann Bell"


def test_an_account_made_meanwhile_is_not_taken_over(invited: Invitation) -> None:
    path = mailed_path()
    owner = User.objects.create_user(NEW, "another-secret-44", name="Owner")
    assert come_in(path).status_code == 409
    owner.refresh_from_db()
    assert owner.check_password("another-secret-44")


def test_who_is_signed_in_is_asked_to_sign_out_first(invited: Invitation, checker: User) -> None:
    path = mailed_path()
    client = signed_in(checker)
    assert "You are signed in already" in client.get(path).content.decode()
    assert come_in(path, client).status_code == 200
    assert not User.objects.filter(email=NEW).exists()


def test_the_page_is_in_no_cache_and_its_address_in_no_referer(invited: Invitation) -> None:
    answer = browser().get(mailed_path())
    assert (answer["Cache-Control"], answer["Referrer-Policy"]) == ("no-store", "no-referrer")


def test_a_role_that_needs_a_second_step_is_led_to_it(lead: User, desk: Desk, settings: Any) -> None:
    invite(desk, by=lead, email=NEW, role=Role.LEAD)
    path = mailed_path()
    settings.MFA_ROLES = frozenset({"lead"})
    newcomer = browser()
    assert "which your role needs" in newcomer.get(path).content.decode()
    come_in(path, newcomer)
    assert newcomer.get("/")["Location"] == "/account/2fa/"


def test_a_moderator_withdraws_in_the_administration(invited: Invitation, moderator: User) -> None:
    chosen = {"action": "withdraw", "_selected_action": [invited.pk]}
    signed_in(moderator).post(reverse("admin:signin_invitation_changelist"), chosen)
    invited.refresh_from_db()
    assert invited.withdrawn_at is not None
    with pytest.raises(ActionRefused):
        accept("0" * 64, name="Ann", password=PASSWORD)


def test_an_address_that_somebody_confirmed_beside_their_main_one_is_an_account(
    checker: User, lead: User, desk: Desk
) -> None:
    EmailAddress.objects.create(user=checker, email=NEW, verified=True)
    with pytest.raises(ActionRefused) as refused:
        invite(desk, by=lead, email=NEW.upper(), role=Role.CHECKER)
    assert refused.value.code == "has_account"


def test_nor_does_an_invitation_work_once_somebody_has_confirmed_its_address(
    invited: Invitation, checker: User
) -> None:
    """The database lets no two accounts have it confirmed: an error page would come of it."""
    path = mailed_path()
    EmailAddress.objects.create(user=checker, email=NEW, verified=True)
    assert come_in(path).status_code == 409
    assert not User.objects.filter(email=NEW).exists()
