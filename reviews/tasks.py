"""Jobs of this room: look up, call an action."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from claims.actions.extraction import analyse_version
from claims.models import Article, ArticleVersion, Claim
from claimtracker.accounts.models import Desk
from claimtracker.jobs.models import Job
from claimtracker.jobs.registry import job
from claimtracker.jobs.runner import Run
from claimtracker.ledger.models import OutboxEvent

from .actions import (
    article_changes,
    assignment,
    complaint_clock,
    deadlines,
    desks,
    expiry,
    families,
    forgetting,
    mailing,
    page_looks,
    priority,
    replies,
    requests,
    rereading,
    routing,
    snapshots,
    source_checks,
)
from .models import Evidence, PageLook, Publication, Source

NEXT_LOOK = timedelta(seconds=5)


@job("reviews.route_claim")
def route_claim(run: Run) -> None:
    with run.commit():
        routing.route_claim(int(run.object_id))


@job("reviews.follow_family")
def follow_family(run: Run) -> None:
    event = OutboxEvent.objects.get(pk=run.object_id)
    with run.commit():
        families.follow_family(families.concerned_by(event))


@job("reviews.follow_retraction")
def follow_retraction(run: Run) -> None:
    claim = Publication.objects.select_related("claim").get(pk=run.object_id).claim
    with run.commit():
        families.follow_family(Claim.objects.family_of(claim).values_list("pk", flat=True))


@job("reviews.answer_requests")
def answer_requests(run: Run) -> None:
    event = OutboxEvent.objects.get(pk=run.object_id)
    with run.commit():
        requests.answer_requests(event)


@job("reviews.weigh_tasks")
def weigh_tasks(run: Run) -> None:
    event = OutboxEvent.objects.get(pk=run.object_id)
    with run.commit():
        priority.weigh_after(event)


@job("reviews.follow_article")
def follow_article(run: Run) -> None:
    article = Article.objects.get(pk=run.object_id)
    with run.commit():
        article_changes.follow_article(article)


@job(rereading.READ_AGAIN)
def reread_version(run: Run) -> None:
    version = ArticleVersion.objects.select_related("article__desk").get(pk=run.object_id)
    analysis = analyse_version(version)
    with run.commit():
        rereading.reread_version(version, analysis=analysis)


@job(rereading.READ_ALL_AGAIN)
def reread_all(run: Run) -> None:
    since = Job.objects.get(pk=run.job_id).created_at
    is_more = rereading.waiting_to_be_reread(since=since).exists()
    with run.commit(again_at=timezone.now() + NEXT_LOOK if is_more else None):
        rereading.ask_for_a_few(since=since)


@job(snapshots.LOOK)
def look_at_source(run: Run) -> None:
    source = Source.objects.get(pk=run.object_id)
    look = snapshots.look_at(source)
    with run.commit(again_at=look.again_at if look else None):
        source_checks.record_look(source, look=look)


@job(page_looks.LOOK_AT_PAGE)
def look_at_page(run: Run) -> None:
    look = PageLook.objects.filter(pk=run.object_id).first()
    found = page_looks.fetch_page(look) if look else None
    with run.commit(again_at=found.again_at if found and not found.is_over else None):
        if look is not None:
            page_looks.record_page(look, found=found)


@job(snapshots.CHECK_QUOTATION)
def check_quotation(run: Run) -> None:
    evidence = Evidence.objects.filter(pk=run.object_id).first()
    with run.commit():
        if evidence is not None:  # it may be off the board by now
            source_checks.record_quotation(evidence)


@job(desks.EMPTY)
def empty_desk(run: Run) -> None:
    desk = Desk.objects.select_related("closed_into").get(pk=run.object_id)
    desks.empty_desk(desk)
    is_more = desks.waits_to_be_moved(desk)
    with run.commit(again_at=timezone.now() if is_more else None):
        pass


@job("reviews.gather_mail")
def gather_mail(run: Run) -> None:
    """``object_id`` is a claim's."""
    with run.commit():
        mailing.gather_at_once(int(run.object_id))


@job(mailing.SEND)
def send_mail(run: Run) -> None:
    letter = mailing.open_letter(int(run.object_id))
    if letter is None:
        return
    outcome = mailing.hand_over(letter, is_ours=run.is_held)
    with run.commit(again_at=mailing.again_at(letter, outcome)):
        mailing.record(letter, outcome)


@shared_task(name="reviews.plan_digests", ignore_result=True)
def plan_digests() -> None:
    mailing.plan_digests()


@shared_task(name="reviews.forget_passing", ignore_result=True)
def forget_passing() -> None:
    forgetting.forget_passing()


@shared_task(name="reviews.recheck_sources", ignore_result=True)
def recheck_sources() -> None:
    source_checks.ask_for_due_looks()


@shared_task(name="reviews.route_missing", ignore_result=True)
def route_missing() -> None:
    routing.route_missing()


@shared_task(name="reviews.refresh_priorities", ignore_result=True)
def refresh_priorities() -> None:
    priority.refresh_priorities()


@shared_task(name="reviews.expire_leases", ignore_result=True)
def expire_leases() -> None:
    assignment.expire_leases()


@shared_task(name="reviews.remind", ignore_result=True)
def remind() -> None:
    deadlines.remind()


@shared_task(name="reviews.escalate", ignore_result=True)
def escalate() -> None:
    deadlines.escalate()


@shared_task(name="reviews.close_replies", ignore_result=True)
def close_replies() -> None:
    replies.close_unanswered()


@shared_task(name="reviews.open_expired", ignore_result=True)
def open_expired() -> None:
    expiry.open_expired()


@shared_task(name="reviews.watch_complaints", ignore_result=True)
def watch_complaints() -> None:
    complaint_clock.watch_complaints()
