"""What the first reading of a text leaves alone: words that people marked, and those of earlier versions."""

from __future__ import annotations

from collections.abc import Sequence

from .. import states
from ..matching.offers import Offer
from ..models import Appearance, ArticleVersion, Following
from .reread_plan import Standing, plan_rereading
from .writing_claims import PLACE_FIELDS, appearance_facts


def free_offers(version: ArticleVersion, offers: Sequence[Offer], there: Sequence[Appearance]) -> list[Offer]:
    """The offers that are no words of a claim that stands ``there`` already. In a first version those are the
    very words that a person marked. In a later one the claims of the version before were looked for first,
    and theirs are also words that mostly are the same, by the rule of every newer reading (reread_plan.py):
    a reworded claim is not offered beside itself. A version whose next one was compared without waiting for
    it offers nothing: what it says still is read there."""
    if Following.objects.filter(
        version__article=version.article_id, version__number=version.number + 1
    ).exists():
        return []
    if version.number == 1:
        taken = {(place.start, place.end) for place in there}
        return [offer for offer in offers if offer.span not in taken]
    standing = [Standing(place.pk, place.start, place.end, kept=True) for place in there]
    new = plan_rereading(standing, [offer.item for offer in offers]).new
    spans = {(item.start, item.end) for item in new}
    return [offer for offer in offers if offer.span in spans]


def refresh_carried(
    version: ArticleVersion, offers: Sequence[Offer], there: Sequence[Appearance], *, extractor_version: str
) -> None:
    """In a later version a place that came from the one before has what the reading of this text says of the
    very same words: rank, score, parts. What a person marked stays as it was marked; so does every claim."""
    if version.number == 1:
        return
    offer_at = {offer.span: offer for offer in offers}
    refreshed = []
    for place in there:
        offer = offer_at.get((place.start, place.end))
        if offer is None or not place.extractor_version:
            continue
        for name, value in appearance_facts(version.body, offer).items():
            setattr(place, name, value)
        place.extractor_version = extractor_version
        refreshed.append(place)
    Appearance.objects.bulk_update(refreshed, PLACE_FIELDS, batch_size=200)


def dismissed_before(version: ArticleVersion) -> list[Appearance]:
    """Places of claims in earlier versions that people dismissed: said again in other places, they stay
    dismissed."""
    if version.number == 1:
        return []
    earlier = Appearance.objects.filter(
        version__article=version.article_id,
        version__number__lt=version.number,
        claim__state=states.DISMISSED,
    )
    return list(earlier.select_related("claim").order_by("claim_id", "-version_id").distinct("claim_id"))
