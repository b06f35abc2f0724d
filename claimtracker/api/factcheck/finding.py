"""Which of the checks that stand today answer a question, a page at a time.

All the words of a query, newest first. Where no check holds all of them, as with a whole sentence that
somebody said in other words, those that share most, likest first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.postgres.search import SearchVector
from django.db.models import FloatField, Func, Q, QuerySet, TextField, Value
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.utils import timezone

from claims.matching.candidates import find_candidates
from claims.matching.text_search import configuration_for
from claims.models import KnownClaim
from claimtracker.kernel import full_text
from claimtracker.kernel.moments import rfc3339
from reviews.claimreview import shortened
from reviews.models import PublicCheck

from .questions import Place, Question

# what the index of publications holds, so that it is of use
_SNAPSHOT = "publication__snapshot"
WORDS = (
    KeyTextTransform("text", KeyTransform("claim", _SNAPSHOT)),
    KeyTextTransform("summary", _SNAPSHOT),
)
LIKE = 100  # checks that are looked at where none holds all the words
ENOUGH = 0.5  # of a query's words that such a check shares


@dataclass(frozen=True, slots=True)
class Page:
    lines: Sequence[PublicCheck]
    next: Place | None


def find(question: Question, place: Place) -> Page:
    """At most three queries, however much there is."""
    if question.site and not _is_ours(question.site):
        return Page([], None)
    standing = PublicCheck.objects.newest_first().filter(is_retracted=False)
    lines = _narrowed(standing.defer(None).defer("publication__findings"), question)
    if not question.query:
        return _by_date(lines, question, place)
    all_words = lines.alias(words=full_text.document(*WORDS)).filter(words=full_text.query(question.query))
    page = _by_date(all_words, question, place)
    is_first = not place.before and not page.lines
    if is_first and not (place.skipped and all_words.exists()):
        return _by_likeness(lines, question, place)
    return page


def _narrowed(lines: QuerySet[PublicCheck], question: Question) -> QuerySet[PublicCheck]:
    if question.language:
        wanted = Q(language=question.language)
        if question.language == our_language():
            wanted |= Q(language="")
        lines = lines.filter(wanted)
    if question.max_age_days:
        since = timezone.now() - timedelta(days=min(question.max_age_days, 36_500))
        said = {"publication__claim_review__itemReviewed__datePublished__gte": since.date().isoformat()}
        lines = lines.filter(Q(changed_at__gte=since) | Q(**said))
    return lines


def _by_date(lines: QuerySet[PublicCheck], question: Question, place: Place) -> Page:
    if place.before:
        lines = lines.filter(publication__lt=place.before)
    end = place.skipped + question.page_size
    rows = list(lines[place.skipped : end + 1])
    page = rows[: question.page_size]
    return Page(page, Place(before=page[-1].publication_id) if len(rows) > len(page) else None)


def _by_likeness(lines: QuerySet[PublicCheck], question: Question, place: Place) -> Page:
    """By rare words that are shared, as the product looks for what is known already."""
    language = question.language or our_language()
    found = find_candidates(question.query, configuration=configuration_for(language), limit=LIKE)
    ids = [one.known_claim_id for one in found if one.known_claim_id is not None]
    claims = dict(KnownClaim.objects.own().standing().filter(pk__in=ids).values_list("pk", "claim"))
    score = {claims[one.known_claim_id]: one.bm25 for one in found if one.known_claim_id in claims}
    near = lines.filter(claim__in=score).annotate(shared=_words_shared(question.query))
    rows = sorted(near, key=lambda line: (-score[line.claim_id], -line.publication_id))
    rows = [line for line in rows if getattr(line, "shared", 0) >= ENOUGH]
    end = place.skipped + question.page_size
    return Page(rows[place.skipped : end], Place(skipped=end) if len(rows) > end else None)


def _words_shared(query: str) -> Any:
    """The share of the query's words that the check holds, 0 to 1."""
    asked = Func(
        SearchVector(Value(query, output_field=TextField()), config=full_text.CONFIG),
        function="tsvector_to_array",
    )
    held = Func(full_text.document(*WORDS), function="tsvector_to_array")
    return Func(
        asked,
        held,
        template=(
            "(SELECT coalesce(avg((word = ANY(h.words))::int), 0) FROM "
            "(SELECT %(expressions)s) AS h(asked, words), unnest(h.asked) AS word)"
        ),
        output_field=FloatField(),
    )


def _is_ours(site: str) -> bool:
    """Our host, or the domain that it belongs to."""
    host = our_site()
    return site == host or ("." in site and host.endswith("." + site))


def our_site() -> str:
    return (urlsplit(settings.SITE_URL).hostname or "localhost").removeprefix("www.")


def our_language() -> str:
    return str(settings.LANGUAGE_CODE.partition("-")[0])


def described(line: PublicCheck) -> dict[str, Any]:
    """A claim in Google's words, with our review of it. What is not known is left out."""
    snapshot, document = line.publication.snapshot, line.publication.claim_review
    said_on = document.get("itemReviewed", {}).get("datePublished")
    facts = {
        "text": snapshot["claim"]["text"],
        "claimant": line.claimant_name,
        "claimDate": f"{said_on}T00:00:00Z" if said_on else "",
    }
    review = {
        "publisher": {"name": settings.PUBLISHER_NAME, "site": our_site()},
        "url": snapshot["url"],
        "title": shortened(snapshot["claim"]["text"]),
        "reviewDate": rfc3339(line.changed_at, to="seconds"),
        "textualRating": line.rating_label,
        "languageCode": line.language or our_language(),
    }
    return {**{name: value for name, value in facts.items() if value}, "claimReview": [review]}
