"""The claims of one article version as the page shows them: stage, task and what may be done with each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from claims import policies, states
from claims.explaining import Explanation, explanation_of
from claims.models import Appearance, ArticleVersion, Claim, ExtractionRun
from claimtracker.kernel.decisions import Decision, Denied
from reviews import states as review_states
from reviews.models import Publication, ReviewTask, Verdict

from .elsewhere import Elsewhere, elsewhere_of
from .marked_text import Span


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a claim stands: ``key`` picks the chip, ``tone`` the mark in the text, ``label`` is the words."""

    key: str
    tone: str
    label: str


@dataclass(frozen=True, slots=True)
class ClaimCard:
    """``places`` are all of the claim in this text, in order; ``appearance`` is the strongest of them.
    ``elsewhere`` is None for a claim that stands in no other article."""

    appearance: Appearance
    places: list[Appearance]
    number: int
    stage: Stage
    task: ReviewTask | None
    rating: str
    rating_step: int | None
    curate: Decision
    can_dismiss: Decision
    why: Explanation
    elsewhere: Elsewhere | None

    @property
    def key(self) -> int:
        """Its name in the page: that of its first place."""
        return self.places[0].pk

    @property
    def is_withdrawn(self) -> bool:
        return self.claim.state == states.WITHDRAWN

    @property
    def claim(self) -> Claim:
        return self.appearance.claim

    @property
    def spans(self) -> list[Span]:
        """A mark for each place, all of which lead to this card."""
        words = {"number": self.number, "stage": self.stage.label}
        first, again = _("claim %(number)s, %(stage)s"), _("claim %(number)s once more, %(stage)s")
        return [
            Span(
                *(place.start, place.end, place.pk, self.stage.tone),
                (first if place.pk == self.key else again) % words,
                card=self.key,
            )
            for place in self.places
        ]


def claim_cards(version: ArticleVersion, user: Any, *, runs: Mapping[str, ExtractionRun]) -> list[ClaimCard]:
    """A card for each claim, in the order of the text. Only claims that ``user`` may see; as many queries for
    any count. ``runs`` are the version's by extractor, the newest first."""
    appearances = list(
        Appearance.objects.filter(version=version, claim__in=Claim.objects.visible_to(user))
        .select_related("claim__claimant", "claim__desk")
        .order_by("start", "end")
    )
    places_of: dict[int, list[Appearance]] = {}
    for appearance in appearances:
        places_of.setdefault(appearance.claim_id, []).append(appearance)
    claim_ids = list(places_of)
    elsewhere = elsewhere_of(claim_ids, than=version.article, user=user)
    tasks = _newest_by_claim(ReviewTask.objects.open().select_related("assignee").filter(claim__in=claim_ids))
    verdicts = _newest_by_claim(Verdict.objects.filter(claim__in=claim_ids))
    newest = next(iter(runs), "")  # places of another reading are not among these claims
    publications = _newest_by_claim(Publication.objects.current().filter(claim__in=claim_ids))
    cards = []
    for number, places in enumerate(places_of.values(), 1):
        appearance = max(places, key=lambda place: (place.score, -place.start))
        claim = appearance.claim
        task, verdict = tasks.get(claim.pk), verdicts.get(claim.pk)
        publication = publications.get(claim.pk)
        rating, step = _rating_of(publication)
        why = explanation_of(appearance, version.body, runs.get(appearance.extractor_version))
        curate = policies.can_curate_claim(user, claim)
        cards.append(
            ClaimCard(
                appearance,
                places,
                number,
                stage_of(claim, task, verdict, publication),
                task,
                rating,
                step,
                curate,
                curate and _free_to_dismiss(verdict),
                why if appearance.extractor_version == newest else replace(why, place=""),
                elsewhere.get(claim.pk),
            )
        )
    return cards


def by_score(cards: Sequence[ClaimCard]) -> list[ClaimCard]:
    """The strongest first; what was dismissed comes last."""

    def rank(card: ClaimCard) -> tuple[bool, float, int]:
        return card.claim.state in states.SET_ASIDE, -card.appearance.score, card.places[0].start

    return sorted(cards, key=rank)


def stage_of(
    claim: Claim, task: ReviewTask | None, verdict: Verdict | None, publication: Publication | None
) -> Stage:
    """The furthest of curation, task, verdict and publication, in one word for people."""
    if claim.state == states.DISMISSED:
        return Stage("dismissed", "dismissed", _("Dismissed"))
    if claim.state == states.WITHDRAWN:
        return Stage("withdrawn", "withdrawn", _("No longer found"))
    if publication:
        return Stage("published", "published", _("Published"))
    if verdict and verdict.state == review_states.APPROVED:
        return Stage("approved", "in-review", _("Approved"))
    if verdict and verdict.state == review_states.SUBMITTED:
        return Stage("submitted", "in-review", _("For approval"))
    if verdict and verdict.state == review_states.RETURNED:
        return Stage("returned", "in-review", _("Returned"))
    if task and task.state == review_states.TAKEN:
        return Stage("taken", "in-review", _("In review"))
    if claim.state == states.CONFIRMED:
        return Stage("confirmed", "confirmed", _("Confirmed"))
    return Stage("suggested", "suggested", _("Suggested"))


def _free_to_dismiss(verdict: Verdict | None) -> Decision:
    if verdict and verdict.state in (review_states.SUBMITTED, review_states.APPROVED):
        return Denied(_("A verdict on this claim waits for approval or stands already."), "has_verdict")
    return Decision(True)


def _newest_by_claim(rows: Iterable[Any]) -> dict[int, Any]:
    newest: dict[int, Any] = {}
    for row in rows:
        if row.claim_id not in newest or row.pk > newest[row.claim_id].pk:
            newest[row.claim_id] = row
    return newest


def _rating_of(publication: Publication | None) -> tuple[str, int | None]:
    """The label and its step of five; no step where the rating has no place on its scale."""
    if publication is None:
        return "", None
    rating = publication.snapshot["rating"]
    value, best, worst = rating.get("value"), rating.get("best"), rating.get("worst")
    if value is None or best is None or worst is None or best == worst:
        return rating["label"], None
    return rating["label"], 1 + round(4 * (value - worst) / (best - worst))
