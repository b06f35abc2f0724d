"""What happened, in order: to be read from where one stopped."""

from __future__ import annotations

from collections.abc import Sequence

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from claimtracker.partners import event_types, holdings, ordering
from claimtracker.partners.withheld import withheld_claims

from ..base import PartnerView
from ..event_serializers import EventPageSerializer
from ..examples import receipts as examples
from ..pagination import NewestFirst
from ..parameters import number_or_now, some_of
from ..problems import BadParameter, CursorExpired


class EventListView(PartnerView):
    pagination_class = None
    parameters = ("after", "limit", "types")

    @extend_schema(
        operation_id="list_events",
        summary="What happened, oldest first, after a cursor",
        description=(
            "Everything that webhooks tell, for those who would rather ask: public events, and those that "
            "concern you. Begin without `after` (the oldest that we still have) or with `after=now`, then go "
            "on with the `cursor` of each answer. Order and cursors are stable, and no event is ever put "
            "before one that was given out already, so a reader that keeps its cursor misses none. Events "
            "are kept for 30 days unless the newsroom chose another time (`EVENT_DAYS`); a cursor older than "
            "that is a 410."
        ),
        parameters=[
            OpenApiParameter(
                "after",
                {"type": "string", "pattern": "^(now|[0-9]{1,18})$"},
                description="The cursor of the answer before, or now.",
            ),
            OpenApiParameter(
                "types", OpenApiTypes.STR, description="Only these types of events, separated by commas."
            ),
            OpenApiParameter(
                "limit",
                {"type": "integer", "minimum": 1, "maximum": NewestFirst.max_page_size, "default": 25},
                description="How many events an answer holds at most.",
            ),
        ],
        responses=EventPageSerializer,
        examples=[examples.answer(examples.EVENT_PAGE)],
        tags=["events"],
    )
    def get(self, request: Request) -> Response:
        limit = NewestFirst().get_page_size(request)
        types = some_of(request, "types", event_types.offered_event_types())
        after = number_or_now(request, "after")
        newest = ordering.newest_number()
        if isinstance(after, str):
            return self._answer([], cursor=newest, has_more=False)
        begin = self._begin(after, newest)
        rows = list(ordering.events_for(self.principal.partner, after=begin, types=types)[: limit + 1])
        given, has_more = rows[:limit], len(rows) > limit
        holdings.note_events(self.principal.partner.pk, [row.event.payload for row in given])
        # past what was not for this reader too, so that the next answer need not look through it again
        cursor = given[-1].number if has_more else max(newest, begin, *(row.number for row in given))
        return self._answer(given, cursor=cursor, has_more=has_more)

    def _begin(self, after: int | None, newest: int) -> int:
        if after is None:
            return 0
        if after > newest:
            raise BadParameter("after", "This cursor is not one of ours. Leave it out to begin anew.")
        if after < ordering.oldest_number() - 1:
            raise CursorExpired()
        return after

    def _answer(self, rows: Sequence[object], *, cursor: int, has_more: bool) -> Response:
        content = {"results": rows, "cursor": str(cursor), "has_more": has_more}
        context = {"withheld": withheld_claims() if rows else frozenset()}
        return Response(EventPageSerializer(content, context=context).data)
