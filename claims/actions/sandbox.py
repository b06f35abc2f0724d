"""What partners' sandboxes sent is erased after some days."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from claimtracker.jobs.models import Job
from claimtracker.ledger import audit

from ..models import Appearance, Article, Claim, Claimant, ExtractionRun

AT_ONCE = 200


def erase_old_sandboxes(limit: int = AT_ONCE) -> int:
    """Erase articles that came from a sandbox SANDBOX_DAYS ago, with all that was found in them; the oldest
    first. Returns how many. Safe to run twice, at once too. Audits article.erased for each."""
    before = timezone.now() - timedelta(days=settings.SANDBOX_DAYS)
    old = Article.everything.filter(is_sandbox=True, created_at__lt=before).order_by("created_at")
    return sum(_erase(pk) for pk in list(old.values_list("pk", flat=True)[:limit]))


@transaction.atomic
def _erase(article_id: int) -> bool:
    """Locks the article; one that somebody else holds waits for the next run."""
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
    stands = Exists(Appearance.objects.filter(claim=OuterRef("pk")))
    Claim.everything.filter(~stands, pk__in=claims, is_sandbox=True).delete()
    said = Exists(Claim.everything.filter(claimant=OuterRef("pk")))
    Claimant.everything.filter(~said, is_sandbox=True).delete()
    with connection.cursor() as cursor:
        # versions are append-only for this role; the owner's function removes those of sandboxes, no others
        cursor.execute("SELECT erase_sandbox_versions(%s)", [article.pk])
    article.delete()
    return True
