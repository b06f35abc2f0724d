"""Claims of which nothing may be said in public, or of which nothing may be changed. The record of who asked
for that, and why, is kept by ``reviews``, which writes these rows; every room reads them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from .claim import Claim


class RestrictedClaimQuerySet(models.QuerySet["RestrictedClaim"]):
    def withheld(self) -> RestrictedClaimQuerySet:
        """Those whose published check nobody outside may read now."""
        return self.filter(withheld_at__isnull=False)

    def held(self) -> RestrictedClaimQuerySet:
        """Those of which nothing may be changed or deleted now."""
        return self.filter(held_at__isnull=False)


class RestrictedClaim(models.Model):
    """What holds of a claim now: ``withheld_at`` since when its check is kept from everybody outside, and as
    what (``kind``), with the reason that readers are told; ``held_at`` since when it is under legal hold.
    ``changed_at`` is the last time that either began or ended. One row for each claim that ever had one."""

    class Kind(models.TextChoices):
        HIDDEN = "hidden", _("not shown at present")
        TAKEN_DOWN = "taken_down", _("taken down for legal reasons")

    claim = models.OneToOneField(Claim, on_delete=models.PROTECT, related_name="restricted")
    kind = models.CharField(max_length=12, choices=Kind.choices, blank=True)
    public_reason = models.TextField(blank=True)
    withheld_at = models.DateTimeField(null=True, blank=True)
    held_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField()

    objects = RestrictedClaimQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(withheld_at__isnull=True, kind="", public_reason="")
                | models.Q(withheld_at__isnull=False) & ~models.Q(kind=""),
                name="a_withheld_claim_is_withheld_as_something",
            ),
        ]
        indexes = [
            # what is withheld now: every public answer asks
            models.Index(
                fields=["claim"], condition=models.Q(withheld_at__isnull=False), name="restricted_withheld"
            ),
            # when readers' lists last changed by it
            models.Index(fields=["-changed_at"], name="restricted_by_change"),
        ]

    def __str__(self) -> str:
        return f"claim {self.claim_id}"

    @property
    def is_taken_down(self) -> bool:
        return self.kind == self.Kind.TAKEN_DOWN


def is_withheld(claim: str = "claim") -> Exists:
    """Of each row: the check of its claim (``claim`` is the path to it) may be read by nobody outside."""
    return Exists(RestrictedClaim.objects.withheld().filter(claim=OuterRef(claim)))


def withheld_among(public_ids: Iterable[Any]) -> frozenset[str]:
    """Of these claims, by the ids that partners know, those whose check nobody outside may read now."""
    asked = {str(one) for one in public_ids}
    if not asked:
        return frozenset()
    rows = RestrictedClaim.objects.withheld().filter(claim__public_id__in=asked)
    return frozenset(str(one) for one in rows.values_list("claim__public_id", flat=True))


def is_under_hold(claim_id: int) -> bool:
    return RestrictedClaim.objects.held().filter(claim=claim_id).exists()
