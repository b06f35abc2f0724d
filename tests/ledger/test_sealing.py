"""The chain: made by one sealer at a time, and broken visibly by whatever is changed behind its back."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from claimtracker.accounts.models import User
from claimtracker.ledger import sealing
from claimtracker.ledger.models import AuditActor, AuditEntry, AuditNote, LedgerSeal, SealedEntry
from claimtracker.ledger.sealing import seal_entries
from claimtracker.ledger.signing import GENESIS, entry_digest
from claimtracker.ledger.verifying import verify
from tests.support.owner import owner_connection

from .conftest import record_something

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def tamper() -> Iterator[psycopg.Connection[Any]]:
    """The owner with triggers off: what a hostile administrator of the database could do."""
    with owner_connection() as owner:
        owner.execute("SET session_replication_role = replica")
        yield owner


@pytest.fixture
def chain() -> list[AuditEntry]:
    """Three seals over two entries each."""
    ana = User.objects.create_user("ana@example.org", name="Ana")
    boris = User.objects.create_user("boris@example.org", name="Boris")
    entries = []
    for number in range(3):
        entries += [record_something(by=ana, note=f"Reason {number}"), record_something(by=boris)]
        assert seal_entries() == 2
    assert list(verify()) == []
    return entries


def faults() -> list[str]:
    return [fault.what for fault in verify()]


def test_every_entry_is_sealed_once_and_each_seal_follows_the_one_before(chain: list[AuditEntry]) -> None:
    seals = list(LedgerSeal.objects.order_by("id"))
    assert [seal.previous_digest for seal in seals] == [GENESIS, seals[0].digest, seals[1].digest]
    assert SealedEntry.objects.count() == len(chain)
    assert seal_entries() == 0
    assert LedgerSeal.objects.count() == 3


def test_more_entries_than_a_batch_are_several_seals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "BATCH", 2)
    for _ in range(5):
        record_something()
    assert seal_entries() == 5
    assert list(LedgerSeal.objects.order_by("id").values_list("entries", flat=True)) == [2, 2, 1]
    assert faults() == []


def test_many_sealers_at_once_make_one_chain() -> None:
    for _ in range(20):
        record_something()
    counts: list[int] = []
    gate = threading.Barrier(4)

    def seal() -> None:
        try:
            gate.wait()
            counts.append(seal_entries())
        finally:
            connection.close()

    sealers = [threading.Thread(target=seal) for _ in range(4)]
    for each in sealers:
        each.start()
    for each in sealers:
        each.join(timeout=30)
    assert sorted(counts) == [0, 0, 0, 20]
    assert SealedEntry.objects.count() == 20
    assert faults() == []


def test_an_entry_that_commits_late_is_sealed_too() -> None:
    """Its id was drawn before that of an entry which is sealed already."""
    drawn, go_on = threading.Event(), threading.Event()
    late: list[int] = []

    def slow() -> None:
        try:
            with transaction.atomic():
                late.append(record_something("desk.closed").pk)
                drawn.set()
                assert go_on.wait(timeout=20)
        finally:
            connection.close()

    record_something()
    writer = threading.Thread(target=slow)
    writer.start()
    assert drawn.wait(timeout=20)
    early = record_something()
    assert early.pk > late[0]
    assert seal_entries() == 2
    go_on.set()
    writer.join(timeout=20)
    assert seal_entries() == 1
    assert SealedEntry.objects.order_by("-seal_id").first().entry_id == late[0]
    assert faults() == []


def test_an_entry_that_never_got_a_seal_is_a_fault(
    chain: list[AuditEntry], tamper: psycopg.Connection
) -> None:
    entry = record_something()
    assert faults() == []
    tamper.execute(
        "UPDATE ledger_auditentry SET created_at = %s WHERE id = %s",
        [timezone.now() - timedelta(hours=2), entry.pk],
    )
    assert faults() == [
        f"Entry {entry.pk} does not bear our signature.",
        f"Entry {entry.pk} stands in no seal, though it is more than an hour old.",
    ]


def test_a_changed_entry(chain: list[AuditEntry], tamper: psycopg.Connection) -> None:
    tamper.execute("UPDATE ledger_auditentry SET verb = 'desk.kept' WHERE id = %s", [chain[2].pk])
    assert faults() == [
        f"Entry {chain[2].pk} is not what was sealed.",
        "Seal 2 does not match its entries and key.",
    ]


@pytest.mark.parametrize(
    "change",
    [
        'details = \'{"to": "Sport"}\'',
        "created_at = created_at + interval '1 microsecond'",
        "subject_id = '99'",
        "request_id = gen_random_uuid()",
        "note_digest = ''",
    ],
)
def test_every_part_of_an_entry_is_sealed(
    chain: list[AuditEntry], tamper: psycopg.Connection, change: str
) -> None:
    tamper.execute(
        f"UPDATE ledger_auditentry SET {change} WHERE id = %s",
        [chain[0].pk],
    )
    assert f"Entry {chain[0].pk} is not what was sealed." in faults()


def test_a_changed_entry_with_its_digest_recomputed(
    chain: list[AuditEntry], tamper: psycopg.Connection
) -> None:
    """Without the key the seal itself cannot be recomputed."""
    tamper.execute("UPDATE ledger_auditentry SET verb = 'desk.kept' WHERE id = %s", [chain[2].pk])
    digest = entry_digest(AuditEntry.objects.get(pk=chain[2].pk))
    tamper.execute("UPDATE ledger_sealedentry SET digest = %s WHERE entry_id = %s", [digest, chain[2].pk])
    assert faults() == [
        f"Entry {chain[2].pk} does not bear our signature.",
        "Seal 2 does not match its entries and key.",
    ]


def test_a_removed_entry(chain: list[AuditEntry], tamper: psycopg.Connection) -> None:
    tamper.execute("DELETE FROM ledger_auditentry WHERE id = %s", [chain[2].pk])
    assert faults()[0] == f"Entry {chain[2].pk} is missing."


def test_a_removed_seal(chain: list[AuditEntry], tamper: psycopg.Connection) -> None:
    tamper.execute("DELETE FROM ledger_sealedentry WHERE seal_id = 2")
    tamper.execute("DELETE FROM ledger_ledgerseal WHERE id = 2")
    assert faults()[0] == "Seal 3 does not follow the seal before it."


def test_another_person_in_the_place_of_the_actor(
    chain: list[AuditEntry], tamper: psycopg.Connection
) -> None:
    boris = User.objects.get(email="boris@example.org")
    tamper.execute("UPDATE ledger_auditactor SET user_id = NULL WHERE user_id = %s", [boris.pk])
    tamper.execute("UPDATE ledger_auditactor SET user_id = %s WHERE label = 'Ana'", [boris.pk])
    changed = [f"The actor of entry {entry.pk} was changed." for entry in chain[::2]]
    blanked = [f"The actor of entry {entry.pk} was blanked, and no entry says so." for entry in chain[1::2]]
    assert sorted(faults()) == sorted(changed + blanked)


def test_another_actor_in_an_entry(chain: list[AuditEntry], tamper: psycopg.Connection) -> None:
    boris = AuditActor.objects.get(label="Boris")
    tamper.execute(
        "UPDATE ledger_auditentry SET actor_ref = %s, actor_digest = %s WHERE id = %s",
        [boris.ref, chain[1].actor_digest, chain[0].pk],
    )
    assert f"Entry {chain[0].pk} is not what was sealed." in faults()


def test_a_removed_actor(chain: list[AuditEntry], tamper: psycopg.Connection) -> None:
    tamper.execute("DELETE FROM ledger_auditactor WHERE label = 'Ana'")
    assert faults() == [f"The actor of entry {entry.pk} is missing." for entry in chain[::2]]


def test_other_words_in_a_persons_mouth(chain: list[AuditEntry]) -> None:
    """The application's role can do this: notes are erasable, so only the digest protects them."""
    AuditNote.objects.filter(entry=chain[0]).update(text="I agree.")
    assert faults() == [f"The words of entry {chain[0].pk} were changed."]


def test_a_cut_head(chain: list[AuditEntry], tamper: psycopg.Connection) -> None:
    """The newest seal and its entries removed together leave a chain that is whole, but shorter."""
    gone = list(SealedEntry.objects.filter(seal_id=3).values_list("entry_id", flat=True))
    tamper.execute("DELETE FROM ledger_sealedentry WHERE seal_id = 3")
    tamper.execute("DELETE FROM ledger_ledgerseal WHERE id = 3")
    tamper.execute("DELETE FROM ledger_auditnote WHERE entry_id = ANY(%s)", [gone])
    tamper.execute("DELETE FROM ledger_auditentry WHERE id = ANY(%s)", [gone])
    assert faults() == ["Seal 3, noted outside the database, is missing from it."]


def test_a_head_file_that_was_shortened_and_signed_by_somebody_else(
    chain: list[AuditEntry], head: Path
) -> None:
    lines = head.read_text(encoding="utf-8").splitlines()
    forged = {**json.loads(lines[1]), "digest": "0" * 64}
    head.write_text("\n".join([lines[0], json.dumps(forged), "not even json"]) + "\n", encoding="utf-8")
    assert faults() == [f"Line {number} of the head file is not signed with our key." for number in (2, 3)]


def test_a_removed_head_file(chain: list[AuditEntry], head: Path) -> None:
    head.unlink()
    assert faults() == [f"The head file {head} is missing."]


def test_head_lines_in_the_wrong_order_are_no_fault(chain: list[AuditEntry], head: Path) -> None:
    head.write_text(
        "".join(reversed(head.read_text(encoding="utf-8").splitlines(keepends=True))), encoding="utf-8"
    )
    assert faults() == []


def test_another_key(chain: list[AuditEntry], settings: Any) -> None:
    settings.LEDGER_KEY = "not the key"
    found = faults()
    assert f"Entry {chain[0].pk} does not bear our signature." == found[0]
    assert {f"Seal {number} does not match its entries and key." for number in (1, 2, 3)} < set(found)


def test_what_a_former_key_signed_still_holds(chain: list[AuditEntry], settings: Any) -> None:
    settings.LEDGER_KEYS_BEFORE = [settings.LEDGER_KEY]
    settings.LEDGER_KEY = "a new one"
    assert faults() == []
    record_something(note="Under the new key.")
    assert seal_entries() == 1
    assert faults() == []
    settings.LEDGER_KEYS_BEFORE = []
    assert faults()


def test_the_command_tells_by_its_exit_code(
    chain: list[AuditEntry], tamper: psycopg.Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("verify_ledger")
    assert capsys.readouterr().out == "The ledger holds: 6 entries, 3 seals.\n"
    tamper.execute("UPDATE ledger_auditentry SET verb = 'desk.kept' WHERE id = %s", [chain[0].pk])
    with pytest.raises(CommandError, match=r"does not hold: 2 faults\. The first: Entry") as error:
        call_command("verify_ledger")
    assert error.value.returncode == 1
    assert "is not what was sealed" in capsys.readouterr().err
    with pytest.raises(CommandError):
        call_command("verify_ledger", "--json")
    told = json.loads(capsys.readouterr().out)
    assert (told["ok"], told["entries"], told["seals"]) == (False, 6, 3)
    assert told["faults"][0] == {
        "what": f"Entry {chain[0].pk} is not what was sealed.",
        "entry": chain[0].pk,
        "seal": 1,
    }
