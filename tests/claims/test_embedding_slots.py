"""A newer encoder fills the other slot while the search goes on, and takes over when nothing is missing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from claims.actions import embedding_slots
from claims.actions.curation import dismiss_claim, edit_claim
from claims.actions.embedding_slots import (
    begin_first_slot,
    next_step,
    reembed_for_a_while,
    reembedding_is_needed,
    switch_to,
)
from claims.actions.match_index import index_everything, look_after_index, write_readings
from claims.actions.match_marks import mark_claims
from claims.matching.indexing import read_statements, stale_sources
from claims.matching.slots import searched_slot, used_slots
from claims.models import Claim, EmbeddingSlot, MatchEmbedding
from claimtracker.accounts.models import Role
from claimtracker.jobs.models import Job
from claimtracker.ledger.models import AuditEntry
from tests import factories
from tests.support import embedders
from tests.support.match_index import index_is_exact, mark_everything

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding_slots, "STILL_SEARCHED", timedelta(0))
    monkeypatch.setattr(embedding_slots, "BATCH", 2)


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Give the site other encoders, newest last."""

    def become(*versions: str) -> None:
        monkeypatch.setattr(embedders, "VERSIONS", list(versions))

    return become


@pytest.fixture
def claims() -> list[Claim]:
    """Five indexed claims."""
    made = [factories.make_claim() for _ in range(5)]
    mark_everything()
    index_everything()
    return made


def slots() -> list[tuple[int, str, str]]:
    return list(EmbeddingSlot.objects.values_list("number", "model_version", "state"))


def vectors() -> dict[int, int]:
    found = {0: 0, 1: 0}
    for number in MatchEmbedding.objects.values_list("slot", flat=True):
        found[number] += 1
    return found


def all_the_way() -> None:
    for _ in range(50):
        if reembed_for_a_while() is None:
            return
    pytest.fail("it never ends")


def searched() -> tuple[int, str] | None:
    found = searched_slot()
    return (found[0], found[1].version) if found else None


def test_nothing_is_searched_before_anything_is_indexed():
    assert searched() is None
    assert used_slots() == []
    assert not reembedding_is_needed()


def test_the_first_slot_is_the_newest_encoders_at_once(newer: Callable[..., None]):
    newer("one", "two")
    begin_first_slot()
    begin_first_slot()
    assert slots() == [(0, "two", "current"), (1, "", "spare")]
    assert searched() == (0, "two")
    assert not reembedding_is_needed()


def test_a_newer_encoder_takes_over_and_the_former_slot_is_emptied(
    claims: list[Claim], newer: Callable[..., None]
):
    newer("stand-in 1", "two")
    assert reembedding_is_needed()
    all_the_way()
    assert slots() == [(0, "", "spare"), (1, "two", "current")]
    assert vectors() == {0: 0, 1: 5}
    assert searched() == (1, "two")
    assert not reembedding_is_needed()
    index_is_exact()
    entry = AuditEntry.objects.get(verb="embedding_slot.switched")
    assert entry.details == {"from": "stand-in 1", "to": "two"}

    newer("two", "three")
    all_the_way()
    assert slots() == [(0, "three", "current"), (1, "", "spare")]
    index_is_exact()


def test_while_it_is_filled_the_former_is_searched_and_new_claims_go_to_both(
    claims: list[Claim], newer: Callable[..., None]
):
    newer("stand-in 1", "two")
    assert reembed_for_a_while(seconds=0) is not None
    assert slots() == [(0, "stand-in 1", "current"), (1, "two", "filling")]
    assert searched() == (0, "stand-in 1")
    assert vectors() == {0: 5, 1: 2}
    new = factories.make_claim()
    mark_claims([new.pk])
    index_everything()
    assert set(new.match_entry.embeddings.values_list("slot", flat=True)) == {0, 1}
    all_the_way()
    index_is_exact()


def test_it_gives_way_to_the_indexer_after_each_batch(claims: list[Claim], newer: Callable[..., None]):
    newer("stand-in 1", "two")
    mark_claims([claims[0].pk])
    assert reembed_for_a_while(seconds=60) is not None
    assert vectors()[1] == 2, "one batch, so that it goes on even when something always waits"


def test_what_changes_meanwhile_is_right_afterwards(claims: list[Claim], newer: Callable[..., None]):
    editor = factories.make_user(Role.EDITOR)
    newer("stand-in 1", "two")
    reembed_for_a_while(seconds=0)
    edit_claim(claims[0], by=editor, text="Wholly other words", claimant="")
    edit_claim(claims[-1], by=editor, text="Other words at the end", claimant="")
    dismiss_claim(claims[1], by=editor, reason="Old.")
    reembed_for_a_while(seconds=0)
    index_everything()
    all_the_way()
    index_is_exact()


def test_killed_in_the_middle_it_goes_on_where_it_was(
    claims: list[Claim], newer: Callable[..., None], monkeypatch: pytest.MonkeyPatch
):
    newer("stand-in 1", "two")
    asked: list[str] = []
    embed = embedders.StandIn.embed

    def dying(self: Any, texts: Any) -> Any:
        if len(asked) >= 2:
            raise SystemExit
        asked.extend(texts)
        return embed(self, texts)

    with monkeypatch.context() as broken:
        broken.setattr(embedders.StandIn, "embed", dying)
        with pytest.raises(SystemExit):
            reembed_for_a_while()
    assert vectors() == {0: 5, 1: 2}
    monkeypatch.setattr(
        embedders.StandIn, "embed", lambda self, texts: asked.extend(texts) or embed(self, texts)
    )
    all_the_way()
    assert len(asked) == 5, "none is embedded twice"
    index_is_exact()


def test_it_does_not_switch_while_one_is_missing(claims: list[Claim], newer: Callable[..., None]):
    newer("stand-in 1", "two")
    reembed_for_a_while(seconds=0)
    assert switch_to(1, "two") is False
    assert searched() == (0, "stand-in 1")


def test_an_encoder_that_is_replaced_while_it_fills_is_given_up(
    claims: list[Claim], newer: Callable[..., None]
):
    newer("stand-in 1", "two")
    reembed_for_a_while(seconds=0)
    newer("stand-in 1", "two", "three")
    assert next_step("three").state == "emptying"
    assert switch_to(1, "two") is False
    all_the_way()
    assert slots() == [(0, "", "spare"), (1, "three", "current")]
    index_is_exact()


def test_going_back_to_the_encoder_that_is_searched_gives_up_the_other(
    claims: list[Claim], newer: Callable[..., None]
):
    newer("stand-in 1", "two")
    reembed_for_a_while(seconds=0)
    newer("stand-in 1")
    assert reembedding_is_needed()
    all_the_way()
    assert slots() == [(0, "stand-in 1", "current"), (1, "", "spare")]
    index_is_exact()


def test_the_former_slot_is_emptied_only_when_no_search_can_still_read_it(
    claims: list[Claim], newer: Callable[..., None], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(embedding_slots, "STILL_SEARCHED", timedelta(seconds=10))
    newer("stand-in 1", "two")
    again = reembed_for_a_while()
    assert again == EmbeddingSlot.objects.get(number=0).since + timedelta(seconds=10)
    assert vectors() == {0: 5, 1: 5}


def test_without_the_current_encoder_the_filling_slot_is_searched(
    claims: list[Claim], newer: Callable[..., None]
):
    newer("two")
    assert searched() is None
    reembed_for_a_while(seconds=0)
    assert searched() == (1, "two")
    all_the_way()
    assert searched() == (1, "two")
    index_is_exact()


def test_the_indexer_goes_on_without_the_current_encoder(claims: list[Claim], newer: Callable[..., None]):
    newer("two")
    new = factories.make_claim()
    mark_claims([new.pk])
    index_everything()
    assert not new.match_entry.embeddings.exists()
    all_the_way()
    index_is_exact()


def test_vectors_read_for_other_slots_are_not_written(claims: list[Claim], newer: Callable[..., None]):
    before = used_slots()
    new = factories.make_claim()
    mark_claims([new.pk])
    readings = read_statements(stale_sources(9), {"stand-in 1": embedders.newest_embedder()})
    newer("stand-in 1", "two")
    next_step("two")
    assert write_readings(readings, removed={}, slots=before) is None
    assert not new.match_entry.embeddings.exists()


def test_a_batch_takes_the_same_number_of_statements_at_any_size(
    claims: list[Claim], newer: Callable[..., None], monkeypatch: pytest.MonkeyPatch
):
    counts = []
    for size, version in ((2, "two"), (5, "three")):
        monkeypatch.setattr(embedding_slots, "BATCH", size)
        newer("stand-in 1", "two", version)
        with CaptureQueriesContext(connection) as seen:
            reembed_for_a_while(seconds=0)
        counts.append(len(seen))
        all_the_way()
    assert counts[0] == counts[1], counts


def test_the_database_keeps_one_slot_current():
    begin_first_slot()
    with pytest.raises(IntegrityError, match="one_embedding_slot_is_searched"), transaction.atomic():
        EmbeddingSlot.objects.filter(number=1).update(state="current", model_version="two")


def test_the_beat_asks_for_a_newer_encoder_once(claims: list[Claim], newer: Callable[..., None]):
    look_after_index()
    jobs = Job.objects.filter(kind="claims.reembed_entries")
    assert not jobs.exists()
    newer("stand-in 1", "two")
    look_after_index()
    look_after_index()
    assert jobs.count() == 1
    assert jobs.get().rerun is False


def say(name: str, *arguments: str) -> str:
    out = StringIO()
    call_command(name, *arguments, stdout=out)
    return out.getvalue()


def test_the_command_asks_for_it_when_there_is_something_to_do(
    claims: list[Claim], newer: Callable[..., None]
):
    assert say("reembed") == "Nothing to do: stand-in 1 made what is searched.\n"
    assert not Job.objects.filter(kind="claims.reembed_entries").exists()
    newer("stand-in 1", "two")
    assert "To be embedded anew by two" in say("reembed")
    assert Job.objects.get(kind="claims.reembed_entries").state == "queued"


def test_the_command_on_an_empty_site():
    assert say("reembed").startswith("Nothing to do: nothing is indexed yet")
    assert "Entries: 0 indexed, 0 waiting" in say("reembed", "--status")


def test_the_status_says_how_far_it_is(claims: list[Claim], newer: Callable[..., None]):
    newer("two")
    reembed_for_a_while(seconds=0)
    mark_claims([claims[0].pk])
    look_after_index()
    assert say("reembed", "--status").splitlines() == [
        "Newest encoder: two",
        "Slot 0: stand-in 1 (current), 5 vectors, its encoder is not there any more",
        "Slot 1: two (filling), 2 vectors",
        "Entries: 5 indexed, 1 waiting for the indexer",
        "Job claims.index_entries: queued, attempt 0",
        "Job claims.reembed_entries: queued, attempt 0",
    ]


def test_the_rebuild_command_says_what_it_did(claims: list[Claim]):
    assert say("rebuild_match_index").splitlines() == [
        "5 entries wait for the indexer; 0 word counts put right.",
        "The workers of the queue match do the rest; manage.py reembed --status shows how far.",
    ]
    assert say("rebuild_match_index", "--here").splitlines()[-1] == "5 indexed, 0 removed."
    index_is_exact()


def test_the_rebuild_command_tells_its_progress_when_asked(claims: list[Claim]):
    assert "5 claims marked" in say("rebuild_match_index", "-v2").splitlines()
