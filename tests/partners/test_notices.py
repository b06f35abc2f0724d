"""The mail about an endpoint that we switched off: once, to the partner's contact."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

import claimtracker.partners.tasks  # noqa: F401 - registers the jobs in this process
from claimtracker.jobs import runner
from claimtracker.jobs import states as job_states
from claimtracker.jobs.models import Job
from claimtracker.partners.endpoints import disable_endpoint, enable_endpoint
from claimtracker.partners.models import EndpointNotice, WebhookEndpoint
from tests.factories import make_endpoint, make_partner

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def endpoint() -> WebhookEndpoint:
    return make_endpoint(make_partner("wire", name="The Wire", contact_email="tech@wire.example"))


def work() -> Job:
    job = Job.objects.open().get(kind="partners.tell_switched_off")
    Job.objects.filter(pk=job.pk).update(due_at=timezone.now())
    runner.run(job.pk)
    job.refresh_from_db()
    return job


def test_the_contact_is_told_what_why_and_what_to_do(endpoint: WebhookEndpoint) -> None:
    disable_endpoint(endpoint, reason="10 tries failed; the last: 500.", by="system")
    assert work().state == job_states.DONE
    (message,) = mail.outbox
    assert message.to == ["tech@wire.example"]
    for part in (endpoint.url, "10 tries failed; the last: 500.", f"{endpoint.public_id}/replays"):
        assert part in message.body
    assert EndpointNotice.objects.get().handed_over_at is not None


def test_what_a_person_switched_off_needs_no_mail(endpoint: WebhookEndpoint) -> None:
    disable_endpoint(endpoint, reason="The partner asked.", by=endpoint_owner())
    disable_endpoint(make_endpoint(), reason="No contact.", by="system")
    assert not EndpointNotice.objects.exists()


def endpoint_owner() -> Any:
    from tests.factories import make_user

    return make_user()


def test_each_time_that_it_is_switched_off_is_told(endpoint: WebhookEndpoint) -> None:
    disable_endpoint(endpoint, reason="Once.", by="system")
    work()
    enable_endpoint(endpoint, by="system")
    disable_endpoint(endpoint, reason="Twice.", by="system")
    work()
    assert len(mail.outbox) == 2
