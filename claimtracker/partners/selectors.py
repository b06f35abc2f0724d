"""What a partner sees of its endpoints and of what we sent there."""

from __future__ import annotations

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery

from .models import Attempt, Delivery, Partner, WebhookEndpoint


def endpoints_of(partner: Partner) -> QuerySet[WebhookEndpoint]:
    """The partner's endpoints, without those that were removed."""
    return WebhookEndpoint.objects.kept().filter(partner=partner)


def deliveries_to(endpoint: WebhookEndpoint) -> QuerySet[Delivery]:
    """For the list: without bodies, each with what came of its last try."""
    return with_last_try(Delivery.objects.filter(endpoint=endpoint))


def deliveries_of(partner: Partner) -> QuerySet[Delivery]:
    """For the detail: everything that was sent to the partner, to removed endpoints too."""
    rows = Delivery.objects.filter(endpoint__partner=partner).select_related("endpoint", "event")
    return with_last_try(rows, whole=True).prefetch_related(
        Prefetch("attempts", queryset=Attempt.objects.order_by("number"))
    )


def with_last_try(rows: QuerySet[Delivery], *, whole: bool = False) -> QuerySet[Delivery]:
    """Adds ``last_status_code`` and ``last_error``."""
    last = Attempt.objects.filter(delivery=OuterRef("pk"), finished_at__isnull=False).order_by("-number")
    rows = rows.annotate(
        last_status_code=Subquery(last.values("status_code")[:1]),
        last_error=Subquery(last.values("error")[:1]),
    )
    return rows if whole else rows.select_related("endpoint", "event").defer("body")
