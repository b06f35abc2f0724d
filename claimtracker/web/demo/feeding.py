"""Feeding the sample articles through the real worker, and saying how far it is."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Count, Q

from claims.actions.ingest import ingest_article
from claims.models import Article, Channel, Claim, ExtractionRun
from claims.samples import Sample, load_samples
from claims.sources import ParsedArticle
from claimtracker.jobs.models import Job
from claimtracker.kernel.errors import ActionRefused
from reviews.models import ReviewTask

ORIGIN = "sample"
PAUSE = 2.0  # seconds between two lines of progress


def feed_samples() -> list[Article]:
    """Ingest the bundled articles; those that are here already stay as they are."""
    return [_feed(sample) for sample in load_samples()]


def _feed(sample: Sample) -> Article:
    parsed = ParsedArticle(
        title=sample.title,
        byline=sample.byline,
        body=sample.body,
        language="en",
        published_at=sample.published_at,
        url=sample.origin_url,
        canonical_url=None,
        site_name=None,
    )
    try:
        return ingest_article(
            parsed, origin=ORIGIN, channel=Channel.COMMAND, external_id=sample.slug, by="system"
        ).article
    except ActionRefused:  # an older demo fed another wording of this sample
        return Article.objects.get(origin=ORIGIN, external_id=sample.slug)


def wait_until_read(articles: list[Article], *, say: Callable[[str], None], seconds: float = 180) -> bool:
    """Report progress until every article is read and every claim routed. False when time ran out first."""
    until, shown, said_at = time.monotonic() + seconds, "", 0.0
    while time.monotonic() < until:
        read = ExtractionRun.objects.filter(version__article__in=articles).count()
        claims = Claim.objects.filter(appearances__version__article__in=articles).distinct()
        found, routed = claims.count(), claims.filter(review_tasks__isnull=False).distinct().count()
        line = f"{read} of {len(articles)} articles read, {found} claims found, {routed} routed"
        finished = read == len(articles) and routed == found and not Job.objects.due().exists()
        if line != shown and (finished or time.monotonic() - said_at > PAUSE):
            say(line)
            shown, said_at = line, time.monotonic()
        if finished:
            return True
        time.sleep(0.3)
    return False


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the demo's table."""

    article: str
    claims: int
    strongest: str
    waits: str


def table(articles: list[Article]) -> list[Row]:
    """For each article: how many claims, the strongest one with its score, and at which desks its tasks
    wait."""
    rows = []
    for article in articles:
        claims = Claim.objects.filter(appearances__version__article=article).distinct()
        strongest = claims.select_related("claimant").order_by("-score", "id").first()
        waiting = (
            ReviewTask.objects.open()
            .filter(claim__in=claims)
            .values("desk__name")
            .annotate(tasks=Count("id", filter=Q(state="queued")))
            .order_by("-tasks")
        )
        rows.append(
            Row(
                article=article.title,
                claims=claims.count(),
                strongest=f"{strongest.score:.2f} {strongest.text}" if strongest else "none",
                waits=", ".join(f"{row['desk__name']} {row['tasks']}" for row in waiting) or "nowhere",
            )
        )
    return rows


def format_table(rows: list[Row], width: int = 118) -> str:
    """``rows`` as text of at most ``width`` columns."""
    waits = max([len(row.waits) for row in rows] + [len("waits at desk")])
    article = min(max(len(row.article) for row in rows), 34)
    strongest = max(width - article - waits - 6 - 6, 20)
    lines = [f"{'article':<{article}}  claims  {'strongest claim':<{strongest}}  waits at desk"]
    lines.append("-" * len(lines[0]))
    lines += [
        f"{_cut(row.article, article):<{article}}  {row.claims:>6}  "
        f"{_cut(row.strongest, strongest):<{strongest}}  {row.waits}"
        for row in rows
    ]
    return "\n".join(lines)


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"
