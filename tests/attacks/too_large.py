"""Files and forms that are too large, too deep or too slow to read."""

from __future__ import annotations

import io
import json
from unittest import mock

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.test.client import FakePayload
from markdown_it import MarkdownIt

from claims.models import Article, KnownClaim
from reviews.actions.replies import ask_for_reply
from tests import factories

from .bombs import HUGE
from .harness import Guard, suite
from .removing import both, without
from .scene import Scene, replaced


def uploads(scene: Scene, name: str, content: bytes) -> bool:
    form = {"way": "upload", "desk": scene.desk.pk, "file": SimpleUploadedFile(name, content)}
    scene.browser(scene.checker).post("/articles/new/", form)
    return Article.objects.exists()


@suite.inputs(
    "a page of absurd markup",
    "ingest",
    "bomb",
    Guard(
        "a bounded tree",
        "claims.sources.html_page:_MOST_ELEMENTS",
        both(
            replaced("claims.sources.html_page._MOST_ELEMENTS", HUGE),
            replaced("claims.sources.html_page._MOST_DEPTH_IN_ALL", HUGE),
        ),
    ),
    each={
        "a hundred thousand elements": b"<p>It cost 4 million.</p>" + b"<b>x</b>" * 45_000,
        "deep": b"<p>It cost 4 million.</p>" + b"<div>" * 240 + b"<p>x</p>" * 4_000,
    },
)
def markup(scene: Scene, page: bytes) -> bool:
    got: list[int] = []
    with mock.patch("claims.sources.html._main_text", lambda _tree: got.append(1) or "The words of it."):
        uploads(scene, "page.html", page)
    return bool(got)


@suite.inputs(
    "Markdown that takes its parser long",
    "ingest",
    "redos",
    Guard(
        "bounded marks",
        "claims.sources.markdown:_MOST_MARKS_IN_A_PARAGRAPH",
        both(
            replaced("claims.sources.markdown._MOST_MARKS_IN_A_PARAGRAPH", HUGE),
            replaced("claims.sources.markdown._MOST_LINES", HUGE),
        ),
    ),
    each={
        "brackets": b"It cost 4 million. " + b"[" * 60_000,
        "backticks": b"It cost 4 million. " + b"`" * 30_000 + b"x",
        "stars": b"It cost 4 million. " + b"*a_" * 20_000,
        "lines": b"It cost 4 million.\n" * 12_000,
    },
)
def markdown(scene: Scene, text: bytes) -> bool:
    got: list[int] = []
    with mock.patch.object(MarkdownIt, "parse", lambda *_a, **_k: got.append(1) or []):
        uploads(scene, "story.md", text)
    return bool(got)


@suite.attack(
    "a file that is too large",
    "web",
    "bomb",
    Guard(
        "a cap on files",
        "claims.forms:MOST_UPLOAD_BYTES",
        both(
            replaced("claims.forms.MOST_UPLOAD_BYTES", HUGE),
            replaced("claims.sources.html.MOST_HTML_BYTES", HUGE),
        ),
    ),
)
def large_file(scene: Scene) -> bool:
    return uploads(scene, "page.html", b"<p>It cost 4 million.</p>" + b" " * 5_100_000)


@suite.attack(
    "a form of ten thousand fields",
    "web",
    "bomb",
    Guard(
        "a cap on fields",
        "django.conf:settings.DATA_UPLOAD_MAX_NUMBER_FIELDS",
        lambda _s: override_settings(DATA_UPLOAD_MAX_NUMBER_FIELDS=None),
    ),
)
def many_fields(scene: Scene) -> bool:
    return (
        scene.browser(scene.checker).post("/notices/read/", {f"f{n}": "" for n in range(10_000)}).status_code
        == 302
    )


@suite.attack(
    "a complaint that is too long",
    "web",
    "bomb",
    Guard(
        "a cap on complaints",
        "reviews.views.public_complaint:MOST_BYTES",
        replaced("reviews.views.public_complaint.MOST_BYTES", HUGE),
    ),
)
def long_complaint(scene: Scene) -> bool:
    slug = scene.publication().slug
    return (
        scene.browser()
        .post(f"/fact-checks/{slug}/complain/", {"kind": "wrong", "text": "x" * 70_000})
        .status_code
        != 413
    )


@suite.attack(
    "a reply that is too long",
    "web",
    "bomb",
    Guard(
        "a cap on replies",
        "reviews.views.public_reply:MOST_BYTES",
        replaced("reviews.views.public_reply.MOST_BYTES", HUGE),
    ),
)
def long_reply(scene: Scene) -> bool:
    claim = factories.make_claim()
    _asked, token = ask_for_reply(
        claim, by=scene.lead, person="Ann", channel="email", question="Why?", hours=48
    )
    return scene.browser().post(f"/reply/{token}/", {"name": "A", "text": "x" * 70_000}).status_code != 413


@suite.attack(
    "a file of one endless line",
    "admin",
    "bomb",
    Guard(
        "a cap on lines",
        "claims.sources.claim_reviews.feeds:LONGEST_LINE",
        replaced("claims.sources.claim_reviews.feeds.LONGEST_LINE", HUGE),
    ),
)
def long_line(scene: Scene) -> bool:
    review = {
        "@type": "ClaimReview",
        "url": "https://c.example/1",
        "claimReviewed": "X.",
        "x": "y" * 2_100_000,
    }
    content = io.BytesIO(b'{"@type": "ClaimReview", "url": "https://c.example/2", "claimReviewed": "Z."}\n')
    content.seek(0, io.SEEK_END)
    content.write(json.dumps(review).encode())
    file = SimpleUploadedFile("reviews.ndjson", content.getvalue())
    scene.browser(scene.moderator).post("/admin/claims/knownclaimimport/add/", {"file": file})
    return KnownClaim.objects.filter(url="https://c.example/1").exists()


@suite.inputs(
    "a form of ten megabytes from anybody",
    "web",
    "bomb",
    Guard("a cap on forms", "claimtracker.web.bodies:BoundedBodies", without("BoundedBodies")),
    each={"to sign in": "/account/login/", "for a new password": "/account/password/reset/"},
)
def large_form(scene: Scene, address: str) -> bool:
    """What counts is whether the body was read: a file of it goes to the disk, whoever sent it."""
    read: list[int] = []

    class Counting(FakePayload):
        def read(self, size: int | None = None) -> bytes:
            found = super().read(size)
            read.append(len(found))
            return found

    with mock.patch("django.test.client.FakePayload", Counting):
        file = SimpleUploadedFile("x.bin", b"x" * 10_000_000)
        browser = scene.browser(enforce_csrf_checks=True)
        browser.cookies["csrftoken"] = "a" * 32  # who has one, has the form read for the other
        browser.post(address, {"file": file})
    return sum(read) > 0
