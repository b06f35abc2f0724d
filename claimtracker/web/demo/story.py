"""What the demo's people have already done when a visitor arrives: one fact-check is out, one waits for
approval.

Done through the same actions as in the web, on a claim of a bundled, invented article; its sources are
invented too and stand on addresses that can never exist.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from claims.models import Article, Claim
from claimtracker.accounts.models import User
from reviews.actions.assignment import take_task
from reviews.actions.evidence import add_evidence
from reviews.actions.publishing import publish_verdict
from reviews.actions.triage import check_triaged
from reviews.actions.verdicts import approve_verdict, submit_verdict
from reviews.models import Rating, Verdict
from reviews.states import QUEUED


@dataclass(frozen=True, slots=True)
class Chapter:
    """One claim, found by words of its quote, and what was concluded about it."""

    words: str
    rating: str
    summary: str
    rationale: str
    is_published: bool
    evidence: tuple[dict[str, Any], ...] = field(default=())


CHAPTERS = (
    Chapter(
        words="£940",
        rating="mostly-false",
        summary="The spending so far comes to about £510 per household, a little over half of what was said.",
        rationale=(
            "The council's accounts put spending on the line at £131m by the end of January. The census "
            "office counts 256,800 households in the city, so that each has paid about £510. The larger "
            "figure divides the whole planned cost by the households of the old city boundary, which "
            "leaves out five districts that pay too."
        ),
        is_published=True,
        evidence=(
            {
                "stance": "refutes",
                "url": "https://council.aldermere.example/accounts/tram",
                "title": "Capital accounts, tram line, to 31 January 2024",
                "publisher": "Aldermere City Council",
                "source_kind": "primary",
                "quotation": "Expenditure to date: £131.2m.",
                "note": "The auditors' report uses the same figure.",
            },
            {
                "stance": "refutes",
                "url": "https://census.example/households/aldermere",
                "title": "Households by municipality",
                "publisher": "Census Office",
                "source_kind": "dataset",
                "quotation": "Aldermere: 256,800",
                "note": "",
            },
            {
                "stance": "context",
                "url": "https://gazette.aldermere.example/letters/darragh",
                "title": "Letter to the editor by Colm Darragh",
                "publisher": "Aldermere Gazette",
                "source_kind": "secondary",
                "quotation": "£276m divided by the 293,000 of the old boundary",
                "note": "Shows how the figure was arrived at.",
            },
        ),
    ),
    Chapter(
        words="ridership",
        rating="true",
        summary="Counts on the existing line show the fall that was named.",
        rationale=(
            "The operator's published counts give 4.1 million journeys in 2019 and 3.2 million last year, "
            "a fall of 22 percent. The forecast made when the line was built was never reached in any year."
        ),
        is_published=False,
        evidence=(
            {
                "stance": "supports",
                "url": "https://transit.aldermere.example/journeys",
                "title": "Journeys per year, line 1",
                "publisher": "Aldermere Transit",
                "source_kind": "dataset",
                "quotation": "2019: 4,103,000. 2023: 3,198,000.",
                "note": "",
            },
        ),
    ),
)


def tell_story(articles: list[Article]) -> None:
    """Play each chapter whose claim was found and that nobody has touched."""
    for chapter in CHAPTERS:
        claim = (
            Claim.objects.filter(
                appearances__version__article__in=articles, appearances__quote__contains=chapter.words
            )
            .order_by("-score", "id")
            .first()
        )
        if claim is not None and not Verdict.objects.filter(claim=claim).exists():
            _play(chapter, claim)


def _play(chapter: Chapter, claim: Claim) -> None:
    checker = User.objects.get(email="checker@demo.example")
    editor = User.objects.get(email="editor@demo.example")
    if triage := claim.review_tasks.filter(kind="triage", state=QUEUED).first():
        check_triaged(triage, by=checker, reason="Readers asked the desk about this figure.")
    task = claim.review_tasks.filter(kind="research", state=QUEUED).first()
    if task is None:
        return
    task = take_task(task, by=checker)
    for facts in chapter.evidence:
        add_evidence(claim, by=checker, **facts)
    verdict = submit_verdict(
        task,
        by=checker,
        rating=Rating.objects.get(scale__is_default=True, slug=chapter.rating),
        summary=chapter.summary,
        rationale=chapter.rationale,
    )
    if chapter.is_published:
        publish_verdict(approve_verdict(verdict, by=editor, revision=verdict.revision), by=editor)
