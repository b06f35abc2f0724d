"""A sender takes an article back, as long as no work of ours rests on it."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import ngettext

from claims import states as claim_states
from claims.actions.copies import lock_claims_of
from claims.actions.withdrawing import mark_withdrawn
from claims.models import Article, CheckRequest
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger.models import AuditActor

from ..models import ReviewTask
from .rereading import touched_by_people
from .routing import route_claim


@transaction.atomic
def withdraw_article(article: Article, *, by: AuditActor) -> Article:
    """Take back an article that ``by`` sent: claims that only it makes are withdrawn and their tasks
    cancelled. Safe to repeat. Locks the article, its claims in the order of their ids, then their tasks.

    Raises ActionRefused (``in_work``) where a person chose, took or checked one of its claims, or
    somebody is waiting for its check. Audits
    article.withdrawn, claim.withdrawn and review_task.cancelled.
    """
    article = Article.everything.select_for_update(of=("self",)).get(pk=article.pk)
    if article.state == claim_states.WITHDRAWN_ARTICLE:
        return article
    claims = lock_claims_of(*article.versions.all())
    # a task is taken under its own lock, not the claim's: look at it only once nobody can take it
    list(ReviewTask.objects.select_for_update().filter(claim__in=claims).order_by("pk").values_list("pk"))
    standing = [claim for claim in claims if claim.state not in claim_states.SET_ASIDE]
    asked_for = CheckRequest.objects.filter(claim__in=standing).values_list("claim_id", flat=True)
    in_work = touched_by_people(standing) | {claim_id for claim_id in asked_for if claim_id}
    if in_work:
        raise ActionRefused(
            ngettext(
                "People of the newsroom work on %(n)d claim of this article, or have published what they "
                "found. Send what is right as its next version, or write to the newsroom.",
                "People of the newsroom work on %(n)d claims of this article, or have published what they "
                "found. Send what is right as its next version, or write to the newsroom.",
                len(in_work),
            )
            % {"n": len(in_work)},
            code="in_work",
        )
    for claim in mark_withdrawn(article, claims, by=by):
        if not claim.is_sandbox:
            route_claim(claim.pk)
    return article
