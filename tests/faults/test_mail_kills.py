"""kill -9 of the mail worker before and while it hands a mail to the mail server."""

from __future__ import annotations

import pytest

from claimtracker.jobs.models import Job
from reviews.actions.notifying import notify
from reviews.models import Mailing
from tests import factories
from tests.support import mail_server
from tests.support.worker import Worker, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]


@pytest.mark.parametrize(("step", "state", "arrived"), [("RCPT", "sent", 1), ("WORDS", "unknown", 1)])
def test_no_mail_arrives_twice_when_its_worker_is_killed(step: str, state: str, arrived: int) -> None:
    """Killed before the words go out, it is sent by the next worker; while they do, it is left alone."""
    person, claim = factories.make_user(), factories.make_claim()
    with mail_server.running() as mail, Worker(["mail", "default"], beat=True, env=mail.env()) as worker:
        mail.pause = step
        notify([person], "due", text="Due.", claim=claim, key="1")
        wait_until(mail.reached.is_set, seconds=40, what=f"the worker to come to {step}")
        worker.kill_group()
        mail.pause = ""
        mail.go.set()
        worker.start()
        wait_until(lambda: Mailing.objects.filter(state=state).exists(), seconds=60, what=state)
        wait_until(lambda: not Job.objects.open().filter(kind="reviews.send_mail").exists(), what="the end")
    assert len(mail.messages) == arrived
    assert Mailing.objects.count() == 1
