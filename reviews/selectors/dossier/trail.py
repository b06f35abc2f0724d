"""Who did what when, from the ledger: all of it, with what proves each entry."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import models
from django.db.models import Q

from claims.models import Article, Claim, ClaimMatch
from claimtracker.ledger.models import AuditEntry
from claimtracker.ledger.tracing import facts_of

from ...models import Comment, Publication, ReviewTask, Source, Verdict

OF_THE_CLAIM: tuple[type[models.Model], ...] = (ReviewTask, Verdict, Publication, ClaimMatch, Comment)


def timeline_of(claim: Claim, *, sources: Collection[int], articles: Collection[int]) -> list[dict[str, Any]]:
    """Every entry about the claim, what hangs on it, the ``sources`` and the ``articles`` (ids), oldest
    first."""
    about = _about(Claim, [claim.pk])
    for model in OF_THE_CLAIM:
        keys = list(model._default_manager.filter(claim=claim).values_list("pk", flat=True))
        about |= _about(model, keys)
    about |= _about(Source, sources) | _about(Article, articles)
    return facts_of(AuditEntry.objects.filter(about).order_by("id"))


def _about(model: type[models.Model], keys: Collection[int]) -> Q:
    return Q(subject_type=model._meta.label_lower, subject_id__in={str(key) for key in keys})
