"""Sources and what they say about a claim."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from claims.models import Claim


class Source(models.Model):
    """Where evidence comes from, once per address. A source without an address needs its full citation."""

    class Kind(models.TextChoices):
        PRIMARY = "primary", _("Primary")
        SECONDARY = "secondary", _("Secondary")
        EXPERT = "expert", _("Expert")
        DATASET = "dataset", _("Data set")

    url = models.URLField(max_length=2000, blank=True)
    title = models.CharField(max_length=300)
    publisher = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.SECONDARY)
    citation = models.CharField(max_length=500, blank=True)
    accessed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["title"]
        constraints = [
            models.UniqueConstraint(
                fields=["url"], condition=~models.Q(url=""), name="one_source_per_address"
            ),
            models.CheckConstraint(
                condition=~models.Q(url="") | ~models.Q(citation=""), name="a_source_can_be_found_again"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.publisher})"


class Stance(models.TextChoices):
    SUPPORTS = "supports", _("Supports")
    REFUTES = "refutes", _("Refutes")
    CONTEXT = "context", _("Context")


class Evidence(models.Model):
    """One source's word on one claim; ``carried_from`` where it came with a verdict that was carried over."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="evidence")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="evidence")
    stance = models.CharField(max_length=10, choices=Stance.choices)
    quotation = models.TextField(blank=True)
    note = models.TextField(blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    carried_from = models.ForeignKey(
        "reviews.Publication",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="carried_evidence",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["claim_id", "id"]
        verbose_name_plural = "evidence"
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "source", "stance"], name="one_evidence_per_source_and_stance"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.stance}"
