"""What test jobs leave behind. No migration: the table is made for test databases only."""

from django.db import models


class Mark(models.Model):
    """``note`` of a test job: written in its commit when ``final``, else while it was still at work."""

    kind = models.CharField(max_length=100)
    object_id = models.CharField(max_length=64)
    note = models.CharField(max_length=200, blank=True)
    final = models.BooleanField(default=True)
    pid = models.PositiveIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.kind}({self.object_id}) {self.note}"
