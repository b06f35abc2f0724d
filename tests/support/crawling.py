"""A reader and a partner who try every address there is: the URL confs with whatever fits into them, every
link, every parameter of the schema, every file."""

from __future__ import annotations

import gzip
import html
import itertools
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from .planting import Garden

OPEN = (
    "api/", "factcheck/", "fact-checks/", "claimants/", "topics/", "corrections/", "about/", "sitemap",
    "dumps/", "feeds/", "oembed", "complaints/", "reply/", "unsubscribe/", "robots",
)  # fmt: skip
NOT_WALKED = ("admin/", "account/", "static/")
MOST_OF_ONE_ROUTE = 60
FEW = 2  # addresses of a page that asks who is there: it answers none of them
_ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")
_LINK = re.compile(r"""(?:href|src|action|content)=["']([^"'#]+)|"(https?://[^"\s]+)"|<(?:loc|id)>([^<]+)<""")


@dataclass
class Crawl:
    """``found`` says of each planted word where it was read; ``ways`` how often each way answered 200."""

    garden: Garden
    keys: list[str]
    values: dict[str, list[str]]
    found: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    ways: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    asked: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.client = Client(raise_request_exception=True)

    def everything(self) -> None:
        self.walk(addresses(self.values))
        self.walk(f"{path}?{query}" for path, query in self._searches())
        for key in self.keys:
            self.walk(addresses(self.values, only="api/v1/"), key=key)
            self.walk(self._parameters(), key=key)

    def walk(self, start: Iterable[str], *, key: str = "") -> None:
        """Ask each address, and whatever it leads to on this site."""
        waiting = list(start)
        while waiting:
            address = waiting.pop()
            # with a key, what asks for none says the same again
            if (key, address) not in self.asked and (not key or address.startswith("/api/v1/")):
                self.asked.add((key, address))
                waiting += self.ask(address, key=key)

    def ask(self, address: str, *, key: str = "", **headers: str) -> list[str]:
        if key:
            headers["Authorization"] = f"Bearer {key}"
        response: Any = self.client.get(address, headers=headers)
        text = body_of(response)
        self.read(address, " ".join([*response.headers.values(), text]))
        if response.status_code == 200:
            self.ways[way_of(address, response)] += 1
        return list(self._links(address, response, text))

    def read(self, where: str, text: str) -> None:
        """Words that were asked for are no find: pages may repeat what one typed."""
        for word in self.garden.found_in(html.unescape(text)) - self.garden.found_in(where):
            self.found[word].append(where)

    def _links(self, address: str, response: Any, text: str) -> Iterator[str]:
        if response.status_code in (301, 302):
            text = f'href="{response["Location"]}"'
        elif response.status_code != 200:
            return
        for groups in _LINK.findall(text):
            link = urlsplit(urljoin(settings.SITE_URL + address, html.unescape("".join(groups))))
            if f"{link.scheme}://{link.netloc}" == settings.SITE_URL and not is_left_out(link.path[1:]):
                yield link.path + (f"?{link.query}" if link.query else "")

    def _searches(self) -> Iterator[tuple[str, str]]:
        """The search that is compatible with Google's, with every planted sentence and many of the words."""
        path = "/factcheck/v1alpha1/claims:search"
        words = [claim.text for claim in self.garden.claims[::4]] + list(self.garden.marks)[::20]
        for query in ["homes", "jobs", "council", "the city built homes", "board spent million", *words]:
            yield path, f"query={quote(query)}&pageSize=100"
        yield path, "reviewPublisherSiteFilter=localhost&pageSize=100"

    def _parameters(self) -> Iterator[str]:
        """Every list with every parameter that takes words."""
        schema = json.loads(
            body_of(self.client.get("/api/v1/schema/", headers={"Accept": "application/json"}))
        )
        words = ["homes", "Zoe", *itertools.islice(self.garden.marks, 0, None, 150)]
        for path, operations in schema["paths"].items():
            if "{" in path or "get" not in operations:
                continue
            for parameter in operations["get"].get("parameters", ()):
                told = parameter["schema"]
                if parameter["in"] != "query":
                    continue
                values = told.get("enum") or (words if told.get("type") == "string" else [1, 100])
                for value in values:
                    yield f"{path}?{parameter['name']}={quote(str(value))}"


def addresses(values: dict[str, list[str]], *, only: str = "") -> Iterator[str]:
    """Every route of the URL confs, with every value that fits its arguments."""
    known = list(routes(get_resolver()))
    for route in known:
        if is_left_out(route) or not route.startswith(only) or "^" in route:
            continue
        if route.endswith("/") and route[:-1] in known:  # the same answer
            continue
        names = _ARGUMENT.findall(route)
        fitting = [
            values.get(f"{route.partition('/')[0]}:{name}") or values.get(name, ["1"]) for name in names
        ]
        most = MOST_OF_ONE_ROUTE if route.startswith(OPEN) else FEW
        for chosen in itertools.islice(itertools.product(*fitting), most):
            parts = iter(chosen)
            yield "/" + _ARGUMENT.sub(lambda _match, parts=parts: quote(next(parts)), route)  # type: ignore[misc]  # one value for each argument


def routes(resolver: Any, prefix: str = "") -> Iterator[str]:
    for each in resolver.url_patterns:
        route = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from routes(each, route)
        elif isinstance(each, URLPattern):
            yield route


def is_left_out(path: str) -> bool:
    return path.startswith(NOT_WALKED)


def body_of(response: Any) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if response.headers.get("Content-Type") == "application/gzip":
        content = gzip.decompress(content)
    return str(content.decode("utf-8", "replace"))


def way_of(address: str, response: Any) -> str:
    """By which kind of answer something was read."""
    path = urlsplit(address).path
    for beginning, way in (
        ("/api/v1/schema", "schema"), ("/api/v1/", "api"), ("/factcheck/", "search"), ("/dumps/", "dump"),
        ("/feeds/", "feed"), ("/oembed", "oembed"), ("/sitemap", "sitemap"),
    ):  # fmt: skip
        if path.startswith(beginning):
            return way
    if path.endswith("/embed/"):
        return "embed"
    return "atom" if path.endswith(".atom") else "page" if "html" in response["Content-Type"] else "other"
