"""Where a claim stands, in one word for people."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from claims import states as claim_states
from claims.models import Claim

from .. import states
from ..models import Publication
from ..reader_facts import rating_step
from ..selectors.standing import Standing


@dataclass(frozen=True, slots=True)
class Stage:
    """``key`` picks the chip, ``tone`` the mark in the text, ``label`` is the words."""

    key: str
    tone: str
    label: str


def stage_of(claim: Claim, standing: Standing) -> Stage:
    """The furthest of curation, task, verdict and publication."""
    task, verdict = standing.task, standing.verdict
    if claim.state == claim_states.DISMISSED:
        return Stage("dismissed", "dismissed", _("Dismissed"))
    if claim.state == claim_states.WITHDRAWN:
        label = _("Withdrawn by its sender") if claim.was_taken_back else _("No longer found")
        return Stage("withdrawn", "withdrawn", label)
    if standing.publication and standing.publication.is_retraction:
        return Stage("retracted", "dismissed", _("Retracted"))
    if standing.publication:
        return Stage("published", "published", _("Published"))
    if verdict and verdict.state == states.APPROVED:
        return Stage("approved", "in-review", _("Approved"))
    if verdict and verdict.state == states.SUBMITTED:
        return Stage("submitted", "in-review", _("For approval"))
    if verdict and verdict.state == states.DISPUTED:
        return Stage("disputed", "in-review", _("Disputed"))
    if verdict and verdict.state == states.RETURNED:
        return Stage("returned", "in-review", _("Returned"))
    if task and task.state == states.TAKEN:
        return Stage("taken", "in-review", _("In review"))
    if claim.state == claim_states.CONFIRMED:
        return Stage("confirmed", "confirmed", _("Confirmed"))
    return Stage("suggested", "suggested", _("Suggested"))


def rating_of(publication: Publication | None) -> tuple[str, int | None]:
    """The published label and its step of five; no step where the rating has no place on its scale."""
    if publication is None or publication.is_retraction:
        return "", None
    rating = publication.snapshot["rating"]
    value, best, worst = rating.get("value"), rating.get("best"), rating.get("worst")
    step = None if best == worst else rating_step(value, worst, best)
    return str(rating["label"]), step
