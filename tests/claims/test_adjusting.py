"""A claim stands at other words than those that were marked, or becomes two."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from claims import states
from claims.actions.adjusting import CHOSEN, adjust_place, split_place
from claims.actions.curation import add_claim, dismiss_claim
from claims.actions.reread_plan import Standing, plan_rereading
from claims.models import Appearance, Claim
from claimtracker.accounts.models import Role, User
from claimtracker.jobs.models import Job
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from claimtracker.ledger.models import AuditEntry
from tests import factories

pytestmark = pytest.mark.django_db

BODY = "The mayor Ann Lee said crime rose by 40% in the city last year and rents fell by 3%."
CRIME, RENTS = "crime rose by 40% in the city last year", "rents fell by 3%"
BOTH = f"{CRIME} and {RENTS}"


@pytest.fixture
def place() -> Appearance:
    claim = factories.make_claim(BOTH, article=factories.make_article(BODY), claimant="Ann Lee")
    place = claim.appearances.get()
    at = BODY.index("40%")
    place.parts = {"quantities": [{"start": at, "end": at + 3}, {"start": at + 40, "end": at + 46}]}
    place.save(update_fields=["parts"])
    return place


@pytest.fixture
def checker() -> User:
    return factories.make_user()


def span(words: str) -> tuple[int, int]:
    return BODY.index(words), BODY.index(words) + len(words)


def adjusted(place: Appearance, by: User, words: str, text: str = "") -> Claim:
    start, end = span(words)
    return adjust_place(place, by=by, start=start, end=end, text=text)


def test_it_stands_at_the_new_words_with_what_the_reading_said_of_them(place, checker):
    Job.objects.all().delete()
    claim = adjusted(place, checker, CRIME)
    place.refresh_from_db()
    assert (place.quote, place.suffix[:4], place.reasons) == (CRIME, " and", [CHOSEN])
    assert [part["start"] for part in place.parts["quantities"]] == [BODY.index("40%")]
    assert (claim.text, claim.changes, claim.state) == (CRIME, [], states.CONFIRMED)
    assert claim.edited_at is not None, "no newer reading withdraws it"
    assert [(job.kind, job.object_id) for job in Job.objects.all()] == [("claims.match_claim", str(claim.pk))]
    entry = AuditEntry.objects.about(claim).get(verb="claim.adjusted")
    assert (entry.details["before"]["end"], entry.details["after"]["text"]) == (span(BOTH)[1], CRIME)


def test_a_wording_may_be_given_and_a_claim_that_stands_elsewhere_keeps_its_own(place, checker):
    assert adjusted(place, checker, CRIME, "Crime rose in Northfield.").text == "Crime rose in Northfield."
    Appearance.objects.create(
        claim=place.claim,
        version=place.version,
        start=0,
        end=9,
        quote=BODY[:9],
        attribution="author",
    )
    assert adjusted(place, checker, RENTS).text == "Crime rose in Northfield."


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [(5, 5, "bad_span"), (0, 10_000, "bad_span"), (3, 4, "bad_span"), (*span("The mayor"), "already_marked")],
)
def test_words_that_are_none_or_another_claims_are_refused(place, checker, start, end, code):
    add_claim(place.version, by=checker, start=0, end=9)
    with pytest.raises(ActionRefused) as refused:
        adjust_place(place, by=checker, start=start, end=end)
    assert (refused.value.code, refused.value.field) == (code, "quote")
    place.refresh_from_db()
    assert place.quote == BOTH


def test_not_in_an_older_text_nor_once_it_was_dismissed_nor_by_everybody(place, checker):
    with pytest.raises(NotPermitted):
        adjusted(place, factories.make_user(Role.REPORTER), CRIME)
    with pytest.raises(ActionRefused, match="1000 are the limit"):
        adjusted(place, checker, CRIME, "word " * 300)
    factories.make_version(place.version.article, BODY + " It rained.")
    with pytest.raises(ActionRefused, match="newer version"):
        adjusted(place, checker, CRIME)
    dismiss_claim(place.claim, by=checker, reason="An opinion.")
    with pytest.raises(ActionRefused, match="dismissed"):
        adjusted(place, checker, CRIME)


def test_one_claim_becomes_two_of_the_same_person(place, checker):
    other = split_place(place, by=checker, first=span(CRIME), second=span(RENTS))
    place.refresh_from_db()
    assert (place.claim.text, other.text) == (CRIME, RENTS)
    second = other.appearances.get()
    assert (second.quote, second.claimant_name, second.attribution) == (RENTS, "Ann Lee", place.attribution)
    assert AuditEntry.objects.about(place.claim).filter(verb="claim.split").exists()


def test_two_claims_never_overlap_and_nothing_of_both_happens_alone(place, checker):
    with pytest.raises(ActionRefused) as refused:
        split_place(place, by=checker, first=span(CRIME), second=span(f"last year and {RENTS}"))
    assert (refused.value.code, refused.value.field) == ("overlap", "second_quote")
    with pytest.raises(ActionRefused):
        split_place(place, by=checker, first=span(CRIME), second=(0, 10_000))
    place.refresh_from_db()
    assert (place.quote, Claim.objects.count()) == (BOTH, 1)


def test_a_newer_reading_offers_neither_half_nor_the_whole_again(found: Callable[[int, int], Any]):
    halves = [Standing(1, 0, 40, kept=True), Standing(2, 45, 90, kept=True)]
    plan = plan_rereading(halves, [found(0, 90), found(46, 88)])
    assert plan.new == []


@pytest.fixture
def found() -> Callable[[int, int], Any]:
    class Found:
        def __init__(self, start: int, end: int) -> None:
            self.start, self.end = start, end

    return Found
