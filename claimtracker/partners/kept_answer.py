"""What the API answered to a request with an Idempotency-Key, kept so that a repetition gets the same."""

from __future__ import annotations

from django.db import models

from claimtracker.kernel.at_rest.fields import EncryptedBinaryField


class KeptAnswer(models.Model):
    """A row is reserved, and that is committed, before the work begins; the answer is written in the very
    transaction of the work. So a row without a ``status`` says that the work has not happened.

    ``fence`` grows with every reservation: only who holds the newest may work. ``reserved_until`` bridges the
    moment between reservation and work; while the work lasts, its transaction holds the row's lock.
    """

    api_key = models.ForeignKey("partners.ApiKey", on_delete=models.CASCADE, related_name="kept_answers")
    method = models.CharField(max_length=10)
    path = models.CharField(max_length=300)
    idempotency_key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    fence = models.PositiveBigIntegerField(default=1)
    reserved_at = models.DateTimeField()
    reserved_until = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    headers = models.JSONField(default=dict, blank=True)
    body = EncryptedBinaryField(blank=True, default=b"")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["api_key", "method", "path", "idempotency_key"],
                name="one_answer_per_idempotency_key",
            )
        ]
        indexes = [
            # the purge: what was reserved a day ago
            models.Index(fields=["reserved_at"], name="kept_answer_by_age")
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.path} with {self.idempotency_key}"
