"""Where partners want events, what was sent there, and what came of each try."""

from __future__ import annotations

import uuid

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claimtracker.kernel.at_rest.fields import EncryptedCharField, EncryptedEmailField
from claimtracker.kernel.triggers import legal_transitions
from claimtracker.ledger.models import OutboxEvent

from . import states
from .event_types import TEST


class WebhookEndpointQuerySet(models.QuerySet["WebhookEndpoint"]):
    def kept(self) -> WebhookEndpointQuerySet:
        """Those that nobody removed."""
        return self.filter(removed_at__isnull=True)

    def listening(self) -> WebhookEndpointQuerySet:
        """Those that get messages."""
        return self.filter(is_active=True, partner__is_active=True)

    def in_use(self) -> WebhookEndpointQuerySet:
        """Those at which a partner in earnest waits for messages, whether or not they arrive. Not what
        somebody switched off, who knows that nothing comes."""
        kept = self.kept().filter(partner__is_active=True, partner__is_sandbox=False)
        return kept.filter(models.Q(is_active=True) | models.Q(is_given_up=True))


class WebhookEndpoint(models.Model):
    """Where a partner wants events. ``secret`` (whsec_…) signs them; it is unique to the endpoint.

    After a rotation ``previous_secret`` signs as well, until ``previous_secret_until``. One that was removed
    stays as a row without secrets, since its deliveries tell what the partner got. ``is_given_up``: no person
    switched it off last, we did, since messages did not arrive.
    """

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, db_default=RandomUUID(), editable=False)
    partner = models.ForeignKey(
        "partners.Partner", on_delete=models.CASCADE, related_name="webhook_endpoints"
    )
    url = models.URLField(_("address"), max_length=1000)
    description = models.CharField(max_length=200, blank=True, default="", db_default="")
    secret = EncryptedCharField(max_length=100, blank=True)
    previous_secret = EncryptedCharField(max_length=100, blank=True, default="", db_default="")
    previous_secret_until = models.DateTimeField(null=True, blank=True)
    event_types = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    is_active = models.BooleanField(default=True)
    disabled_because = models.CharField(max_length=300, blank=True)
    disabled_at = models.DateTimeField(null=True, blank=True)
    is_given_up = models.BooleanField(default=False, db_default=False)
    removed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(default=timezone.now, db_default=Now())

    objects = WebhookEndpointQuerySet.as_manager()

    class Meta:
        ordering = ["partner_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "url"],
                condition=models.Q(removed_at__isnull=True),
                name="one_endpoint_per_partner_and_url",
            ),
            models.CheckConstraint(
                condition=models.Q(removed_at__isnull=True) & ~models.Q(secret="")
                | models.Q(removed_at__isnull=False, is_active=False, secret="", previous_secret=""),
                name="a_removed_endpoint_is_off_and_has_no_secret",
            ),
            models.CheckConstraint(
                condition=models.Q(previous_secret="", previous_secret_until__isnull=True)
                | ~models.Q(previous_secret="") & models.Q(previous_secret_until__isnull=False),
                name="a_previous_secret_has_an_end",
            ),
        ]
        indexes = [
            # the API: a partner's endpoints, newest first
            models.Index(
                fields=["partner", "-id"],
                condition=models.Q(removed_at__isnull=True),
                name="endpoint_by_partner",
            ),
            # the tidying job: previous secrets whose time is over
            models.Index(
                fields=["previous_secret_until"],
                condition=models.Q(previous_secret_until__isnull=False),
                name="endpoint_in_rotation",
            ),
        ]

    def __str__(self) -> str:
        return self.url


class EndpointNotice(models.Model):
    """The mail that tells a partner that we switched an endpoint off. It is handed over once at most:
    ``handed_over_at`` is written right before its words go out."""

    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.CASCADE, related_name="notices")
    to = EncryptedEmailField()
    reason = models.CharField(max_length=300)
    tries = models.PositiveSmallIntegerField(default=0)
    handed_over_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"notice to {self.to} about endpoint {self.endpoint_id}"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def lost(self) -> DeliveryQuerySet:
        """What failed and was meant in earnest: somebody misses it."""
        failed = self.filter(state=states.FAILED, endpoint__in=WebhookEndpoint.objects.in_use())
        return failed.exclude(event_type=TEST)


class Delivery(models.Model):
    """One event for one endpoint. ``message_id`` is the receiver's idempotency key, the same at every try.

    ``tries`` counts the attempts since the delivery was made or last replayed: its place on the retry ladder.
    ``claim`` and ``version`` are those of an event about what we published: they set its lane. ``body`` is
    what is sent, byte for byte, from the first try on; it is forgotten with the attempts.
    """

    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.CASCADE, related_name="deliveries")
    event = models.ForeignKey(OutboxEvent, on_delete=models.PROTECT, related_name="deliveries")
    event_type = models.CharField(max_length=60, default="", db_default="")
    message_id = models.CharField(max_length=60, unique=True)
    claim = models.CharField(max_length=40, blank=True)
    version = models.PositiveIntegerField(null=True, blank=True)
    state = models.CharField(
        max_length=10, choices=[(s, s) for s in states.DELIVERY.states], default=states.PENDING
    )
    body = models.TextField(blank=True, default="", db_default="")
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "event"], name="one_delivery_per_endpoint_and_event")
        ]
        indexes = [
            # moderators: what did not arrive, newest first
            models.Index(fields=["-id"], condition=models.Q(state="failed"), name="delivery_failed"),
            # the API: an endpoint's deliveries, newest first, of all types or of one
            models.Index(fields=["endpoint", "-id"], name="delivery_by_endpoint"),
            models.Index(fields=["endpoint", "event_type", "-id"], name="delivery_by_type"),
            # the API: those of one state; nearly all are delivered, which the index above serves
            models.Index(
                fields=["endpoint", "state", "-id"],
                condition=~models.Q(state="delivered"),
                name="delivery_by_state",
            ),
            # the tidying job: what was finished long ago and still has its body
            models.Index(
                fields=["finished_at"],
                condition=~models.Q(body="") & models.Q(finished_at__isnull=False),
                name="delivery_to_tidy",
            ),
            # receipts: who was told of the versions of a claim
            models.Index(fields=["claim"], condition=~models.Q(claim=""), name="delivery_by_claim"),
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
    """One try of a delivery and what came back. Written when it begins; ``finished_at`` is empty while nobody
    knows what came of it. The secret stands nowhere in it, the signature does."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveIntegerField()
    url = models.CharField(max_length=1000, blank=True, default="", db_default="")
    request_headers: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(
        default=dict, db_default={}, blank=True
    )
    status_code = models.PositiveIntegerField(null=True, blank=True)
    error = models.CharField(max_length=500, blank=True)
    response_headers: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(
        default=dict, db_default={}, blank=True
    )
    response_excerpt = models.CharField(max_length=500, blank=True)
    seconds = models.FloatField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["delivery_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["delivery", "number"], name="one_attempt_per_number"),
            models.UniqueConstraint(
                fields=["delivery"],
                condition=models.Q(finished_at__isnull=True),
                name="one_attempt_under_way_per_delivery",
            ),
        ]
        # the tidying job: tries of long ago
        indexes = [models.Index(fields=["created_at"], name="attempt_by_age")]

    def __str__(self) -> str:
        return f"attempt {self.number} of {self.delivery_id}"
