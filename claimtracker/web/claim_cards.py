"""The claims of one article version as the page shows them: stage, task and what may be done with each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from claims import policies, states
from claims.explaining import Explanation, explanation_of
from claims.models import Appearance, ArticleVersion, Claim, ExtractionRun
from claims.selectors import OtherWords, other_words
from claimtracker.kernel.decisions import Decision, Denied
from reviews import states as review_states
from reviews.models import ReviewTask, Verdict
from reviews.selectors.standing import standings_of
from reviews.views.stages import Stage, rating_of, stage_of

from .elsewhere import Elsewhere, elsewhere_of
from .marked_text import Span
from .seen_marks import SeenMark, seen_marks


@dataclass(frozen=True, slots=True)
class ClaimCard:
    """``places`` are all of the claim in this text, in order; ``appearance`` is the strongest of them.
    ``elsewhere`` is None for a claim that stands in no other article. ``changed`` are places, by id, whose
    words are not those that the claim was put in."""

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
    seen: SeenMark | None
    changed: Mapping[int, OtherWords]

    @property
    def text_changed(self) -> OtherWords | None:
        """Where the claim stands in other words here: nothing that was found about it is about these."""
        return next((self.changed[place.pk] for place in self.places if place.pk in self.changed), None)

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
        return [self._span(place) for place in self.places]

    def _span(self, place: Appearance) -> Span:
        first, again = _("claim %(number)s, %(stage)s"), _("claim %(number)s once more, %(stage)s")
        stage, tone = self.stage.label, self.stage.tone
        if place.pk in self.changed:
            stage, tone = _("text changed"), "suggested"
        words = (first if place.pk == self.key else again) % {"number": self.number, "stage": stage}
        return Span(place.start, place.end, place.pk, tone, words, card=self.key)


def claim_cards(version: ArticleVersion, user: Any, *, runs: Mapping[str, ExtractionRun]) -> list[ClaimCard]:
    """A card for each claim, in the order of the text. Only claims that ``user`` may see; as many queries for
    any count. ``runs`` are the version's by extractor, the newest first."""
    appearances = list(
        Appearance.objects.filter(version=version, claim__in=Claim.objects.visible_to(user))
        .select_related("claim__claimant", "claim__desk")
        .order_by("start", "end")
    )
    for appearance in appearances:
        appearance.version = version
    places_of: dict[int, list[Appearance]] = {}
    for appearance in appearances:
        places_of.setdefault(appearance.claim_id, []).append(appearance)
    claim_ids = list(places_of)
    elsewhere = elsewhere_of(claim_ids, than=version.article, user=user)
    standings = standings_of(claim_ids)
    seen = seen_marks(claim_ids, user)
    changed = other_words(claim_ids)
    newest = next(iter(runs), "")  # places of another reading are not among these claims
    cards = []
    for number, places in enumerate(places_of.values(), 1):
        appearance = max(places, key=lambda place: (place.score, -place.start))
        claim = appearance.claim
        standing = standings[claim.pk]
        rating, step = rating_of(standing.publication)
        why = explanation_of(appearance, version.body, runs.get(appearance.extractor_version))
        curate = policies.can_curate_claim(user, claim)
        cards.append(
            ClaimCard(
                appearance,
                places,
                number,
                stage_of(claim, standing),
                standing.task,
                rating,
                step,
                curate,
                curate and _free_to_dismiss(standing.verdict),
                why if appearance.extractor_version == newest else replace(why, place=""),
                elsewhere.get(claim.pk),
                seen.get(claim.pk),
                changed,
            )
        )
    return cards


def by_score(cards: Sequence[ClaimCard]) -> list[ClaimCard]:
    """The strongest first; what was dismissed comes last."""

    def rank(card: ClaimCard) -> tuple[bool, float, int]:
        return card.claim.state in states.SET_ASIDE, -card.appearance.score, card.places[0].start

    return sorted(cards, key=rank)


def _free_to_dismiss(verdict: Verdict | None) -> Decision:
    if verdict and verdict.state in (*review_states.WAITING, review_states.APPROVED):
        return Denied(_("A verdict on this claim waits for approval or stands already."), "has_verdict")
    return Decision(True)
