"""What a partner sees of what partners ask us to check."""

from __future__ import annotations

from django.db.models import Count, Exists, IntegerField, OuterRef, Prefetch, QuerySet, Subquery

from claims.models import CheckRequest, RequestVote
from claimtracker.partners.models import Partner


def requests_seen_by(partner: Partner) -> QuerySet[CheckRequest]:
    """Its own and those that are shared, a sandbox's its own alone; with the number of votes and its own
    vote. Two queries for any number of rows."""
    own = RequestVote.objects.filter(origin=partner.origin)
    votes = (
        RequestVote.objects.filter(request=OuterRef("pk"))
        .order_by()
        .values("request")
        .annotate(number=Count("pk"))
        .values("number")
    )
    seen = CheckRequest.everything.seen_by(partner.origin)
    if partner.is_sandbox:
        seen = seen.filter(Exists(_votes_of(partner)))
    return (
        seen.select_related("claim")
        .annotate(
            vote_count=Subquery(votes, output_field=IntegerField()),
            voted=Exists(_votes_of(partner)),
        )
        .prefetch_related(Prefetch("votes", queryset=own, to_attr="own_votes"))
    )


def own_requests(partner: Partner) -> QuerySet[CheckRequest]:
    return requests_seen_by(partner).filter(Exists(_votes_of(partner)))


def _votes_of(partner: Partner) -> QuerySet[RequestVote]:
    return RequestVote.objects.filter(request=OuterRef("pk"), origin=partner.origin)
