"""Partners, their keys, and what we tell them."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claimtracker.accounts.models import Desk
from claimtracker.kernel.triggers import legal_transitions
from claimtracker.ledger.models import OutboxEvent

from . import states
from .kept_answer import KeptAnswer

__all__ = [
    "ApiKey",
    "ApiUsage",
    "Attempt",
    "Delivery",
    "DeliveryLane",
    "KeptAnswer",
    "KeyNotice",
    "Partner",
    "Scope",
    "UsageBatch",
    "WebhookEndpoint",
]


class Partner(models.Model):
    """An organisation outside. What an untrusted partner sends is held until a moderator accepts it; what a
    sandbox sends nobody sees but itself. Its limits are the settings' where they are empty."""

    slug = models.SlugField(unique=True, max_length=60)
    name = models.CharField(max_length=150)
    contact_email = models.EmailField(blank=True)
    desk = models.ForeignKey(Desk, null=True, blank=True, on_delete=models.SET_NULL, related_name="partners")
    is_trusted = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    is_sandbox = models.BooleanField(default=False)
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
        """The ``origin`` of the articles that this partner sends."""
        return f"partner:{self.slug}"


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
    """What a partner is told of a key by mail, once for each kind. ``failed_because``: it cannot be told."""

    class Kind(models.TextChoices):
        EXPIRING = "expiring", _("it ends soon")
        ROTATED = "rotated", _("it takes the place of another")

    key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    failed_because = models.CharField(max_length=500, blank=True)

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


class WebhookEndpoint(models.Model):
    """Where a partner wants events. ``secret`` (whsec_…) signs them; it is unique to the endpoint."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="webhook_endpoints")
    url = models.URLField(max_length=1000)
    secret = models.CharField(max_length=100)
    event_types = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    is_active = models.BooleanField(default=True)
    disabled_because = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["partner_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["partner", "url"], name="one_endpoint_per_partner_and_url")
        ]

    def __str__(self) -> str:
        return self.url


class Delivery(models.Model):
    """One event for one endpoint. ``message_id`` is the receiver's idempotency key, the same at every try.

    ``tries`` counts the attempts since the delivery was made or last replayed: its place on the retry ladder.
    ``claim`` and ``version`` are those of an event about what we published: they set its lane.
    """

    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.CASCADE, related_name="deliveries")
    event = models.ForeignKey(OutboxEvent, on_delete=models.PROTECT, related_name="deliveries")
    message_id = models.CharField(max_length=60, unique=True)
    claim = models.CharField(max_length=40, blank=True)
    version = models.PositiveIntegerField(null=True, blank=True)
    state = models.CharField(
        max_length=10, choices=[(s, s) for s in states.DELIVERY.states], default=states.PENDING
    )
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "event"], name="one_delivery_per_endpoint_and_event")
        ]
        indexes = [
            # moderators: what did not arrive, newest first
            models.Index(fields=["-id"], condition=models.Q(state="failed"), name="delivery_failed"),
            # the versions of one claim at one endpoint: what supersedes what
            models.Index(
                fields=["endpoint", "claim", "version"],
                condition=~models.Q(claim=""),
                name="delivery_by_lane",
            ),
        ]
        triggers = legal_transitions(states.DELIVERY, name="delivery")

    def __str__(self) -> str:
        return f"{self.message_id} to {self.endpoint}"


class DeliveryLane(models.Model):
    """One claim at one endpoint. Its versions go out one after another, never an older one after a newer.

    ``last`` is the delivery of the last try that was begun, ``begun_version`` its version. ``busy_until``:
    until then a try may be under way; empty when its end was recorded. ``unsettled_until``: until then a
    try whose end nobody could tell (its worker was killed) may still reach the receiver.
    """

    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.CASCADE, related_name="lanes")
    claim = models.CharField(max_length=40)
    last = models.ForeignKey(Delivery, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    begun_version = models.PositiveIntegerField(default=0)
    busy_until = models.DateTimeField(null=True, blank=True)
    unsettled_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "claim"], name="one_lane_per_endpoint_and_claim"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="no_older_version_after_a_newer",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(new__begun_version__lt=pgtrigger.F("old__begun_version")),
            )
        ]

    def __str__(self) -> str:
        return f"claim {self.claim} at endpoint {self.endpoint_id}, version {self.begun_version}"


class Attempt(models.Model):
    """One try of a delivery and what came back."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveIntegerField()
    status_code = models.PositiveIntegerField(null=True, blank=True)
    error = models.CharField(max_length=500, blank=True)
    response_excerpt = models.CharField(max_length=500, blank=True)
    seconds = models.FloatField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["delivery_id", "number"]
        constraints = [models.UniqueConstraint(fields=["delivery", "number"], name="one_attempt_per_number")]

    def __str__(self) -> str:
        return f"attempt {self.number} of {self.delivery_id}"
