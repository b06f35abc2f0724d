"""How much of a desk's work is reviewed blind, where its leads chose otherwise than the environment."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from claimtracker.accounts.models import Desk


class DeskSampling(models.Model):
    """``blind_rate`` is the share of the desk's verdicts that are drawn, ``blind_topics`` words whose claims
    always are; each is that of the environment while it is null. ``revision`` counts the changes, so that
    nobody overwrites what they have not seen."""

    desk = models.OneToOneField(Desk, on_delete=models.CASCADE, related_name="sampling")
    blind_rate = models.FloatField(null=True, blank=True)
    blind_topics = ArrayField(models.CharField(max_length=60), null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(blind_rate__isnull=True) | models.Q(blind_rate__gte=0, blind_rate__lte=1),
                name="a_sampling_rate_is_a_share",
            )
        ]

    def __str__(self) -> str:
        return f"Sampling of the {self.desk} desk"
