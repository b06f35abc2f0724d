"""Reading articles again with a newer extractor, knowing what rests on each claim."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import models, transaction
from django.db.models.functions import Cast

from claims import states as claim_states
from claims.actions.copies import hold_copies, lock_claims_of
from claims.actions.extraction import Analysis, lock_article, unless_withdrawn
from claims.actions.rereading import apply_rereading, shown_elsewhere, sort_out
from claims.extraction import EXTRACTOR_VERSION
from claims.matching.near_identical import near_identical_versions
from claims.models import ArticleVersion, Claim, ClaimMatch, ExtractionRun
from claims.models.article import ArticleVersionQuerySet
from claimtracker import jobs
from claimtracker.jobs import states as job_states
from claimtracker.jobs.models import Job
from claimtracker.ledger.models import AuditEntry

from .. import states
from ..models import Evidence, ReviewTask, Verdict
from .routing import follow_claim, route_claim

READ_AGAIN, READ_ALL_AGAIN = "reviews.reread_version", "reviews.reread_all"
AT_ONCE = 20  # re-readings in the queue at a time, so that new articles wait for a few only


@dataclass(frozen=True, slots=True)
class Preview:
    """How many claims a re-reading would add, refresh, keep and withdraw."""

    new: int
    refreshed: int
    kept: int
    withdrawn: int


@transaction.atomic
def reread_version(version: ArticleVersion, *, analysis: Analysis) -> ExtractionRun:
    """Write a newer reading of a version that was read before. Claims that people touched stay as they are;
    tasks follow the others. Once per version and extractor: a second call returns the run that is there.

    Locks the article, near-identical texts (copies.hold_copies), the claims of all of them in one order, then
    the tasks of its own. Emits and audits what apply_rereading says,
    review_task.cancelled and review_task.rerouted.
    """
    analysis = unless_withdrawn(lock_article(version), analysis)
    done = version.extraction_runs.filter(extractor_version=analysis.extractor_version).first()
    if done is not None:
        return done
    copies = hold_copies(version, fingerprint=analysis.fingerprint)
    held = lock_claims_of(version, *copies)
    here = set(version.appearances.values_list("claim_id", flat=True))
    claims = [claim for claim in held if claim.pk in here]
    # a task is taken under its own lock, not the claim's: look at it only once nobody can take it
    list(ReviewTask.objects.select_for_update().filter(claim__in=claims).order_by("pk").values_list("pk"))
    kept = untouchable(version, claims)
    outcome = apply_rereading(version, analysis=analysis, kept=kept, copies=copies)
    for claim_id in outcome.withdrawn:
        route_claim(claim_id)
    for claim_id in outcome.refreshed:
        follow_claim(claim_id)
    return outcome.run


def preview_rereading(version: ArticleVersion, *, analysis: Analysis) -> Preview:
    """What reread_version would do now. Reads only."""
    claims = list(Claim.objects.filter(appearances__version=version).distinct())
    copies = near_identical_versions(version, fingerprint=analysis.fingerprint)
    found = sort_out(version, analysis, kept=untouchable(version, claims), copies=copies)
    return Preview(len(found.destinations.new), len(found.refreshed), len(found.kept), len(found.gone))


def untouchable(version: ArticleVersion, claims: Collection[Claim]) -> set[int]:
    """Ids of the claims that no reading may change: people touched them, or they stand in another version
    too."""
    return touched_by_people(claims) | shown_elsewhere(version, claims)


def touched_by_people(claims: Collection[Claim]) -> set[int]:
    """Ids of the claims that a person marked, reworded, dismissed or restored, had in hand or decided what
    they are the same as, or on which evidence, a verdict or a family rests."""
    decided = (claim_states.CONFIRMED, claim_states.DISMISSED)
    theirs = {
        claim.pk
        for claim in claims
        if claim.state in decided
        or claim.edited_at is not None
        or not claim.extractor_version
        or claim.canonical_id is not None
    }
    theirs |= set(Claim.objects.filter(canonical__in=claims).values_list("canonical_id", flat=True))
    theirs |= _matched_by_a_person(claims)
    theirs |= set(Evidence.objects.filter(claim__in=claims).values_list("claim_id", flat=True))
    theirs |= set(Verdict.objects.filter(claim__in=claims).values_list("claim_id", flat=True))
    tasks = dict(ReviewTask.objects.filter(claim__in=claims).values_list("pk", "claim_id"))
    in_hand = ReviewTask.objects.filter(pk__in=tasks, state__in=(states.TAKEN, states.DONE))
    theirs |= set(in_hand.values_list("claim_id", flat=True))
    taken_once = AuditEntry.objects.filter(
        verb="review_task.taken",
        subject_type=ReviewTask._meta.label_lower,
        subject_id__in=[str(pk) for pk in tasks],
    )
    theirs |= {tasks[int(pk)] for pk in taken_once.values_list("subject_id", flat=True)}
    return theirs


def _matched_by_a_person(claims: Collection[Claim]) -> set[int]:
    decided = ClaimMatch.objects.filter(state__in=claim_states.DECIDED_MATCH)
    ends = decided.filter(claim__in=claims).values_list("claim_id", flat=True)
    other_ends = decided.filter(other_claim__in=claims).values_list("other_claim_id", flat=True)
    return {end for end in [*ends, *other_ends] if end is not None}


def ask_to_reread(versions: Collection[ArticleVersion]) -> None:
    """Enqueue the re-reading of these versions."""
    jobs.enqueue_all((READ_AGAIN, version.pk) for version in versions)


def ask_to_reread_all() -> None:
    """Enqueue the job that asks for every version that an older extractor read, a few at a time."""
    jobs.enqueue(READ_ALL_AGAIN, "all")


def waiting_to_be_reread(*, since: datetime) -> ArticleVersionQuerySet:
    """Versions that an older extractor read last and that no job has in hand; not those whose job ended
    ``since``: one that failed for good is a moderator's to run again, and none comes round twice."""
    key = Cast(models.OuterRef("pk"), models.CharField())
    jobs_of = Job.objects.filter(kind=READ_AGAIN, object_id=key)
    in_hand = models.Exists(jobs_of.open()) | models.Exists(jobs_of.filter(finished_at__gte=since))
    return ArticleVersion.objects.read_before(EXTRACTOR_VERSION).exclude(in_hand).order_by("-pk")


def ask_for_a_few(*, since: datetime) -> int:
    """Fill the queue up to AT_ONCE re-readings, the newest articles first. Returns how many were added."""
    room = AT_ONCE - Job.objects.filter(kind=READ_AGAIN, state__in=job_states.OPEN).count()
    few = list(waiting_to_be_reread(since=since).only("pk")[: max(room, 0)])
    ask_to_reread(few)
    return len(few)
