"""At most one open task for each claim and kind; of blind reviews, one for each reviewer."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from claims.models import Claim
from reviews.models import ReviewTask
from reviews.models.review_task import RecheckCause, TaskKind
from tests import factories

pytestmark = pytest.mark.django_db


def make_open(claim: Claim, kind: str, **fields: Any) -> ReviewTask:
    cause = RecheckCause.EXPIRED if kind == TaskKind.RECHECK else ""
    facts = {"cause": cause, "desk": claim.desk, "why": "A test.", "due_at": timezone.now(), **fields}
    return ReviewTask.objects.create(claim=claim, kind=kind, **facts)


def put_into_hands(task: ReviewTask, person: Any) -> None:
    now = timezone.now()
    ReviewTask.objects.filter(pk=task.pk).update(state="taken", assignee=person, lease_until=now)


@pytest.mark.parametrize("kind", [kind for kind in TaskKind.values if kind != TaskKind.BLIND_REVIEW])
def test_a_claim_has_one_open_task_of_each_kind(kind):
    claim = factories.make_claim()
    first = make_open(claim, kind)
    with pytest.raises(IntegrityError, match="one_open_review_task_per_claim"), transaction.atomic():
        make_open(claim, kind)
    ReviewTask.objects.filter(pk=first.pk).update(state="cancelled")
    make_open(claim, kind)


def test_open_tasks_of_all_kinds_stand_beside_each_other():
    claim = factories.make_claim()
    for kind in TaskKind.values:
        make_open(claim, kind)
    assert ReviewTask.objects.filter(claim=claim).open().count() == len(TaskKind)


def test_a_claim_has_one_open_blind_review_for_each_reviewer():
    claim, one, other = factories.make_claim(), factories.make_user(), factories.make_user()
    put_into_hands(make_open(claim, TaskKind.BLIND_REVIEW), one)
    put_into_hands(make_open(claim, TaskKind.BLIND_REVIEW), other)
    third = make_open(claim, TaskKind.BLIND_REVIEW)
    with pytest.raises(IntegrityError, match="one_open_blind_review"), transaction.atomic():
        make_open(claim, TaskKind.BLIND_REVIEW)
    with pytest.raises(IntegrityError, match="one_open_blind_review"), transaction.atomic():
        put_into_hands(third, other)


@pytest.mark.parametrize(
    ("kind", "cause"), [(TaskKind.RECHECK, ""), (TaskKind.RESEARCH, RecheckCause.EXPIRED)]
)
def test_a_recheck_and_nothing_else_has_a_cause(kind, cause):
    with pytest.raises(IntegrityError, match="a_recheck_has_a_cause"), transaction.atomic():
        make_open(factories.make_claim(), kind, cause=cause)
