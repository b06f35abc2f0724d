"""Writing the audit: inside the change's transaction, append-only for everybody, erasable where personal."""

from __future__ import annotations

import uuid
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.http import HttpResponse

from claimtracker.accounts.models import Desk, User
from claimtracker.jobs import enqueue, registry
from claimtracker.jobs.models import Job
from claimtracker.ledger import audit
from claimtracker.ledger.context import RequestContextMiddleware, current_request_id
from claimtracker.ledger.models import AuditActor, AuditEntry, AuditNote, LedgerSeal, OutboxEvent, SealedEntry
from claimtracker.ledger.sealing import seal_entries
from claimtracker.ledger.verifying import verify
from tests.support.owner import owner_connection

from .conftest import record_something

APPEND_ONLY = [AuditEntry, LedgerSeal, SealedEntry, OutboxEvent]


@pytest.fixture
def ana() -> User:
    return User.objects.create_user("ana@example.org", name="Ana Ilic")


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_a_transaction_is_refused() -> None:
    desk = Desk.objects.create(slug="world", name="World")
    with pytest.raises(RuntimeError, match="inside the transaction"):
        audit.record("desk.renamed", by="system", subject=desk)


@pytest.mark.django_db(transaction=True)
def test_an_entry_falls_with_its_change() -> None:
    with pytest.raises(ValueError, match="no"), transaction.atomic():
        desk = Desk.objects.create(slug="world", name="World")
        audit.record("desk.made", by="system", subject=desk)
        raise ValueError("no")
    assert not AuditEntry.objects.exists()


@pytest.mark.django_db
def test_an_entry_says_who_what_and_about_what(ana: User) -> None:
    entry = record_something(by=ana, note="They asked for it.")
    assert AuditEntry.objects.about(Desk.objects.get()).get() == entry
    actor = AuditActor.objects.get(ref=entry.actor_ref)
    assert (actor.user, actor.label, actor.kind) == (ana, "Ana Ilic", "person")
    assert AuditNote.objects.get(entry=entry).text == "They asked for it."
    again = record_something(by=ana)
    assert again.actor_ref == entry.actor_ref
    assert "Ana" not in str(AuditEntry.objects.values().get(pk=entry.pk)), "no personal value in the entry"
    assert "asked" not in str(AuditEntry.objects.values().get(pk=entry.pk))


@pytest.mark.django_db
def test_system_and_partners_have_one_actor_each() -> None:
    for _ in range(2):
        record_something(by="system")
        record_something(by=audit.partner_actor("wire", "The Wire"))
    assert sorted(AuditActor.objects.values_list("kind", "label")) == [
        ("partner", "The Wire"),
        ("system", "Claimtracker"),
    ]


@pytest.mark.django_db
def test_everything_one_request_did_carries_its_id(rf: Any) -> None:
    def view(_request: Any) -> HttpResponse:
        record_something()
        record_something("desk.closed")
        return HttpResponse("ok")

    response = RequestContextMiddleware(view)(rf.get("/"))
    ids = set(AuditEntry.objects.values_list("request_id", flat=True))
    assert ids == {uuid.UUID(response["X-Request-Id"])}
    assert current_request_id() is None


@pytest.mark.django_db(transaction=True)
def test_everything_one_task_did_carries_its_id(monkeypatch: pytest.MonkeyPatch) -> None:
    import tests.support.tasks  # noqa: F401 - registers the test jobs
    from claimtracker.celery import app

    monkeypatch.setitem(registry.WORK, "tests.mark_default", lambda run: record_something() and None)
    enqueue("tests.mark_default", 1)
    task_id = uuid.uuid4()
    app.tasks["tests.mark_default"].apply(args=[Job.objects.get().pk], task_id=str(task_id))
    assert AuditEntry.objects.get().request_id == task_id
    assert current_request_id() is None


def fill() -> None:
    """One row in every append-only table."""
    from claimtracker.ledger import outbox

    record_something(note="why")
    with transaction.atomic():
        outbox.emit("desk.renamed", subject=Desk.objects.get())
    assert seal_entries() == 1


STATEMENTS = ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"]


def statements() -> list[str]:
    return [
        statement.format(model._meta.db_table).replace(
            "id = id", f"{model._meta.pk.column} = {model._meta.pk.column}"
        )
        for model in APPEND_ONLY
        for statement in STATEMENTS
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("statement", statements())
def test_the_application_has_no_right_to_change_the_record(statement: str) -> None:
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_a_trigger_refuses_even_the_owner() -> None:
    fill()
    with owner_connection() as owner:
        for statement in statements():
            with pytest.raises(psycopg.errors.RaiseException, match=r"Cannot update or delete|append-only"):
                owner.execute(statement)
    assert AuditEntry.objects.count() == OutboxEvent.objects.count() == LedgerSeal.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_erased_person_leaves_an_unbroken_chain(ana: User) -> None:
    entry = record_something(by=ana, note="My phone number is 555 0100.")
    record_something(by="system", note="routine")
    seal_entries()
    audit.erase_person(ana, by="system")
    seal_entries()
    assert list(verify()) == []
    actor = AuditActor.objects.get(ref=entry.actor_ref)
    assert (str(actor), actor.user, bytes(actor.salt)) == ("erased", None, b"")
    assert [note.text for note in AuditNote.objects.all()] == ["routine"]
    assert AuditEntry.objects.filter(verb="person.erased", subject_id=str(actor.pk)).exists()
    ana.delete()
    assert list(verify()) == []


@pytest.mark.django_db
def test_somebody_who_never_acted_needs_no_erasing(ana: User) -> None:
    audit.erase_person(ana, by="system")
    assert not AuditEntry.objects.exists()
