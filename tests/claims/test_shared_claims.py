"""Wire copy: an article that another outlet printed almost unchanged shares its claims."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.actions.curation import dismiss_claim
from claims.matching.near_identical import near_identical_versions
from claims.models import Appearance, Article, ArticleFingerprint, ArticleVersion, Claim, ExtractionRun
from claimtracker.accounts.models import Role
from claimtracker.ledger.models import OutboxEvent
from reviews.actions.rereading import preview_rereading, reread_version
from reviews.actions.routing import route_claim, route_missing
from reviews.models import ReviewTask
from tests import factories
from tests.support.readings import first_reading, found, reading
from tests.support.wire import CLOSED, COPY, CUT, RENTS, SPENT, STORY, make_version

pytestmark = pytest.mark.django_db

OWN = "The mayor sold 12 of the town's cars last week"


def offers(version: ArticleVersion, *more: str) -> list[Any]:
    said = {"claimant": "Helen Marsh", "attribution": "reported"}
    return [
        found(version, CUT, score=0.9, **said),
        found(version, CLOSED, score=0.5, claimant="the town hall"),
        found(version, SPENT, text=SPENT.capitalize(), score=0.7, **said),
        found(version, RENTS, score=0.3),
        *(found(version, quote) for quote in more),
    ]


def read(body: str = STORY, *more: str, **options: Any) -> tuple[ArticleVersion, ExtractionRun]:
    version = make_version(body, **options)
    return version, first_reading(version, *offers(version, *more))


@pytest.fixture
def wire() -> ArticleVersion:
    """The agency's story, at the default desk, each claim with its task."""
    version, _run = read(origin="partner:agency")
    for claim in Claim.objects.order_by("pk"):
        route_claim(claim.pk)
    return version


@pytest.fixture
def health() -> Any:
    return factories.make_desk("health")


def claims_in(version: ArticleVersion) -> list[int]:
    return list(version.appearances.order_by("start").values_list("claim_id", flat=True))


# --- what is shared


def test_a_copy_shares_the_claims_and_brings_its_own(wire: ArticleVersion, health: Any) -> None:
    copy, run = read(COPY, OWN, desk=health)
    assert claims_in(copy)[:4] == claims_in(wire)
    own = Claim.objects.get(appearances__quote=OWN)
    assert (Claim.objects.count(), own.desk) == (5, health)
    assert (run.claims_found, run.claims_new, run.claims_kept) == (5, 1, 4)
    extracted = OutboxEvent.objects.filter(type="claim.extracted")
    assert extracted.count() == 5
    assert extracted.filter(subject_id=str(own.pk)).exists()


def test_each_place_on_a_claim_that_was_there_is_an_event(wire: ArticleVersion) -> None:
    copy, _run = read(COPY)
    events = OutboxEvent.objects.filter(type="claim.appeared").order_by("id")
    assert set(events.values_list("subject_type", flat=True)) == {"claims.appearance"}
    places = [Appearance.objects.get(pk=event.subject_id) for event in events]
    assert {place.version_id for place in places} == {copy.pk}
    facts = [{"claim": p.claim_id, "article": copy.article_id, "version": copy.pk} for p in places]
    assert [event.payload for event in events] == facts
    assert len(events) == 4


def test_a_shared_claim_keeps_its_one_task_and_its_desk(wire: ArticleVersion, health: Any) -> None:
    read(COPY, desk=health)
    for claim in Claim.objects.all():
        route_claim(claim.pk)
    assert (route_missing(), ReviewTask.objects.count()) == (0, 4)
    assert set(ReviewTask.objects.values_list("desk__slug", flat=True)) == {"politics"}


def test_the_same_article_under_another_origin_shares_everything(wire: ArticleVersion) -> None:
    again, run = read(origin="desk:other", url="https://outlet.example/story")
    assert claims_in(again) == claims_in(wire)
    assert (run.claims_found, run.claims_new) == (4, 0)


def test_a_third_copy_shares_what_only_the_second_has(wire: ArticleVersion) -> None:
    second, _run = read(COPY, OWN)
    third, run = read(COPY.replace("Library cuts", "Cuts"), OWN)
    assert claims_in(third) == claims_in(second)
    assert run.claims_new == 0


def test_a_dismissed_claim_is_not_offered_again(wire: ArticleVersion) -> None:
    claim = Claim.objects.get(appearances__quote=CUT)
    dismiss_claim(claim, by=factories.make_user(), reason="Checked last year")
    copy, run = read(COPY)
    claim.refresh_from_db()
    assert (claim.state, claim.appearances.count(), run.claims_new) == ("dismissed", 2, 0)
    assert claim.pk in claims_in(copy)


def test_what_a_reading_withdrew_is_a_new_claim(wire: ArticleVersion) -> None:
    reread_version(wire, analysis=reading(*offers(wire)[1:]))
    gone = Claim.objects.get(state="withdrawn")
    copy, run = read(COPY)
    assert run.claims_new == 1
    assert gone.pk not in claims_in(copy)


@pytest.mark.parametrize(
    ("words", "fields"),
    [
        ("another speaker", {"claimant": "Bo Kim"}),
        (
            "another wording",
            {"claimant": "Helen Marsh", "text": "The county cut its library budget by 9 per cent in March"},
        ),
    ],
)
def test_words_that_mean_something_else_are_a_new_claim(
    wire: ArticleVersion, words: str, fields: dict[str, Any]
) -> None:
    copy = make_version(COPY)
    run = first_reading(copy, found(copy, CUT, **fields))
    assert (run.claims_new, Claim.objects.count()) == (1, 5), words


def test_another_article_with_the_same_sentence_shares_nothing(wire: ArticleVersion) -> None:
    other = make_version(
        f"Other news\n\n{CUT}, Helen Marsh said on Monday. " + "Nothing else is the same here. " * 9
    )
    run = first_reading(other, found(other, CUT, claimant="Helen Marsh"))
    assert (near_identical_versions(other), run.claims_new) == ([], 1)


def test_what_is_said_twice_in_a_copy_goes_to_one_shared_claim(wire: ArticleVersion) -> None:
    copy = make_version(COPY + f"\nSummary: {CUT}.\n")
    first = found(copy, CUT, claimant="Helen Marsh")
    start = copy.body.index(CUT, first.end)
    again = found(copy, CUT)
    twice = [
        first,
        type(again)(again.text, CUT, start, start + len(CUT), None, None, "author", "event", 0.5, (), ""),
    ]
    run = first_reading(copy, *twice)
    assert (run.claims_found, run.claims_new) == (1, 0)
    assert len(set(claims_in(copy))) == 1
    assert OutboxEvent.objects.filter(type="claim.appeared").count() == 2


# --- read again


def test_a_shared_claim_is_no_single_articles_to_change(wire: ArticleVersion) -> None:
    copy, _run = read(COPY, OWN)
    for version in (wire, copy):
        run = reread_version(version, analysis=reading(found(version, CUT, score=0.1, text="Other")))
        assert (run.claims_kept, run.claims_refreshed, run.claims_new) == (4, 0, 0)
    assert set(Claim.objects.values_list("state", flat=True)) == {"suggested", "withdrawn"}
    assert Claim.objects.get(state="withdrawn").appearances.get().quote == OWN
    assert not Claim.objects.filter(text="Other").exists()


def test_a_newer_reading_shares_what_it_finds_whichever_copy_comes_first(wire: ArticleVersion) -> None:
    copy, _run = read(COPY)
    more = "the members will discuss their letters"
    preview = preview_rereading(copy, analysis=reading(*offers(copy, more)))
    assert reread_version(copy, analysis=reading(*offers(copy, more))).claims_new == 1 == preview.new
    analysis = reading(*offers(wire, more))
    assert preview_rereading(wire, analysis=analysis).new == 0
    assert reread_version(wire, analysis=analysis).claims_new == 0
    assert Claim.objects.get(text=more).appearances.count() == 2


# --- who sees it


def seen(user: Any, *versions: ArticleVersion) -> tuple[int, list[bool]]:
    articles = Article.objects.visible_to(user)
    return Claim.objects.visible_to(user).count(), [
        articles.filter(versions=version).exists() for version in versions
    ]


def test_the_ladder_of_a_shared_claim(wire: ArticleVersion, health: Any) -> None:
    """The claim's desk sees where it stands; the copy's desk sees the claim, and no other desk's article."""
    copy, _run = read(COPY, OWN, desk=health)
    sport = factories.make_desk("sport")
    assert seen(factories.make_user(Role.LEAD, sport), wire, copy) == (0, [False, False])
    assert seen(factories.make_user(Role.REPORTER, health), wire, copy) == (5, [False, True])
    assert seen(factories.make_user(Role.REPORTER), wire, copy) == (4, [True, True])
    assert seen(factories.make_user(Role.MODERATOR, sport), wire, copy) == (5, [True, True])


# --- how it is kept, and what it costs


def test_a_fingerprint_is_kept_for_every_text_that_was_read(wire: ArticleVersion) -> None:
    refused = make_version("Der Bürgermeister sagte am Montag, die Brücke habe vier Millionen gekostet.")
    first_reading(refused)
    assert ArticleFingerprint.objects.count() == 2


def queries(act: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as captured:
        act()
    # each event is a row and, where somebody acts on it, a job
    told = ("ledger_outboxevent", "jobs_job", "SAVEPOINT")
    return sum(not any(word in query["sql"] for word in told) for query in captured)


def test_as_many_queries_for_any_number_of_claims_and_copies(wire: ArticleVersion) -> None:
    few, many = make_version(COPY), make_version(COPY.replace("Library cuts", "Cuts"))
    one = queries(lambda: first_reading(few, *offers(few)[:1]))
    assert queries(lambda: first_reading(many, *offers(many))) == one
    alone = make_version("Another story of quite other words about the harbour. " * 3)
    assert queries(lambda: first_reading(alone)) < one


def test_what_was_read_before_is_fingerprinted_in_batches(capsys: pytest.CaptureFixture[str]) -> None:
    versions = [read(f"{STORY} {n}")[0] for n in range(3)]
    held = factories.make_article(held=True)
    ArticleFingerprint.objects.filter(version=versions[0]).update(method="words3-0")
    ArticleFingerprint.objects.filter(version=versions[1]).delete()
    call_command("fingerprint_articles", "--batch", "1")
    assert capsys.readouterr().out.splitlines()[:2] == ["1 fingerprinted", "2 fingerprinted"]
    assert not ArticleFingerprint.objects.filter(version__article=held).exists()
    assert near_identical_versions(versions[2]) == versions[:2]
    call_command("fingerprint_articles")
    assert "fingerprinted" not in capsys.readouterr().out.splitlines()[0]
