"""What must hold after any faults. Each check gives a kind (lost, doubled, broken) and a sentence."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import pairwise
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery
from django.utils import timezone

from claims.models import (
    CARRIED,
    Anchoring,
    Appearance,
    Article,
    ArticleVersion,
    Claim,
    ExtractionRun,
    MatchEntry,
)
from claimtracker.jobs.models import Job
from claimtracker.ledger.models import AuditEntry, OutboxEvent
from claimtracker.ledger.sealing import seal_entries
from claimtracker.ledger.verifying import verify
from claimtracker.partners.models import Delivery, WebhookEndpoint
from reviews import states
from reviews.models import Publication, ReviewTask, Verdict
from reviews.models.basis import TextState, texts_since
from reviews.models.review_task import TaskKind
from reviews.selectors.families import checked_elsewhere

from .people import Journal
from .receivers import Receiver

LONGEST_PAUSE = timedelta(minutes=2)  # between two tries of a job
PUBLISHING = ("publication.published", "publication.corrected")
LOST, DOUBLED, BROKEN = "lost", "doubled", "broken"
Violation = tuple[str, str]


def violations(articles: int, journal: Journal, receivers: list[Receiver]) -> list[Violation]:
    """Everything that does not hold, as (kind, sentence)."""
    seal_entries()
    return [
        *extraction(articles),
        *versions(journal),
        *rechecks(),
        *routing(),
        *tasks(),
        *told(journal),
        *two_people(),
        *delivered(),
        *order([(receiver.name, receiver) for receiver in receivers]),
        *newest(receivers),
        *nothing_stuck(),
        *((BROKEN, f"ledger: {fault.what}") for fault in verify()),
        *((BROKEN, fault) for fault in journal.faults),
    ]


def extraction(articles: int) -> Iterator[Violation]:
    """Each article once, each of its versions read once, all claims of a reading or none."""
    if (found := Article.objects.count()) != articles:
        yield (LOST if found < articles else DOUBLED), f"{articles} articles were sent, {found} are there"
    runs = ExtractionRun.objects.filter(outcome=ExtractionRun.Outcome.EXTRACTED)
    read = Counter(runs.values_list("version_id", flat=True))
    for version in ArticleVersion.objects.defer("body", "blocks"):
        if (times := read[version.pk]) != 1:
            what = f"version {version.number} of article {version.article_id}"
            yield (DOUBLED if times else LOST), f"{what} was read {times} times"
    first = runs.filter(version__number=1)  # later ones keep places that no reading would offer
    written = first.annotate(written=Count("version__appearances__claim", distinct=True))
    for run in written.exclude(written=F("claims_found")):
        yield LOST, f"version {run.version_id}: {run.claims_found} claims found, {run.written} written"
    places = Appearance.objects.values("version", "start", "end").annotate(n=Count("pk")).filter(n__gt=1)
    yield from ((DOUBLED, f"a claim stands {row['n']} times at one place of a version") for row in places)


def versions(journal: Journal) -> Iterator[Violation]:
    """Each change that was taken in is there, no text twice running; every place of a claim has its fate in
    the next version, and the same words stand there too."""
    texts = list(ArticleVersion.objects.order_by("article_id", "number").values_list("article_id", "sha256"))
    for article_id, sha256 in set(journal.keys("changed")) - set(texts):
        yield LOST, f"article {article_id} was changed, and text {sha256[:12]} is not there"
    for (article_id, before), (other_id, after) in pairwise(texts):
        if article_id == other_id and before == after:
            yield DOUBLED, f"article {article_id} has one text as two versions, one after the other"
    told = Counter(
        OutboxEvent.objects.filter(type="article.changed").values_list("payload__version", flat=True)
    )
    later = ArticleVersion.objects.filter(number__gt=1)
    for version_id in later.values_list("pk", flat=True):
        if told[version_id] != 1:
            yield (DOUBLED if told[version_id] else LOST), f"version {version_id}: {told[version_id]} events"
    for version_id in later.filter(following=None).values_list("pk", flat=True):
        yield LOST, f"version {version_id} was not compared with the one before"
    next_ones = later.filter(article=OuterRef("version__article"), number=OuterRef("version__number") + 1)
    places = Appearance.objects.filter(Exists(next_ones))
    for pk in places.filter(anchorings=None).values_list("pk", flat=True):
        yield LOST, f"nobody knows what became of place {pk}"
    for row in Anchoring.objects.filter(fate__in=CARRIED).select_related("appearance", "to_version"):
        if row.to_version.body[row.start : row.end] != row.appearance.quote:
            yield BROKEN, f"place {row.appearance_id} was carried to other words"


def rechecks() -> Iterator[Violation]:
    """Whatever was approved and whose words changed is being looked at again."""
    newest = Verdict.objects.filter(claim=OuterRef("claim")).order_by("-id").values("pk")[:1]
    approved = Verdict.objects.filter(
        pk=Subquery(newest), state=states.APPROVED, claim__in=Claim.objects.standing()
    )
    since = texts_since(approved.values_list("claim_id", "article_version_id"))
    looked_at = set(ReviewTask.objects.open().values_list("claim_id", flat=True))
    for (claim_id, _version_id), text in since.items():
        if text.state == TextState.UNKNOWN:
            yield LOST, f"nobody knows whether the words of claim {claim_id} still stand"
        if text.state == TextState.REWORDED and claim_id not in looked_at:
            yield LOST, f"the words of claim {claim_id} changed, and nobody looks at its verdict"


def routing() -> Iterator[Violation]:
    """Each claim told of once, and each that wants a task has one or had one."""
    events = Counter(OutboxEvent.objects.filter(type="claim.extracted").values_list("subject_id", flat=True))
    for claim_id in Claim.objects.values_list("pk", flat=True):
        count = events[str(claim_id)]
        if count != 1:
            yield (DOUBLED if count else LOST), f"claim.extracted of claim {claim_id}: {count} events"
    idle = Claim.objects.standing().filter(
        ~checked_elsewhere(), review_tasks__isnull=True, verdicts__isnull=True
    )
    yield from ((LOST, f"claim {pk} has no task") for pk in idle.values_list("pk", flat=True))
    routed = Counter(
        AuditEntry.objects.filter(verb="review_task.routed").values_list("details__claim", flat=True)
    )
    yield from ((DOUBLED, f"claim {pk} was routed {n} times") for pk, n in routed.items() if n > 1)


def tasks() -> Iterator[Violation]:
    """One open task at most for each claim and kind (of blind reviews: for each reviewer)."""
    rows = ReviewTask.objects.filter(state__in=states.OPEN).exclude(kind=TaskKind.BLIND_REVIEW)
    for row in rows.values("claim", "kind").annotate(n=Count("pk")).filter(n__gt=1):
        yield DOUBLED, f"claim {row['claim']} has {row['n']} open tasks of kind {row['kind']}"


def told(journal: Journal) -> Iterator[Violation]:
    """What an action confirmed to a person is there, audited once; and nothing is audited twice."""
    entries = AuditEntry.objects
    submitted = Counter(
        entries.filter(verb="verdict.submitted").values_list("subject_id", "details__revision")
    )
    approved = Counter(entries.filter(verb="verdict.approved").values_list("subject_id", flat=True))
    published = Counter(entries.filter(verb__in=PUBLISHING).values_list("subject_id", flat=True))
    for verb, counts in (("submitted", submitted), ("approved", approved), ("published", published)):
        yield from ((DOUBLED, f"{verb} {key}: audited {n} times") for key, n in counts.items() if n > 1)
    for verdict_id, revision in journal.keys("submitted"):
        if not submitted[(str(verdict_id), revision)]:
            yield LOST, f"verdict {verdict_id}, revision {revision} was submitted, and is not there"
    for verdict_id in journal.keys("approved"):
        stands = Verdict.objects.filter(pk=verdict_id, state=states.APPROVED).exists()
        if not (stands and approved[str(verdict_id)]):
            yield LOST, f"verdict {verdict_id} was approved, and is not"
    for public_id, number in journal.keys("published"):
        row = Publication.objects.filter(public_id=public_id, number=number).first()
        if row is None or not published[str(row.pk)]:
            yield LOST, f"publication {public_id} (version {number}) was confirmed, and is not there"
    taken = Counter(entries.filter(verb="review_task.taken").values_list("subject_id", flat=True))
    for task_id, times in Counter(journal.keys("taken")).items():
        if taken[str(task_id)] < times:
            yield LOST, f"task {task_id} was taken {times} times, {taken[str(task_id)]} are audited"


def two_people() -> Iterator[Violation]:
    """No publication without a second person, and none without its event and its audit."""
    events = Counter(
        OutboxEvent.objects.filter(subject_type="reviews.publication").values_list("subject_id", flat=True)
    )
    audited = set(AuditEntry.objects.filter(verb__in=PUBLISHING).values_list("subject_id", flat=True))
    for row in Publication.objects.select_related("verdict"):
        pair = {row.proposed_by_id, row.approved_by_id}
        if len(pair) != 2 or pair != {row.verdict.author_id, row.verdict.approver_id}:
            yield BROKEN, f"publication {row.pk} has no two people behind it"
        if events[str(row.pk)] != 1:
            yield (
                (DOUBLED if events[str(row.pk)] else LOST),
                f"publication {row.pk}: {events[str(row.pk)]} events",
            )
        if str(row.pk) not in audited:
            yield LOST, f"publication {row.pk} is not audited"


def delivered() -> Iterator[Violation]:
    """One delivery for each event and endpoint, none still pending."""
    endpoints = list(WebhookEndpoint.objects.filter(is_active=True))
    made = Counter(Delivery.objects.values_list("event_id", "endpoint_id"))
    for event_id in OutboxEvent.objects.filter(type__startswith="claim.verdict_").values_list(
        "pk", flat=True
    ):
        for endpoint in endpoints:
            if made[(event_id, endpoint.pk)] != 1:
                yield LOST, f"event {event_id} has no delivery for {endpoint}"
    for row in Delivery.objects.filter(state__in=("pending", "failed")):
        yield LOST, f"delivery {row.pk} (version {row.version}) is {row.state}"
    if off := WebhookEndpoint.objects.filter(is_active=False).count():
        yield LOST, f"{off} endpoints were switched off"


def order(logs: Iterable[tuple[str, Any]]) -> Iterator[Violation]:
    """No receiver saw a claim's version decrease, nor one message under two ids."""
    for name, receiver in logs:
        highest: dict[str, int] = defaultdict(int)
        ids: dict[tuple[str, int, str], set[str]] = defaultdict(set)
        for seen in receiver.seen:
            if seen.version < highest[seen.claim]:
                yield (
                    BROKEN,
                    (f"{name} saw version {seen.version} of claim {seen.claim} after {highest[seen.claim]}"),
                )
            highest[seen.claim] = max(highest[seen.claim], seen.version)
            ids[(seen.claim, seen.version, seen.type)].add(seen.message_id)
        for (claim, version, _type), found in ids.items():
            if len(found) > 1:
                yield DOUBLED, f"{name} got version {version} of claim {claim} under {len(found)} ids"
        if receiver.unsigned:
            yield BROKEN, f"{name} got {receiver.unsigned} messages that are not signed by us"


def newest(receivers: list[Receiver]) -> Iterator[Violation]:
    """Each receiver took the latest version of every published claim."""
    latest = {
        row.snapshot["claim"]["id"]: row.number for row in Publication.objects.order_by("claim_id", "number")
    }
    for receiver in receivers:
        taken: dict[str, int] = defaultdict(int)
        for seen in receiver.taken:
            taken[seen.claim] = max(taken[seen.claim], seen.version)
        for claim, number in latest.items():
            if taken[claim] != number:
                yield LOST, f"{receiver.name} has version {taken[claim]} of claim {claim}, not {number}"


def unfinished() -> QuerySet[Job]:
    """Jobs at work, due or soon to be tried again; not those for which it is not time yet, like a digest."""
    soon = timezone.now() + LONGEST_PAUSE
    return Job.objects.open().exclude(state="queued", due_at__gt=soon)


def nothing_stuck() -> Iterator[Violation]:
    """No job unfinished or dead, nothing left to be indexed."""
    for job in (unfinished() | Job.objects.dead()).order_by("pk")[:50]:
        yield LOST, f"job {job.pk} {job} (attempt {job.attempt}): {job.last_error[:150]}"
    if stale := MatchEntry.objects.filter(is_stale=True).count():
        yield LOST, f"{stale} entries wait for the index"
