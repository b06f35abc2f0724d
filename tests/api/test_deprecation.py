"""What will go away says so: tried on endpoints that only this test serves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from django.urls import include, path
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.settings import spectacular_settings
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from claimtracker.api.v1.base import PartnerView
from claimtracker.api.v1.deprecation import Deprecated, headers_for

from .conftest import Asker

GUIDE = "https://claims.example/api/docs/#moving"
SOON = Deprecated(
    since=datetime(2026, 11, 1, tzinfo=UTC),
    sunset=datetime(2027, 5, 1, 12, tzinfo=timezone(timedelta(hours=2))),
    link=GUIDE,
    instead="read_thing",
)
OPEN = Deprecated(since=datetime(2026, 10, 1, tzinfo=UTC), link="https://claims.example/why", instead="name")


class ThingSerializer(serializers.Serializer[Any]):
    deprecated = {"label_old": OPEN}

    name = serializers.CharField()
    label_old = serializers.CharField(help_text="The former name.")


class PlainSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()


class OldView(PartnerView):
    deprecated = {"GET": SOON}
    shape = PlainSerializer

    @extend_schema(operation_id="old_thing", summary="Old", responses=PlainSerializer)
    def get(self, request: Request) -> Response:
        return Response({})

    @extend_schema(operation_id="send_thing", summary="Send", request=None, responses=PlainSerializer)
    def post(self, request: Request) -> Response:
        return Response({})


class ThingView(PartnerView):
    shape = ThingSerializer
    parameters = ("sort", "order")
    deprecated_parameters = {"order": SOON}

    @extend_schema(
        operation_id="read_thing",
        summary="Thing",
        description="A thing.",
        parameters=[
            OpenApiParameter("sort", str, description="How they are sorted."),
            OpenApiParameter("order", str, description="The same."),
        ],
        responses=ThingSerializer,
    )
    def get(self, request: Request) -> Response:
        response = self.one({"name": "a", "label_old": "b"})
        response["Link"] = '<https://claims.example/next>; rel="next"'
        return response


api = ([path("old", OldView.as_view()), path("thing", ThingView.as_view())], "api-v1")
urlpatterns = [path("api/v1/", include(api))]

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def test_a_deprecated_operation_says_since_when_and_until_when(asker: Asker) -> None:
    for method in ("GET", "HEAD"):
        response = asker.ask(method, "old")
        assert response.status_code == 200
        assert response["Deprecation"] == "@1793491200"
        assert response["Sunset"] == "Sat, 01 May 2027 10:00:00 GMT"
        assert response["Link"] == (
            f'<{GUIDE}>; rel="deprecation"; type="text/html", <{GUIDE}>; rel="sunset"; type="text/html"'
        )


def test_another_method_of_the_same_address_is_not_deprecated(asker: Asker) -> None:
    assert "Deprecation" not in asker.post("old", {})


def test_a_deprecated_parameter_is_told_to_who_sends_it(asker: Asker) -> None:
    assert "Sunset" not in asker.get("thing?sort=a&fields=name")
    response = asker.get("thing?order=a&fields=name")
    assert response["Deprecation"] == "@1793491200"
    assert response["Sunset"] == "Sat, 01 May 2027 10:00:00 GMT"
    assert response["Link"].startswith('<https://claims.example/next>; rel="next", ')


def test_a_deprecated_field_is_told_to_who_gets_it(asker: Asker) -> None:
    response = asker.get("thing")
    assert response["Deprecation"] == "@1790812800"
    assert "Sunset" not in response, "nobody decided until when"
    assert "Deprecation" not in asker.get("thing?fields=name")
    assert "Deprecation" in asker.get("thing?fields=label_old")


def test_of_several_the_first_counts_and_each_is_linked(asker: Asker) -> None:
    headers = headers_for([SOON, OPEN])
    assert headers["Deprecation"] == "@1790812800"
    assert headers["Sunset"] == "Sat, 01 May 2027 10:00:00 GMT"
    assert headers["Link"].count("rel=") == 3
    assert headers_for([]) == {}


def test_a_304_says_it_too(asker: Asker) -> None:
    response = asker.get("old", If_None_Match="*")
    assert (response.status_code, response["Deprecation"]) == (304, "@1793491200")


def test_the_schema_says_it_of_operation_parameter_and_field(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spectacular_settings, "POSTPROCESSING_HOOKS", [])  # they are about our own operations
    schema = SchemaGenerator(patterns=urlpatterns, api_version=None).get_schema(request=None, public=True)
    old, thing = schema["paths"]["/api/v1/old"], schema["paths"]["/api/v1/thing"]["get"]
    assert old["get"]["deprecated"] is True
    assert old["get"]["description"].endswith("use read_thing. It stops working on 01 May 2027.")
    assert "deprecated" not in old["post"] and "deprecated" not in thing
    marked = {one["name"]: one.get("deprecated", False) for one in thing["parameters"]}
    assert marked == {"sort": False, "order": True, "fields": False}
    fields = schema["components"]["schemas"]["Thing"]["properties"]
    assert fields["label_old"]["deprecated"] is True
    assert fields["label_old"]["description"] == "The former name. Deprecated: use name."
    assert "deprecated" not in fields["name"]


@pytest.mark.parametrize(
    "moments",
    [
        {"since": datetime(2026, 11, 1)},  # noqa: DTZ001 - what is refused
        {"since": datetime(2026, 11, 1, tzinfo=UTC), "sunset": datetime(2026, 10, 1, tzinfo=UTC)},
    ],
)
def test_moments_that_mean_nothing_are_refused(moments: dict[str, datetime]) -> None:
    with pytest.raises(ValueError):
        Deprecated(link=GUIDE, instead="read_thing", **moments)
