"""What all endpoints have in common."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import Any, cast

from django.db.models import QuerySet
from django.utils import timezone
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from claimtracker.partners import limits
from claimtracker.partners.auth import PartnerPrincipal
from claimtracker.partners.models import Scope

from . import sparse
from .conditional import tag_when_rendered
from .deprecation import Deprecated, headers_for, used_by
from .filters import Filter, read_filters
from .idempotency import METHODS, once
from .pagination import PAGE_PARAMETERS
from .parameters import refuse_unknown
from .permissions import HasScope
from .problems import LengthRequired
from .throttles import ADMISSION, IS_COUNTED, group_of
from .writing import writer_of, written


class PartnerView(GenericAPIView[Any]):
    """What all have in common: the key's scopes, the request's partner, the headers of the limit, ETags and
    the times of UTC.

    A reading endpoint names its ``shape``, the serializer of what it answers with; then ``fields`` chooses
    among its fields. A list is one with ``is_list``, and can be narrowed by its ``filters``, whose values are
    in ``asked``. ``deprecated`` and ``deprecated_parameters`` say what will go away (see deprecation).

    What POST and PATCH do is done once for each Idempotency-Key: in one transaction with the answer that is
    kept. ``key_is_required`` refuses them without one; ``keeps_nothing`` is for those that change nothing, or
    whose answer holds a secret: they are simply done again.
    """

    permission_classes = [IsAuthenticated, HasScope]
    metadata_class = None
    http_method_names = ["get", "post", "head"]
    scopes: Mapping[str, Scope | None] = {}
    parameters: tuple[str, ...] = ()
    key_is_required = False
    keeps_nothing = False
    shape: Any = None
    is_list = False
    filters: tuple[Filter, ...] = ()
    deprecated: dict[str, Deprecated] = {}
    deprecated_parameters: dict[str, Deprecated] = {}

    wanted = sparse.EVERYTHING

    @property
    def principal(self) -> PartnerPrincipal:
        return cast(PartnerPrincipal, self.request.user)

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Every moment is given in UTC, whatever the newsroom's clock."""
        with timezone.override(UTC):
            return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Whoever has a key is counted first, so that every answer bears the limits, refusals too."""
        self.format_kwarg = None
        self.perform_authentication(request)
        self.check_throttles(request)
        self.check_permissions(request)
        request.accepted_renderer, request.accepted_media_type = self.perform_content_negotiation(request)
        if "Transfer-Encoding" in request.headers and not request.headers.get("Content-Length"):
            raise LengthRequired()
        refuse_unknown(request, self.known_parameters())
        self.asked: dict[str, Any] = {}
        if request.method in ("GET", "HEAD"):
            self.asked = read_filters(request, self.filters)
            self.wanted = sparse.wanted_fields(request, self.shape)
        name = str(request.method).lower()
        if request.method in METHODS and hasattr(self, name):
            setattr(self, name, once(self, getattr(self, name)))  # where DRF looks for it next

    def known_parameters(self) -> tuple[str, ...]:
        """The names of the query parameters that this address takes."""
        pages = PAGE_PARAMETERS if self.is_list else ()
        fields = (sparse.PARAMETER,) if self.shape else ()
        if self.request.method not in ("GET", "HEAD"):
            return self.parameters
        known = (*(one.name for one in self.filters), *pages, *fields, *self.parameters)
        return tuple(dict.fromkeys(known))

    def page(self, queryset: QuerySet[Any], serializer: Any = None) -> Response:
        """One page of ``queryset`` in the shape of ``serializer``, the endpoint's own unless told."""
        return self.page_of(self.paginate_queryset(queryset) or [], serializer)

    def page_of(self, rows: Any, serializer: Any = None) -> Response:
        """The same of rows that were paged already."""
        write = writer_of(serializer or self.shape, self.wanted.names)
        return self.get_paginated_response([write(row) for row in rows])

    def one(self, row: Any, serializer: Any = None) -> Response:
        """One row in the shape of ``serializer``, the endpoint's own unless told."""
        return Response(written(serializer or self.shape, row, self.wanted.names))

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
        for name, value in headers_for(used_by(self, request, self.wanted)).items():
            before = response.get(name, "") if name == "Link" else ""
            if value not in before:
                response[name] = f"{before}, {value}" if before else value
        tag_when_rendered(request, response)
        return response
