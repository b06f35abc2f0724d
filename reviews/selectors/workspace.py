"""What the claim workspace shows of one claim."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Max, Prefetch
from django.shortcuts import get_object_or_404

from claims.models import Appearance, Article, Claim, ExtractionRun

from .. import states
from ..models import Evidence, Publication, Rating, ReviewTask, Verdict
from ..models.evidence import Stance
from ..models.review_task import PROPOSING
from .cited import shown_to
from .text import places_in_force

CONTEXT_LIMIT = 400  # code points shown on either side of a claim at most

_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*\s+(?=[\"'“‘«(\[]*[^\W_a-z])")


@dataclass(frozen=True, slots=True)
class Context:
    """The sentences around a claim's words."""

    before: str
    quote: str
    after: str


@dataclass(frozen=True, slots=True)
class StanceGroup:
    stance: str
    evidence: list[Evidence]


@dataclass(slots=True)
class Workspace:
    """One claim with everything that people decide on. ``appearances`` are those in articles that the person
    may see; ``verdict`` is the newest one; ``reading`` what offered the first appearance, if one did."""

    claim: Claim
    appearances: list[Appearance]
    evidence: list[Evidence]
    tasks: list[ReviewTask]
    verdict: Verdict | None
    publications: list[Publication] = field(default_factory=list)
    reading: ExtractionRun | None = None

    @property
    def open_task(self) -> ReviewTask | None:
        return next((task for task in self.tasks if task.state in states.OPEN), None)

    @property
    def research(self) -> ReviewTask | None:
        """The newest research task or recheck, which a verdict is proposed from."""
        return next((task for task in self.tasks if task.kind in PROPOSING), None)

    @property
    def appearance(self) -> Appearance | None:
        return self.appearances[0] if self.appearances else None

    @property
    def stance_groups(self) -> list[StanceGroup]:
        by_stance = {
            stance: [item for item in self.evidence if item.stance == stance] for stance in Stance.values
        }
        return [StanceGroup(stance, evidence) for stance, evidence in by_stance.items()]

    @property
    def board_mark(self) -> str:
        """Another one whenever a source was added or taken off."""
        return mark_of(len(self.evidence), max((item.pk for item in self.evidence), default=0))

    @property
    def awaits_publication(self) -> bool:
        published = {publication.verdict_id for publication in self.publications}
        return bool(
            self.verdict and self.verdict.state == states.APPROVED and self.verdict.pk not in published
        )


def board_mark(claim: Claim) -> str:
    """The mark of the claim's board as it is now."""
    found = Evidence.objects.filter(claim=claim).aggregate(n=Count("pk"), newest=Max("pk"))
    return mark_of(found["n"], found["newest"] or 0)


def mark_of(count: int, newest: int) -> str:
    return f"{count}-{newest}"


def workspace_of(claim_id: int, user: Any) -> Workspace:
    """The workspace of a claim that ``user`` may see. Raises Http404 otherwise."""
    claims = Claim.objects.visible_to(user).select_related("claimant", "desk", "route")
    # wire copy shares its claims: the copy of a desk that is not the person's is not theirs to read
    seen = Appearance.objects.filter(version__article__in=Article.objects.visible_to(user).values("pk"))
    claim = get_object_or_404(
        claims.prefetch_related(
            Prefetch("appearances", seen.select_related("version__article").order_by("id")),
            Prefetch(
                "evidence",
                Evidence.objects.select_related("source", "added_by", "last_quote__since").order_by("id"),
            ),
            Prefetch(
                "review_tasks",
                ReviewTask.objects.select_related("desk", "assignee", "proposed_by").order_by("-id"),
            ),
        ),
        pk=claim_id,
    )
    verdicts = Verdict.objects.filter(claim=claim).select_related(
        "rating", "author", "approver", "article_version"
    )
    verdict = verdicts.defer("article_version__body", "article_version__blocks").order_by("-id").first()
    about = verdict.article_version_id if verdict else None
    appearances = places_in_force(claim, claim.appearances.all(), about)
    return Workspace(
        claim=claim,
        appearances=appearances,
        evidence=shown_to(claim.evidence.all(), user),
        tasks=list(claim.review_tasks.all()),
        verdict=verdict,
        publications=list(claim.publications.order_by("-number")),
        reading=_reading_of(appearances[0]) if appearances else None,
    )


def _reading_of(appearance: Appearance) -> ExtractionRun | None:
    runs = ExtractionRun.objects.without_sentences()
    return runs.filter(version=appearance.version_id, extractor_version=appearance.extractor_version).first()


def default_ratings() -> list[Rating]:
    """The default scale from best to worst, ratings without a place last."""
    ratings = list(Rating.objects.offered().select_related("scale"))
    return sorted(ratings, key=lambda rating: (rating.value is None, -(rating.value or 0), rating.position))


def context_of(appearance: Appearance) -> Context:
    """The claim's words with the rest of their sentence and one more on either side, within the paragraph."""
    body, start, end = appearance.version.body, appearance.start, appearance.end
    first = body.rfind("\n", 0, start) + 1
    stop = body.find("\n", end)
    last = len(body) if stop < 0 else stop
    # looked for in the whole paragraph, because an end shows by how the next sentence begins
    ends = [first + match.end() for match in _SENTENCE_END.finditer(body[first:last])]
    earlier, later = [at for at in ends if at <= start], [at for at in ends if at > end]
    before = body[earlier[-2] if len(earlier) > 1 else first : start]
    after = body[end : later[1] if len(later) > 1 else last].rstrip()
    return Context(_shorter(before, from_end=True), body[start:end], _shorter(after))


def _shorter(text: str, *, from_end: bool = False) -> str:
    """At most CONTEXT_LIMIT code points of ``text``, cut between words."""
    if len(text) <= CONTEXT_LIMIT:
        return text
    if from_end:
        return "… " + text[-CONTEXT_LIMIT:].partition(" ")[2]
    return text[:CONTEXT_LIMIT].rpartition(" ")[0] + " …"
