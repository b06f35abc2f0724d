"""Every pair of states, legal and illegal, against the table in Python and against the database's
triggers."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from claims import states as claim_states
from claims.models import Article, Claim, ClaimMatch
from claimtracker.accounts.models import Role, User
from claimtracker.kernel.errors import ActionRefused
from claimtracker.kernel.transitions import Transitions
from reviews import states
from reviews.actions.deciding import keep_revision, record_review
from reviews.models import Mailing, ReviewTask, Verdict
from tests import factories
from tests.support.owner import owner_connection

APPROVER = "Who approves"
MACHINES: list[tuple[Transitions, type]] = [
    (states.REVIEW_TASK, ReviewTask),
    (states.VERDICT, Verdict),
    (states.MAILING, Mailing),
    (claim_states.CLAIM, Claim),
    (claim_states.INTAKE, Article),
    (claim_states.CLAIM_MATCH, ClaimMatch),
]


def make_row(model: type) -> Any:
    if model is ReviewTask:
        return factories.make_task()
    if model is Verdict:
        return make_reviewed_verdict()
    if model is Mailing:
        return Mailing.objects.create(user=factories.make_user(), cadence="daily", slot="2026-11-26")
    if model is Claim:
        return factories.make_claim()
    if model is ClaimMatch:
        return factories.make_match(factories.make_claim(), known=factories.make_known_claim())
    return factories.make_article()


def make_reviewed_verdict() -> Verdict:
    """One that others read and said everything about that can be said, by the task of whose author the next
    revision is ready: only the transition is on trial."""
    author, approver = factories.make_user(Role.LEAD), factories.make_user(Role.LEAD, name=APPROVER)
    verdict = factories.make_submitted_verdict(author)
    other = factories.make_rating("true")
    with owner_connection() as owner:  # no more than one of them could be true
        owner.execute("SET session_replication_role = replica")
        owner.execute(
            "UPDATE reviews_reviewtask SET state = 'taken', assignee_id = %s, lease_until = now() "
            "WHERE claim_id = %s AND kind = 'research'",
            [author.pk, verdict.claim_id],
        )
    for state, kind, outcome, rating in (
        ("submitted", "second_review", "approved", None),
        ("submitted", "second_review", "returned", None),
        ("submitted", "second_review", "dissent", other),
        ("disputed", "adjudication", "upheld", None),
        ("disputed", "adjudication", "returned", None),
    ):
        Verdict.objects.filter(pk=verdict.pk).update(state=state)
        by = approver if outcome in ("approved", "upheld") else factories.make_user(Role.LEAD)
        record_review(
            verdict, verdict.claim, None, by=by, kind=kind, outcome=outcome, reason="x", rating=rating
        )
    verdict.refresh_from_db()
    verdict.revision = 2
    keep_revision(verdict, by=author)
    return verdict


def fields_for(model: type, state: str) -> dict[str, Any]:
    """What the check constraints want of a row in this state, so that only the transition is on trial."""
    now = timezone.now()
    if model is ReviewTask:
        taken = state == "taken"
        return {
            "assignee_id": factories.make_user().pk if taken else None,
            "lease_until": now if taken else None,
        }
    if model is Verdict:
        approved = state == "approved"
        return {
            "revision": 2 if state == "submitted" else 1,
            "return_reason": "x" if state == "returned" else "",
            "approver_id": User.objects.get(name=APPROVER).pk if approved else None,
            "approved_at": now if approved else None,
        }
    if model is Mailing:
        return {"sent_at": now if state == "sent" else None}
    if model is Claim:
        return {
            "dismissed_because": "x" if state == "dismissed" else "",
            "withdrawn_by": "reader-9" if state == "withdrawn" else "",
        }
    if model is ClaimMatch:
        return {"decided_at": now if state in claim_states.DECIDED_MATCH else None}
    return {}


def put_into(owner: Any, model: type, row: Any, state: str) -> None:
    """Place the row in a state around the triggers, as the owner may."""
    fields = {"state": state, **fields_for(model, state)}
    sets = ", ".join(f"{column} = %s" for column in fields)
    owner.execute(f"UPDATE {model._meta.db_table} SET {sets} WHERE id = %s", [*fields.values(), row.pk])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("machine", "model"), MACHINES, ids=lambda value: getattr(value, "name", ""))
def test_the_database_knows_the_same_table(machine, model):
    row, moved = make_row(model), set()
    with owner_connection() as owner:
        owner.execute("SET session_replication_role = replica")
        for source, target in itertools.permutations(machine.states, 2):
            put_into(owner, model, row, source)
            fields = fields_for(model, target)
            try:
                with transaction.atomic():
                    model.objects.filter(pk=row.pk).update(state=target, **fields)
                moved.add((source, target))
            except DatabaseError as error:
                assert "llegal transition" in str(error) or "Cannot update" in str(error), error
    assert moved == set(machine.pairs())


@pytest.mark.django_db
@pytest.mark.parametrize("machine", [machine for machine, _ in MACHINES], ids=lambda machine: machine.name)
def test_python_refuses_every_illegal_step_with_a_reason(machine):
    for source, target in itertools.product(machine.states, machine.states):
        if machine.allows(source, target):
            machine.check(source, target)
        else:
            with pytest.raises(ActionRefused, match=f"cannot become {target}"):
                machine.check(source, target)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("machine", "model"), MACHINES, ids=lambda value: getattr(value, "name", ""))
def test_no_row_is_born_in_the_middle(machine, model):
    row = make_row(model)
    columns = [
        field.column
        for field in model._meta.concrete_fields
        if field.column not in {"id", "state"} and not field.generated
    ]
    for state in set(machine.states) - set(machine.initial):
        with (
            pytest.raises(IntegrityError, match="cannot begin as"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            quoted = ", ".join(f'"{column}"' for column in columns)
            cursor.execute(
                f"INSERT INTO {model._meta.db_table} ({quoted}, state) SELECT {quoted}, %s "
                f"FROM {model._meta.db_table} WHERE id = %s",
                [state, row.pk],
            )
