"""Published checks whose day has come."""

from __future__ import annotations

from django.db import models

from .publication import Publication


class Expiry(models.Model):
    """The recheck of a version that was held to be true until a day was asked for: once per version."""

    publication = models.OneToOneField(Publication, on_delete=models.PROTECT, related_name="expiry")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "expiries"

    def __str__(self) -> str:
        return f"{self.publication} ran out"
