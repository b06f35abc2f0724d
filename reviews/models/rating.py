"""Rating scales: the labels under which a desk publishes."""

from __future__ import annotations

from django.db import models


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


class Rating(models.Model):
    """A label on a scale. ``value`` is its place (1 is worst); "not checkable" and "no evidence" have
    none."""

    scale = models.ForeignKey(RatingScale, on_delete=models.CASCADE, related_name="ratings")
    slug = models.SlugField()
    label = models.CharField(max_length=60)
    value = models.PositiveSmallIntegerField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    guidance = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["scale_id", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["scale", "slug"], name="one_rating_per_scale_and_slug"),
            models.CheckConstraint(
                condition=models.Q(value__isnull=True) | models.Q(value__gte=1),
                name="a_rating_value_is_at_least_one",
            ),
        ]

    def __str__(self) -> str:
        return self.label
