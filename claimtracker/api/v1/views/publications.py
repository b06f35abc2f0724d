"""What is public: fact checks and their ClaimReview."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from claims.models import RestrictedClaim
from reviews.models import Publication
from reviews.selectors.text import with_text
from reviews.selectors.withholding import withheld_snapshot, withhold

from .. import filters, selectors
from ..base import PartnerView
from ..examples.claims import CLAIM_ID
from ..examples.publications import CLAIM_REVIEW, PUBLICATIONS
from ..pagination import NewestFirst
from ..problems import NotShown, Retracted, Superseded
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
    filters.id_of("claim", "The claim's `id`: the newest version of its check.", CLAIM_ID),
    filters.flag("is_retracted", "true: only what we took back; false: only what stands."),
    filters.flag(
        "is_withheld", "true: only what is hidden or taken down at present; false: only what can be read."
    ),
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
            "list, marked with `is_retracted`. One that is hidden or taken down stays too, without its "
            "words: `restriction` says why, and `url` is empty. It is left out where you ask for anything "
            "but `claim`, `updated_since` or `is_withheld`. Filters can be combined; each narrows the list "
            "further."
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
        shown = [line.publication for line in lines if not line.is_withheld]
        note_read(self.principal.partner, shown, wanted=self.wanted)
        served = {row.pk: row for row in _served(shown, self.wanted)}
        read = selectors.reads_snapshot(self.wanted)
        return self.page_of([served.get(line.publication_id) or _tombstone(line, read) for line in lines])


class PublicationView(PartnerView):
    shape = PublicationSerializer

    @extend_schema(
        operation_id="read_publication",
        summary="One version of a published fact-check",
        description=(
            "What it said when it was published, with two exceptions: sources that became confidential later "
            "are withheld, and no version of a check that was retracted has a rating any more. Whichever "
            "version you read, `superseded_by` names the newest one (so does the header `Link` with "
            '`rel="latest-version"`), and `is_retracted` tells whether the check was taken back. A check '
            "that is hidden at present answers 410 with the code `hidden` in every version, one that was "
            "taken down for legal reasons 451 with the code `taken_down`."
        ),
        responses=PublicationSerializer,
        examples=PUBLICATIONS,
        tags=["publications"],
    )
    def get(self, request: Request, id: UUID) -> Response:
        row: Any = get_object_or_404(selectors.publications(wanted=self.wanted), public_id=id)
        _check_shown(row)
        note_read(self.principal.partner, [row], wanted=self.wanted)
        response = self.one(_served([row], self.wanted)[0])
        if row.superseded_by:
            response["Link"] = latest_version("publication", row.superseded_by)
        return response


class ClaimReviewView(PartnerView):
    renderer_classes = [LinkedDataRenderer, QuickJSONRenderer]

    @extend_schema(
        operation_id="read_claim_review",
        summary="The fact-check as schema.org ClaimReview",
        description=(
            "The JSON-LD that stands in the public page: what we say today. A version that we no longer "
            "stand behind has none: 410, with the code `superseded` and a `Link` to the ClaimReview of the "
            'newest version (`rel="latest-version"`), or with the code `retracted` for every version of a '
            "check that was taken back."
        ),
        responses={
            (200, "application/ld+json"): OpenApiTypes.OBJECT,
            (200, "application/json"): OpenApiTypes.OBJECT,
        },
        examples=CLAIM_REVIEW,
        tags=["publications"],
    )
    def get(self, request: Request, id: UUID) -> Response:
        publication: Any = get_object_or_404(selectors.publications(), public_id=id)
        _check_shown(publication)
        if selectors.is_taken_back(publication):
            raise Retracted()
        if publication.superseded_by:
            raise Superseded(
                publication.superseded_by, latest_version("claim-review", publication.superseded_by)
            )
        note_read(self.principal.partner, [publication])
        return Response(publication.claim_review)


def latest_version(name: str, id: UUID) -> str:
    """The header that leads from an older version to the newest (RFC 5829)."""
    return f'<{settings.SITE_URL}{reverse(f"api-v1:{name}", kwargs={"id": id})}>; rel="latest-version"'


def _check_shown(publication: Publication) -> None:
    restricted = RestrictedClaim.objects.withheld().filter(claim=publication.claim_id).first()
    if restricted is not None:
        raise NotShown(restricted)


def _tombstone(line: Any, reads_snapshot: bool) -> Any:
    """A check that may not be read at present: that it is there, and why one does not read it."""
    publication = line.publication
    publication.change_note = ""
    if reads_snapshot:
        facts = {
            "kind": line.restriction,
            "reason": line.restriction_reason,
            "since": line.restricted_since.isoformat(),
        }
        publication.snapshot = withheld_snapshot(publication.snapshot, facts)
    return publication


def _served(rows: list[Publication], wanted: Wanted) -> list[Any]:
    """The publications with what must not be read blanked, and with what was asked for of their texts."""
    if selectors.reads_snapshot(wanted):
        rows = withhold(rows)
    return with_text(rows) if "article_text" in wanted else rows
