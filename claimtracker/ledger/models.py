"""Who did what, append-only and chained; and the events that other rooms act on.

Personal values do not stand in the ledger: an entry points at an erasable :class:`AuditActor` and
:class:`AuditNote`, and keeps only a salted digest of them (docs/adr/0002-erasable-ledger.md).
"""

from __future__ import annotations

import uuid
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models

from claimtracker.kernel.at_rest.fields import EncryptedTextField
from claimtracker.kernel.triggers import append_only


class AuditActor(models.Model):
    """Who acted: a person, a partner's key or the system. Erasing a person blanks ``label`` and ``user``."""

    ref = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=[(k, k) for k in ("person", "partner", "system")])
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="audit_actor"
    )
    key = models.CharField(max_length=100, blank=True)
    label = models.CharField(max_length=200, blank=True)
    salt = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"], condition=~models.Q(key=""), name="one_audit_actor_per_key"
            )
        ]

    def __str__(self) -> str:
        return self.label or "erased"

    @property
    def erased(self) -> bool:
        """Whether this was a person whose name and account were taken out of the record."""
        return self.kind == "person" and self.user_id is None


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    def about(self, subject: models.Model) -> AuditEntryQuerySet:
        return self.filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk))


class AuditEntry(models.Model):
    """``verb`` is ``noun.past``; ``details`` holds ids, states and digests, never a personal value.

    ``mac`` signs what the entry says (ledger/signing.py); those from before there were signatures have none.
    """

    append_only = True

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    verb = models.CharField(max_length=60)
    actor_ref = models.UUIDField()
    actor_digest = models.CharField(max_length=64)
    subject_type = models.CharField(max_length=100)
    subject_id = models.CharField(max_length=64)
    details: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    note_digest = models.CharField(max_length=64, blank=True)
    request_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    mac = models.CharField(max_length=64, blank=True, default="", db_default="", editable=False)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "audit entries"
        indexes = [
            # the history of one object, oldest first (claim page, admin)
            models.Index(fields=["subject_type", "subject_id", "id"], name="audit_by_subject"),
            # what somebody did last (the queue's "changed-by")
            models.Index(fields=["actor_ref", "-id"], name="audit_by_actor"),
            # how often something was done, and the trail of some kinds of change (insight, settings)
            models.Index(fields=["verb", "created_at"], name="audit_by_verb"),
            # looking through the audit, newest first: one verb, one kind of subject; and where a day begins
            models.Index(fields=["verb", "-id"], name="audit_of_verb"),
            models.Index(fields=["subject_type", "-id"], name="audit_of_kind"),
            models.Index(fields=["created_at"], name="audit_by_time"),
            # whether somebody's reading of confidential sources stands there already
            models.Index(
                fields=["actor_ref", "created_at"],
                include=["subject_id"],
                condition=models.Q(verb="source.read"),
                name="audit_source_reads",
            ),
        ]
        triggers = append_only(name="auditentry")

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_type}#{self.subject_id}"


# Whoever is erased meanwhile: what was written down about a claim under legal hold is passed over.
STAYS_UNDER_HOLD = (
    "IF EXISTS (SELECT 1 FROM ledger_auditentry e JOIN claims_restrictedclaim r ON r.held_at IS NOT NULL "
    "AND (e.subject_type = 'claims.claim' AND e.subject_id = r.claim_id::text "
    "OR e.details ->> 'claim' = r.claim_id::text) WHERE e.id = OLD.entry_id) THEN RETURN NULL; END IF; "
    "RETURN OLD;"
)


class AuditNote(models.Model):
    """The free words of an entry (a reason). Erasable: the entry keeps the digest made with ``salt``. Those
    on a claim under legal hold stay until it is lifted."""

    entry = models.OneToOneField(AuditEntry, on_delete=models.PROTECT, related_name="note", primary_key=True)
    text = EncryptedTextField()
    salt = models.BinaryField()

    class Meta:
        triggers = [
            pgtrigger.Trigger(
                name="note_on_a_held_claim_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                func=STAYS_UNDER_HOLD,
            )
        ]

    def __str__(self) -> str:
        return self.text[:60]


class LedgerSeal(models.Model):
    """A link of the chain: an HMAC over the previous seal and the digests of a batch of entries."""

    append_only = True

    previous_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)
    entries = models.PositiveIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            # two sealers at once cannot fork the chain
            models.UniqueConstraint(fields=["previous_digest"], name="one_seal_follows_each_seal")
        ]
        triggers = append_only(name="ledgerseal")

    def __str__(self) -> str:
        return f"seal {self.pk} of {self.entries} entries"


class SealedEntry(models.Model):
    """Which entry stands in which seal, and where."""

    append_only = True

    entry = models.OneToOneField(
        AuditEntry, on_delete=models.PROTECT, primary_key=True, related_name="sealed"
    )
    seal = models.ForeignKey(LedgerSeal, on_delete=models.PROTECT, related_name="sealed_entries")
    position = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name_plural = "sealed entries"
        constraints = [
            models.UniqueConstraint(fields=["seal", "position"], name="one_entry_per_place_in_a_seal")
        ]
        triggers = append_only(name="sealedentry")

    def __str__(self) -> str:
        return f"entry {self.entry_id} at {self.position} of seal {self.seal_id}"


# that a check is kept from everybody outside, and that it is shown again
RESTRICTING = ("claim.verdict_hidden", "claim.verdict_taken_down", "claim.verdict_restored")


class OutboxEvent(models.Model):
    """Something that other rooms or partners act on, written in the transaction that made it true.

    ``audience`` is the ``origin`` of the one partner whom it concerns (``partner:`` and its slug): no other
    is told of it. Empty for events that concern nobody in particular.
    """

    append_only = True

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    type = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=100)
    subject_id = models.CharField(max_length=64)
    payload: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    audience = models.CharField(max_length=100, blank=True, default="", db_default="")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        indexes = [
            # the events of one object (its deliveries, its history)
            models.Index(fields=["subject_type", "subject_id", "id"], name="outbox_by_subject"),
            # which checks may not be told of: partners' messages and events ask each time
            models.Index(fields=["-id"], condition=models.Q(type__in=RESTRICTING), name="outbox_restricting"),
        ]
        triggers = append_only(name="outboxevent")

    def __str__(self) -> str:
        return f"{self.type} {self.subject_type}#{self.subject_id}"
