"""The scales under which checks are published."""

from __future__ import annotations

from django.db.models import Exists, Max, Min, OuterRef, Prefetch, Q, QuerySet

from reviews.models import Publication, Rating, RatingScale

from ..sparse import EVERYTHING, Wanted


def rating_scales(*, wanted: Wanted = EVERYTHING) -> QuerySet[RatingScale]:
    """The one that is used and those under which something is public, with the ratings that are still given
    (``ratings_in_force``). ``best`` and ``worst`` are of all that were ever on the scale, as publications
    have them."""
    offering = Rating.objects.filter(scale=OuterRef("pk"), retired_at__isnull=True)
    published = Publication.objects.filter(verdict__rating__scale=OuterRef("pk"))
    scales = RatingScale.objects.filter(Q(is_default=True) | Exists(published), Exists(offering))
    if wanted.any_of("best", "worst"):
        scales = scales.annotate(best=Max("ratings__value"), worst=Min("ratings__value"))
    if "ratings" in wanted:
        offered = Rating.objects.filter(retired_at__isnull=True).order_by("position", "id")
        scales = scales.prefetch_related(Prefetch("ratings", queryset=offered, to_attr="ratings_in_force"))
    return scales
