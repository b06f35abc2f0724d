"""Both kinds of mails to a partner's contact go out once at most, however their jobs are run."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

import claimtracker.partners.tasks  # noqa: F401 - registers the jobs in this process
from claimtracker import jobs
from claimtracker.jobs import letters, runner, states
from claimtracker.jobs.models import Job
from claimtracker.kernel.errors import LeaseLost
from claimtracker.kernel.mail import MailRefused, OutcomeUnknown
from claimtracker.partners import key_notices, notices
from claimtracker.partners.endpoints import TELL, disable_endpoint
from claimtracker.partners.models import EndpointNotice, KeyNotice
from tests.factories import make_endpoint, make_key, make_partner

pytestmark = pytest.mark.django_db(transaction=True)

WORDS: dict[type, Callable[[Any], Any]] = {
    EndpointNotice: notices.message_of,
    KeyNotice: key_notices.message_of,
}


@pytest.fixture(params=[EndpointNotice, KeyNotice], ids=["endpoint", "key"])
def notice(request: pytest.FixtureRequest) -> Any:
    """One that waits to be sent, with its job."""
    partner = make_partner("wire", name="The Wire", contact_email="desk@wire.example")
    if request.param is EndpointNotice:
        disable_endpoint(make_endpoint(partner), reason="10 tries failed.", by="system")
    else:
        make_key(partner, expires_at=timezone.now() + timedelta(days=3))
        key_notices.warn_of_expiring()
    return request.param.objects.get()


def work() -> str:
    """The state of the notice's job, asked for once more, after a run."""
    job = Job.objects.filter(kind__in=[TELL, key_notices.SEND]).latest("pk")
    jobs.enqueue(job.kind, job.object_id)
    job = Job.objects.open().get(kind=job.kind)
    Job.objects.filter(pk=job.pk).update(due_at=timezone.now())
    runner.run(job.pk)
    job.refresh_from_db()
    return job.state


def fails(monkeypatch: pytest.MonkeyPatch, error: Exception, *, after_words_began: bool = False) -> None:
    def hand_over(_message: Any, *, before_words: Callable[[], None]) -> None:
        if after_words_began:
            before_words()
        raise error

    monkeypatch.setattr(letters.mail, "hand_over", hand_over)


def test_it_is_sent_once_however_often_its_job_is_run(notice: Any) -> None:
    assert [work(), work()] == [states.DONE, states.DONE]
    assert [letter.to for letter in mail.outbox] == [["desk@wire.example"]]
    notice.refresh_from_db()
    assert (notice.tries, notice.error) == (1, "")
    assert notice.handed_over_at is not None


def test_two_who_hand_it_over_at_once_send_one_mail(notice: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    real, both = letters.mail.hand_over, Barrier(2, timeout=20)

    def together(message: Any, *, before_words: Callable[[], None]) -> None:
        both.wait()
        real(message, before_words=before_words)

    monkeypatch.setattr(letters.mail, "hand_over", together)

    def send() -> str:
        try:
            return letters.hand_over(notice, WORDS[type(notice)](notice), is_ours=lambda: True).error
        except LeaseLost:
            return "somebody else's"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        ends = [each.result() for each in [pool.submit(send), pool.submit(send)]]
    assert sorted(ends) == ["", "somebody else's"]
    assert len(mail.outbox) == 1


def test_who_lost_the_lease_sends_nothing(notice: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    real = letters.mail.hand_over

    def slow(message: Any, *, before_words: Callable[[], None]) -> None:
        Job.objects.update(fence=1000)  # another worker took the job over meanwhile
        real(message, before_words=before_words)

    monkeypatch.setattr(letters.mail, "hand_over", slow)
    work()
    assert mail.outbox == []
    notice.refresh_from_db()
    assert notice.handed_over_at is None


@pytest.mark.parametrize("after_words_began", [False, True])
def test_what_the_mail_server_refuses_for_now_is_tried_again(
    notice: Any, monkeypatch: pytest.MonkeyPatch, after_words_began: bool
) -> None:
    with monkeypatch.context() as away:
        fails(away, MailRefused("421 later", may_heal=True), after_words_began=after_words_began)
        assert work() == states.QUEUED
    notice.refresh_from_db()
    assert (notice.tries, notice.error, notice.handed_over_at) == (1, "421 later", None)
    assert work() == states.DONE
    assert len(mail.outbox) == 1


def test_it_is_given_up_after_two_days_or_for_good(notice: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    fails(monkeypatch, MailRefused("550 nobody here", may_heal=False))
    assert work() == states.DONE
    fails(monkeypatch, MailRefused("421 later", may_heal=True))
    type(notice).objects.update(created_at=timezone.now() - letters.GIVE_UP - timedelta(minutes=1))
    assert work() == states.DONE


def test_what_may_have_arrived_is_not_sent_again(notice: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        fails(broken, OutcomeUnknown("cut off"), after_words_began=True)
        assert work() == states.DONE
    notice.refresh_from_db()
    assert "may have arrived" in notice.error
    assert work() == states.DONE
    assert mail.outbox == []
