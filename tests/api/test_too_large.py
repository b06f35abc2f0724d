"""A body that is too large: the answer arrives, and says that the connection ends."""

from __future__ import annotations

import http.client
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from claimtracker.api.v1 import parsers
from claimtracker.kernel.closing import closing
from tests.factories import make_key, make_partner
from tests.support.api_server import ApiServer

from .conftest import Asker, assert_problem

TOO_LONG = json.dumps({"body": "a" * 2_100_000}).encode()


@pytest.fixture
def server(services: None, transactional_db: None, tmp_path: Path) -> Iterator[ApiServer]:
    with ApiServer(tmp_path, workers=1) as running:
        yield running


@pytest.mark.timeout(180)
def test_gunicorn_answers_and_ends_the_connection(server: ApiServer) -> None:
    _key, plain = make_key(make_partner())
    headers = {"Authorization": f"Bearer {plain}", "Content-Type": "application/json"}
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("POST", "/api/v1/articles", TOO_LONG, headers)
    answer = connection.getresponse()
    assert (answer.status, answer.headers.get_all("Connection")) == (413, ["close"])
    assert json.loads(answer.read())["code"] == "too_large"
    assert connection.sock is None, "ended"
    connection.request("GET", "/api/v1/articles", headers=headers)
    other = connection.getresponse()
    assert (other.status, other.headers["Connection"]) == (200, "keep-alive")
    connection.close()


@pytest.mark.django_db
def test_the_answer_says_so(asker: Asker) -> None:
    response = asker.ask("POST", "articles", TOO_LONG)
    assert_problem(response, 413, "larger than 2,000,000 bytes")
    assert response["Connection"] == "close"
    assert "Connection" not in asker.get("articles")


def test_the_rest_of_a_body_is_taken_off_the_line_up_to_a_limit() -> None:
    class Endless(io.RawIOBase):
        given = 0

        def read(self, size: int = -1) -> bytes:
            self.given += size
            return b"a" * size

    for declared, taken in ((2_000_001, 2_000_001), (parsers.MOST_DISCARDED_BYTES + 1, 0)):
        stream = Endless()
        asked: Any = type("Asked", (), {"META": {"CONTENT_LENGTH": str(declared)}})
        with pytest.raises(parsers.BodyTooLarge):
            parsers.BoundedJSONParser().parse(stream, None, {"request": asked})
        assert stream.given == taken


def test_a_server_that_cannot_be_told_gets_no_header_either() -> None:
    def application(_environ: Any, start_response: Any) -> list[bytes]:
        start_response("413 Content Too Large", [("Connection", "close"), ("X-Kept", "1")])
        return [b"no"]

    seen: list[Any] = []
    body = closing(application)({}, lambda status, headers: seen.append((status, headers)))
    assert (list(body), seen) == ([b"no"], [("413 Content Too Large", [("X-Kept", "1")])])
