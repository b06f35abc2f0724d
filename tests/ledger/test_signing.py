"""Signatures of entries, and the chain of a site from before there were any."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from claimtracker.accounts.models import Desk
from claimtracker.ledger import audit, sealing
from claimtracker.ledger.models import AuditActor, AuditEntry, LedgerSeal, SealedEntry
from claimtracker.ledger.sealing import seal_entries
from claimtracker.ledger.signing import (
    GENESIS,
    actor_digest_before,
    canonical,
    entry_digest,
    entry_text,
    is_signed,
    seal_text_before,
    sign,
)
from claimtracker.ledger.verifying import verify

from .conftest import record_something

pytestmark = pytest.mark.django_db(transaction=True)

NUMBERS = st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False)
NO_NUL = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8)
SAID = st.recursive(
    st.none() | st.booleans() | NUMBERS | NO_NUL,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NO_NUL | st.integers(), inner, max_size=3),
    max_leaves=6,
)


def found() -> list[str]:
    return [fault.what for fault in verify()]


def test_what_is_signed_is_what_is_read_back(db: None) -> None:
    desk = Desk.objects.create(slug="world", name="World")

    @given(st.dictionaries(NO_NUL, SAID, max_size=3))
    def run(details: dict[str, Any]) -> None:
        with transaction.atomic():
            entry = audit.record("desk.renamed", by="system", subject=desk, details=details)
            stored = AuditEntry.objects.get(pk=entry.pk)
            assert is_signed(entry_text(stored), stored.mac), (details, stored.details)
            transaction.set_rollback(True)

    run()


def test_names_and_order_do_not_matter_where_json_says_so() -> None:
    assert canonical({"b": 1, 2: (1, -0.0)}) == canonical({"2": [1, 0.0], "b": 1})
    assert canonical(1e16) == canonical(10**16)
    assert canonical(1.5) != canonical(15)


def seal_as_before(entries: list[AuditEntry], previous: str) -> LedgerSeal:
    digests = [entry_digest(entry) for entry in AuditEntry.objects.filter(pk__in=[e.pk for e in entries])]
    seal = LedgerSeal.objects.create(
        previous_digest=previous,
        digest=sign(seal_text_before(previous, digests)),
        entries=len(entries),
        created_at=timezone.now() - timedelta(hours=3),
    )
    for place, (entry, digest) in enumerate(zip(entries, digests, strict=True)):
        SealedEntry.objects.create(entry=entry, seal=seal, position=place, digest=digest)
    return seal


def test_the_chain_of_a_site_from_before_goes_on(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.LEDGER_HEAD_PATH = ""
    AuditActor.objects.get_or_create(kind="system", key="system", defaults={"label": "C", "salt": b"salt"})
    first = seal_as_before([unsigned_of_its_own()], GENESIS)
    seal_as_before([unsigned_of_its_own()], first.digest)
    assert found() == []
    record_something()
    seal_entries()
    unsigned_of_its_own()  # a web process of the version before, while the site is brought up to date
    seal_entries()
    assert found() == []
    later = timezone.now() + timedelta(hours=2)
    monkeypatch.setattr(sealing.timezone, "now", lambda: later)
    forged = unsigned_of_its_own()
    seal_entries()
    assert found() == [f"Entry {forged.pk} is not signed: it was written past the product."]


def unsigned_of_its_own() -> AuditEntry:
    """As the version before wrote it."""
    desk, _made = Desk.objects.get_or_create(slug="world", defaults={"name": "World"})
    actor = AuditActor.objects.get(kind="system")
    entry = AuditEntry(
        verb="desk.renamed",
        actor_ref=actor.ref,
        actor_digest=actor_digest_before(actor),
        subject_type="accounts.desk",
        subject_id=str(desk.pk),
        details={"to": "World"},
        created_at=timezone.now(),
    )
    entry.save(force_insert=True)
    return entry


def test_on_a_new_site_every_entry_is_signed() -> None:
    record_something()
    seal_entries()
    forged = unsigned_of_its_own()
    seal_entries()
    assert found() == [f"Entry {forged.pk} is not signed: it was written past the product."]
