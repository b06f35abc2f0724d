"""Jobs of this room: look up, call an action."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from claimtracker.intake.blocking import without_blocked_hosts
from claimtracker.jobs.registry import job
from claimtracker.jobs.runner import Run
from claimtracker.ledger.models import OutboxEvent

from .actions import batches, drafts
from .actions.embedding_slots import REEMBED, reembed_for_a_while
from .actions.extraction import analyse_version, record_extraction
from .actions.feed_visits import look, record
from .actions.fetching import record_fetch
from .actions.following import awaits_earlier, follow_version
from .actions.host_lanes import VISIT, take_turn, wake_due_hosts
from .actions.known_claim_imports import fail_import, finish_import, prepare, write_reviews
from .actions.match_index import complain_of, index_for_a_while, look_after_index, look_after_slots
from .actions.match_marks import INDEX
from .actions.matching import (
    MATCH,
    MATCH_RECENT,
    awaits_index,
    known_claims_await_index,
    look_up,
    match_some_recent,
    record_matches,
)
from .actions.sandbox import erase_old_sandboxes
from .actions.sightings import note_sighting
from .actions.suggestions import forget_suggestions
from .models import ArticleFetch, ArticleVersion, Batch, Claim, Draft, KnownClaimImport, WebHost
from .sources import ParsedArticle, UnreadableArticle, fetch_article
from .sources.claim_reviews import UnreadableReviews, fetch_reviews

SOON = timedelta(seconds=1)


@job("claims.extract_article")
def extract_article(run: Run) -> None:
    version = ArticleVersion.objects.select_related("article__desk").get(pk=run.object_id)
    analysis = analyse_version(version)
    with run.commit():
        record_extraction(version, analysis=analysis)


@job("claims.follow_version")
def follow_changed_article(run: Run) -> None:
    version = ArticleVersion.objects.select_related("article__desk").get(pk=run.object_id)
    if awaits_earlier(version):
        with run.commit(again_at=timezone.now() + SOON):
            return
    with run.commit():
        follow_version(version)


@job(drafts.READ)
def read_draft(run: Run) -> None:
    draft = Draft.objects.filter(pk=run.object_id).first()
    remarks, refusal = drafts.read(draft) if draft else ({}, "")  # None: thrown away meanwhile
    with run.commit():
        if draft:
            drafts.record_draft_reading(draft.pk, remarks=remarks, refusal=refusal)


@job(drafts.LOOK_UP)
def look_up_draft(run: Run) -> None:
    draft = Draft.objects.filter(pk=run.object_id).first()
    claims = drafts.look_up_claims(draft) if draft else []
    with run.commit():
        if draft:
            drafts.record_draft_matches(draft.pk, claims=claims)


@job("claims.fetch_article")
def fetch_wanted_article(run: Run) -> None:
    fetch = ArticleFetch.everything.get(pk=run.object_id)
    outcome: ParsedArticle | UnreadableArticle
    try:
        outcome = fetch_article(fetch.url, allow=without_blocked_hosts())
    except UnreadableArticle as error:
        outcome = error
    with run.commit():
        record_fetch(fetch, outcome=outcome)


@job(batches.WORK_OFF)
def work_off_batch(run: Run) -> None:
    batch = Batch.everything.select_related("actor", "desk").get(pk=run.object_id)
    is_done = batches.work_off(batch, goes_on=run.is_held)
    with run.commit(again_at=None if is_done else timezone.now()):
        if is_done:
            batches.finish_batch(batch)


@shared_task(name="claims.purge_batches", ignore_result=True)
def purge_batches() -> None:
    batches.purge_batches()


@job("claims.import_known_claims")
def import_known_claims(run: Run) -> None:
    row = KnownClaimImport.objects.get(pk=run.object_id)
    try:
        prepared = prepare(row, fetch_reviews(row.source, format=row.format))
    except UnreadableReviews as why:
        with run.commit():
            fail_import(row, why=why)
        return
    write_reviews(row, prepared=prepared)
    with run.commit():
        finish_import(row, prepared=prepared)


@job(MATCH)
def match_claim(run: Run) -> None:
    claim = Claim.objects.select_related("claimant").get(pk=run.object_id)
    if awaits_index(claim):
        with run.commit(again_at=timezone.now() + SOON):
            return
    lookup = look_up(claim)
    with run.commit():
        record_matches(claim, lookup=lookup)


@job(MATCH_RECENT)
def match_recent(run: Run) -> None:
    if known_claims_await_index():
        with run.commit(again_at=timezone.now() + SOON):
            return
    after: int | None = 0
    while after is not None:
        after = match_some_recent(after=after)


@job(INDEX)
def index_entries(run: Run) -> None:
    turn = index_for_a_while(goes_on=run.is_held)
    complain_of(turn)
    with run.commit(again_at=turn.again_at):
        look_after_slots()


@job(REEMBED)
def reembed_entries(run: Run) -> None:
    again_at = reembed_for_a_while(goes_on=run.is_held)
    with run.commit(again_at=again_at):
        pass


@shared_task(name="claims.look_after_index", ignore_result=True)
def look_after_match_index() -> None:
    look_after_index()


@job("claims.alert_watchers")
def alert_watchers(run: Run) -> None:
    event = OutboxEvent.objects.get(pk=run.object_id)
    with run.commit():
        note_sighting(event)


@job(VISIT)
def visit_host(run: Run) -> None:
    host = WebHost.objects.get(pk=run.object_id)
    visited = take_turn(host)
    seen = look(visited) if visited is not None else None
    with run.commit():
        record(host, visited, seen)


@shared_task(name="claims.wake_hosts", ignore_result=True)
def wake_hosts() -> None:
    wake_due_hosts()


@shared_task(name="claims.purge_drafts", ignore_result=True)
def purge_drafts() -> None:
    drafts.purge_drafts()


@shared_task(name="claims.erase_old_sandboxes", ignore_result=True)
def erase_sandboxes() -> None:
    erase_old_sandboxes()


@shared_task(name="claims.forget_suggestions", ignore_result=True)
def forget_old_suggestions() -> None:
    forget_suggestions()
