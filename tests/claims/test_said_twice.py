"""The same claim twice in an article is one claim with two appearances, also when it is read again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from claims.actions.curation import add_claim, dismiss_claim
from claims.actions.extraction import Analysis
from claims.extraction import Block, ExtractedClaim
from claims.models import ArticleVersion, Claim, ExtractionRun
from claimtracker.accounts.models import Role
from claimtracker.ledger.models import AuditEntry, OutboxEvent
from reviews.actions.rereading import preview_rereading, reread_version
from reviews.actions.routing import route_claim
from reviews.models import ReviewTask
from tests import factories
from tests.support import readings
from tests.support.readings import found

pytestmark = pytest.mark.django_db

HEADLINE = "Council closes four libraries in Eastmouth"
SENTENCE = "The council closed four libraries in Eastmouth"
CUT = "The council cut its budget by 9 per cent"
BODY = (
    f"{HEADLINE}\n\n{SENTENCE}. {CUT}, the treasurer Helen Marsh said.\n\nSummary: {CUT}. Nobody knows more."
)


LAYOUT = (Block("headline", 0, len(HEADLINE)),)


def first_reading(version: ArticleVersion, *claims: Any) -> ExtractionRun:
    return readings.first_reading(version, *claims, blocks=LAYOUT)


def reading(*claims: Any, **fields: Any) -> Analysis:
    return readings.reading(*claims, blocks=LAYOUT, **fields)


@pytest.fixture
def version() -> ArticleVersion:
    return factories.make_article(BODY).versions.select_related("article__desk").get()


def said_again(version: ArticleVersion, **fields: Any) -> ExtractedClaim:
    """The second place of CUT."""
    first = found(version, CUT, **fields)
    start = BODY.index(CUT, first.end)
    return replace(first, start=start, end=start + len(CUT))


def everything(version: ArticleVersion, **fields: Any) -> list[ExtractedClaim]:
    return [
        found(version, HEADLINE, score=0.7),
        found(version, SENTENCE, score=0.8),
        found(version, CUT, score=0.6, claimant="Helen Marsh", attribution="reported", **fields),
        said_again(version, score=0.9, **fields),
    ]


def places() -> list[tuple[str, list[int]]]:
    """Each claim's wording with where it starts."""
    return [
        (claim.text, [place.start for place in claim.appearances.order_by("start")])
        for claim in Claim.objects.order_by("pk")
    ]


def starts(version: ArticleVersion) -> tuple[int, int]:
    first = BODY.index(CUT)
    return first, BODY.index(CUT, first + 1)


# --- the first reading


def test_what_is_said_twice_is_one_claim_by_its_strongest_place(version: ArticleVersion) -> None:
    run = first_reading(version, *everything(version))
    assert places() == [(SENTENCE, [0, len(HEADLINE) + 2]), (CUT, list(starts(version)))]
    cut = Claim.objects.get(text=CUT)
    assert (cut.score, str(cut.claimant)) == (0.9, "Helen Marsh"), "whose word it is, one place knows"
    assert (run.claims_found, run.claims_new, run.claims_kept) == (2, 2, 0)
    ranks = version.appearances.order_by("start").values_list("rank", flat=True)
    assert list(ranks) == [2, 2, 1, 1], "both places have the claim's rank"
    assert cut.appearances.order_by("id")[0].score == 0.9, "the strongest is its first"


def test_it_is_one_event_and_one_task(version: ArticleVersion) -> None:
    first_reading(version, *everything(version))
    assert OutboxEvent.objects.filter(type="claim.extracted").count() == 2
    assert not OutboxEvent.objects.filter(type="claim.appeared").exists()
    for claim in Claim.objects.all():
        route_claim(claim.pk)
    assert ReviewTask.objects.count() == 2
    assert "check-worthiness 0.90: a number" in ReviewTask.objects.get(claim__text=CUT).why


def test_other_numbers_and_other_speakers_stay_apart(version: ArticleVersion) -> None:
    two = found(version, CUT, claimant="Helen Marsh"), said_again(version, claimant="Bo Kim")
    first_reading(version, *two)
    assert Claim.objects.count() == 2


def test_a_claim_that_a_person_marked_gets_the_other_place(version: ArticleVersion) -> None:
    """Marked while the article waited to be read."""
    start = BODY.index(CUT)
    mine = add_claim(version, by=factories.make_user(Role.REPORTER), start=start, end=start + len(CUT))
    run = first_reading(version, found(version, CUT), said_again(version))
    assert Claim.objects.get() == mine
    assert [place.start for place in mine.appearances.all()] == list(starts(version))
    assert (run.claims_found, run.claims_new) == (1, 0)


# --- a newer reading


@pytest.fixture
def read(version: ArticleVersion) -> ArticleVersion:
    first_reading(version, *everything(version))
    for claim in Claim.objects.order_by("pk"):
        route_claim(claim.pk)
    return version


def test_both_places_are_refreshed_under_their_ids(read: ArticleVersion) -> None:
    before = list(read.appearances.order_by("pk").values_list("pk", "claim_id", "start"))
    better = {"kind": "event", "reasons": ("an official number",)}
    run = reread_version(read, analysis=reading(*everything(read, **better)))
    assert list(read.appearances.order_by("pk").values_list("pk", "claim_id", "start")) == before
    assert set(Claim.objects.filter(text=CUT).values_list("kind", "extractor_version")) == {
        ("event", "reader-2")
    }
    assert (run.claims_refreshed, run.claims_new, run.claims_kept, run.claims_withdrawn) == (2, 0, 0, 0)


def test_found_at_one_place_only_it_loses_the_other(read: ArticleVersion) -> None:
    claim = Claim.objects.get(text=CUT)
    analysis = reading(found(read, SENTENCE), found(read, CUT, score=0.4))
    preview = preview_rereading(read, analysis=analysis)
    run = reread_version(read, analysis=analysis)
    claim.refresh_from_db()
    assert (claim.state, claim.score) == ("suggested", 0.4)
    assert [place.start for place in claim.appearances.all()] == [starts(read)[0]]
    assert (run.claims_refreshed, run.claims_withdrawn) == (2, 0) == (preview.refreshed, preview.withdrawn)
    entry = AuditEntry.objects.about(claim).get(verb="claim.refreshed")
    assert [place[0] for place in entry.details["before"]["places"]] == list(starts(read))


def test_found_nowhere_it_is_withdrawn_once_and_comes_back_whole(read: ArticleVersion) -> None:
    claim = Claim.objects.get(text=CUT)
    run = reread_version(read, analysis=reading(found(read, SENTENCE)))
    claim.refresh_from_db()
    assert (claim.state, run.claims_withdrawn, claim.appearances.count()) == ("withdrawn", 1, 2)
    assert claim.review_tasks.get().state == "cancelled"
    assert OutboxEvent.objects.filter(type="claim.withdrawn", subject_id=str(claim.pk)).count() == 1
    reread_version(read, analysis=reading(*everything(read), by="reader-3"))
    claim.refresh_from_db()
    assert (claim.state, claim.appearances.count()) == ("suggested", 2)
    assert OutboxEvent.objects.filter(type="claim.restored", subject_id=str(claim.pk)).count() == 1


def test_places_that_state_something_else_now_part(read: ArticleVersion) -> None:
    claim = Claim.objects.get(text=CUT)
    other = said_again(read, score=0.3, text="The county cut its budget by 9 per cent")
    run = reread_version(read, analysis=reading(found(read, SENTENCE), found(read, CUT), other))
    assert places()[1:] == [
        (CUT, [starts(read)[0]]),
        ("The county cut its budget by 9 per cent", [starts(read)[1]]),
    ]
    assert (run.claims_new, run.claims_refreshed) == (1, 2)
    new = Claim.objects.latest("pk")
    assert new != claim
    assert OutboxEvent.objects.filter(type="claim.extracted", subject_id=str(new.pk)).exists()


def test_a_place_that_only_the_newer_reading_finds_joins_its_claim(version: ArticleVersion) -> None:
    first_reading(version, found(version, CUT))
    events = OutboxEvent.objects.count()
    run = reread_version(version, analysis=reading(found(version, CUT), said_again(version)))
    assert places() == [(CUT, list(starts(version)))]
    assert (run.claims_found, run.claims_new, run.claims_refreshed) == (1, 0, 1)
    assert OutboxEvent.objects.count() == events


def test_what_people_decided_holds_at_a_place_that_is_found_later(version: ArticleVersion) -> None:
    """A dismissed claim is not offered again because its words stand once more further down."""
    first_reading(version, found(version, CUT))
    claim = Claim.objects.get()
    dismiss_claim(claim, by=factories.make_user(), reason="Old news")
    run = reread_version(version, analysis=reading(found(version, CUT, score=0.9), said_again(version)))
    claim.refresh_from_db()
    assert (claim.state, claim.score, claim.appearances.count()) == ("dismissed", 0.6, 2)
    assert (run.claims_new, run.claims_kept) == (0, 1)


def test_a_claim_of_which_people_decided_keeps_every_place(read: ArticleVersion) -> None:
    claim = Claim.objects.get(text=CUT)
    factories.make_evidence(claim, factories.make_user())
    run = reread_version(read, analysis=reading(found(read, SENTENCE)))
    claim.refresh_from_db()
    assert (claim.state, claim.appearances.count(), run.claims_kept) == ("suggested", 2, 1)


def test_a_second_reading_by_the_same_eyes_changes_nothing(read: ArticleVersion) -> None:
    before = places()
    reread_version(read, analysis=reading(*everything(read)))
    reread_version(read, analysis=reading(*everything(read), by="reader-3"))
    assert places() == before
