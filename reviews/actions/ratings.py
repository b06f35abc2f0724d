"""Rating scales and the reasons that are often given: kept by leads, for all desks."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from claimtracker.accounts.models import User
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import audit

from ..models import Rating, RatingScale, ReasonTemplate, Verdict
from ..policies.ratings import can_edit_ratings

MEANINGS = Rating.Meaning


@transaction.atomic
def save_rating(
    rating: Rating | None,
    *,
    by: User,
    scale: RatingScale,
    label: str,
    meaning: str,
    value: int | None,
    position: int,
    guidance: str,
) -> Rating:
    """Add a rating to a scale, or change one. What a verdict uses keeps its label, meaning and value; its
    guidance and its place in the list can change. Leads and moderators. Locks the scale.

    Raises NotPermitted or ActionRefused naming the field. Audits rating.saved.
    """
    can_edit_ratings(by).enforce()
    scale = RatingScale.objects.select_for_update().get(pk=scale.pk)
    label, guidance = " ".join(label.split()), guidance.strip()
    value = _checked_value(scale, rating, meaning, value)
    row = rating or Rating(scale=scale, slug=_free_slug(scale, label))
    if (
        rating
        and _is_used(rating)
        and (label, meaning, value) != (rating.label, rating.meaning, rating.value)
    ):
        raise ActionRefused(
            _("Verdicts use this rating, so its label, meaning and value stay. Retire it and add another."),
            code="rating_used",
            field="label",
        )
    if _same_label(scale, label, row):
        raise ActionRefused(
            _("Another rating of this scale has this label."), code="same_label", field="label"
        )
    row.label, row.meaning, row.value = label, meaning, value
    row.position, row.guidance = position, guidance
    row.save()
    details = {"scale": scale.slug, "rating": row.slug, "new": rating is None}
    audit.record("rating.saved", by=by, subject=row, details=details)
    return row


@transaction.atomic
def retire_rating(rating: Rating, *, by: User) -> Rating:
    """Offer a rating no longer; verdicts that have it keep it. A scale keeps two that are offered. Leads and
    moderators. Locks the scale. Raises NotPermitted or ActionRefused. Audits rating.retired."""
    can_edit_ratings(by).enforce()
    scale = RatingScale.objects.select_for_update().get(pk=rating.scale_id)
    rating = Rating.objects.get(pk=rating.pk)
    if rating.retired_at is not None:
        raise ActionRefused(
            _("“%(label)s” is retired already.") % {"label": rating.label}, code="already_retired"
        )
    if scale.ratings.filter(retired_at__isnull=True).count() <= 2:
        raise ActionRefused(
            _("A scale offers at least two ratings. Add another before you retire this one."), code="too_few"
        )
    rating.retired_at = timezone.now()
    rating.save(update_fields=["retired_at"])
    audit.record(
        "rating.retired", by=by, subject=rating, details={"scale": scale.slug, "rating": rating.slug}
    )
    return rating


@transaction.atomic
def bring_back_rating(rating: Rating, *, by: User) -> Rating:
    """Offer a retired rating again. Leads and moderators. Locks the scale. Raises NotPermitted or
    ActionRefused. Audits rating.brought_back."""
    can_edit_ratings(by).enforce()
    scale = RatingScale.objects.select_for_update().get(pk=rating.scale_id)
    rating = Rating.objects.get(pk=rating.pk)
    if rating.retired_at is None:
        raise ActionRefused(
            _("“%(label)s” is offered already.") % {"label": rating.label}, code="not_retired"
        )
    rating.retired_at = None
    rating.save(update_fields=["retired_at"])
    details = {"scale": scale.slug, "rating": rating.slug}
    audit.record("rating.brought_back", by=by, subject=rating, details=details)
    return rating


@transaction.atomic
def save_scale(scale: RatingScale | None, *, by: User, name: str) -> RatingScale:
    """Make a scale, or rename one; the first one is the default. Leads and moderators. Raises NotPermitted
    or ActionRefused (field ``name``). Audits rating_scale.saved."""
    can_edit_ratings(by).enforce()
    name = " ".join(name.split())
    others = RatingScale.objects.exclude(pk=scale.pk if scale else 0)
    if others.filter(name__iexact=name).exists() or (
        scale is None and others.filter(slug=slugify(name)).exists()
    ):
        raise ActionRefused(_("Another scale has this name."), code="same_name", field="name")
    if scale is None:
        scale = RatingScale(slug=slugify(name)[:50] or "scale", is_default=not others.exists())
    scale.name = name
    scale.save()
    audit.record("rating_scale.saved", by=by, subject=scale, details={"scale": scale.slug})
    return scale


@transaction.atomic
def use_scale(scale: RatingScale, *, by: User) -> RatingScale:
    """Make a scale the one that new verdicts use; it offers two ratings at least. Leads and moderators.
    Locks all scales. Raises NotPermitted or ActionRefused. Audits rating_scale.used."""
    can_edit_ratings(by).enforce()
    scales = {each.pk: each for each in RatingScale.objects.select_for_update().order_by("pk")}
    scale = scales[scale.pk]
    if scale.ratings.filter(retired_at__isnull=True).count() < 2:
        raise ActionRefused(_("Give the scale two ratings at least before it is used."), code="too_few")
    RatingScale.objects.filter(is_default=True).exclude(pk=scale.pk).update(is_default=False)
    scale.is_default = True
    scale.save(update_fields=["is_default"])
    audit.record("rating_scale.used", by=by, subject=scale, details={"scale": scale.slug})
    return scale


@transaction.atomic
def save_reason(template: ReasonTemplate | None, *, by: User, text: str, position: int = 0) -> ReasonTemplate:
    """Keep words with which verdicts are often returned. Leads and moderators. Raises NotPermitted. Audits
    reason_template.saved."""
    can_edit_ratings(by).enforce()
    row = template or ReasonTemplate()
    row.text, row.position = " ".join(text.split()), position
    row.save()
    audit.record("reason_template.saved", by=by, subject=row)
    return row


@transaction.atomic
def retire_reason(template: ReasonTemplate, *, by: User) -> None:
    """Offer these words no longer. Leads and moderators. Raises NotPermitted. Audits
    reason_template.retired."""
    can_edit_ratings(by).enforce()
    template.retired_at = timezone.now()
    template.save(update_fields=["retired_at"])
    audit.record("reason_template.retired", by=by, subject=template)


def _checked_value(scale: RatingScale, rating: Rating | None, meaning: str, value: int | None) -> int | None:
    if meaning not in MEANINGS.values:
        raise ActionRefused(_("Choose what the rating means."), code="bad_meaning", field="meaning")
    if meaning != MEANINGS.GRADED:
        if value is not None:
            raise ActionRefused(
                _("Only a place on the scale has a number. Leave it empty."), code="no_value", field="value"
            )
        return None
    if value is None or value < 1:
        raise ActionRefused(
            _("Give its place as a number from 1, where 1 is worst."), code="value_missing", field="value"
        )
    others = scale.ratings.filter(retired_at__isnull=True, value=value)
    if others.exclude(pk=rating.pk if rating else 0).exists():
        raise ActionRefused(
            _("Another rating of this scale has this place."), code="same_value", field="value"
        )
    return value


def _is_used(rating: Rating) -> bool:
    return Verdict.objects.filter(rating=rating).exists()


def _same_label(scale: RatingScale, label: str, row: Rating) -> bool:
    return scale.ratings.filter(label__iexact=label, retired_at__isnull=True).exclude(pk=row.pk or 0).exists()


def _free_slug(scale: RatingScale, label: str) -> str:
    wanted = slugify(label)[:40] or "rating"
    taken = set(scale.ratings.values_list("slug", flat=True))
    number, slug = 1, wanted
    while slug in taken:
        number += 1
        slug = f"{wanted}-{number}"
    return slug
