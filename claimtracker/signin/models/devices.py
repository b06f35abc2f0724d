"""Browsers from which somebody has signed in."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone


class KnownDevice(models.Model):
    """A browser that a person has signed in with: it holds a cookie whose SHA-256 is ``digest``. ``name`` is
    what it calls itself, for people."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="known_devices")
    digest = models.CharField(max_length=64)
    name = models.CharField(max_length=80, blank=True)
    first_seen_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-last_seen_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "digest"], name="a_device_is_known_once_to_a_person")
        ]

    def __str__(self) -> str:
        return self.name or self.digest[:8]
