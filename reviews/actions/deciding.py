"""What every decision on a verdict shares: the order of locks, tasks that end and open, the record of who
read what. All of it is called by actions that hold the claim's lock."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from claims.actions.curation import lock_claim
from claims.models import Claim
from claimtracker.accounts.models import User
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import audit

from .. import policies, states
from ..models import NoticeKind, Rating, Review, ReviewTask, Revision, Verdict
from ..models.basis import TextSince, TextState
from ..models.review_task import PROPOSING, TaskKind
from ..selectors.reviewers import people_asked_to_approve
from ..working_time import due_after
from .assignment import lock_people, lock_task, put_in_hands
from .notifying import notify, task_key
from .priority import priority_fields

WORDS = ("summary", "rationale", "what_would_change", "valid_until")


def lock_for_decision(verdict: Verdict, kind: str, *, by: User) -> tuple[Claim, ReviewTask | None, Verdict]:
    """The claim, its open task of ``kind``, the verdict, and who decides and who wrote it, locked in this
    order: a conflict of interest that one of the two declares meanwhile comes before or after, not amid."""
    claim = lock_claim(verdict.claim_id)
    task_id = ReviewTask.objects.filter(claim=claim, kind=kind).open().values_list("pk", flat=True).first()
    task = lock_task(task_id) if task_id else None
    verdict = lock_verdict(verdict.pk)
    lock_people(by.pk, verdict.author_id)
    return claim, task, verdict


def lock_verdict(verdict_id: int) -> Verdict:
    return (
        Verdict.objects.select_for_update(of=("self",)).select_related("author", "rating").get(pk=verdict_id)
    )


def undecided(claim: Claim) -> Verdict | None:
    return Verdict.objects.select_for_update().filter(claim=claim, state__in=states.UNDECIDED).first()


def check_revision(verdict: Verdict, revision: int) -> None:
    if verdict.revision != revision:
        raise ActionRefused(
            _(
                "The verdict changed since you opened it (revision %(revision)s, you read %(revision2)s). "
                "Read it again."
            )
            % {"revision": verdict.revision, "revision2": revision},
            code="changed",
            field="revision",
        )


def check_free(task: ReviewTask | None, by: User) -> None:
    if task and task.state == states.TAKEN and task.assignee_id != by.pk:
        raise ActionRefused(
            _("%(assignee)s is reviewing this verdict now.") % {"assignee": task.assignee},
            code="already_taken",
        )


def need_reason(reason: str, sentence: str | Promise) -> str:
    if not reason.strip():
        raise ActionRefused(sentence, code="reason_missing", field="reason")
    return reason.strip()


def tidy(text: str) -> str:
    """Line ends as the web sends them become plain ones: the words go out as JSON, pages and feeds."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def finish(task: ReviewTask, *, by: User | None = None) -> None:
    """A review that nobody took is taken by the person who decides it, then done."""
    now = timezone.now()
    if task.state == states.QUEUED and by is not None:
        put_in_hands(task, by)
    states.REVIEW_TASK.check(task.state, states.DONE)
    task.state, task.finished_at, task.lease_until = states.DONE, now, None
    task.save()


def cancel_open(claim: Claim, kinds: tuple[str, ...], *, by: Any, because: str) -> None:
    """End the claim's open tasks of these kinds. Audits review_task.cancelled."""
    for task in ReviewTask.objects.select_for_update().filter(claim=claim, kind__in=kinds).open():
        states.REVIEW_TASK.check(task.state, states.CANCELLED)
        task.state, task.finished_at, task.lease_until = states.CANCELLED, timezone.now(), None
        task.save()
        details = {"claim": claim.pk, "because": because}
        audit.record("review_task.cancelled", by=by, subject=task, details=details)


def open_review(
    claim: Claim, verdict: Verdict, *, kind: str, why: str, raised: int = 0, because: str = ""
) -> ReviewTask:
    """A task for somebody other than the author, more urgent by ``raised`` points ``because`` of something.
    ``why`` is read by people who may not know the verdict. Who has to give a second review, where the
    claim's route asks for somebody, is told."""
    task = ReviewTask.objects.create(
        claim=claim,
        kind=kind,
        desk=claim.desk,
        **priority_fields(claim, raised=raised, because=because),
        why=why[:500],
        due_at=due_after(claim.desk, timezone.now(), settings.REVIEW_DEADLINE_HOURS / 2),
        proposed_by=verdict.author,
    )
    if kind == TaskKind.SECOND_REVIEW:
        notify(
            people_asked_to_approve(claim),
            NoticeKind.REVIEW_WANTED,
            text=_("A verdict on “%(claim)s” waits for you to review it.") % {"claim": claim},
            claim=claim,
            key=task_key(task),
            by=verdict.author,
            task=task,
        )
    return task


def back_to_author(claim: Claim, verdict: Verdict, *, why: str) -> ReviewTask:
    """The task that the verdict was proposed from opens again, in its author's hands; in the queue, when the
    author declared a conflict of interest in the meantime."""
    now = timezone.now()
    last = ReviewTask.objects.filter(claim=claim, kind__in=PROPOSING).order_by("-id").first()
    task = ReviewTask.objects.create(
        claim=claim,
        kind=last.kind if last else TaskKind.RESEARCH,
        cause=last.cause if last else "",
        desk=claim.desk,
        **priority_fields(claim),
        why=why[:500],
        due_at=due_after(claim.desk, now, settings.REVIEW_DEADLINE_HOURS / 2),
    )
    author = verdict.author
    # who left the desk or has a conflict gets no task: it waits for somebody else
    if policies.can_do_kind(author, task) and policies.conflict_of(author, claim) is None:
        put_in_hands(task, author)
    return task


def keep_revision(verdict: Verdict, *, by: User) -> Revision:
    """What ``verdict.revision`` says, for good."""
    assert verdict.rating is not None, "only a verdict with a rating is submitted"  # noqa: S101 - invariant
    return Revision.objects.create(
        verdict=verdict,
        number=verdict.revision,
        rating=verdict.rating,
        article_version_id=verdict.article_version_id,
        written_by=by,
        **{field: getattr(verdict, field) for field in WORDS},
    )


def record_review(
    verdict: Verdict,
    claim: Claim,
    task: ReviewTask | None,
    *,
    by: User,
    kind: str,
    outcome: str,
    reason: str = "",
    rating: Rating | None = None,
    first_rating: Rating | None = None,
) -> Review:
    """That ``by`` read this revision, about this version of the article, and concluded ``outcome``.
    ``first_rating`` is the proposal's where the verdict has another one by now."""
    first = first_rating or verdict.rating
    assert first is not None, "only a verdict with a rating is submitted"  # noqa: S101 - invariant
    return Review.objects.create(
        verdict=verdict,
        revision=verdict.revision,
        article_version_id=verdict.article_version_id,
        task=task,
        kind=kind,
        desk_id=claim.desk_id,
        reviewer=by,
        outcome=outcome,
        first_rating=first,
        rating=rating,
        reason=reason,
    )


def check_article(verdict: Verdict) -> None:
    """Raise ActionRefused (``article_changed``, or ``article_unread`` while nobody knows) unless the words
    that the verdict is about stand in the newest version."""
    since = policies.text_of(verdict)
    if since.state == TextState.UNKNOWN:
        raise ActionRefused(policies.BEING_COMPARED, code="article_unread")
    if not since.holds:
        raise ActionRefused(article_changed(since), code="article_changed")


def article_changed(since: TextSince) -> str:
    number = since.version.number if since.version else 0
    if since.state == TextState.REMOVED:
        return _("The words no longer stand in version %(number)s of the article. Look at it again.") % {
            "number": number
        }
    return _("The article changed: version %(number)s has other words here. Look at it again.") % {
        "number": number
    }


def put_approved(verdict: Verdict, *, by: User) -> None:
    states.VERDICT.check(verdict.state, states.APPROVED)
    verdict.state, verdict.approver, verdict.approved_at = states.APPROVED, by, timezone.now()
    verdict.save()


def put_returned(verdict: Verdict, *, reason: str) -> None:
    states.VERDICT.check(verdict.state, states.RETURNED)
    verdict.state, verdict.return_reason = states.RETURNED, reason
    verdict.save()
