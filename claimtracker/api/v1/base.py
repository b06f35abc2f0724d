"""What all endpoints have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django.db.models import QuerySet
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from claimtracker.partners import limits
from claimtracker.partners.auth import PartnerPrincipal
from claimtracker.partners.models import Scope

from .idempotency import METHODS, once
from .parameters import refuse_unknown
from .permissions import HasScope
from .problems import LengthRequired
from .throttles import ADMISSION, IS_COUNTED, group_of


class PartnerView(GenericAPIView[Any]):
    """What all have in common: the key's scopes, the request's partner, the headers of the limit.

    What POST and PATCH do is done once for each Idempotency-Key: in one transaction with the answer that is
    kept. ``key_is_required`` refuses them without one; ``keeps_nothing`` is for those that change nothing,
    which are simply done again.
    """

    permission_classes = [IsAuthenticated, HasScope]
    metadata_class = None
    http_method_names = ["get", "post", "head"]
    scopes: Mapping[str, Scope | None] = {}
    parameters: tuple[str, ...] = ()
    key_is_required = False
    keeps_nothing = False

    @property
    def principal(self) -> PartnerPrincipal:
        return cast(PartnerPrincipal, self.request.user)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Whoever has a key is counted first, so that every answer bears the limits, refusals too."""
        self.format_kwarg = None
        self.perform_authentication(request)
        self.check_throttles(request)
        self.check_permissions(request)
        request.accepted_renderer, request.accepted_media_type = self.perform_content_negotiation(request)
        if "Transfer-Encoding" in request.headers and not request.headers.get("Content-Length"):
            raise LengthRequired()
        refuse_unknown(request, self.parameters)
        name = str(request.method).lower()
        if request.method in METHODS and hasattr(self, name):
            setattr(self, name, once(self, getattr(self, name)))  # where DRF looks for it next

    def page(self, queryset: QuerySet[Any], serializer: Any) -> Response:
        """One page of ``queryset`` in the shape of ``serializer``."""
        return self.get_paginated_response(serializer(self.paginate_queryset(queryset), many=True).data)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        admission = getattr(request, ADMISSION, None)
        if admission is not None:
            for name, value in admission.headers().items():
                response[name] = value
            if response.status_code >= 400 and admission.is_allowed and not hasattr(request, IS_COUNTED):
                setattr(request, IS_COUNTED, True)  # an answer that is kept comes through here twice
                limits.count_error(self.principal.key, group=group_of(request))
        # what one key may see is not for another
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response
