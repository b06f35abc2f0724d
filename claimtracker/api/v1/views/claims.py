"""The claims in a partner's articles."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from claims.models.claim import ClaimKind

from .. import filters, selectors, sparse
from ..base import PartnerView
from ..claim_answers import claim_answer, claim_answers
from ..examples.claims import APPEARING, CLAIMS
from ..problems import BadParameter
from ..receipts import note_reviews, published_in
from ..review_status import Stage
from ..serializers import ClaimSerializer, PlaceSerializer

FILTERS = (
    filters.choice("state", "How far its check has come: `review.status`.", Stage.values),
    filters.words("claimant", "Who said it: the whole name, in capitals or not.", "Ann Lee", most=300),
    filters.slug("topic", "A topic's `slug`.", "health"),
    filters.choice("kind", "What kind of claim it is.", ClaimKind.values),
    filters.share("score_min", "At least this check-worthiness.", "0.7"),
    filters.share("score_max", "At most this check-worthiness.", "1"),
    filters.language(),
    filters.updated_since(),
    filters.words("q", 'Words of the claim: all of them, "a phrase", or, -not.', "roads million"),
)


class ClaimListView(PartnerView):
    is_list = True
    shape = ClaimSerializer
    filters = FILTERS

    @extend_schema(
        operation_id="list_claims",
        summary="The claims in your articles, newest first",
        description=(
            "Filters can be combined; each narrows the list further. Without any it is every claim that "
            "stands in an article of yours, whatever became of it."
        ),
        responses=ClaimSerializer(many=True),
        examples=CLAIMS,
        tags=["claims"],
    )
    def get(self, request: Request) -> Response:
        _check_scores(self.asked)
        partner = self.principal.partner
        claims = selectors.narrow_claims(
            selectors.claims_of(partner, wanted=sparse.NOTHING), self.asked, partner
        )
        ids = [row["id"] for row in self.paginate_queryset(claims.values("id")) or ()]
        answers = claim_answers(ids, partner, wanted=self.wanted)
        note_reviews(partner, published_in(answers))
        return self.get_paginated_response(answers)


class ClaimView(PartnerView):
    shape = ClaimSerializer

    @extend_schema(
        operation_id="read_claim",
        summary="One claim of your articles",
        description=(
            "With the state of its check and where it stands in your own articles. What we found is in the "
            "publication that `review` names, once there is one."
        ),
        responses=ClaimSerializer,
        examples=CLAIMS,
        tags=["claims"],
    )
    def get(self, request: Request, id: UUID) -> Response:
        answer = claim_answer(id, self.principal.partner, wanted=self.wanted)
        if answer is None:
            raise Http404
        note_reviews(self.principal.partner, published_in([answer]))
        return Response(answer)


class ClaimAppearancesView(PartnerView):
    is_list = True
    shape = PlaceSerializer

    @extend_schema(
        operation_id="list_appearances",
        summary="Where a claim stands in your articles, newest first",
        description=(
            "Each place in each version of each of your articles, with selectors of the W3C Web Annotation "
            "model by which it can be found again in that version's `body`. Places in articles of others are "
            "never among them."
        ),
        responses=PlaceSerializer(many=True),
        examples=APPEARING,
        tags=["claims"],
    )
    def get(self, request: Request, id: UUID) -> Response:
        partner = self.principal.partner
        places = selectors.own_appearances(partner).filter(claim__public_id=id)
        if not places.exists():
            raise Http404
        return self.page(selectors.places_in_articles(places))


def _check_scores(asked: dict[str, Any]) -> None:
    if asked.get("score_min", 0) > asked.get("score_max", 1):
        raise BadParameter("score_min", "score_min is above score_max, so no claim has such a score.")
