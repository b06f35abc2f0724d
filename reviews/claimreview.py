"""schema.org ClaimReview from a publication's snapshot. Plain Python; fields after Google's published
list."""

from __future__ import annotations

import re
from typing import Any

CLAIM_REVIEWED_MAX = 74  # texts of 75 characters and more are cut in search results

_PERSON = re.compile(r"^(?!the\b)(?:[^\W\d_][\w.'’-]*)(?: (?:[^\W\d_][\w.'’-]*))+$", re.IGNORECASE)


def claim_review(snapshot: dict[str, Any], *, publisher: dict[str, str]) -> dict[str, Any]:
    """The JSON-LD object for a public claim page. ``publisher`` has schema.org's names: name, url, policies.

    A rating without a value keeps only its label, since a number would invent a place on the scale.
    """
    document: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": snapshot["url"],
        "datePublished": snapshot.get("first_published_at", snapshot["published_at"])[:10],
        "claimReviewed": shortened(snapshot["claim"]["text"]),
        "author": {"@type": "Organization", **publisher},
        "itemReviewed": _item_reviewed(snapshot),
        "reviewRating": _rating(snapshot),
    }
    if corrections := snapshot.get("corrections"):
        document["dateModified"] = corrections[-1]["at"][:10]
        document["correction"] = [_correction(item) for item in corrections]
    if rechecks := snapshot.get("rechecks"):
        # the review itself was not modified: what schema.org has for this is a property of its page
        document["mainEntityOfPage"] = {
            "@type": "WebPage",
            "@id": snapshot["url"],
            "lastReviewed": rechecks[-1]["at"][:10],
        }
    return document


def _correction(item: dict[str, Any]) -> dict[str, Any]:
    return {"@type": "CorrectionComment", "text": item["text"], "datePublished": item["at"][:10]}


def shortened(text: str, limit: int = CLAIM_REVIEWED_MAX) -> str:
    """``text`` in at most ``limit`` characters, cut between words with an ellipsis."""
    text = " ".join(text.split())
    if len(text) <= limit:
        return text
    return text[: limit - 1].rsplit(" ", 1)[0].rstrip(",;:–- ") + "…"


def _item_reviewed(snapshot: dict[str, Any]) -> dict[str, Any]:
    item: dict[str, Any] = {"@type": "Claim"}
    if claimant := snapshot.get("claimant"):
        item["author"] = {"@type": _author_type(claimant["name"]), "name": claimant["name"]}
    dates = [a["published_at"] for a in snapshot["appearances"] if a.get("published_at")]
    if dates:
        item["datePublished"] = min(dates)[:10]
    # an article that says it twice is one work
    urls = dict.fromkeys(a["url"] for a in snapshot["appearances"] if a.get("url"))
    if urls:
        item["appearance"] = [{"@type": "CreativeWork", "url": url} for url in urls]
    return item


def _author_type(name: str) -> str:
    """Person for what reads like a name of several capitalised words, Organization otherwise."""
    capitalised = all(word[:1].isupper() for word in name.split() if len(word) > 3)
    return "Person" if capitalised and _PERSON.match(name) else "Organization"


def _rating(snapshot: dict[str, Any]) -> dict[str, Any]:
    rating = snapshot["rating"]
    result: dict[str, Any] = {"@type": "Rating", "alternateName": rating["label"]}
    if rating.get("value") is not None:
        result |= {
            "ratingValue": rating["value"],
            "bestRating": rating["best"],
            "worstRating": rating["worst"],
        }
    if snapshot.get("summary"):
        result["ratingExplanation"] = snapshot["summary"]
    return result
