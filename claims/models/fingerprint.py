"""By what an article is found again that another outlet printed almost unchanged."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from .article import ArticleVersion


class ArticleFingerprint(models.Model):
    """MinHash bands of a version's word shingles: near-identical texts share at least one.

    ``method`` names how they were made; only fingerprints of one method are compared.
    """

    version = models.OneToOneField(ArticleVersion, on_delete=models.CASCADE, related_name="fingerprint")
    method = models.CharField(max_length=40)
    bands = ArrayField(models.BigIntegerField())
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            # earlier versions that share a band with a new one
            GinIndex(fields=["bands"], name="fingerprint_by_band", fastupdate=False),
        ]

    def __str__(self) -> str:
        return f"fingerprint of version {self.version_id}"
