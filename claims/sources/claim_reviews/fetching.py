"""Claim reviews by their address, through the one outbound client."""

from claims.sources.claim_reviews.formats import read_reviews
from claims.sources.claim_reviews.reviewed import ReadReviews, UnreadableReviews
from claims.sources.decoding import charset_of
from claimtracker.kernel.outbound import OutboundPolicy, OutboundRefused, fetch

FETCH_SECONDS = 120.0
MOST_FETCHED_BYTES = 50_000_000


def fetch_reviews(url: str, *, format: str = "", allow: OutboundPolicy | None = None) -> ReadReviews:
    """The reviews at an address, a publisher's page or a feed.

    Raises UnreadableReviews for "url", whatever stands in the way.
    """
    try:
        response = fetch(
            url.strip(),
            headers={"accept": "text/html, application/ld+json, application/json, text/csv, */*;q=0.5"},
            max_bytes=MOST_FETCHED_BYTES,
            timeout=FETCH_SECONDS,
            allow=allow,
        )
    except OutboundRefused as refusal:
        raise UnreadableReviews("url", refusal.code, refusal.reason) from refusal
    if not 200 <= response.status < 300:
        mend = (
            "Try again later." if response.status in {429} or response.status >= 500 else "Check the address."
        )
        raise UnreadableReviews(
            "url", "http_status", f"The site did not give the file (status {response.status}). {mend}"
        )
    return read_reviews(
        response.body,
        format=format,
        page_url=response.url,
        charset=charset_of(response.headers.get("content-type", "")),
        field="url",
    )
