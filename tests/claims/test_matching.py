"""Looking up a claim: suggestions are written, kept, changed and let go."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims import states
from claims.actions.curation import dismiss_claim, edit_claim
from claims.actions.known_claims import restore_known_claim, withdraw_known_claim
from claims.actions.match_index import index_everything
from claims.actions.matching import (
    ask_to_match_recent,
    awaits_index,
    look_up,
    match_some_recent,
    record_matches,
)
from claims.matching.finding import find_known
from claims.matching.wording import statement_of
from claims.models import Claim, ClaimMatch, Grade
from claimtracker.accounts.models import Role
from claimtracker.jobs.models import Job
from claimtracker.ledger.models import AuditEntry, OutboxEvent
from tests.factories import make_claim, make_known_claim, make_user
from tests.support.match_index import mark_everything

pytestmark = pytest.mark.django_db

SAID = "The tram line to the harbour cost 1,400 million euros to build."
OTHER_NUMBER = "The tram line to the harbour cost 1,200 million euros to build."
ELSEWHERE = [
    "Vaccines cause autism in small children.",
    "The mayor sold the town hall to a foreign bank.",
    "Drinking bleach cures the common cold.",
    "A shark swam along a motorway in Houston after the storm.",
    "The president was born in Kenya.",
    "Five million votes were cast twice in the election.",
    "Wind turbines killed every whale in the bay.",
    "The moon landing was filmed in a desert in Nevada.",
    "Eating carrots lets people see in the dark.",
    "The new law bans all petrol cars from next year.",
    "A court ordered schools to stop teaching history.",
    "The lake was poisoned by a leaking chemical plant.",
]


@pytest.fixture(autouse=True)
def _real_encoder(settings: Any) -> None:
    settings.MATCHING_ENCODER_MODULE = "claims.matching.encoder"


def indexed() -> None:
    mark_everything()
    index_everything()


def looked_up(claim: Claim) -> list[ClaimMatch]:
    record_matches(claim, lookup=look_up(claim))
    return list(ClaimMatch.objects.order_by("pk"))


def among_others(**fields: Any) -> Any:
    for number, text in enumerate(ELSEWHERE):
        make_known_claim(text=text, url=f"https://checks.example/{number}", title="")
    return make_known_claim(url="https://checks.example/tram", title="", **fields)


def test_what_was_said_before_is_suggested_as_very_likely() -> None:
    known = among_others(text=SAID, rating="False")
    claim = make_claim(text="Building the tram line to the harbour cost 1,400 million euros.")
    indexed()
    (match,) = looked_up(claim)
    assert (match.claim, match.known_claim, match.state) == (claim, known, states.PROPOSED)
    assert match.grade == Grade.STRONG and match.score > 0.5
    assert any("1,400 million euros" in reason["text"] and reason["agrees"] for reason in match.reasons)
    assert match.method_version.startswith("hybrid-1/minilm-claims-")
    assert OutboxEvent.objects.get(type="match.suggested").subject_id == str(match.pk)
    assert AuditEntry.objects.get(verb="claim.matched").details["new"] == [match.pk]


def test_another_number_is_shown_and_is_never_very_likely() -> None:
    among_others(text=OTHER_NUMBER)
    claim = make_claim(text=SAID)
    indexed()
    (match,) = looked_up(claim)
    assert match.grade == Grade.POSSIBLE
    assert match.reasons[0]["text"] == "1,200 million euros there, 1,400 million euros here"
    assert not OutboxEvent.objects.filter(type="match.suggested").exists()


def test_what_nobody_has_claimed_is_not_suggested() -> None:
    among_others(text=SAID)
    claim = make_claim(text="The library opens on Sundays from the autumn.")
    indexed()
    assert looked_up(claim) == []


def test_of_two_of_our_claims_the_later_matches_the_earlier_whichever_is_looked_up() -> None:
    among_others(text="Something else was said.")
    earlier, later = make_claim(text=SAID), make_claim(text=SAID)
    indexed()
    (match,) = looked_up(earlier)
    assert (match.claim, match.other_claim) == (later, earlier)
    assert looked_up(later) == [match]


def test_a_lookup_that_is_repeated_changes_nothing() -> None:
    among_others(text=SAID)
    claim = make_claim(text=SAID)
    indexed()
    first = looked_up(claim)
    assert looked_up(claim) == first
    assert AuditEntry.objects.filter(verb="claim.matched").count() == 1
    assert OutboxEvent.objects.filter(type="match.suggested").count() == 1


def test_a_suggestion_lapses_with_what_it_rests_on_and_comes_back() -> None:
    known = among_others(text=SAID)
    claim, moderator = make_claim(text=SAID), make_user(Role.MODERATOR)
    indexed()
    (match,) = looked_up(claim)
    withdraw_known_claim(known, by=moderator, reason="taken down")
    index_everything()
    looked_up(claim)
    match.refresh_from_db()
    assert match.state == states.LAPSED
    restore_known_claim(known, by=moderator, reason="a mistake")
    index_everything()
    looked_up(claim)
    match.refresh_from_db()
    assert match.state == states.PROPOSED


def test_what_a_person_rejected_is_not_asked_again() -> None:
    among_others(text=SAID)
    claim = make_claim(text=SAID)
    indexed()
    (match,) = looked_up(claim)
    ClaimMatch.objects.filter(pk=match.pk).update(
        state=states.REJECTED_MATCH, decided_at=timezone.now(), score=0.123
    )
    looked_up(claim)
    match.refresh_from_db()
    assert (match.state, match.score) == (states.REJECTED_MATCH, 0.123)


def test_a_claim_that_changed_while_it_was_looked_up_is_left_alone() -> None:
    among_others(text=SAID)
    checker = make_user(Role.CHECKER)
    reworded, dismissed = make_claim(text=SAID), make_claim(text=SAID)
    indexed()
    found = {claim.pk: look_up(claim) for claim in (reworded, dismissed)}
    edit_claim(reworded, by=checker, text="The tram was cheap.", claimant="")
    dismiss_claim(dismissed, by=checker, reason="not checkable")
    for claim in (reworded, dismissed):
        assert record_matches(claim, lookup=found[claim.pk]) == []
    assert not ClaimMatch.objects.exists()


def test_a_claim_waits_for_the_indexer() -> None:
    claim = make_claim(text=SAID)
    mark_everything()
    assert awaits_index(claim)
    index_everything()
    assert not awaits_index(claim)


def test_thin_and_link_only_texts_are_only_ever_possible() -> None:
    among_others(text="Fake news everywhere")
    indexed()
    found = find_known(statement_of("Fake news! https://a.example/x")).found
    assert found and {one.grade for one in found} <= {None, "possible"}


def test_words_alone_are_searched_where_there_are_no_vectors() -> None:
    known = among_others(text=SAID)
    indexed()
    found = find_known(statement_of(SAID), mode="lexical").found
    assert found[0].candidate.known_claim_id == known.pk
    assert {(one.grade, one.probability) for one in found} == {(None, None)}


def test_a_lookup_takes_the_same_number_of_statements_however_much_is_known() -> None:
    counts = []
    for _ in range(2):
        for number in range(15):
            make_known_claim(
                text=f"{SAID} It was said {number} times.", url=f"https://more.example/{len(counts)}/{number}"
            )
        indexed()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            find_known(statement_of(SAID))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 7


def test_recent_claims_are_looked_up_again_when_others_found_something() -> None:
    recent, dismissed, old = (make_claim(text=SAID) for _ in range(3))
    dismiss_claim(dismissed, by=make_user(Role.CHECKER), reason="no")
    Claim.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=40))
    Job.objects.all().delete()
    ask_to_match_recent()
    assert match_some_recent(after=0) == recent.pk
    assert match_some_recent(after=recent.pk) is None
    asked = Job.objects.filter(kind="claims.match_claim").values_list("object_id", flat=True)
    assert list(asked) == [str(recent.pk)]
    assert Job.objects.filter(kind="claims.match_recent").count() == 1
