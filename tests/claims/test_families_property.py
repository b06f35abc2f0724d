"""Whatever people do to families, in whatever order: one canonical claim each, one deep, and nothing lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import F
from hypothesis import HealthCheck, given
from hypothesis import settings as trials
from hypothesis import strategies as st

from claims.actions.curation import dismiss_claim, restore_claim
from claims.actions.families import (
    confirm_match,
    detach_claim,
    merge_families,
    reconsider_match,
    reject_match,
    split_family,
    undo_family_action,
)
from claims.models import Appearance, Claim, ClaimAlert, ClaimMatch, ClaimWatch, FamilyChange, KnownClaim
from claims.states import SET_ASIDE
from claimtracker.accounts.models import Role
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger.models import AuditEntry, OutboxEvent
from reviews.actions.verdicts import save_draft
from reviews.models import Evidence, Publication, ReviewTask, Source, Verdict
from tests import factories
from tests.support.drills import drill_size

pytestmark = pytest.mark.django_db

SEQUENCES = drill_size(30, long=120)
REFUSALS = {  # what may be said no to; anything else is a mistake
    "already_undone", "bad_canonical", "in_family", "in_one_family", "is_an_undo", "moved_since",
    "not_in_family", "set_aside", "two_families", "two_published", "undecided", "whole_family",
    "illegal_transition", "rejected_before",
}  # fmt: skip
DECISION = {"state", "decided_by_id", "decided_at", "note", "family_action", "updated_at"}
CURATION = {"state", "dismissed_because"}
FAMILY = {"canonical_id", "is_canonical", "canonical_stands"}
KEPT: list[tuple[Any, set[str]]] = [
    (Claim, FAMILY | CURATION | {"changed_at"}),  # partners are shown the state
    (ClaimMatch, DECISION),
    *((model, set()) for model in (Appearance, ClaimAlert, ClaimWatch, Evidence, KnownClaim)),
    *((model, set()) for model in (Publication, ReviewTask, Source, Verdict)),
]


class Rollback(Exception):
    """Takes a trial back."""


class Newsroom:
    """Eight claims with everything that rests on claims, and one person who may do all to them."""

    def __init__(self) -> None:
        self.lead = factories.make_user(Role.LEAD)
        self.claims = [factories.make_claim() for _ in range(8)]
        for place in (1, 5):
            factories.make_publication(claim=self.claims[place])
        for place in (2, 6):
            task = factories.make_taken_task(self.lead, self.claims[place])
            save_draft(task, by=self.lead, rating=factories.make_rating(), summary="So far.", rationale="")
        for place in (0, 2, 3):
            factories.make_evidence(self.claims[place], self.lead)
        pairs = [(1, 0), (3, 0), (4, 2), (6, 4), (7, 3), (7, 5), (5, 1)]
        self.matches = [factories.make_match(self.claims[a], other=self.claims[b]) for a, b in pairs]
        self.matches.append(factories.make_match(self.claims[3], known=self.claims[1].known_claim))
        self.matches.append(factories.make_match(self.claims[4], known=factories.make_known_claim()))
        for claim in self.claims[3:6]:
            watch = ClaimWatch.objects.create(claim=claim, desk=claim.desk, created_by=self.lead)
            ClaimAlert.objects.create(watch=watch, match=self.matches[2])
        self.actions: list[Any] = []

    def do(self, verb: str, one: int, other: int, third: int) -> None:
        claim, by = self.claims[one], self.lead
        match = self.matches[(one + other + third) % len(self.matches)]
        several = [self.claims[place] for place in {one, other, third}]
        steps: dict[str, Callable[[], Any]] = {
            "confirm": lambda: confirm_match(match, by=by).family_action,
            "reject": lambda: reject_match(match, by=by) and None,
            "reconsider": lambda: reconsider_match(match, by=by) and None,
            "merge": lambda: merge_families(claim, into=self.claims[other], by=by, note="Same."),
            "detach": lambda: detach_claim(claim, by=by, note="Other."),
            "split": lambda: split_family(several, by=by, note="Others."),
            "lead": lambda: split_family(several, by=by, note="Others.", canonical=claim),
            "undo": lambda: undo_family_action(self.actions[-1 - third % len(self.actions)], by=by),
            "dismiss": lambda: dismiss_claim(claim, by=by, reason="Satire.") and None,
            "restore": lambda: restore_claim(claim, by=by) and None,
        }
        if verb == "undo" and not self.actions:
            return
        try:
            with transaction.atomic():
                action = steps[verb]()
        except ActionRefused as refusal:
            assert refusal.code in REFUSALS, (refusal.code, refusal.reason)
        else:
            if action is not None and action not in self.actions:
                self.actions.append(action)


def kept() -> list[tuple[str, int, str]]:
    """Of each table that rests on claims its name, its count and its contents, without what actions on
    families may change. The database sums it up, hundreds of times."""
    one = (
        "SELECT '{table}', count(*), md5(string_agg((to_jsonb(t) - '{{{free}}}'::text[])::text, ',' "
        "ORDER BY t.id)) FROM {table} t"
    )
    asked = [one.format(table=model._meta.db_table, free=",".join(sorted(free))) for model, free in KEPT]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked))
        return cursor.fetchall()


def canonical_by_claim() -> dict[int, int | None]:
    return dict(Claim.objects.values_list("pk", "canonical_id"))


def decisions() -> dict[int, str]:
    return dict(ClaimMatch.objects.values_list("pk", "state"))


def replayed() -> dict[int, int | None]:
    """Where the history alone, from nothing, puts every claim."""
    place: dict[int, int | None] = dict.fromkeys(Claim.objects.values_list("pk", flat=True))
    for row in FamilyChange.objects.order_by("id"):
        assert place[row.claim_id] == row.before_id, "the history does not lead from one row to the next"
        place[row.claim_id] = row.after_id
    return place


def check_families() -> None:
    place = canonical_by_claim()
    assert all(above is None or place[above] is None for above in place.values()), "deeper than one"
    assert replayed() == place
    in_family = {*place.values(), *(one for one, above in place.items() if above is not None)} - {None}
    assert not Claim.objects.filter(pk__in=in_family, state__in=SET_ASIDE).exists()
    ends = ClaimMatch.objects.confirmed().annotate(known=F("known_claim__claim"))
    for first, second, known in ends.values_list("claim", "other_claim", "known"):
        other = second or known
        assert other is None or (place[first] or first) == (place[other] or other), "confirmed, yet apart"


def check_undo(room: Newsroom, before: Any) -> None:
    """The last action, taken back at once, leaves families and matches exactly as before it."""
    try:
        with transaction.atomic():
            undo_family_action(room.actions[-1], by=room.lead)
            assert (canonical_by_claim(), decisions()) == before
            check_families()
            raise Rollback
    except Rollback:
        pass


PLACE = st.integers(0, 7)
VERBS = ["confirm"] * 3 + ["merge"] * 4 + ["detach"] * 3 + ["split"] * 2 + ["lead"] + ["undo"] * 2
STEP = st.tuples(st.sampled_from([*VERBS, "reject", "reconsider", "dismiss", "restore"]), PLACE, PLACE, PLACE)


@pytest.mark.timeout(600)
def test_no_sequence_of_actions_loses_anything(settings):
    settings.OUTBOX_SUBSCRIPTIONS = {}  # the events are counted; who listens is another matter
    room = Newsroom()
    before, counts = kept(), {"sequences": 0, "moves": 0}
    assert all(count for _table, count, _contents in before), (
        "the newsroom lacks something that could get lost"
    )

    @trials(
        max_examples=SEQUENCES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    @given(st.lists(STEP, min_size=4, max_size=9))
    def run(steps: list[tuple[str, int, int, int]]) -> None:
        try:
            with transaction.atomic():
                room.actions.clear()
                for number, step in enumerate(steps, 1):
                    is_last, actions = number == len(steps), len(room.actions)
                    then = (canonical_by_claim(), decisions()) if is_last else None
                    room.do(*step)
                    if is_last and len(room.actions) > actions and step[0] != "undo":
                        check_undo(room, then)
                check_families()
                assert kept() == before
                moved = FamilyChange.objects.values("action").distinct().count()
                assert OutboxEvent.objects.filter(type="family.changed").count() == moved
                assert AuditEntry.objects.filter(verb__startswith="family.").count() == moved
                counts["sequences"] += 1
                counts["moves"] += moved
                raise Rollback
        except Rollback:
            pass

    run()
    assert counts["sequences"] >= SEQUENCES
    assert counts["moves"] >= 1.5 * SEQUENCES, "the sequences hardly move anything"
