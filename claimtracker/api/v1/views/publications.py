"""What is public: fact checks and their ClaimReview."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from reviews.models import Publication
from reviews.selectors.text import with_text
from reviews.selectors.withholding import withhold

from .. import filters, selectors
from ..base import PartnerView
from ..examples.publications import CLAIM_REVIEW, PUBLICATIONS
from ..pagination import NewestFirst
from ..problems import Retracted
from ..publication_serializers import PublicationSerializer
from ..receipts import note_read
from ..renderers import LinkedDataRenderer, QuickJSONRenderer
from ..sparse import Wanted

FILTERS = (
    filters.slug("rating", "The rating's `slug`; what was retracted has none.", "false"),
    filters.words(
        "claimant", "Who said it: the `id` of the claimant, or the whole name.", "Ann Lee", most=300
    ),
    filters.slug("topic", "A topic's `slug`.", "health"),
    filters.language("A language tag; of `en-GB` only `en` counts."),
    filters.moment("updated_since", "Whose newest version was published at this moment or later."),
    filters.words("q", 'Words of claim and summary: all of them, "a phrase", or, -not.', "roads million"),
    filters.flag("is_retracted", "true: only what we took back; false: only what stands."),
)


class NewestPublicationFirst(NewestFirst):
    ordering = "-publication_id"


class PublicationListView(PartnerView):
    is_list = True
    shape = PublicationSerializer
    filters = FILTERS
    pagination_class = NewestPublicationFirst

    @extend_schema(
        operation_id="list_publications",
        summary="Published fact-checks in their newest version, newest first",
        description=(
            "Only what two people stand behind and what is public. A check that was retracted stays in the "
            "list, marked with `is_retracted`. Filters can be combined; each narrows the list further."
        ),
        responses=PublicationSerializer(many=True),
        examples=PUBLICATIONS,
        tags=["publications"],
    )
    def get(self, request: Request) -> Response:
        lines = self.paginate_queryset(selectors.public_lines(self.asked, wanted=self.wanted)) or []
        rows: list[Any] = [line.publication for line in lines]
        for row in rows:
            row.is_superseded = False
        note_read(self.principal.partner, rows, wanted=self.wanted)
        return self.page_of(_served(rows, self.wanted))


class PublicationView(PartnerView):
    shape = PublicationSerializer

    @extend_schema(
        operation_id="read_publication",
        summary="One version of a published fact-check",
        description=(
            "As it was published, and never changed since, but for sources that became confidential later: "
            "these are withheld. `is_superseded` tells whether a newer version is out."
        ),
        responses=PublicationSerializer,
        examples=PUBLICATIONS,
        tags=["publications"],
    )
    def get(self, request: Request, id: UUID) -> Response:
        row = get_object_or_404(selectors.publications(wanted=self.wanted), public_id=id)
        note_read(self.principal.partner, [row], wanted=self.wanted)
        return self.one(_served([row], self.wanted)[0])


class ClaimReviewView(PartnerView):
    renderer_classes = [LinkedDataRenderer, QuickJSONRenderer]

    @extend_schema(
        operation_id="read_claim_review",
        summary="The fact-check as schema.org ClaimReview",
        description=(
            "The JSON-LD that stands in the public page. A check that was retracted describes no finding: "
            "410."
        ),
        responses={
            (200, "application/ld+json"): OpenApiTypes.OBJECT,
            (200, "application/json"): OpenApiTypes.OBJECT,
        },
        examples=CLAIM_REVIEW,
        tags=["publications"],
    )
    def get(self, request: Request, id: UUID) -> Response:
        publication = get_object_or_404(selectors.publications(), public_id=id)
        if publication.is_retraction:
            raise Retracted()
        note_read(self.principal.partner, [publication])
        return Response(publication.claim_review)


def _served(rows: list[Publication], wanted: Wanted) -> list[Any]:
    """The publications with what must not be read blanked, and with what was asked for of their texts."""
    if selectors.reads_snapshot(wanted):
        rows = withhold(rows)
    return with_text(rows) if "article_text" in wanted else rows
