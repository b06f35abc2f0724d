"""One request for something that is watched: what came of it, as plain values. Redirects are not followed
here: the next address may be another host's, which has a pace of its own."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from claims.sources.fetching import status_reason
from claimtracker.kernel.outbound import OutboundPolicy, OutboundRefused, Response, fetch, parse_url

LONGEST_REST = 24 * 3600.0
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_COME_BACK = frozenset({429, 503})
_ACCEPT = (
    "application/rss+xml, application/atom+xml, text/html, application/xhtml+xml, application/xml;q=0.9, "
    "text/xml;q=0.9, text/plain;q=0.8, text/markdown;q=0.8, */*;q=0.1"
)


@dataclass(frozen=True, slots=True)
class Came:
    """The thing itself."""

    response: Response

    @property
    def etag(self) -> str:
        return _sendable(self.response.headers.get("etag", ""), 300)

    @property
    def last_modified(self) -> str:
        return _sendable(self.response.headers.get("last-modified", ""), 100)


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The server says that nothing changed since."""


@dataclass(frozen=True, slots=True)
class Moved:
    """It is asked for at ``url`` next."""

    url: str


@dataclass(frozen=True, slots=True)
class Obstructed:
    """Nothing came. ``lasts`` when the same request would meet the same; ``rest`` when the host asked to be
    left alone: seconds as it says, 0 where it says none."""

    code: str
    message: str
    lasts: bool = False
    rest: float | None = None


Outcome = Came | Unchanged | Moved | Obstructed


def visit(
    url: str,
    *,
    etag: str = "",
    last_modified: str = "",
    max_bytes: int,
    timeout: float,
    allow: OutboundPolicy | None = None,
) -> Outcome:
    """Ask once. Never raises for what a foreign server does."""
    headers = {"accept": _ACCEPT}
    if etag:
        headers["if-none-match"] = etag
    if last_modified:
        headers["if-modified-since"] = last_modified
    try:
        answer = fetch(
            url, headers=headers, max_bytes=max_bytes, timeout=timeout, allow=allow, follow_redirects=False
        )
    except OutboundRefused as refusal:
        return Obstructed(refusal.code, refusal.reason, lasts=not refusal.may_heal)
    return outcome_of(answer)


def outcome_of(answer: Response) -> Outcome:
    if answer.status == 304:
        return Unchanged()
    if answer.status in _REDIRECTS:
        return _moved(answer)
    if 200 <= answer.status < 300:
        return Came(answer)
    code, message = status_reason(answer.status)
    rest = retry_after(answer.headers.get("retry-after", "")) if answer.status in _COME_BACK else None
    lasts = code in {"paywalled", "forbidden"} or answer.status == 410
    return Obstructed(code, message, lasts=lasts, rest=rest)


def retry_after(value: str) -> float:
    """Seconds, within a day; 0 where the header names none that can be read."""
    value = value.strip()[:60]
    if value.isascii() and value.isdigit():
        return min(float(value), LONGEST_REST)
    try:
        moment = parsedate_to_datetime(value)
    except (TypeError, ValueError, IndexError, OverflowError):
        return 0.0
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max(0.0, (moment - datetime.now(UTC)).total_seconds()), LONGEST_REST)


def host_of(url: str) -> str:
    """The host whose pace counts for an address. Raises OutboundRefused for what is no address."""
    return parse_url(url).raw_host.decode("ascii").strip("[]").rstrip(".").lower()


def _moved(answer: Response) -> Outcome:
    location = answer.headers.get("location", "").strip()
    try:
        target = str(parse_url(str(httpx.URL(answer.url).join(location)))) if location else ""
    except (OutboundRefused, httpx.InvalidURL, UnicodeError, ValueError):
        target = ""
    if not target or len(target) > 2000:
        return Obstructed(
            "bad_redirect", "The address redirects to something that is no address.", lasts=True
        )
    return Moved(target)


def _sendable(value: str, most: int) -> str:
    """As it may be sent back; "" where it is too long or holds what no header may."""
    return value if len(value) <= most and value.isascii() and value.isprintable() else ""
