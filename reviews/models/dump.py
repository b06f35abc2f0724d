"""Files of everything that is published, for whoever wants all of it at once."""

from __future__ import annotations

from typing import Any

from django.db import models


class DumpShelf(models.Model):
    """One row. ``turn`` counts how often something had to leave the dumps: one that was begun in an earlier
    turn may hold it, and never gets out."""

    turn = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="there_is_one_shelf_of_dumps")]

    def __str__(self) -> str:
        return f"turn {self.turn}"


class DumpQuerySet(models.QuerySet["Dump"]):
    def standing(self) -> DumpQuerySet:
        """Those that may be read."""
        return self.filter(withdrawn_at__isnull=True)


class Dump(models.Model):
    """What was published at one moment, in the folder ``name`` of settings.DUMP_DIR.

    ``files`` are facts of each: name, media_type, bytes, sha256, rows (of the text, also for its compressed
    twin). A dump is withdrawn where something in it must not be read any more; its files go soon after.
    """

    name = models.CharField(max_length=40, unique=True)
    made_at = models.DateTimeField()
    files: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_because = models.CharField(max_length=200, blank=True)

    objects = DumpQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(withdrawn_at__isnull=True, withdrawn_because="")
                | models.Q(withdrawn_at__isnull=False) & ~models.Q(withdrawn_because=""),
                name="a_withdrawn_dump_says_why",
            )
        ]
        indexes = [
            # the newest that may be read, asked for with every feed
            models.Index(
                fields=["-made_at"], condition=models.Q(withdrawn_at__isnull=True), name="dump_standing"
            )
        ]

    def __str__(self) -> str:
        return self.name
