"""Wrong tries to sign in."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone


class SignInFailureQuerySet(models.QuerySet["SignInFailure"]):
    def locked(self) -> SignInFailureQuerySet:
        return self.filter(locked_until__gt=timezone.now())


class SignInFailure(models.Model):
    """Wrong tries for one e-mail address since ``since``, whether or not it has an account: the row must not
    say which. ``digest`` is the address's, under SECRET_KEY; ``user`` is whose it is, if anybody's. Counted
    here and not in the cache, which may be away."""

    digest = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="sign_in_failures"
    )
    count = models.PositiveIntegerField(default=0)
    since = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(default=timezone.now)
    last_address = models.GenericIPAddressField(null=True, blank=True)
    locked_until = models.DateTimeField(null=True, blank=True)

    objects = SignInFailureQuerySet.as_manager()

    class Meta:
        ordering = ["-last_at", "-id"]

    def __str__(self) -> str:
        return str(self.user) if self.user else self.digest[:8]
