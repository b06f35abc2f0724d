"""What we changed after it was published."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from .. import filters, selectors
from ..base import PartnerView
from ..correction_serializers import KINDS, PublishedChangeSerializer
from ..examples.publications import CHANGES


class CorrectionListView(PartnerView):
    is_list = True
    shape = PublishedChangeSerializer
    filters = (
        filters.choice("kind", "What the change was.", [kind for kind, _label in KINDS]),
        filters.moment("updated_since", "Published at this moment or later."),
    )

    @extend_schema(
        operation_id="list_corrections",
        summary="Corrections, retractions and re-checks of published fact-checks, newest first",
        description=(
            "Every version after the first, with what it changed. Whoever shows our checks reads this list "
            "from time to time, or takes the webhooks: `replaces` is the publication to take down."
        ),
        responses=PublishedChangeSerializer(many=True),
        examples=CHANGES,
        tags=["publications"],
    )
    def get(self, request: Request) -> Response:
        return self.page(selectors.changes_of_publications(self.asked))
