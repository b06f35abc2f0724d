"""A lost second factor: a moderator takes it off, says how it was made sure, and the owner hears of it."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.urls import reverse

from claimtracker.accounts.models import Role, User
from claimtracker.jobs.models import Job
from claimtracker.jobs.runner import run
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from claimtracker.ledger.models import AuditEntry, AuditNote
from claimtracker.signin import tasks  # noqa: F401 - registers the jobs in this process
from claimtracker.signin.actions.second_factors import reset_second_factor
from tests import factories

from .conftest import recovery_codes, set_up_app, signed_in

pytestmark = pytest.mark.django_db


def test_a_moderator_resets_it(lead: User, moderator: User) -> None:
    client = signed_in(lead)
    set_up_app(client)
    recovery_codes(client)
    chosen = {"action": "reset_factors", "_selected_action": [lead.pk]}
    admin = signed_in(moderator)
    asked = admin.post(reverse("admin:accounts_user_changelist"), chosen)
    assert "How you made sure" in asked.content.decode()
    assert Authenticator.objects.filter(user=lead).exists()
    admin.post(
        reverse("admin:accounts_user_changelist"), {**chosen, "apply": "1", "reason": "Seen in person."}
    )
    assert not Authenticator.objects.filter(user=lead).exists()
    assert client.get("/").status_code == 302
    entry = AuditEntry.objects.get(verb="second_factor.reset")
    assert AuditNote.objects.get(entry=entry).text == "Seen in person."
    Job.objects.exclude(kind="signin.send_letter").delete()
    for job in Job.objects.order_by("pk"):
        run(job.pk)
    assert "Your second step was reset" in mail.outbox[-1].subject


@pytest.mark.parametrize("role", [Role.REPORTER, Role.CHECKER, Role.EDITOR, Role.LEAD])
def test_nobody_else_does(role: Role, checker: User) -> None:
    Authenticator.objects.create(user=checker, type="totp", data={"secret": "A"})
    with pytest.raises(NotPermitted):
        reset_second_factor(checker, by=factories.make_user(role), reason="I say so.")
    assert Authenticator.objects.filter(user=checker).exists()


def test_not_ones_own_and_not_a_superusers(moderator: User) -> None:
    root = User.objects.create_superuser("root@example.org", factories.PASSWORD, name="Root")
    for person in (moderator, root):
        Authenticator.objects.create(user=person, type="totp", data={"secret": "A"})
        with pytest.raises(NotPermitted):
            reset_second_factor(person, by=moderator, reason="I say so.")
    assert Authenticator.objects.count() == 2


def test_where_there_is_none_nothing_is_said(checker: User, moderator: User) -> None:
    with pytest.raises(ActionRefused):
        reset_second_factor(checker, by=moderator, reason="I say so.")
    assert not AuditEntry.objects.filter(verb="second_factor.reset").exists()
