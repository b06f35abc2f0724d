"""A partner's jobs."""

from __future__ import annotations

from django.db.models import Count, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from claims import states
from claims.models import Batch, BatchItem
from claimtracker.partners.models import Partner


def jobs_of(partner: Partner) -> QuerySet[Batch]:
    """With their counts, in one query however many there are."""
    items = BatchItem.objects.filter(batch=OuterRef("pk")).order_by().values("batch")
    counts = {
        "total": Count("pk"),
        **{state: Count("pk", filter=Q(state=state)) for state in states.BATCH_ITEM.states},
    }
    return Batch.everything.filter(origin=partner.origin).annotate(
        **{
            name: Coalesce(Subquery(items.annotate(n=count).values("n"), output_field=IntegerField()), 0)
            for name, count in counts.items()
        }
    )


def jobs_in_full(partner: Partner) -> QuerySet[Batch]:
    items = (
        BatchItem.objects.order_by("index")
        .select_related("article", "fetch")
        .only(
            "batch",
            "index",
            "external_id",
            "state",
            "outcome",
            "problem",
            "article__public_id",
            "article__external_id",
            "fetch__public_id",
            "fetch__external_id",
        )
    )
    return jobs_of(partner).prefetch_related(Prefetch("items", queryset=items))
