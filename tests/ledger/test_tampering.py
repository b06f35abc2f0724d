"""A hostile administrator of the database, who may do anything there but has neither the key nor the head
file: whatever they change by chance is found."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from claimtracker.accounts.models import User
from claimtracker.ledger import audit
from claimtracker.ledger.sealing import seal_entries
from claimtracker.ledger.verifying import Fault, verify
from tests.support.drills import drill_size
from tests.support.owner import owner_connection

from .conftest import record_something

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

TIMES = drill_size(100, long=1000)
SEALS, IN_EACH = 6, 4
TABLES = {  # what they hold, and the order in which they are put back
    "ledger_auditactor": "id",
    "ledger_auditentry": "id",
    "ledger_auditnote": "entry_id",
    "ledger_ledgerseal": "id",
    "ledger_sealedentry": "entry_id",
}


SHORT = {"@entries": "ledger_auditentry", "@notes": "ledger_auditnote", "@actors": "ledger_auditactor"} | {
    "@seals": "ledger_ledgerseal",
    "@places": "ledger_sealedentry",
    "@uid": "ledger_auditentry_uid_key",
}
COLUMNS = """verb, actor_ref, actor_digest, subject_type, subject_id, details, note_digest, request_id,
             created_at, mac, uid"""


def told(statement: str) -> str:
    for short, name in SHORT.items():
        statement = statement.replace(short, name)
    return statement


@dataclass
class Room:
    """The tables as they were, and the hands of the administrator."""

    owner: psycopg.Connection[Any]
    chance: random.Random

    def do(self, statement: str, **values: Any) -> None:
        """``@entries`` and so on stand for the tables."""
        self.owner.execute(told(statement), values)

    def ask(self, statement: str, **values: Any) -> list[Any]:
        return [row[0] for row in self.owner.execute(told(statement), values).fetchall()]

    def entry(self) -> int:
        """One that is sealed."""
        return self.chance.choice(self.ask("SELECT entry_id FROM @places ORDER BY 1"))

    def two_entries(self) -> list[int]:
        return self.chance.sample(self.ask("SELECT entry_id FROM @places ORDER BY 1"), 2)

    def seal(self) -> int:
        return self.chance.choice(self.ask("SELECT id FROM @seals ORDER BY 1"))

    def keep(self) -> None:
        for table in TABLES:
            self.do(f"DROP TABLE IF EXISTS kept_{table}")
            self.do(f"CREATE TABLE kept_{table} AS SELECT * FROM {table}")

    def put_back(self) -> None:
        for table in TABLES:
            self.do(f"DELETE FROM {table}")
            self.do(f"INSERT INTO {table} SELECT * FROM kept_{table}")

    def forget(self) -> None:
        for table in TABLES:
            self.do(f"DROP TABLE IF EXISTS kept_{table}")


@pytest.fixture
def room() -> Iterator[Room]:
    with owner_connection() as owner:
        owner.autocommit = True
        owner.execute("SET session_replication_role = replica")
        room = Room(owner, random.Random())
        fill()
        room.keep()
        yield room
        room.put_back()
        room.forget()


def fill() -> None:
    people: list[Any] = [
        User.objects.create_user(f"{name}@example.org", name=name) for name in ("Ana", "Boris")
    ]
    people += [audit.partner_actor("partner:7", "The Wire"), "system"]
    for number in range(SEALS * IN_EACH):
        record_something(by=people[number % 4], note=f"Reason {number}" if number % 3 else "")
        if number % IN_EACH == IN_EACH - 1:
            assert seal_entries() == IN_EACH
    record_something(by=people[0], note="Not sealed yet.")


CHANGES = [
    "verb = 'desk.kept'",
    "subject_id = subject_id || '1'",
    "subject_type = 'claims.claim'",
    'details = \'{"to": "Sport"}\'',
    "created_at = created_at - interval '1 day'",
    "request_id = gen_random_uuid()",
    "uid = gen_random_uuid()",
    "note_digest = repeat('0', 64)",
    "actor_digest = repeat('0', 64)",
    "mac = ''",
    "mac = repeat('0', 64)",
    "id = id + 1000",
]


def change(room: Room) -> None:
    what = room.chance.choice(CHANGES)
    room.do(f"UPDATE @entries SET {what} WHERE id = %(id)s", id=room.entry())


def change_what_is_not_sealed(room: Room) -> None:
    what = room.chance.choice(CHANGES[:-1])
    room.do(f"UPDATE @entries SET {what} WHERE id = (SELECT max(id) FROM @entries)")


def another_actor(room: Room) -> None:
    one, other = room.two_entries()
    room.do(
        "UPDATE @entries SET actor_ref = o.actor_ref, actor_digest = o.actor_digest FROM "
        "(SELECT * FROM @entries WHERE id = %(other)s) o WHERE @entries.id = %(one)s "
        "AND @entries.actor_ref <> o.actor_ref",
        one=one,
        other=other,
    )
    if room.ask("SELECT 1 FROM @entries l JOIN kept_@entries k USING (id) WHERE l <> k") == []:
        change(room)  # both were of the same


def delete(room: Room) -> None:
    """Of some the traces are taken away as well, as far as the tables have any."""
    entry, thorough = room.entry(), room.chance.random() < 0.7
    room.do("DELETE FROM @notes WHERE entry_id = %(id)s", id=entry)
    room.do("DELETE FROM @entries WHERE id = %(id)s", id=entry)
    if thorough:
        room.do(
            "WITH gone AS (DELETE FROM @places WHERE entry_id = %(id)s RETURNING seal_id, position), "
            "moved AS (UPDATE @places s SET position = s.position - 1 FROM gone "
            "WHERE s.seal_id = gone.seal_id AND s.position > gone.position) "
            "UPDATE @seals SET entries = entries - 1 FROM gone WHERE id = gone.seal_id",
            id=entry,
        )


def reorder(room: Room) -> None:
    one, other = room.two_entries()
    if room.chance.random() < 0.5:
        room.do("UPDATE @entries SET id = -id WHERE id IN (%(one)s, %(other)s)", one=one, other=other)
        room.do("UPDATE @entries SET id = %(other)s WHERE id = -%(one)s", one=one, other=other)
        room.do("UPDATE @entries SET id = %(one)s WHERE id = -%(other)s", one=one, other=other)
        return
    room.do("ALTER TABLE @entries DROP CONSTRAINT @uid")
    room.do(
        f"UPDATE @entries e SET ({COLUMNS}) = (SELECT {COLUMNS} FROM kept_@entries o WHERE o.id = "
        "CASE e.id WHEN %(one)s THEN %(other)s ELSE %(one)s END) WHERE id IN (%(one)s, %(other)s)",
        one=one,
        other=other,
    )
    room.do("ALTER TABLE @entries ADD CONSTRAINT @uid UNIQUE (uid)")


def reorder_places(room: Room) -> None:
    one, other = room.two_entries()
    room.do(
        "CREATE TEMP TABLE p AS SELECT * FROM @places WHERE entry_id IN (%(a)s, %(b)s)",
        a=one,
        b=other,
    )
    room.do("DELETE FROM @places WHERE entry_id IN (%(a)s, %(b)s)", a=one, b=other)
    room.do(
        "INSERT INTO @places (entry_id, seal_id, position, digest) SELECT "
        "CASE entry_id WHEN %(a)s THEN %(b)s ELSE %(a)s END, seal_id, position, digest FROM p",
        a=one,
        b=other,
    )
    room.do("DROP TABLE p")


def insert(room: Room) -> None:
    """A row like one that is there, which the sealer takes for one of ours, or in a place that they made."""
    mac = room.chance.choice(["''", "mac", "repeat('a', 64)"])
    room.do(
        f"INSERT INTO @entries ({COLUMNS}) SELECT 'desk.kept', actor_ref, actor_digest, subject_type, "
        f"subject_id, details, '', request_id, now(), {mac}, gen_random_uuid() "
        "FROM @entries WHERE id = %(id)s",
        id=room.entry(),
    )
    way = room.chance.randrange(3)
    if way == 0:
        seal_entries()
    elif way == 1:
        room.do(
            "INSERT INTO @places (entry_id, seal_id, position, digest) SELECT "
            "(SELECT max(id) FROM @entries), %(seal)s, max(position) + 1, repeat('0', 64) "
            "FROM @places WHERE seal_id = %(seal)s",
            seal=room.seal(),
        )


def insert_twice(room: Room) -> None:
    """The very row of an entry once more, with its signature."""
    room.do("ALTER TABLE @entries DROP CONSTRAINT @uid")
    room.do(
        f"INSERT INTO @entries ({COLUMNS}) SELECT {COLUMNS} FROM @entries WHERE id = %(id)s", id=room.entry()
    )
    seal_entries()


def recompute(room: Room) -> None:
    """All digests from a changed entry on, as well as somebody can who has everything but the key."""
    entry = room.entry()
    room.do(
        "UPDATE @entries SET verb = 'desk.kept', mac = md5(mac) || md5(mac) WHERE id = %(id)s",
        id=entry,
    )
    room.do("UPDATE @places SET digest = md5(digest) || md5(digest) WHERE entry_id = %(id)s", id=entry)
    room.do(
        "UPDATE @seals SET digest = md5(digest) || md5(digest) WHERE id >= "
        "(SELECT seal_id FROM @places WHERE entry_id = %(id)s)",
        id=entry,
    )
    room.do(
        "UPDATE @seals s SET previous_digest = coalesce((SELECT digest FROM @seals b "
        "WHERE b.id < s.id ORDER BY b.id DESC LIMIT 1), repeat('0', 64))"
    )


def cut(room: Room) -> None:
    """Everything from a seal on, up to all that there is."""
    seal = room.seal()
    room.do("CREATE TEMP TABLE cut AS SELECT entry_id FROM @places WHERE seal_id >= %(id)s", id=seal)
    room.do("DELETE FROM @notes WHERE entry_id IN (TABLE cut)")
    room.do("DELETE FROM @entries WHERE id IN (TABLE cut)")
    room.do("DELETE FROM @places WHERE entry_id IN (TABLE cut)")
    room.do("DELETE FROM @seals WHERE id >= %(id)s", id=seal)
    room.do("DROP TABLE cut")
    if room.chance.random() < 0.5:
        room.do(
            "DELETE FROM @notes n USING @entries e WHERE e.id = n.entry_id AND e.id > 0 AND "
            "NOT EXISTS (SELECT FROM @places s WHERE s.entry_id = e.id)"
        )
        room.do("DELETE FROM @entries e WHERE NOT EXISTS (SELECT FROM @places s WHERE s.entry_id = e.id)")
        seal_entries()  # the chain goes on from where they cut it


def words(room: Room) -> None:
    note = room.chance.choice(room.ask("SELECT entry_id FROM @notes ORDER BY 1"))
    what = room.chance.choice(
        [
            "UPDATE @notes SET text = 'I agree.' WHERE entry_id = %(id)s",
            "UPDATE @notes SET salt = 'x' WHERE entry_id = %(id)s",
            "DELETE FROM @notes WHERE entry_id = %(id)s",
            "UPDATE @notes SET entry_id = 100000 WHERE entry_id = %(id)s",
        ]
    )
    room.do(what, id=note)


def actors(room: Room) -> None:
    actor = room.chance.choice(room.ask("SELECT id FROM @actors WHERE kind = 'person' ORDER BY 1"))
    what = room.chance.choice(
        [
            "label = 'Somebody else'",
            "kind = 'system'",
            "user_id = NULL, label = ''",
            "user_id = NULL, label = '', salt = ''",
            "user_id = 100000",
            "salt = 'x'",
            "ref = gen_random_uuid()",
        ]
    )
    room.do(f"UPDATE @actors SET {what} WHERE id = %(id)s", id=actor)


def actor_gone(room: Room) -> None:
    room.do("DELETE FROM @actors WHERE id = (SELECT min(id) FROM @actors)")


def seals(room: Room) -> None:
    what = room.chance.choice(
        [
            "UPDATE @seals SET created_at = created_at - interval '1 hour' WHERE id = %(id)s",
            "UPDATE @seals SET entries = entries + 1 WHERE id = %(id)s",
            "UPDATE @seals SET digest = repeat('0', 64) WHERE id = %(id)s",
            "UPDATE @seals SET previous_digest = repeat('1', 64) WHERE id = %(id)s",
            "UPDATE @seals SET id = id + 1000 WHERE id = %(id)s",
            "DELETE FROM @seals WHERE id = %(id)s",
            "DELETE FROM @places WHERE seal_id = %(id)s",
        ]
    )
    room.do(what, id=room.seal())


def everything(room: Room) -> None:
    room.do("TRUNCATE @entries, @notes, @seals, @places")


KINDS: list[Callable[[Room], None]] = [
    *(change, change_what_is_not_sealed, another_actor, delete, delete, reorder, reorder_places),
    *(insert, insert, insert_twice, recompute, cut, cut, words, actors, actor_gone, seals, everything),
]


def test_whatever_is_tampered_with_is_found(room: Room, head: Path) -> None:
    assert found() == []
    noted, passed = head.read_text(encoding="utf-8"), []
    for number in range(TIMES):
        room.chance = random.Random(number)
        kind = KINDS[number % len(KINDS)]
        kind(room)
        if not found():
            passed.append(f"{kind.__name__} with the seed {number}")
        repair(room, head, noted)
    assert passed == [], "these were not found"
    assert found() == [], "what was put back is what was there"


def repair(room: Room, head: Path, noted: str) -> None:
    room.put_back()
    if not room.ask("SELECT 1 FROM pg_constraint WHERE conname = '@uid'"):
        room.do("ALTER TABLE @entries ADD CONSTRAINT @uid UNIQUE (uid)")
    head.write_text(noted, encoding="utf-8")


def found() -> list[Fault]:
    return list(verify())


def test_the_first_fault_names_the_row(room: Room) -> None:
    entry = room.ask("SELECT entry_id FROM @places ORDER BY 1")[9]
    room.do("UPDATE @entries SET verb = 'desk.kept' WHERE id >= %(id)s", id=entry)
    assert found()[0] == Fault(f"Entry {entry} is not what was sealed.", entry=entry, seal=3)


def test_nobody_is_blanked_without_an_entry_that_says_so(room: Room) -> None:
    """The application's own role could do this; what erases a person says so itself."""
    ana = User.objects.get(name="Ana")
    actor = ana.audit_actor
    room.do("UPDATE @actors SET user_id = NULL, label = '', salt = '' WHERE id = %(id)s", id=actor.pk)
    assert "was blanked, and no entry says so" in found()[0].what
    room.put_back()
    audit.erase_person(ana, by="system")
    seal_entries()
    assert found() == []
