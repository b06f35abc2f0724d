"""What people answer to the standards gate: why it could not be otherwise, why it goes out all the same."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models

from claims.models import Claim
from claimtracker.kernel.triggers import append_only


class StandardsNote(models.Model):
    """Why one finding (by its code) could not be otherwise on this claim. Published with the check for as
    long as the finding stands."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="standards_notes")
    code = models.CharField(max_length=40)
    text = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["claim_id", "code"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "code"], name="one_standards_note_per_claim_and_code"),
            models.CheckConstraint(condition=~models.Q(text=""), name="a_standards_note_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.code} on claim {self.claim_id}"


class StandardsOverride(models.Model):
    """A lead lets the next version of a claim go out with an error of the gate. ``reason`` is published.

    Counts until the next version is out, and never for a verdict of the same person.
    """

    append_only = True

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="standards_overrides")
    code = models.CharField(max_length=40)
    criterion = models.CharField(max_length=10)
    message = models.CharField(max_length=500)
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="a_standards_override_says_why")
        ]
        triggers = [
            *append_only(name="standards_override"),
            pgtrigger.Trigger(
                name="standards_override_by_a_lead",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=(
                    "IF NOT EXISTS (SELECT 1 FROM accounts_membership m "
                    "JOIN claims_claim c ON c.desk_id = m.desk_id "
                    "WHERE c.id = NEW.claim_id AND m.user_id = NEW.by_id AND m.role = 'lead') THEN "
                    "RAISE EXCEPTION 'only a lead of the desk overrides the standards' "
                    "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} on claim {self.claim_id}"
