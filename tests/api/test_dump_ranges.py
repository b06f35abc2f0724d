"""A download that broke off goes on where it stopped, and never with another file's bytes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from claimtracker.api.dumps.making import make_dump, release
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(settings: Any, tmp_path: Path) -> str:
    settings.DUMP_DIR = str(tmp_path)
    factories.make_publication()
    dump = release(make_dump())
    assert dump is not None
    return f"/dumps/{dump.name}/publications.json"


def get(address: str, **headers: str) -> HttpResponse:
    return Client().get(address, headers={name.replace("_", "-"): value for name, value in headers.items()})


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


@pytest.mark.parametrize("accepts", ["", "gzip"])
def test_parts_put_together_are_the_file(address: str, accepts: str) -> None:
    whole = get(address, Accept_Encoding=accepts)
    content = body(whole)
    assert whole["Accept-Ranges"] == "bytes" and whole["Content-Length"] == str(len(content))
    assert "Content-Encoding" not in whole
    parts = [("bytes=0-99", 0, 100), ("bytes=100-", 100, len(content))]
    got = b""
    for asked, start, end in parts:
        response = get(address, Range=asked, Accept_Encoding=accepts, If_Range=whole["ETag"])
        assert response.status_code == 206
        assert response["Content-Range"] == f"bytes {start}-{end - 1}/{len(content)}"
        assert response["Content-Length"] == str(end - start)
        got += body(response)
    assert got == content
    last = get(address, Range="bytes=-10")
    assert last.status_code == 206 and body(last) == content[-10:]
    beyond = get(address, Range=f"bytes=5-{10**9}")
    assert body(beyond) == content[5:]


@pytest.mark.parametrize("asked", ["bytes=99-5", "bytes=-", "lines=1-2", "bytes=0-1,4-5", "bytes=a-b", ""])
def test_what_is_no_part_is_answered_with_all(address: str, asked: str) -> None:
    response = get(address, Range=asked)
    assert response.status_code == 200
    assert len(body(response)) == int(response["Content-Length"])


@pytest.mark.parametrize("asked", ["bytes=999999999-", "bytes=-0"])
def test_a_part_behind_the_end_is_refused_with_the_size(address: str, asked: str) -> None:
    size = get(address)["Content-Length"]
    response = get(address, Range=asked)
    assert response.status_code == 416
    assert response["Content-Range"] == f"bytes */{size}"
    assert response.json()["code"] == "range"


def test_a_part_of_another_file_is_all_of_this_one(address: str) -> None:
    whole = get(address)
    assert get(address, Range="bytes=1-5", If_Range='"another"').status_code == 200
    assert get(address, Range="bytes=1-5", If_Range=f"W/{whole['ETag']}").status_code == 200, "not weakly"
    assert get(address, Range="bytes=1-5", If_Range=whole["Last-Modified"]).status_code == 206
    assert get(address, Range="bytes=1-5", If_Range="Mon, 01 Jan 2001 00:00:00 GMT").status_code == 200


def test_what_did_not_change_is_not_sent_again(address: str) -> None:
    whole = get(address)
    for headers in (
        {"If_None_Match": whole["ETag"]},
        {"If_None_Match": f'"x", W/{whole["ETag"]}'},
        {"If_Modified_Since": whole["Last-Modified"]},
    ):
        response = get(address, **headers)
        assert response.status_code == 304 and response["ETag"] == whole["ETag"], headers
    assert get(address, If_None_Match='"x"', If_Modified_Since=whole["Last-Modified"]).status_code == 200


def test_head_tells_without_sending(address: str) -> None:
    whole = get(address)
    head = Client().head(address, headers={"Range": "bytes=0-5"})
    assert head.status_code == 200 and head.content == b""
    assert {name: head[name] for name in ("Content-Length", "ETag", "Last-Modified", "Accept-Ranges")} == {
        name: whole[name] for name in ("Content-Length", "ETag", "Last-Modified", "Accept-Ranges")
    }
    assert Client().post(address).status_code == 405


def test_nothing_but_the_files_of_a_dump_is_opened(address: str) -> None:
    folder = address.rpartition("/")[0]
    for name in (
        "../../etc/passwd",
        "%2e%2e%2fpasswd",
        ".lock",
        "publications.json.bak",
        "publications.json%00",
    ):
        assert Client().get(f"{folder}/{name}").status_code == 404
