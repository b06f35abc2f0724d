"""The one way out: every request that this software makes to a foreign address.

Only http and https, only public addresses, one deadline for the whole of it, a cap on the body
before and after unpacking, redirects checked like first addresses. No cookies, and no proxies
from the environment, which would resolve names behind our back.
"""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass

import h11
import httpcore
import httpx

from claimtracker.kernel.outbound_address import (
    OutboundPolicy,
    checked_addresses,
    default_policy,
    is_local_name,
    parse_pairs,
)
from claimtracker.kernel.outbound_errors import OutboundRefused
from claimtracker.kernel.outbound_wire import Deadline, PinnedBackend, read_body

__all__ = [
    "OutboundPolicy",
    "OutboundRefused",
    "Response",
    "default_policy",
    "fetch",
    "is_local_name",
    "parse_pairs",
]

USER_AGENT = "Claimtracker/0.1 (fact-checking desk; reads articles that its users name)"
MOST_REDIRECTS = 5
LONGEST_URL = 2048

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_REQUEST_METHODS = frozenset({"GET", "HEAD", "POST"})
_HEADERS_OF_OURS = frozenset(
    {"host", "connection", "content-length", "transfer-encoding", "te", "upgrade", "cookie",
     "accept-encoding", "proxy-authorization", "proxy-connection"}
)  # fmt: skip
# What may follow a redirect to another site; anything else could carry a secret or an ETag of the first.
_HEADERS_FOR_ANYONE = frozenset({"accept", "accept-language", "user-agent"})
_UNSAFE_IN_URL = re.compile(r"[\x00-\x20\x7f\\]")


@dataclass(frozen=True, slots=True)
class Response:
    """A whole answer. `url` is the last address asked, `headers` have lower-case names."""

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes
    elapsed_seconds: float

    @property
    def content_type(self) -> str:
        """The media type without its parameters, in lower case; "" when the server named none."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class _Request:
    """What stays the same from one redirect to the next."""

    method: str
    body: bytes | None
    policy: OutboundPolicy
    deadline: Deadline
    max_bytes: int
    cut: bool


def fetch(
    url: str,
    *,
    method: str = "GET",
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    max_bytes: int = 5_000_000,
    timeout: float = 15.0,
    allow: OutboundPolicy | None = None,
    follow_redirects: bool | None = None,
    cut_body: bool = False,
) -> Response:
    """Ask a foreign address and return its answer, whatever its status.

    `timeout` is in seconds for everything together. GET and HEAD follow up to five redirects unless
    told otherwise; a POST never follows one and returns it. `cut_body` returns the first `max_bytes` of a
    longer body instead of refusing it, for callers to whom the status matters.
    Raises OutboundRefused, and ValueError for a request that no caller should make.
    """
    follow = method != "POST" if follow_redirects is None else follow_redirects
    sent_headers = _checked_request(method, headers or {}, follow)
    request = _Request(method, body, allow or default_policy(), Deadline(timeout), max_bytes, cut_body)
    started = time.monotonic()
    target = parse_url(url)
    first_origin = _origin(target)
    for _ in range(MOST_REDIRECTS + 1):
        at_home = _origin(target) == first_origin
        if not at_home:
            sent_headers = {key: value for key, value in sent_headers.items() if key in _HEADERS_FOR_ANYONE}
        try:
            status, answer_headers, answer_body = _ask(target, sent_headers, request)
        except OutboundRefused as refusal:
            if at_home:
                raise
            raise OutboundRefused(
                f"The page redirects to {target.host}. {refusal.reason}", refusal.code
            ) from refusal
        location = answer_headers.get("location")
        if not (follow and status in _REDIRECTS and location):
            return Response(status, str(target), answer_headers, answer_body, time.monotonic() - started)
        target = _redirected(target, location)
    raise OutboundRefused(
        f"The address was redirected more than {MOST_REDIRECTS} times. Give the page's final address.",
        "too_many_redirects",
    )


def parse_url(url: str) -> httpx.URL:
    """The address to ask, without its fragment. Raises OutboundRefused."""
    if len(url) > LONGEST_URL:
        raise OutboundRefused(f"The address is longer than {LONGEST_URL} characters. Shorten it.", "bad_url")
    if not url or _UNSAFE_IN_URL.search(url):
        raise OutboundRefused(
            "The address is empty or holds spaces, backslashes or control characters. "
            "Copy it again from the browser's address bar.",
            "bad_url",
        )
    try:
        parsed = httpx.URL(url)
        _ = parsed.host, parsed.port
    except (httpx.InvalidURL, UnicodeError, ValueError):
        raise _not_an_address() from None
    if parsed.scheme not in {"http", "https"}:
        raise OutboundRefused(
            "Only web addresses that begin with http:// or https:// can be fetched.", "bad_scheme"
        )
    if parsed.userinfo or "@" in url.partition("//")[2].partition("/")[0]:
        raise OutboundRefused(
            "The address holds a user name or password. Leave them out.", "credentials_in_url"
        )
    host = _host(parsed)
    if not host or len(host) > 253 or "%" in host:
        raise _not_an_address()
    return parsed.copy_with(fragment=None)


def _ask(
    target: httpx.URL, headers: Mapping[str, str], request: _Request
) -> tuple[int, dict[str, str], bytes]:
    """One request to one checked address; no redirect is followed here."""
    scheme, host, port = _origin(target)
    if why := request.policy.refuse(host):
        raise OutboundRefused(why, "blocked_domain")
    addresses = checked_addresses(host, port, policy=request.policy, deadline=request.deadline.at)
    connection = httpcore.HTTPConnection(
        httpcore.Origin(scheme.encode(), host.encode(), port),
        ssl_context=request.policy.tls() if scheme == "https" else None,
        network_backend=PinnedBackend(addresses, request.policy.dial, request.deadline),
    )
    wanted_body = request.method != "HEAD"
    try:
        answer = connection.handle_request(_on_the_wire(target, headers, request))
        answer_headers = _readable_headers(answer.headers)
        answer_body = read_body(
            answer.iter_stream(),
            encoding=answer_headers.get("content-encoding", "") if wanted_body else "",
            declared=answer_headers.get("content-length", "") if wanted_body else "",
            max_bytes=request.max_bytes,
            cut=request.cut,
        )
        return answer.status, answer_headers, answer_body
    except (httpcore.ProtocolError, httpcore.NetworkError, h11.ProtocolError) as error:
        raise OutboundRefused(
            f"{host} gave a broken or oversized answer ({_short(error)}). Try again later.", "bad_response"
        ) from error
    finally:
        connection.close()


def _on_the_wire(target: httpx.URL, headers: Mapping[str, str], request: _Request) -> httpcore.Request:
    scheme, host, port = _origin(target)
    wire_host = f"[{host}]" if ":" in host else host
    full_headers = {
        "host": wire_host if port == (443 if scheme == "https" else 80) else f"{wire_host}:{port}",
        "user-agent": USER_AGENT,
        "accept": "*/*",
        "accept-encoding": "gzip, deflate",
        "connection": "close",
        **headers,
    }
    if request.method == "POST":
        full_headers["content-length"] = str(len(request.body or b""))
    return httpcore.Request(
        request.method,
        httpcore.URL(scheme=scheme.encode(), host=host.encode(), port=port, target=target.raw_path),
        headers=list(full_headers.items()),
        content=request.body,
    )


def _checked_request(method: str, headers: Mapping[str, str], follow: bool) -> dict[str, str]:
    if method not in _REQUEST_METHODS:
        raise ValueError(f"method must be GET, HEAD or POST, not {method!r}")
    if follow and method == "POST":
        raise ValueError("a POST never follows redirects: its body was meant for one address")
    lowered = {name.lower(): value for name, value in headers.items()}
    taken = _HEADERS_OF_OURS.intersection(lowered)
    if taken:
        raise ValueError(f"headers that the client sets itself: {', '.join(sorted(taken))}")
    for name, value in lowered.items():
        if not re.fullmatch(r"[!-9;-~]+", name) or not re.fullmatch(r"[\t\x20-\x7e]*", value):
            raise ValueError(f"header {name!r} has characters that do not belong in a header")
    return lowered


def _redirected(target: httpx.URL, location: str) -> httpx.URL:
    try:
        return parse_url(str(target.join(location.strip())))
    except (OutboundRefused, httpx.InvalidURL, UnicodeError, ValueError) as error:
        if isinstance(error, OutboundRefused) and error.code != "bad_url":
            raise
        raise OutboundRefused(
            "The page redirects to something that is not an address. Give the page's final address.",
            "bad_redirect",
        ) from None


def _origin(target: httpx.URL) -> tuple[str, str, int]:
    return target.scheme, _host(target), target.port or (443 if target.scheme == "https" else 80)


def _host(target: httpx.URL) -> str:
    return target.raw_host.decode("ascii").strip("[]").rstrip(".").lower()


def _readable_headers(raw: list[tuple[bytes, bytes]]) -> dict[str, str]:
    readable: dict[str, str] = {}
    for name, value in raw:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        readable[key] = f"{readable[key]}, {text}" if key in readable else text
    return readable


def _not_an_address() -> OutboundRefused:
    return OutboundRefused(
        "This is not a web address. Write it in full, like https://example.org/story.", "bad_url"
    )


def _short(error: Exception) -> str:
    return (str(error) or type(error).__name__)[:120]
