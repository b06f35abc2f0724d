"""How far the check of a claim has come, as far as a partner may know: no verdict before its publication."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from claims import states as claim_states


class Stage(models.TextChoices):
    WAITING = "waiting", _("nobody checks it yet")
    IN_REVIEW = "in_review", _("somebody checks it")
    PUBLISHED = "published", _("a verdict is public")
    RETRACTED = "retracted", _("a verdict was public and is taken back")
    WITHHELD = "withheld", _("a verdict was public and is hidden or taken down at present")
    DISMISSED = "dismissed", _("it will not be checked")


@dataclass(frozen=True, slots=True)
class ReviewStatus:
    status: Stage
    publication: UUID | None = None
    rating: str | None = None
    url: str | None = None
    published_at: datetime | None = None


def review_status(claim: Any) -> ReviewStatus:
    """From a claim as the selectors give it (``current_publications``, ``is_taken``, ``has_verdict``,
    ``is_withheld``)."""
    if claim.is_withheld:
        return ReviewStatus(Stage.WITHHELD)
    if claim.current_publications:
        publication = claim.current_publications[0]
        if publication.is_retraction:
            return ReviewStatus(
                Stage.RETRACTED,
                publication.public_id,
                None,
                publication.public_url,
                publication.published_at,
            )
        return ReviewStatus(
            Stage.PUBLISHED,
            publication.public_id,
            publication.rating_label,
            publication.public_url,
            publication.published_at,
        )
    if claim.state in claim_states.SET_ASIDE:
        return ReviewStatus(Stage.DISMISSED)
    return ReviewStatus(Stage.IN_REVIEW if claim.is_taken or claim.has_verdict else Stage.WAITING)
