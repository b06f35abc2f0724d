"""Who has a claim open at this moment, so that two people do not write the same thing twice."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from claims.models import Claim

HERE_FOR = timedelta(seconds=50)  # the page says every 20 s that it is open
KEPT_FOR = timedelta(hours=1)


class PresenceQuerySet(models.QuerySet["Presence"]):
    def now(self) -> PresenceQuerySet:
        return self.filter(seen_at__gt=Now() - HERE_FOR)

    def over(self) -> PresenceQuerySet:
        return self.filter(seen_at__lte=Now() - KEPT_FOR)


class Presence(models.Model):
    """``user`` had the page of ``claim`` open at ``seen_at``, and is ``writing`` there or reads. Kept for an
    hour, told to nobody but those who see the claim, and no record of anybody's work."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="presences", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="presences")
    is_writing = models.BooleanField(default=False)
    seen_at = models.DateTimeField(db_default=Now())

    objects = PresenceQuerySet.as_manager()

    class Meta:
        ordering = ["user_id"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "user"], name="one_presence_per_claim_and_person"),
        ]

    def __str__(self) -> str:
        return f"{self.user} at claim {self.claim_id}"
