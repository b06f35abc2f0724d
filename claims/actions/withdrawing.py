"""The sender of an article takes it back: nothing is lost, and nobody works on it any more."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from claimtracker.ledger import audit
from claimtracker.ledger.models import AuditActor

from .. import states
from ..models import Appearance, Article, ArticleFetch, Claim
from .held_updates import supersede_update
from .rereading import withdraw_claims


def mark_withdrawn(article: Article, claims: Collection[Claim], *, by: AuditActor) -> list[Claim]:
    """Let the article, and those of ``claims`` that only it makes, be withdrawn. The caller holds the article
    and the claims, and has seen that no person worked on them. Returns the claims that went. Audits
    article.withdrawn, update.superseded and claim.withdrawn, and emits that."""
    states.INTAKE.check(article.state, states.WITHDRAWN_ARTICLE)
    before, article.state = article.state, states.WITHDRAWN_ARTICLE
    article.save(update_fields=["state"])
    supersede_update(article, by=by)
    gone = [claim for claim in claims if claim.state == states.SUGGESTED]
    kept = _made_elsewhere(article, gone)
    gone = [claim for claim in gone if claim.pk not in kept]
    withdraw_claims(gone, by=states.BY_ITS_SENDER, actor=by)
    details = {"from": before, "claims": [claim.pk for claim in gone]}
    audit.record("article.withdrawn", by=by, subject=article, details=details)
    return gone


def _made_elsewhere(article: Article, claims: Collection[Claim]) -> set[int]:
    """Ids of those that an article makes that stands."""
    places = Appearance.objects.filter(claim__in=claims).exclude(version__article=article)
    places = places.exclude(version__article__state=states.WITHDRAWN_ARTICLE)
    return set(places.values_list("claim_id", flat=True))


@transaction.atomic
def withdraw_fetch(fetch: ArticleFetch, *, by: AuditActor) -> ArticleFetch:
    """Want the page no more. Locks the row; one that was answered is left as it is. Audits
    article.withdrawn."""
    fetch = ArticleFetch.everything.select_for_update(of=("self",)).get(pk=fetch.pk)
    if fetch.state == ArticleFetch.State.WAITING:
        fetch.state = ArticleFetch.State.FAILED
        fetch.message = _("You withdrew this article before its page was here.")
        fetch.save(update_fields=["state", "message"])
        audit.record("article.withdrawn", by=by, subject=fetch)
    return fetch
