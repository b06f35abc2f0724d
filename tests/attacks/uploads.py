"""Files that are not what they say, and copies of foreign pages that a browser could take for ours."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any
from unittest import mock

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.http import HttpResponse
from django.http.multipartparser import MultiPartParser

from claims.models import Article, KnownClaimImport
from reviews.models import Source, SourceSnapshot
from tests import factories
from tests.support.cited_pages import QUOTE, look, page

from .browsers import MARK, SCRIPT
from .harness import Guard, suite
from .removing import both
from .scene import Scene, replaced

TEXT = b"The city spent 4 million on roads last year, the mayor Ann Lee said.\n"

SUFFIXES = Guard(
    "three kinds of files",
    "claims.sources.upload:ACCEPTED_SUFFIXES",
    replaced("claims.sources.upload.ACCEPTED_SUFFIXES", (".txt", ".exe", ".svg", ".php", ".docx", "")),
)
SIGNATURES = Guard(
    "signatures of files",
    "claims.sources.decoding:_SIGNATURES",
    replaced("claims.sources.decoding._SIGNATURES", ()),
)


def _any_bytes(_scene: Scene) -> AbstractContextManager[Any]:
    return mock.patch("claims.sources.upload.decode_text", lambda content, **_n: content.decode("latin-1"))


def _no_garbage(_scene: Scene) -> AbstractContextManager[Any]:
    import re

    return mock.patch("claims.sources.text._GARBAGE", re.compile("(?!)"))


BINARY = Guard(
    "no text is full of control characters", "claims.sources.text:_GARBAGE", both(_any_bytes, _no_garbage)
)


def taken(scene: Scene, name: str, content: bytes) -> bool:
    form = {"way": "upload", "desk": scene.desk.pk, "file": SimpleUploadedFile(name, content)}
    scene.browser(scene.checker).post("/articles/new/", form)
    return Article.objects.exists()


@suite.inputs(
    "a file of another kind",
    "web",
    "upload",
    SUFFIXES,
    each={
        "a picture with scripts": ("x.svg", f"<svg>{SCRIPT}</svg>".encode() + TEXT),
        "a program": ("x.exe", TEXT),
        "a program of the server": ("x.php", TEXT),
        "two suffixes": ("x.txt.exe", TEXT),
        "an office document": ("x.docx", TEXT),
        "no suffix": ("x", TEXT),
    },
)
def suffixes(scene: Scene, file: tuple[str, bytes]) -> bool:
    return taken(scene, *file)


@suite.inputs(
    "a file that is two things at once",
    "web",
    "upload",
    SIGNATURES,
    each={
        "GIF and HTML": ("a.html", b"GIF89a/*" + b"<p>" + TEXT + b"</p>"),
        "PDF and text": ("b.txt", b"%PDF-1.4\n" + TEXT),
        "zip and Markdown": ("c.md", b"PK\x03\x04" + TEXT),
        "RTF and text": ("d.txt", b"{\\rtf1 " + TEXT),
        "ELF and text": ("e.txt", b"\x7fELF " + TEXT),
        "MZ and HTML": ("f.htm", b"MZ\x90 <p>" + TEXT + b"</p>"),
    },
)
def polyglots(scene: Scene, file: tuple[str, bytes]) -> bool:
    return taken(scene, *file)


@suite.inputs(
    "bytes that are no text",
    "web",
    "upload",
    BINARY,
    each={
        "NUL": ("a.txt", TEXT + b"\x00" * 400),
        "control characters": ("b.txt", TEXT + bytes(range(1, 9)) * 60),
    },
)
def binary(scene: Scene, file: tuple[str, bytes]) -> bool:
    return taken(scene, *file)


def _any_name(_scene: Scene) -> AbstractContextManager[Any]:
    return mock.patch.object(
        UploadedFile,
        "name",
        property(lambda self: self._name, lambda self, name: setattr(self, "_name", name)),
    )


@suite.inputs(
    "a file's name that leads elsewhere",
    "admin",
    "upload",
    Guard(
        "names of files are names",
        "django.core.files.uploadedfile:UploadedFile.name",
        both(
            _any_name,
            lambda _s: mock.patch.object(MultiPartParser, "sanitize_file_name", lambda _self, name: name),
        ),
    ),
    each={"up": "../../etc/cron.d/x.json", "Windows": "..\\..\\x.json", "absolute": "/etc/passwd.json"},
)
def traversal(scene: Scene, name: str) -> bool:
    review = b'{"@type": "ClaimReview", "url": "https://c.example/1", "claimReviewed": "X is Y."}'
    body = b"\r\n".join(
        [
            b"--b",
            f'Content-Disposition: form-data; name="file"; filename="{name}"'.encode(),
            b"Content-Type: application/json",
            b"",
            review,
            b"--b--",
            b"",
        ]
    )
    scene.browser(scene.moderator).generic(
        "POST", "/admin/claims/knownclaimimport/add/", body, content_type="multipart/form-data; boundary=b"
    )
    row = KnownClaimImport.objects.first()
    return row is not None and any(mark in row.source for mark in ("/", "\\", ".."))


# --- copies of cited pages


def copied(scene: Scene, body: bytes, kind: str) -> SourceSnapshot | None:
    scene.wire.server.gives("/accounts", body, headers=(f"Content-Type: {kind}",))
    claim = factories.make_claim()
    source = factories.make_evidence(claim, scene.checker, url="http://stats.example/accounts").source
    look(source)
    return Source.objects.get(pk=source.pk).last_snapshot


class Shown(HttpResponse):
    """An answer that is shown as what it looks like: nothing is said of it."""

    def __init__(self, content: bytes, **_said: Any) -> None:
        super().__init__(content, content_type="text/html")

    def __setitem__(self, _name: str, _value: str) -> None:
        return None


AS_DOWNLOAD = Guard(
    "a copy is a download",
    "reviews.views.snapshots:HttpResponse",
    replaced("reviews.views.snapshots.HttpResponse", Shown),
)


@suite.inputs(
    "a copied page that is opened",
    "snapshots",
    "upload",
    AS_DOWNLOAD,
    each={
        "HTML": (page(QUOTE, SCRIPT), "text/html"),
        "XML with a style sheet": (f"<?xml-stylesheet href='x'?><a>{MARK}</a>".encode(), "application/xml"),
        "a PDF": (b"%PDF-1.4 /JS (app.alert(1))", "application/pdf"),
        "a text that is HTML": (f"<html>{SCRIPT}</html>".encode(), "text/plain"),
    },
)
def opened(scene: Scene, given: tuple[bytes, str]) -> bool:
    snapshot = copied(scene, *given)
    assert snapshot is not None
    answer = scene.browser(scene.checker).get(f"/snapshots/{snapshot.pk}/page/")
    assert answer.status_code == 200
    is_download = answer.get("Content-Disposition", "").startswith("attachment")
    is_sandboxed = "sandbox" in answer.get("Content-Security-Policy", "")
    return not (is_download and is_sandboxed and answer["Content-Type"] == "application/octet-stream")


@suite.inputs(
    "a cited page of a kind that is not kept",
    "snapshots",
    "upload",
    Guard(
        "some kinds of pages",
        "claims.sources.cited_page:_TEXT",
        replaced(
            "claims.sources.cited_page._TEXT",
            frozenset({"image/svg+xml", "application/x-msdownload", "application/zip"}),
        ),
    ),
    each={
        "a picture with scripts": (f"<svg>{SCRIPT}</svg>".encode(), "image/svg+xml"),
        "a program": (b"program", "application/x-msdownload"),
        "an archive": (b"words", "application/zip"),
    },
)
def not_kept(scene: Scene, given: tuple[bytes, str]) -> bool:
    return copied(scene, *given) is not None


@suite.inputs(
    "a cited page that is not what its type says",
    "snapshots",
    "upload",
    SIGNATURES,
    each={
        "PDF as HTML": (b"%PDF-1.4\n<p>x</p>", "text/html"),
        "GIF as text": (b"GIF89a words", "text/plain"),
    },
)
def mistyped(scene: Scene, given: tuple[bytes, str]) -> bool:
    return copied(scene, *given) is not None


@suite.attack(
    "a cited page that fills the disk",
    "snapshots",
    "bomb",
    Guard(
        "a cap on a copy",
        "django.conf:settings.SNAPSHOT_ITEM_BYTES",
        lambda scene: _roomy(scene),
    ),
)
def fills_disk(scene: Scene) -> bool:
    if not getattr(scene, "is_roomy", False):
        scene.settings.SNAPSHOT_ITEM_BYTES = 200_000
    return copied(scene, page(QUOTE) + b"<p>word</p>" * 40_000, "text/html; charset=utf-8") is not None


def _roomy(scene: Scene) -> AbstractContextManager[Any]:
    scene.is_roomy = True
    from django.test import override_settings

    return override_settings(SNAPSHOT_ITEM_BYTES=50_000_000)
