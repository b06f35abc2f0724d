"""What a new colleague has looked at, and whether the list of first steps is put away."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Look(models.TextChoices):
    """A page whose having been opened leaves no other trace."""

    ARTICLE = "article", _("An article with its claims")
    DRAFTS = "drafts", _("The page for drafts")
    RULES = "rules", _("The routing rules")
    KEYS = "keys", _("The sheet of keys")


class FirstSteps(models.Model):
    """One row for each person who looked at one of these pages or put the list away. What else the list
    ticks is read from where it happened."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="first_steps"
    )
    looked = ArrayField(models.CharField(max_length=10, choices=Look.choices), default=list, db_default=[])
    put_away_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["user_id"]
        verbose_name_plural = "first steps"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(looked__contained_by=Look.values), name="looks_are_at_known_pages"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {', '.join(self.looked)}"
