"""What partners' sandboxes sent is erased after some days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import structlog
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, OuterRef, ProtectedError, QuerySet
from django.utils import timezone

from claimtracker.jobs.models import Job
from claimtracker.ledger import audit

from ..models import (
    Appearance,
    Article,
    ArticleFetch,
    Batch,
    CheckRequest,
    Claim,
    Claimant,
    ExtractionRun,
)

log = structlog.get_logger(__name__)

AT_ONCE = 200


def erase_old_sandboxes(limit: int = AT_ONCE) -> int:
    """Erase articles that came from a sandbox SANDBOX_DAYS ago, with all that was found in them, the oldest
    first; and what else it sent or asked for. Returns how many articles. Safe to run twice, at once too. What
    cannot go is logged and tried again the next time, and keeps nothing else. Audits article.erased for each.
    """
    before = timezone.now() - timedelta(days=settings.SANDBOX_DAYS)
    for rows in (ArticleFetch.everything, Batch.everything, CheckRequest.everything):
        _went(rows.filter(is_sandbox=True, created_at__lt=before).delete)
    old = Article.everything.filter(is_sandbox=True, created_at__lt=before).order_by("created_at")
    erased = 0
    for pk in list(old.values_list("pk", flat=True)):
        erased += _went(partial(_erase, pk))
        if erased == limit:
            break
    # whom no claim names since it was read again
    _went(partial(_forget, Claimant.everything.filter(is_sandbox=True, created_at__lt=before)))
    return erased


def _went(erase: Callable[[], object]) -> bool:
    try:
        with transaction.atomic():
            return bool(erase())
    except (ProtectedError, IntegrityError):
        log.exception("something of a sandbox could not be erased")
        return False


def _forget(claimants: QuerySet[Claimant]) -> None:
    """Delete those whom no claim names any more."""
    named = Exists(Claim.everything.filter(claimant=OuterRef("pk")))
    claimants.filter(~named).delete()


def _erase(article_id: int) -> bool:
    """In a transaction of its own. Locks the article; one that somebody else holds waits for the next run."""
    rows = Article.everything.select_for_update(skip_locked=True).filter(pk=article_id, is_sandbox=True)
    article = rows.first()
    if article is None:
        return False
    audit.record("article.erased", by=audit.SYSTEM, subject=article, details={"origin": article.origin})
    versions = [str(pk) for pk in article.versions.values_list("pk", flat=True)]
    Job.objects.filter(kind="claims.extract_article", object_id__in=versions).delete()
    ExtractionRun.objects.filter(version__article=article).delete()
    places = Appearance.objects.filter(version__article=article)
    claims = list(places.order_by().values_list("claim", flat=True).distinct())
    places.delete()
    gone = Claim.everything.filter(pk__in=claims, is_sandbox=True)
    claimants = list(gone.exclude(claimant=None).values_list("claimant", flat=True).distinct())
    stands = Exists(Appearance.objects.filter(claim=OuterRef("pk")))
    gone.filter(~stands).delete()
    _forget(Claimant.everything.filter(pk__in=claimants, is_sandbox=True))
    with connection.cursor() as cursor:
        # versions are append-only for this role; the owner's function removes those of sandboxes, no others
        cursor.execute("SELECT erase_sandbox_versions(%s)", [article.pk])
    article.delete()
    return True
