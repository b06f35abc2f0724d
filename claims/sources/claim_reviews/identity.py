"""Which reviews are the same one, so that a file may come in any number of times."""

import hashlib
import json
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from claims.sources.claim_reviews.reviewed import (
    MOST_PROBLEMS,
    Defaults,
    Problem,
    ReadReviews,
    ReviewedClaim,
)
from claimtracker.kernel.addresses import normalised_url


@dataclass(frozen=True, slots=True)
class IdentifiedReview:
    """``identity`` stays when the rating, the title or the like of a review change; ``digest`` does not."""

    identity: str
    digest: str
    review: ReviewedClaim


@dataclass(frozen=True, slots=True)
class PreparedReviews:
    """What can be stored of a file, each review once, in the order of the file. ``digest`` names it all."""

    format: str
    rows: list[IdentifiedReview]
    problems: list[Problem]
    problem_count: int
    refused: int
    repeated: int
    digest: str


def identity_of(review: ReviewedClaim) -> str:
    """The same page (or, without one, publisher) and the same words of the claim are the same review."""
    words = " ".join(unicodedata.normalize("NFC", review.text).casefold().split())
    return _sha256(f"{_page_of(review)}\n{words}")


def digest_of(review: ReviewedClaim) -> str:
    return _sha256(json.dumps(asdict(review), default=str, sort_keys=True))


def prepare_reviews(read: ReadReviews, *, defaults: Defaults, own_site: str) -> PreparedReviews:
    """Fill in ``defaults``, refuse what names nobody or is ours (under ``own_site``), and join repetitions.

    Of a review that stands in the file several times the one with the newest date counts, else the last.
    """
    problems, refused = list(read.problems), 0
    rows: dict[str, IdentifiedReview] = {}
    for where, given in zip(read.places, read.reviews, strict=True):
        review = given.with_defaults(defaults)
        if problem := _refusal(where, review, own_site):
            refused += 1
            problems.append(problem)
            continue
        row = IdentifiedReview(identity_of(review), digest_of(review), review)
        earlier = rows.get(row.identity)
        if earlier is None or _is_as_new(review, earlier.review):
            rows[row.identity] = row
    return PreparedReviews(
        format=read.format,
        rows=list(rows.values()),
        problems=problems[:MOST_PROBLEMS],
        problem_count=read.problem_count + refused,
        refused=read.refused + refused,
        repeated=len(read.reviews) - refused - len(rows),
        digest=_sha256_of_all(rows.values()),
    )


def _page_of(review: ReviewedClaim) -> str:
    if not review.url:
        return (review.publisher_site or review.publisher_name).casefold()
    try:
        address = normalised_url(review.url)
    except ValueError:
        address = review.url
    # sites move from http to https and from www. without their reviews becoming others
    return address.partition("://")[2].removeprefix("www.").rstrip("/")


def _refusal(where: str, review: ReviewedClaim, own_site: str) -> Problem | None:
    if not (review.url or review.publisher_name or review.publisher_site):
        return Problem(
            where, "url", "It names neither its page nor its publisher. Add the url or a publisher."
        )
    if own_site and f"{review.url}/".startswith(f"{own_site}/"):
        return Problem(where, "url", "It is our own: it is known from what we published.")
    return None


def _is_as_new(review: ReviewedClaim, earlier: ReviewedClaim) -> bool:
    if review.reviewed_on is None or earlier.reviewed_on is None:
        return review.reviewed_on is not None or earlier.reviewed_on is None
    return review.reviewed_on >= earlier.reviewed_on


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _sha256_of_all(rows: Iterable[IdentifiedReview]) -> str:
    together = hashlib.sha256()
    for row in rows:
        together.update(f"{row.identity}{row.digest}".encode())
    return together.hexdigest()
