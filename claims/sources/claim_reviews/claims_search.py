"""Answers of Google's ``claims:search``, in which every field may be absent."""

from typing import Any

from claims.sources.claim_reviews.reviewed import ReadReviews, ReviewedClaim
from claims.sources.claim_reviews.values import (
    LONGEST_CLAIM,
    LONGEST_NAME,
    LONGEST_RATING,
    LONGEST_TITLE,
    Values,
)

MORE_PAGES = "There is a nextPageToken: ask for the other pages too, they are not in this file."


def is_answer(document: Any) -> bool:
    """Whether this is one answer, or a list of the answers to several pages."""
    first = document[0] if isinstance(document, list) and document else document
    return isinstance(first, dict) and (
        isinstance(first.get("claims"), list) or isinstance(first.get("results"), list)
    )


def read_answers(document: Any, into: ReadReviews) -> None:
    """Add a review for each ``claims[].claimReview[]`` (of ``results[].claim`` too: claims:imageSearch)."""
    answers = document if isinstance(document, list) else [document]
    for page, answer in enumerate(answers, 1):
        before = "" if len(answers) == 1 else f"answer {page}, "
        if not isinstance(answer, dict):
            into.note(f"answer {page}", "claims", "It is no answer of claims:search.")
            continue
        for number, claim in enumerate(_claims(answer), 1):
            _read_claim(claim, into, f"{before}claim {number}")
    if isinstance(answers[-1], dict) and answers[-1].get("nextPageToken"):
        into.note("the end", "nextPageToken", MORE_PAGES)


def _claims(answer: dict[str, Any]) -> list[Any]:
    claims = answer.get("claims")
    if isinstance(claims, list):
        return claims
    results = answer.get("results")
    results = results if isinstance(results, list) else []
    return [result.get("claim") if isinstance(result, dict) else None for result in results]


def _read_claim(claim: Any, into: ReadReviews, where: str) -> None:
    if not isinstance(claim, dict):
        into.refuse(where, "claim", "It is no object.")
        return
    reviews = claim.get("claimReview")
    reviews = reviews if isinstance(reviews, list) else []
    if not reviews:
        into.note(where, "claimReview", "Nobody’s review of it is given.")
    for number, review in enumerate(reviews, 1):
        place = where if len(reviews) == 1 else f"{where}, review {number}"
        into.add(place, _read_review(claim, review if isinstance(review, dict) else {}, Values(into, place)))


def _read_review(claim: dict[str, Any], review: dict[str, Any], values: Values) -> ReviewedClaim:
    publisher = review.get("publisher")
    publisher = publisher if isinstance(publisher, dict) else {"name": publisher}
    url = values.url("url", review.get("url"))
    return ReviewedClaim(
        text=values.text("text", claim.get("text"), LONGEST_CLAIM),
        claimant=values.text("claimant", claim.get("claimant"), LONGEST_NAME),
        claimed_on=values.day("claimDate", claim.get("claimDate")),
        publisher_name=values.text("publisher.name", publisher.get("name"), LONGEST_NAME),
        publisher_site=values.site("publisher.site", publisher.get("site"), url),
        url=url,
        title=values.text("title", review.get("title"), LONGEST_TITLE),
        rating=values.text("textualRating", review.get("textualRating"), LONGEST_RATING),
        reviewed_on=values.day("reviewDate", review.get("reviewDate")),
        language=values.language("languageCode", review.get("languageCode")),
    )
