"""Input that nobody types: what a database, a parser or a list could take for something else."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from unittest import mock

from django.db.backends.base.operations import BaseDatabaseOperations

from claimtracker.api.v1.base import PartnerView
from claimtracker.api.v1.pagination import NewestFirst
from claimtracker.api.v1.parsers import BoundedJSONParser
from tests import factories

from .harness import Guard, suite
from .removing import both, without
from .scene import Scene, replaced

WORD = Guard(
    "words name or name nothing",
    "reviews.views.public_lists:_word",
    replaced("reviews.views.public_lists._word", lambda text: text),
)
SAYABLE = Guard(
    "what is said back can be said",
    "claimtracker.kernel.problems:sayable",
    both(
        replaced("claimtracker.kernel.problems.sayable", lambda text: text),
        replaced("claimtracker.api.v1.problems.sayable", lambda text: text),
    ),
)
UNKNOWN = Guard(
    "unknown parameters are refused",
    "claimtracker.api.v1.parameters:refuse_unknown",
    replaced("claimtracker.api.v1.base.refuse_unknown", lambda *_a: None),
)
PAGE_SIZE = Guard(
    "a page has a size",
    "claimtracker.api.v1.pagination:NewestFirst.get_page_size",
    lambda _s: mock.patch.object(
        NewestFirst,
        "get_page_size",
        lambda _self, request: abs(int(float(request.query_params.get("limit", 25)))),
    ),
)
CURSOR = Guard(
    "a cursor is one of ours",
    "claimtracker.api.v1.pagination:NewestFirst.decode_cursor",
    lambda _s: mock.patch.object(NewestFirst, "decode_cursor", lambda *_a: None),
)
WILDCARDS = Guard(
    "wildcards are letters",
    "django.db.backends.base.operations:BaseDatabaseOperations.prep_for_like_query",
    lambda _s: mock.patch.object(
        BaseDatabaseOperations, "prep_for_like_query", lambda _self, words: str(words)
    ),
)
JSON_ONLY = Guard(
    "JSON only",
    "claimtracker.api.v1.parsers:BoundedJSONParser.media_type",
    lambda _s: mock.patch.object(BoundedJSONParser, "media_type", "*/*"),
)
NO_NUL = Guard(
    "what no text can hold is refused with a sentence",
    "claimtracker.web.middleware:RefusalMiddleware.process_exception",
    replaced("claimtracker.web.middleware.RefusalMiddleware.process_exception", lambda *_a: None),
)
SEARCHED = Guard("NUL is no word", "claimtracker.web.search:Asked.of", lambda _s: _asked_as_sent())


def _asked_as_sent() -> AbstractContextManager[Any]:
    from claimtracker.web.search import Asked

    return mock.patch.object(
        Asked,
        "of",
        classmethod(lambda cls, params: cls(words=params.get("q", ""), desk=params.get("desk", ""))),
    )


@suite.inputs(
    "a filter of the public list",
    "web",
    "odd input",
    WORD,
    NO_NUL,
    each={
        "NUL": "topic=%00",
        "NUL in a rating": "rating=a%00b",
        "NUL in a language": "language=%00",
    },
)
def public_filter(scene: Scene, query: str) -> bool:
    return scene.browser().get(f"/fact-checks/?{query}").status_code >= 500


@suite.inputs(
    "words that are searched for",
    "web",
    "odd input",
    SEARCHED,
    NO_NUL,
    each={"NUL": "q=a%00b", "NUL in a desk": "q=a&desk=%00"},
)
def searched(scene: Scene, query: str) -> bool:
    return scene.browser(scene.checker).get(f"/search/?{query}").status_code >= 500


@suite.inputs(
    "what is told back of JSON",
    "api",
    "odd input",
    SAYABLE,
    each={
        "half a character in a name": b'{"body": "W.", "\\ud800": 1}',
        "half a character in a choice": b'{"text": "W.", "\\udfff\\ud800": 2}',
    },
)
def told_back(scene: Scene, body: bytes) -> bool:
    return scene.partner.ask("POST", "articles", body).status_code >= 500


@suite.inputs(
    "a size of a page",
    "api",
    "odd input",
    PAGE_SIZE,
    each={
        "huge": "1000000",
        "negative": "-5",
        "a power": "1e3",
        "with a fraction": "2.5",
    },
)
def page_size(scene: Scene, limit: str) -> bool:
    return scene.partner.get(f"articles?limit={limit}").status_code == 200


@suite.inputs(
    "a cursor that nobody gave out",
    "api",
    "odd input",
    CURSOR,
    each={
        "a huge offset": "bz05OTk5OTk5OTk5",
        "no base64": "%F0%9F%98%80",
        "SQL": "cD0xJyBPUiAxPTE=",
        "a reverse of nothing": "cj0x",
    },
)
def cursors(scene: Scene, cursor: str) -> bool:
    return scene.partner.get(f"articles?cursor={cursor}").status_code == 200


@suite.inputs(
    "parameters of a list",
    "api",
    "odd input",
    UNKNOWN,
    each={
        "twice": "state=held&state=accepted",
        "of the database": "origin__startswith=partner",
        "ordering": "ordering=secret",
    },
)
def parameters(scene: Scene, query: str) -> bool:
    return scene.partner.get(f"articles?{query}").status_code == 200


@suite.inputs(
    "a body under another type",
    "api",
    "odd input",
    JSON_ONLY,
    each={
        "plain text": "text/plain",
        "a form": "application/x-www-form-urlencoded",
        "XML": "application/xml",
    },
)
def confused(scene: Scene, kind: str) -> bool:
    sent = scene.partner.ask("POST", "articles", {"body": "It cost 4 million."}, content_type=kind)
    return sent.status_code == 201


@suite.inputs(
    "wildcards in the administration's search",
    "admin",
    "odd input",
    WILDCARDS,
    each={"per cent": "%25", "underscore": "_"},
)
def wildcards(scene: Scene, words: str) -> bool:
    factories.make_article(title="Harbour", desk=scene.desk)
    page = scene.browser(scene.moderator).get(f"/admin/claims/article/?q={words}").content.decode()
    return re.search(r'class="field-title[^"]*">.*Harbour', page) is not None or ">Harbour<" in page


def _without_length(_scene: Scene) -> AbstractContextManager[Any]:
    initial = PartnerView.initial

    def lenient(self: Any, request: Any, *args: Any, **named: Any) -> Any:
        from claimtracker.api.v1.problems import LengthRequired

        try:
            return initial(self, request, *args, **named)
        except LengthRequired:
            return None

    return mock.patch.object(PartnerView, "initial", lenient)


@suite.attack(
    "a body in chunks, whose length nobody says",
    "api",
    "odd input",
    Guard(
        "a body has a length",
        "claimtracker.api.v1.problems:LengthRequired",
        _without_length,
    ),
)
def chunked(scene: Scene) -> bool:
    sent = scene.partner.client.generic(
        "POST",
        "/api/v1/articles",
        b"",
        content_type="application/json",
        headers={"Authorization": f"Bearer {scene.partner.plain}", "Transfer-Encoding": "chunked"},
        CONTENT_LENGTH="",
    )
    return sent.status_code != 411


@suite.inputs(
    "a form without an honest length",
    "web",
    "odd input",
    Guard(
        "a form has a length",
        "reviews.views.public_complaint:MOST_BYTES",
        lambda _s: _any_length(),
    ),
    Guard(
        "a form has a number for its length",
        "claimtracker.web.bodies:BoundedBodies",
        without("BoundedBodies"),
    ),
    each={"none": "", "negative": "-1"},
)
def lengths(scene: Scene, length: str) -> bool:
    slug = scene.publication().slug
    sent = scene.browser().post(
        f"/fact-checks/{slug}/complain/", {"kind": "wrong", "text": "x"}, CONTENT_LENGTH=length
    )
    return sent.status_code not in {411, 413}


def _any_length() -> AbstractContextManager[Any]:
    from reviews.views import public_complaint

    view = public_complaint.form_page

    def unmeasured(request: Any, slug: str) -> Any:
        request.META["CONTENT_LENGTH"] = "10"
        return view(request, slug)

    return _routed("reviews:public_complain", unmeasured)


def _routed(name: str, view: Callable[..., Any]) -> AbstractContextManager[Any]:
    from django.urls import get_resolver, reverse

    found = get_resolver().resolve(reverse(name, args=["x"]))
    pattern = next(each for each in _patterns(get_resolver()) if each.callback is found.func)
    return mock.patch.object(pattern, "callback", view)


def _patterns(resolver: Any) -> Any:
    for each in resolver.url_patterns:
        if hasattr(each, "url_patterns"):
            yield from _patterns(each)
        else:
            yield each
