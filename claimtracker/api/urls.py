"""Everything below /api/. What no line names is answered as a problem."""

from django.urls import include, path, re_path

from .docs import ReferenceView, SchemaView, guide
from .v1 import openapi  # noqa: F401 - tells drf-spectacular about our keys; half a second that no worker needs
from .v1.views.unknown import UnknownPathView

urlpatterns = [
    path("docs/", guide, name="api-docs"),
    path("docs", guide),
    path("docs/reference/", ReferenceView.as_view(), name="api-reference"),
    path("docs/reference", ReferenceView.as_view()),
    path("v1/schema/", SchemaView.as_view(), name="api-schema"),
    path("v1/schema", SchemaView.as_view()),
    path("v1/", include("claimtracker.api.v1.urls")),
    re_path(r"", UnknownPathView.as_view()),  # no pattern of dots: an address may hold a line break
]
