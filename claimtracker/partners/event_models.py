"""The events that partners read in order, and what each partner holds of what we published."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from claimtracker.ledger.models import OutboxEvent


class EventOrder(models.Model):
    """One row: ``last`` is the number of the newest PartnerEvent. Whoever numbers an event holds its lock
    until the commit, so that numbers become visible in their order (docs/adr/0022-events-in-order.md)."""

    ONLY = 1

    last = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"the newest event is {self.last}"


class PartnerEvent(models.Model):
    """An event's place among those that partners read. Numbers leave none out and never go back.

    ``audience`` is the one partner whom it concerns; empty for public ones.
    """

    number = models.PositiveBigIntegerField(primary_key=True)
    event = models.OneToOneField(OutboxEvent, on_delete=models.PROTECT, related_name="place")
    type = models.CharField(max_length=60)
    audience = models.ForeignKey(
        "partners.Partner", null=True, blank=True, on_delete=models.CASCADE, related_name="events"
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        indexes = [
            # the API: events of some types after a cursor (of all types: the primary key)
            models.Index(fields=["type", "number"], name="partner_event_by_type"),
            # the tidying job: those that are no longer offered
            models.Index(fields=["created_at"], name="partner_event_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.type}"


class Edition(models.Model):
    """A version of a published check, as its event told of it; a correction changed what was said."""

    publication = models.UUIDField(unique=True)
    claim = models.UUIDField()
    version = models.PositiveIntegerField()
    change = models.CharField(max_length=20)
    is_correction = models.BooleanField()
    change_note = models.TextField(blank=True)
    claim_text = models.TextField()
    rating = models.CharField(max_length=200)
    url = models.CharField(max_length=1000)
    published_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "version"], name="one_edition_per_claim_and_version")
        ]
        indexes = [
            # receipts: what was corrected, newest first, and by day for the reminders
            models.Index(fields=["-id"], condition=models.Q(is_correction=True), name="edition_corrections"),
            models.Index(
                fields=["published_at"],
                condition=models.Q(is_correction=True),
                name="edition_correction_by_day",
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.version} of claim {self.claim}"


class Way(models.TextChoices):
    """How a partner came by a version. Public pages, feeds and dumps ask for no key, so nobody knows who
    fetched those."""

    READ = "read", _("read over the API")
    WEBHOOK = "webhook", _("delivered to an endpoint")
    EVENTS = "events", _("read among the events")


class Holding(models.Model):
    """A partner has a version of a check, since ``got_at``, by this way. Written once for each way."""

    partner = models.ForeignKey("partners.Partner", on_delete=models.CASCADE, related_name="holdings")
    publication = models.UUIDField()
    claim = models.UUIDField()
    version = models.PositiveIntegerField()
    way = models.CharField(max_length=10, choices=Way.choices)
    got_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            # also: what of a page of results is new to the partner
            models.UniqueConstraint(
                fields=["partner", "publication", "way"], name="one_holding_per_partner_publication_and_way"
            )
        ]
        indexes = [
            # receipts: what a partner has of a claim, older and newer than a correction
            models.Index(fields=["partner", "claim", "version"], name="holding_by_claim"),
            # receipts of one correction: who has any version of the claim
            models.Index(fields=["claim", "version"], name="holding_of_claim"),
        ]

    def __str__(self) -> str:
        return f"{self.partner_id} has version {self.version} of {self.claim}"


class Acknowledgement(models.Model):
    """A partner says what it did about a version: its own words about its own pages."""

    class Status(models.TextChoices):
        UPDATED = "updated", _("updated")
        REMOVED = "removed", _("removed")
        NOT_USED = "not_used", _("never used")

    partner = models.ForeignKey("partners.Partner", on_delete=models.CASCADE, related_name="acknowledgements")
    publication = models.UUIDField()
    claim = models.UUIDField()
    version = models.PositiveIntegerField()
    status = models.CharField(max_length=10, choices=Status.choices)
    url = models.URLField(max_length=1000, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "publication"], name="one_acknowledgement_per_partner_and_publication"
            )
        ]
        indexes = [
            # receipts: whether a partner has dealt with a correction
            models.Index(fields=["claim", "partner", "version"], name="acknowledgement_of_claim"),
        ]

    def __str__(self) -> str:
        return f"{self.partner_id}: version {self.version} of {self.claim} {self.status}"


class CorrectionReminder(models.Model):
    """A partner was reminded of a correction that it neither acknowledged nor read. Once for each."""

    partner = models.ForeignKey("partners.Partner", on_delete=models.CASCADE, related_name="reminders")
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="reminders")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "edition"], name="one_reminder_per_partner_and_correction"
            )
        ]

    def __str__(self) -> str:
        return f"{self.partner_id} reminded of {self.edition_id}"
