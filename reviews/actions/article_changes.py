"""An article has a newer version: what is decided about the older one is looked at again."""

from __future__ import annotations

from django.db import transaction

from claims.actions.curation import lock_claim
from claims.models import Article, Claim
from claimtracker.ledger import audit

from .. import states
from ..models import NoticeKind, Verdict
from ..models.basis import newest_version_of
from ..models.review_task import RecheckCause, TaskKind
from .deciding import article_changed, back_to_author, cancel_open, lock_verdict, put_returned
from .notifying import notify, task_key
from .recheck import open_recheck_for

REVIEWS = (TaskKind.SECOND_REVIEW, TaskKind.BLIND_REVIEW, TaskKind.ADJUDICATION)


def follow_article(article: Article) -> list[int]:
    """Bring the newest verdict of each of the article's claims in line with its newest version. Safe to
    repeat. Returns the ids of the claims that are looked at again."""
    claims = Claim.objects.filter(appearances__version__article=article).order_by("pk").distinct()
    return [claim_id for claim_id in claims.values_list("pk", flat=True) if follow_version(claim_id)]


@transaction.atomic
def follow_version(claim_id: int) -> bool:
    """A verdict about an older version of the claim's article is not decided on as if nothing happened: one
    that waits goes back to its author, an approved one is rechecked, and what is public stays. False when
    the verdict is about the newest version, or there is none. Locks the claim, its open reviews and the
    verdict. Audits verdict.returned and review_task.cancelled, or review_task.reopened.
    """
    claim = lock_claim(claim_id)
    verdict = Verdict.objects.filter(claim=claim).order_by("-id").first()
    newest = newest_version_of(claim_id)
    if verdict is None or newest is None or verdict.article_version_id in (None, newest.pk):
        return False
    sentence = article_changed(newest)
    if verdict.state == states.APPROVED:
        why = f"The article has a newer version ({newest.number}). See whether the verdict still holds."
        return open_recheck_for(claim_id, cause=RecheckCause.ARTICLE_CHANGED, why=why) is not None
    if verdict.state not in states.WAITING:
        return False  # its author has it, and submits it about the newest version
    verdict = lock_verdict(verdict.pk)
    cancel_open(claim, REVIEWS, by=audit.SYSTEM, because="article_changed")
    put_returned(verdict, reason=sentence)
    task = back_to_author(claim, verdict, why=f"The article has a newer version ({newest.number}).")
    notify(
        [verdict.author],
        NoticeKind.RETURNED,
        text=f"Your verdict on “{claim}” came back: {sentence}",
        claim=claim,
        key=task_key(task),
        task=task,
    )
    details = {"claim": claim.pk, "article_version": newest.pk}
    audit.record("verdict.returned", by=audit.SYSTEM, subject=verdict, details=details, note=sentence)
    return True
