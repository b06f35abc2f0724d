"""Events and the jobs that act on them are rows of one transaction."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from claimtracker.accounts.models import Desk
from claimtracker.jobs.models import Job
from claimtracker.ledger import outbox
from claimtracker.ledger.models import OutboxEvent

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def subscriptions(settings: Any) -> None:
    settings.OUTBOX_SUBSCRIPTIONS = {
        "desk.renamed": [("tests.mark_review", "subject"), ("tests.mark_deliver", "event")]
    }


@pytest.fixture
def desk() -> Desk:
    Desk.objects.create(slug="other", name="Other")
    return Desk.objects.create(slug="world", name="World")


def test_an_event_starts_the_jobs_of_its_subscribers(desk: Desk) -> None:
    with transaction.atomic():
        event = outbox.emit("desk.renamed", subject=desk, payload={"to": "World"})
        assert Job.objects.count() == 2
    assert (event.subject_type, event.subject_id, event.payload) == (
        "accounts.desk",
        str(desk.pk),
        {"to": "World"},
    )
    assert set(Job.objects.values_list("kind", "object_id")) == {
        ("tests.mark_review", str(desk.pk)),
        ("tests.mark_deliver", str(event.pk)),
    }


def test_an_event_falls_with_its_change_and_so_do_its_jobs(desk: Desk) -> None:
    with pytest.raises(ValueError, match="no"), transaction.atomic():
        outbox.emit("desk.renamed", subject=desk)
        raise ValueError("no")
    assert not OutboxEvent.objects.exists()
    assert not Job.objects.exists()


def test_an_event_nobody_listens_to_is_only_written(desk: Desk) -> None:
    with transaction.atomic():
        outbox.emit("desk.closed", subject=desk)
    assert OutboxEvent.objects.count() == 1
    assert not Job.objects.exists()


def test_an_event_outside_a_transaction_is_refused(desk: Desk) -> None:
    with pytest.raises(RuntimeError, match="inside the transaction"):
        outbox.emit("desk.renamed", subject=desk)


def test_an_event_that_concerns_one_partner_names_it(desk: Desk, settings: Any) -> None:
    settings.OUTBOX_ADDRESSED = frozenset({"desk.renamed"})
    with transaction.atomic():
        event = outbox.emit("desk.renamed", subject=desk, audience="partner:wire")
    assert OutboxEvent.objects.get(pk=event.pk).audience == "partner:wire"
    with pytest.raises(ValueError, match="audience"), transaction.atomic():
        outbox.emit("desk.renamed", subject=desk)
