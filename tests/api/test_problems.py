"""Every kind of error is a problem that says what to do."""

from __future__ import annotations

import json
import re
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from rest_framework.exceptions import ValidationError
from rest_framework.fields import empty

from claimtracker.api.v1 import selectors
from claimtracker.api.v1.event_serializers import AcknowledgementRequestSerializer
from claimtracker.api.v1.mends import for_programs
from claimtracker.api.v1.parsers import MOST_BODY_BYTES
from claimtracker.api.v1.strict import StrictSerializer
from claimtracker.partners.models import Partner
from tests.factories import make_key

from .conftest import Asker, assert_problem

DEEP = b"[" * 200_000


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b'{"body": "x",}', "at line 1, column"),
        (b'{"body": ', "not valid JSON"),
        (b"", "Send the article's text"),
        (b"not json", "not valid JSON"),
        (b'{"body": "\xe9"}', "not UTF-8 (byte 10)"),
        (b'{"body": NaN}', "number"),
        (b'{"body": ' + b"9" * 5000 + b"}", "number"),
        (DEEP, "nested too deeply"),
    ],
)
def test_400_for_a_body_that_is_no_json(asker: Asker, body: bytes, says: str) -> None:
    assert_problem(asker.ask("POST", "articles", body), 400, says)


def test_400_for_lone_surrogates(asker: Asker) -> None:
    assert_problem(asker.ask("POST", "articles", b'{"body": "words", "title": "\\ud800"}'), 400)


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("cursor=nonsense", "cursor"),
        ("cursor=cD1hYmM%3D", "cursor"),  # p=abc
        ("cursor=cD05OTk5OTk5OTk5OTk5OTk5OTk5OQ%3D%3D", "cursor"),  # p beyond a bigint
        ("cursor=%00", "cursor"),
        ("cursor=cj0x", "cursor"),  # r=1 from nowhere
        ("limit=5&limit=6", "limit"),
        ("limt=5", "limt"),
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=ten", "limit"),
        ("limit=" + "9" * 5000, "limit"),
    ],
)
def test_400_for_a_parameter_that_cannot_be_read(asker: Asker, query: str, parameter: str) -> None:
    for path in ("articles", "claims", "publications"):
        problem = assert_problem(asker.get(f"{path}?{query}"), 400)
        assert [error["parameter"] for error in problem["errors"]] == [parameter]


@pytest.mark.parametrize(
    "path",
    [
        "articles/1",
        "articles/00000000-0000-4000-8000-000000000000",
        "claims/00000000-0000-4000-8000-000000000000",
        "publications/00000000-0000-4000-8000-000000000000",
        "publications/00000000-0000-4000-8000-000000000000/claim-review",
        "nothing",
        "",
    ],
)
def test_404_for_what_is_not_there(asker: Asker, path: str) -> None:
    assert assert_problem(asker.get(path), 404)["code"] == "not_found"


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "OPTIONS"])
@pytest.mark.parametrize("path", ["/api/", "/api/nothing", "/api/v2/articles", "/api/v1", "/api/a\nb"])
def test_404_for_unknown_paths_needs_no_key(db: None, method: str, path: str) -> None:
    assert_problem(Client().generic(method, path), 404, "/api/docs/reference/")


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("articles/123", "123"),
        ("articles/123/annotations/", "123"),
        ("claims/00000000-0000-4000-8000-00000000000G", "00000000-0000-4000-8000-00000000000G"),
        ("deliveries/msg_1", "msg_1"),
        ("articles/00000000-0000-4000-8000-000000000000/versions/first", "first"),
    ],
)
def test_404_names_what_is_no_id(asker: Asker, path: str, part: str) -> None:
    problem = assert_problem(asker.get(path), 404, f"“{part}” is no id")
    assert problem["code"] == "not_found"
    for unserved in ("articles/123/dreams", "nothing/123", "a/" * 2000):
        assert_problem(asker.get(unserved), 404, "There is no such address")


def fields_that_are_read() -> list[Any]:
    """Every field of every body that is sent to us."""
    import claimtracker.api.urls  # noqa: F401 - brings in every serializer

    return [
        pytest.param(field, id=f"{shape.__name__}.{name}")
        for shape in StrictSerializer.__subclasses__()
        for name, field in shape().fields.items()
    ]


@pytest.mark.parametrize("field", fields_that_are_read())
def test_every_refusal_of_a_field_is_in_our_words(field: Any) -> None:
    for value in (
        *([empty] if field.required else []),
        None,
        "",
        "?" * 5000,
        7,
        -1,
        10**9,
        1.5,
        True,
        [],
        ["x"] * 500,
        {},
    ):
        try:
            field.run_validation(value)
        except ValidationError as error:
            said = str(error.detail)
            for words in ("Ensure", "is required", "may not be", "not a valid", "Not a valid", "has wrong"):
                assert words not in said, (value, said)


def test_a_choice_names_what_may_be_chosen() -> None:
    with pytest.raises(ValidationError, match="This must be one of updated, removed, not_used"):
        AcknowledgementRequestSerializer().fields["status"].run_validation("done")


def test_who_is_told_to_paste_over_the_api_is_told_to_send() -> None:
    said = [
        (path.name, words)
        for path in (Path(__file__).parents[2] / "claims/sources").glob("*.py")
        for words in re.findall(r'"([^"]*\b[Pp]aste [^"]*)"', path.read_text())
        if " " in words and "{" not in words.partition("aste ")[2]
    ]
    assert len(said) > 6
    for name, words in said:
        told = for_programs(words)
        assert "aste" not in told and " as body" in told, (name, words)


def test_405_names_the_methods(asker: Asker) -> None:
    for method in ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
        response = asker.ask(method, "articles")
        assert_problem(response, 405, "Use GET, POST, HEAD")
        assert response["Allow"] == "GET, POST, HEAD"
    assert_problem(asker.ask("POST", f"claims/{uuid.uuid4()}"), 405, "Use GET, HEAD")


def test_406_names_what_is_offered(asker: Asker) -> None:
    assert_problem(asker.get("articles", Accept="text/html"), 406, "application/json")
    assert_problem(asker.get("articles?format=xml"), 400)


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_415_names_the_right_type(asker: Asker, content_type: str) -> None:
    assert_problem(asker.ask("POST", "articles", b'{"body": "x"}', content_type), 415, "application/json")


def test_411_for_a_chunked_body_which_would_be_read_as_none(asker: Asker) -> None:
    response = asker.ask("POST", "articles", b"", **{"Transfer-Encoding": "chunked"})
    assert_problem(response, 411, "Content-Length")


def test_413_names_the_limit(asker: Asker) -> None:
    body = json.dumps({"body": "x" * MOST_BODY_BYTES}).encode()
    assert_problem(asker.ask("POST", "articles", body), 413, "2,000,000")


def test_429_says_for_how_long(asker: Asker) -> None:
    Partner.objects.filter(pk=asker.partner.pk).update(requests_per_minute=3)
    left = [asker.get("articles")["RateLimit"].partition(", ")[0] for _ in range(3)]
    assert [line.partition(";t=")[0] for line in left] == ['"burst";r=2', '"burst";r=1', '"burst";r=0']
    response = asker.get("articles")
    assert_problem(response, 429, "Try again in")
    assert 1 <= int(response["Retry-After"]) <= 60
    assert response["RateLimit-Policy"].startswith('"burst";q=3;w=60, ')
    # the burst is the key's own
    other = make_key(asker.partner)[1]
    assert asker.get("articles", Authorization=f"Bearer {other}").status_code == 200


def test_500_is_a_problem_without_a_trace(asker: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: Any, **_options: Any) -> None:
        raise KeyError("internal detail")

    monkeypatch.setattr(selectors, "articles_of", broken)
    response = asker.get("articles")
    assert_problem(response, 500, "request_id")
    assert b"internal detail" not in response.content


def test_no_cache_keeps_what_one_key_may_see(asker: Asker) -> None:
    assert asker.get("articles")["Cache-Control"] == "private, no-cache"
    assert asker.get(f"claims/{uuid.uuid4()}")["Cache-Control"] == "private, no-cache"


def test_head_is_get_without_a_body(asker: Asker) -> None:
    response = asker.ask("HEAD", "articles")
    assert (response.status_code, response.content) == (200, b"")
