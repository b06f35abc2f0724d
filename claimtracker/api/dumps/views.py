"""The dumps, for anybody: what there is, each file, and the feed of ClaimReviews as it is now."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from claimtracker.kernel.moments import rfc3339
from claimtracker.kernel.problems import problem
from reviews.models import Dump
from reviews.selectors.dumps import (
    dump_named,
    dump_to_follow,
    dumps_that_stand,
    file_of,
    lines_since,
    newest_dump,
    pages_withheld,
)

from . import store
from .following import followed, not_yet_in
from .formats import Feed
from .serving import served

SOON = {"Retry-After": "300"}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """A page for people; as JSON for who asks for that."""
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        return listed(request)
    dumps = [_for_people(dump) for dump in dumps_that_stand()]
    context = {
        "newest": dumps[0] if dumps else None,
        "older": dumps[1:],
        "licence_name": settings.DATA_LICENCE_NAME or settings.DATA_LICENCE_URL,
        "licence_url": settings.DATA_LICENCE_URL,
    }
    return _fresh(render(request, "public/dumps.html", context))


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    content = {
        "publisher": settings.PUBLISHER_NAME,
        "licence": {"name": settings.DATA_LICENCE_NAME, "url": settings.DATA_LICENCE_URL},
        "dumps": [
            {
                "name": dump.name,
                "created_at": rfc3339(dump.made_at, to="seconds"),
                "files": [{**file, "url": _url(dump, file["name"])} for file in dump.files],
            }
            for dump in dumps_that_stand()
        ],
    }
    response = JsonResponse(content, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Access-Control-Allow-Origin"] = "*"
    return _fresh(response)


@require_safe
def latest(request: HttpRequest, file: str) -> HttpResponseBase:
    """A stable address, which leads to the file in the newest dump."""
    dump = newest_dump()
    if dump is None:
        return _being_made()
    if file_of(dump, file) is None:
        return _no_such_file()
    response = redirect("dumps:file", dump=dump.name, file=file)
    return _fresh(response)


@require_safe
def dump_file(request: HttpRequest, dump: str, file: str) -> HttpResponseBase:
    found = dump_named(dump)
    if found is None:
        return _no_such_file()
    if found.withdrawn_at is not None:
        detail = "This dump was withdrawn: something in it may not be read any more. Take the latest one."
        return problem(410, detail, code="withdrawn")
    return _served(request, found, file)


@require_safe
def feed(request: HttpRequest) -> HttpResponseBase:
    """All ClaimReviews as they are now, at an address that stays: the newest dump's feed, without what may
    not be read any more, and what came out since."""
    dump = dump_to_follow()
    if dump is None:
        return _being_made()
    file = file_of(dump, Feed.name)
    path = store.path_of(dump.name, file.name) if file else None
    if file is None or path is None or not path.is_file():
        return _no_such_file() if dump.withdrawn_at is None else _being_made()
    since = not_yet_in(path, dump, lines_since(dump))
    if dump.withdrawn_at is not None:
        return followed(request, file, path, since, pages_withheld())
    return followed(request, file, path, since) if since else served(request, file, path)


def _served(request: HttpRequest, dump: Dump, name: str) -> HttpResponseBase:
    file = file_of(dump, name)
    path = store.path_of(dump.name, file.name) if file else None
    if file is None or path is None or not path.is_file():
        return _no_such_file()
    return served(request, file, path)


def _for_people(dump: Dump) -> dict[str, Any]:
    packed = {file["name"].removesuffix(".gz"): file for file in dump.files if file["name"].endswith(".gz")}
    files = [
        {**file, "url": _path(dump, file["name"]), "packed": packed[file["name"]],
         "packed_url": _path(dump, file["name"] + ".gz")}
        for file in dump.files
        if file["name"] in packed
    ]  # fmt: skip
    return {"name": dump.name, "made_at": dump.made_at, "files": files}


def _path(dump: Dump, file: str) -> str:
    return reverse("dumps:file", args=[dump.name, file])


def _url(dump: Dump, file: str) -> str:
    return settings.SITE_URL + _path(dump, file)


def _fresh(response: Any) -> Any:
    response["Cache-Control"] = "public, no-cache"
    response["Vary"] = "Accept"
    return response


def _being_made() -> HttpResponse:
    detail = "No dump can be read at this moment; a new one is being made. Try again in some minutes."
    return problem(503, detail, code="being_made", headers=SOON)


def _no_such_file() -> HttpResponse:
    detail = (
        "There is no such dump or file, or it is too old to be kept. /dumps/index.json lists what there is."
    )
    return problem(404, detail, code="not_found")
