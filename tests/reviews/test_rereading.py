"""A newer extractor reads an article again: what people decided stays, the rest follows."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.forms.models import model_to_dict

from claims.actions.curation import add_claim, dismiss_claim, restore_claim
from claims.actions.extraction import Analysis
from claims.extraction.model import ClaimParts, Quantity, WordingChange
from claims.models import Appearance, ArticleVersion, Claim
from claimtracker.accounts.models import Role, User
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger.models import AuditEntry, OutboxEvent
from reviews.actions import rereading
from reviews.actions.assignment import release_task, take_task
from reviews.actions.publishing import publish_verdict
from reviews.actions.rereading import preview_rereading, reread_version
from reviews.actions.routing import route_claim
from reviews.actions.triage import reword_claim
from reviews.actions.verdicts import approve_verdict, submit_verdict
from reviews.models import RoutingRule
from tests import factories
from tests.support.readings import NEW, OLD, first_reading, found, reading

pytestmark = pytest.mark.django_db

BODY = (
    "Council closes libraries\n\nThe council cut its budget by 9 per cent in March. "
    "Four of eleven libraries closed, the treasurer said. Rents rose faster than anywhere else. "
    "Nobody knows what comes next."
)
CUT = "The council cut its budget by 9 per cent in March"
CLOSED = "Four of eleven libraries closed"
RENTS = "Rents rose faster than anywhere else"


@pytest.fixture
def version() -> ArticleVersion:
    """Read by the older extractor, each claim with its task in the queue."""
    version = factories.make_article(BODY).versions.select_related("article__desk").get()
    first_reading(version, *(found(version, quote) for quote in (CUT, CLOSED, RENTS)))
    for claim in Claim.objects.order_by("pk"):
        route_claim(claim.pk)
    return version


def claim_at(quote: str) -> Claim:
    return Claim.objects.get(appearances__quote=quote)


def facts_of(claim: Claim) -> tuple[dict[str, object], list[dict[str, object]]]:
    """Every field of the claim and of its appearances as they are stored."""
    claim.refresh_from_db()
    return model_to_dict(claim), [model_to_dict(place) for place in claim.appearances.order_by("pk")]


# --- what people touched


def taken(claim: Claim, by: User) -> None:
    take_task(claim.review_tasks.get(), by=by)


def taken_and_given_back(claim: Claim, by: User) -> None:
    taken(claim, by)
    release_task(claim.review_tasks.get(), by=by)


def dismissed(claim: Claim, by: User) -> None:
    dismiss_claim(claim, by=by, reason="An opinion")


def restored(claim: Claim, by: User) -> None:
    dismissed(claim, by)
    restore_claim(claim, by=by)


def reworded(claim: Claim, by: User) -> None:
    reword_claim(claim, by=by, text="The council spent 9 per cent less", claimant="Ann Lee")


def with_evidence(claim: Claim, by: User) -> None:
    factories.make_evidence(claim, by)


def published(claim: Claim, by: User) -> None:
    task = take_task(claim.review_tasks.get(), by=by)
    factories.make_evidence(claim, by)
    factories.make_evidence(claim, by, stance="context")
    words = {"summary": "A third of that.", "rationale": "The accounts list it line by line."}
    verdict = submit_verdict(task, by=by, rating=factories.make_rating(), **words)
    editor = factories.make_user(Role.EDITOR)
    publish_verdict(approve_verdict(verdict, by=editor, revision=verdict.revision), by=editor)


TOUCHES = [taken, taken_and_given_back, dismissed, restored, reworded, with_evidence, published]


@pytest.mark.parametrize("touch", TOUCHES, ids=lambda touch: touch.__name__)
@pytest.mark.parametrize("again", ["the same", "slightly other", "not at all"])
def test_what_a_person_touched_stays_as_it_is(
    version: ArticleVersion, touch: Callable[[Claim, User], None], again: str
) -> None:
    claim = claim_at(CUT)
    touch(claim, factories.make_user())
    before = facts_of(claim)
    tasks = [model_to_dict(task) for task in claim.review_tasks.order_by("pk")]
    better = {"score": 0.95, "text": "Eastmouth council cut its budget"}
    quotes = {
        "the same": [CUT],
        "slightly other": ["cut its budget by 9 per cent in March"],
        "not at all": [],
    }
    run = reread_version(version, analysis=reading(*(found(version, q, **better) for q in quotes[again])))
    assert facts_of(claim) == before
    assert [model_to_dict(task) for task in claim.review_tasks.order_by("pk")] == tasks
    assert (run.claims_kept, run.claims_new, run.claims_refreshed) == (1, 0, 0)
    assert Claim.objects.count() == 3, "its words are not offered a second time"


def test_a_claim_that_a_person_marked_stays(version: ArticleVersion) -> None:
    start = BODY.index("Nobody knows")
    mine = add_claim(version, by=factories.make_user(), start=start, end=len(BODY) - 1)
    before = facts_of(mine)
    reread_version(version, analysis=reading(found(version, "Nobody knows what comes next", score=0.9)))
    assert facts_of(mine) == before


def test_a_claim_that_stands_at_another_place_too_stays(version: ArticleVersion) -> None:
    other = factories.make_article(f"{CUT}, it says again.").versions.get()
    factories.make_appearance(claim_at(CUT), other, 0, len(CUT))
    run = reread_version(version, analysis=reading())
    assert Claim.objects.filter(appearances__quote=CUT).distinct().get().state == "suggested"
    assert (run.claims_kept, run.claims_withdrawn) == (1, 2)


# --- what nobody touched


def test_what_is_found_again_is_refreshed_under_its_id(version: ArticleVersion) -> None:
    claim = claim_at(CLOSED)
    place, task = claim.appearances.get(), claim.review_tasks.get()
    longer = f"{CLOSED}, the treasurer said"
    start = BODY.index(CLOSED)
    item = found(
        version,
        longer,
        text="In Eastmouth, four of eleven libraries closed",
        changes=(WordingChange(0, 14, "", "reference"),),
        parts=ClaimParts(quantities=(Quantity(start, start + 14, 4, 4, "libraries", "exact"),)),
        claimant="The treasurer",
        attribution="reported",
        cue="said",
        kind="event",
        score=0.91,
        reasons=("an official number",),
        rank=1,
    )
    run = reread_version(version, analysis=reading(item, model="minilm 1"))
    claim.refresh_from_db()
    place.refresh_from_db()
    task.refresh_from_db()
    assert (run.claims_refreshed, run.claims_withdrawn, run.claims_new) == (1, 2, 0)
    assert (claim.text, str(claim.claimant), claim.kind, claim.score) == (
        "In Eastmouth, four of eleven libraries closed",
        "The treasurer",
        "event",
        0.91,
    )
    assert claim.changes == [{"start": 0, "end": 14, "was": "", "why": "reference"}]
    assert (claim.extractor_version, claim.state) == (NEW, "suggested")
    assert (place.quote, place.rank, place.cue, place.reasons) == (longer, 1, "said", ["an official number"])
    assert place.parts["quantities"][0]["unit"] == "libraries"
    assert (task.state, task.priority) == ("queued", 56)
    assert "an official number" in task.why
    entry = AuditEntry.objects.about(claim).get(verb="claim.refreshed")
    assert entry.details["before"]["text"] == CLOSED


def test_the_task_follows_to_the_desk_of_the_new_words_and_keeps_its_deadline(
    version: ArticleVersion,
) -> None:
    courts = factories.make_desk("courts")
    RoutingRule.objects.create(name="Law", kinds=["legal"], desk=courts)
    task = claim_at(CUT).review_tasks.get()
    due = task.due_at
    reread_version(version, analysis=reading(found(version, CUT, kind="legal")))
    task.refresh_from_db()
    assert (task.desk, task.due_at, claim_at(CUT).desk) == (courts, due, courts)
    assert task.why.startswith("Rule “Law”")
    reread_version(version, analysis=reading(found(version, CUT), by="reader-3"))
    task.refresh_from_db()
    assert (task.desk.slug, claim_at(CUT).desk.slug) == ("politics", "politics")


def test_what_is_not_found_any_more_is_withdrawn_with_its_task(version: ArticleVersion) -> None:
    claim = claim_at(RENTS)
    run = reread_version(version, analysis=reading(found(version, CUT), found(version, CLOSED)))
    claim.refresh_from_db()
    assert (claim.state, claim.withdrawn_by, run.claims_withdrawn) == ("withdrawn", NEW, 1)
    assert claim.review_tasks.get().state == "cancelled"
    assert not Claim.objects.standing().filter(pk=claim.pk).exists()
    assert AuditEntry.objects.about(claim).filter(verb="claim.withdrawn").exists()
    assert OutboxEvent.objects.filter(type="claim.withdrawn", subject_id=str(claim.pk)).exists()
    checker = factories.make_user()
    with pytest.raises(ActionRefused, match="Restore it"):
        factories.make_evidence(claim, checker)
    with pytest.raises(ActionRefused, match="Restore it"):
        reword_claim(claim, by=checker, text="Other words", claimant="")


def test_a_withdrawn_claim_that_is_found_again_comes_back_with_a_task(version: ArticleVersion) -> None:
    claim = claim_at(RENTS)
    reread_version(version, analysis=reading())
    reread_version(version, analysis=reading(found(version, RENTS, score=0.7), by="reader-3"))
    claim.refresh_from_db()
    assert (claim.state, claim.withdrawn_by, claim.extractor_version) == ("suggested", "", "reader-3")
    assert OutboxEvent.objects.filter(type="claim.restored", subject_id=str(claim.pk)).exists()
    route_claim(claim.pk)
    assert claim.review_tasks.filter(state="queued").get().priority == 45


def test_a_person_brings_a_withdrawn_claim_back_for_good(version: ArticleVersion) -> None:
    claim = claim_at(RENTS)
    reread_version(version, analysis=reading())
    restore_claim(claim, by=factories.make_user())
    reread_version(version, analysis=reading(by="reader-3"))
    claim.refresh_from_db()
    assert (claim.state, claim.withdrawn_by) == ("confirmed", "")


def test_new_claims_are_added_and_go_to_the_queue(version: ArticleVersion) -> None:
    old = [found(version, quote) for quote in (CUT, CLOSED, RENTS)]
    run = reread_version(version, analysis=reading(*old, found(version, "Nobody knows what comes next")))
    new = claim_at("Nobody knows what comes next")
    assert (run.claims_new, run.claims_refreshed, run.claims_kept, run.claims_withdrawn) == (1, 3, 0, 0)
    assert OutboxEvent.objects.filter(type="claim.extracted", subject_id=str(new.pk)).exists()
    assert (new.extractor_version, new.state) == (NEW, "suggested")


def test_a_dismissed_claim_is_not_offered_again_in_parts_or_with_more_words(version: ArticleVersion) -> None:
    dismiss_claim(claim_at(CUT), by=factories.make_user(), reason="Old news")
    parts = [
        found(version, "The council cut its budget by 9 per cent"),
        found(version, "9 per cent in March"),
    ]
    run = reread_version(version, analysis=reading(*parts, found(version, CLOSED)))
    assert (run.claims_new, run.claims_kept) == (0, 1)
    assert claim_at(CUT).state == "dismissed"


def test_a_text_that_the_newer_extractor_refuses_keeps_everything(version: ArticleVersion) -> None:
    before = [facts_of(claim) for claim in Claim.objects.order_by("pk")]
    run = reread_version(version, analysis=Analysis(None, "The text seems to be in Welsh.", 0.1))
    assert (run.outcome, run.claims_kept, run.claims_withdrawn) == ("refused", 3, 0)
    assert [facts_of(claim) for claim in Claim.objects.order_by("pk")] == before


# --- once, and never half


def test_a_second_time_changes_nothing(version: ArticleVersion) -> None:
    analysis = reading(found(version, CUT, score=0.9), found(version, "Nobody knows what comes next"))
    run = reread_version(version, analysis=analysis)
    after = [facts_of(claim) for claim in Claim.objects.order_by("pk")]
    ledger = (AuditEntry.objects.count(), OutboxEvent.objects.count())
    assert reread_version(version, analysis=analysis) == run
    assert [facts_of(claim) for claim in Claim.objects.order_by("pk")] == after
    assert (AuditEntry.objects.count(), OutboxEvent.objects.count()) == ledger


def test_a_failure_in_the_middle_leaves_nothing_behind(
    version: ArticleVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = [facts_of(claim) for claim in Claim.objects.order_by("pk")]

    def fails(claim_id: int) -> None:
        raise RuntimeError("in the middle of writing")

    monkeypatch.setattr(rereading, "route_claim", fails)
    analysis = reading(found(version, CUT, score=0.9), found(version, "Nobody knows what comes next"))
    with pytest.raises(RuntimeError):
        reread_version(version, analysis=analysis)
    assert [facts_of(claim) for claim in Claim.objects.order_by("pk")] == before
    assert set(version.extraction_runs.values_list("extractor_version", flat=True)) == {OLD}
    monkeypatch.undo()
    run = reread_version(version, analysis=analysis)
    assert (run.claims_new, run.claims_refreshed, run.claims_withdrawn) == (1, 1, 2)


def test_a_preview_says_what_will_happen_and_writes_nothing(version: ArticleVersion) -> None:
    dismiss_claim(claim_at(RENTS), by=factories.make_user(), reason="Old news")
    analysis = reading(found(version, CUT, score=0.9), found(version, "Nobody knows what comes next"))
    before = [facts_of(claim) for claim in Claim.objects.order_by("pk")]
    preview = preview_rereading(version, analysis=analysis)
    assert [facts_of(claim) for claim in Claim.objects.order_by("pk")] == before
    run = reread_version(version, analysis=analysis)
    assert (preview.new, preview.refreshed, preview.kept, preview.withdrawn) == (1, 1, 1, 1)
    assert (run.claims_new, run.claims_refreshed, run.claims_kept, run.claims_withdrawn) == (1, 1, 1, 1)


def test_spans_that_change_places_do_not_collide(version: ArticleVersion) -> None:
    """Both move in one statement, where the database looks at uniqueness row by row."""
    halves = [
        found(version, "The council cut its budget"),
        found(version, "council cut its budget by 9 per cent"),
    ]
    reread_version(version, analysis=reading(*halves, found(version, CUT)))
    reread_version(version, analysis=reading(*halves[::-1], by="reader-3"))
    assert Appearance.objects.filter(version=version, extractor_version="reader-3").count() == 2
