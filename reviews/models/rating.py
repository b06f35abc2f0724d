"""Rating scales: the labels under which a desk publishes."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _


class RatingScale(models.Model):
    """An ordered set of ratings. Exactly one scale is the default."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=100)
    is_default = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=models.Q(is_default=True), name="one_default_rating_scale"
            )
        ]

    def __str__(self) -> str:
        return self.name


class RatingQuerySet(models.QuerySet["Rating"]):
    def offered(self) -> RatingQuerySet:
        """What a new verdict can be given: the default scale without what was retired."""
        return self.filter(scale__is_default=True, retired_at__isnull=True)


class Rating(models.Model):
    """A label on a scale. ``value`` is its place (1 is worst), for graded ratings only. One that verdicts
    use keeps its meaning: it is retired, never deleted."""

    class Meaning(models.TextChoices):
        GRADED = "graded", _("A place on the scale")
        NO_EVIDENCE = "no_evidence", _("No evidence either way")
        NOT_CHECKABLE = "not_checkable", _("Not checkable")
        OTHER = "other", _("Something else without a place, such as satire")

    scale = models.ForeignKey(RatingScale, on_delete=models.CASCADE, related_name="ratings")
    slug = models.SlugField()
    label = models.CharField(max_length=60)
    meaning = models.CharField(max_length=15, choices=Meaning.choices, default=Meaning.GRADED)
    value = models.PositiveSmallIntegerField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    guidance = models.CharField(max_length=300, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = RatingQuerySet.as_manager()

    class Meta:
        ordering = ["scale_id", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["scale", "slug"], name="one_rating_per_scale_and_slug"),
            models.CheckConstraint(
                condition=models.Q(value__isnull=True) | models.Q(value__gte=1),
                name="a_rating_value_is_at_least_one",
            ),
            models.CheckConstraint(
                condition=models.Q(meaning="graded") ^ models.Q(value__isnull=True),
                name="graded_ratings_and_no_others_have_a_value",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="a_used_rating_keeps_its_meaning",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("scale_id", "slug", "label", "meaning", "value"),
                condition=pgtrigger.Condition(
                    "ROW(OLD.scale_id, OLD.slug, OLD.label, OLD.meaning, OLD.value) "
                    "IS DISTINCT FROM ROW(NEW.scale_id, NEW.slug, NEW.label, NEW.meaning, NEW.value)"
                ),
                func=(
                    "IF EXISTS (SELECT 1 FROM reviews_verdict v WHERE v.rating_id = OLD.id) THEN "
                    "RAISE EXCEPTION 'verdicts use this rating: it can be retired, not changed' "
                    "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;"
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.label
