"""The beat's jobs of the review desk, done by a real worker."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from celery import current_app
from django.utils import timezone

from claimtracker.accounts.models import Role
from claimtracker.jobs.models import Job
from reviews.models import Notification, ReviewTask
from tests import factories
from tests.support.worker import Worker, wait_until, worker  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def ready_worker(django_db_setup: None, django_db_blocker: Any) -> Iterator[Worker]:
    """Reads no articles: their claims are the tests' own."""
    with django_db_blocker.unblock(), Worker(["review"]) as running:
        yield running


def test_leases_expire_people_are_reminded_and_leads_told(worker: Worker) -> None:  # noqa: F811 - the fixture
    now = timezone.now()
    checker, lead = factories.make_user(), factories.make_user(Role.LEAD)
    forgotten, due = factories.make_taken_task(checker), factories.make_taken_task(checker)
    ReviewTask.objects.filter(pk=forgotten.pk).update(lease_until=now - timedelta(minutes=1))
    taken, was_due = now - timedelta(hours=9), now - timedelta(hours=3)  # leads hear 2 hours after
    ReviewTask.objects.filter(pk=due.pk).update(created_at=taken, taken_at=taken, due_at=was_due)

    def told() -> bool:
        """Asked again and again, as by the beat: a task that another job holds is left for the next time."""
        for name in ("reviews.remind", "reviews.escalate", "reviews.expire_leases"):
            current_app.send_task(name, queue="review")
        news = {(checker.pk, "due"), (lead.pk, "escalated"), (checker.pk, "lease_expired")}
        return set(Notification.objects.values_list("user_id", "kind")) == news

    wait_until(told, pause=1)
    assert Notification.objects.count() == 3, "each once, however often it is asked"
    forgotten.refresh_from_db()
    assert (forgotten.state, forgotten.assignee) == ("queued", None)


def test_a_claim_without_a_task_is_found_and_routed(worker: Worker) -> None:  # noqa: F811 - the fixture
    claim = factories.make_claim()
    Job.objects.all().delete()

    current_app.send_task("reviews.route_missing", queue="review")

    wait_until(lambda: ReviewTask.objects.filter(claim=claim).exists())
