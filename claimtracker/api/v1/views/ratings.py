"""The scales under which checks are published."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from .. import selectors
from ..base import PartnerView
from ..examples.directory import SCALES
from ..rating_serializers import RatingScaleSerializer


class RatingScaleListView(PartnerView):
    is_list = True
    shape = RatingScaleSerializer

    @extend_schema(
        operation_id="list_rating_scales",
        summary="The rating scales in force",
        description=(
            "With the ratings that a new check can be given. A published check carries its own rating with "
            "label and values as they were: never work its meaning out from here."
        ),
        responses=RatingScaleSerializer(many=True),
        examples=SCALES,
        tags=["rating scales"],
    )
    def get(self, request: Request) -> Response:
        return self.page(selectors.rating_scales(wanted=self.wanted))


class RatingScaleView(PartnerView):
    shape = RatingScaleSerializer

    @extend_schema(
        operation_id="read_rating_scale",
        summary="One rating scale",
        description="By its `id`. A scale of which no rating can be given any more is not there: 404.",
        responses=RatingScaleSerializer,
        examples=SCALES,
        tags=["rating scales"],
    )
    def get(self, request: Request, id: str) -> Response:
        return self.one(get_object_or_404(selectors.rating_scales(wanted=self.wanted), slug=id))
