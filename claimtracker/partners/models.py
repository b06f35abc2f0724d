"""Partners, their keys, and what we tell them."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claimtracker.accounts.models import Desk
from claimtracker.kernel.at_rest.fields import EncryptedEmailField

from .event_models import (
    Acknowledgement,
    CorrectionReminder,
    Edition,
    EventOrder,
    Holding,
    PartnerEvent,
    Way,
)
from .kept_answer import KeptAnswer
from .webhook_models import Attempt, Delivery, DeliveryLane, EndpointNotice, WebhookEndpoint

__all__ = [
    "ORIGIN",
    "Acknowledgement",
    "ApiKey",
    "ApiUsage",
    "Attempt",
    "CorrectionReminder",
    "Delivery",
    "DeliveryLane",
    "Edition",
    "EndpointNotice",
    "EventOrder",
    "Holding",
    "KeptAnswer",
    "KeyNotice",
    "Partner",
    "PartnerEvent",
    "Scope",
    "UsageBatch",
    "Way",
    "WebhookEndpoint",
]

ORIGIN = "partner:"  # what the origin of a partner's articles, and the audience of its events, begins with


class Partner(models.Model):
    """An organisation outside. What an untrusted partner sends is held until a moderator accepts it; what a
    sandbox sends nobody sees but itself. Its limits are the settings' where they are empty."""

    slug = models.SlugField(unique=True, max_length=60)
    name = models.CharField(max_length=150)
    contact_email = EncryptedEmailField(blank=True)
    desk = models.ForeignKey(Desk, null=True, blank=True, on_delete=models.SET_NULL, related_name="partners")
    is_trusted = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    is_sandbox = models.BooleanField(default=False, db_default=False)
    requests_per_minute = models.PositiveIntegerField(null=True, blank=True)
    requests_per_day = models.PositiveIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        triggers = [
            pgtrigger.Protect(
                # what a sandbox wrote is shown to nobody and is erased: that of no other may become so
                name="a_partner_stays_in_or_out_of_the_sandbox",
                operation=pgtrigger.UpdateOf("is_sandbox"),
                condition=pgtrigger.Q(old__is_sandbox__df=pgtrigger.F("new__is_sandbox")),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def origin(self) -> str:
        """The ``origin`` of the articles that this partner sends, and the audience of its own events."""
        return f"{ORIGIN}{self.slug}"


class Scope(models.TextChoices):
    READ = "read", _("read articles, claims, publications and events")
    SUBMIT = "submit", _("send articles and texts")
    REQUEST = "request", _("ask for a check")
    WEBHOOKS = "webhooks", _("register and mend webhook endpoints")


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def usable(self) -> ApiKeyQuerySet:
        return self.filter(
            models.Q(expires_at__isnull=True) | models.Q(expires_at__gt=timezone.now()),
            revoked_at__isnull=True,
            partner__is_active=True,
        )


class ApiKey(models.Model):
    """A partner's credential. Only ``prefix`` and a SHA-256 of the secret are kept; the key is shown once.
    A key that was rotated has a ``successor``."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="api_keys")
    label = models.CharField(max_length=100)
    prefix = models.CharField(max_length=16, unique=True)
    secret_sha256 = models.CharField(max_length=64)
    scopes = ArrayField(models.CharField(max_length=30, choices=Scope.choices), default=list)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    replaces = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="successor"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("API key")
        indexes = [
            # which keys end soon, and whom has nobody told?
            models.Index(
                fields=["expires_at"],
                condition=models.Q(expires_at__isnull=False, revoked_at__isnull=True),
                name="api_key_by_end",
            )
        ]

    def __str__(self) -> str:
        return f"{self.partner} · {self.label}"


class KeyNotice(models.Model):
    """What a partner is told of a key by mail, once for each kind. ``handed_over_at`` is written
    right before the words go out; ``error``: why they did not, or may not have, arrived."""

    class Kind(models.TextChoices):
        EXPIRING = "expiring", _("it ends soon")
        ROTATED = "rotated", _("it takes the place of another")

    key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    tries = models.PositiveSmallIntegerField(default=0)
    handed_over_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["key", "kind"], name="one_notice_per_key_and_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.get_kind_display()}"


class ApiUsage(models.Model):
    """What one key asked on one day of one group of endpoints. ``limited`` requests were refused for their
    number; they are no ``requests``, nor ``errors``."""

    key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="usage")
    day = models.DateField()
    group = models.CharField(max_length=40)
    requests = models.PositiveBigIntegerField(default=0)
    errors = models.PositiveBigIntegerField(default=0)
    limited = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ["-day", "key_id", "group"]
        verbose_name_plural = "usage counts"
        constraints = [
            # also serves a key's usage of the last days
            models.UniqueConstraint(fields=["key", "day", "group"], name="one_count_per_key_day_and_group"),
        ]

    def __str__(self) -> str:
        return f"{self.key_id} on {self.day}: {self.group}"


class UsageBatch(models.Model):
    """Counts that were brought here from the broker under this name, so that none is added twice."""

    name = models.CharField(max_length=40, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "usage batches"

    def __str__(self) -> str:
        return self.name
