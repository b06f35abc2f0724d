"""What became of each claim's words when their article changed."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from claimtracker.kernel.triggers import append_only

from .article import ArticleVersion
from .claim import Appearance


class Fate(models.TextChoices):
    """The words of ``claims.anchoring.Fate``, for people."""

    UNCHANGED = "unchanged", _("unchanged")
    MOVED = "moved", _("moved")
    REWORDED = "reworded", _("text changed")
    REMOVED = "removed", _("removed")


CARRIED = (Fate.UNCHANGED, Fate.MOVED)  # the same words: what was decided about them holds


class Following(models.Model):
    """The claims of the version before were looked for in this one. The row is the proof that it happened,
    once, and all at once; while a second or later version has none, nobody knows what became of them."""

    append_only = True

    version = models.OneToOneField(ArticleVersion, on_delete=models.PROTECT, related_name="following")
    method = models.CharField(max_length=60)
    unchanged = models.PositiveIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0)
    reworded = models.PositiveIntegerField(default=0)
    removed = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        triggers = append_only(name="following")

    def __str__(self) -> str:
        return f"{self.version}: {self.reworded} reworded, {self.removed} removed"


class Anchoring(models.Model):
    """What became of one place of a claim in the next version of its article, and how sure the method was.

    ``start`` and ``end`` are code points into the new body; none where the words are ``removed``.
    ``new_appearance`` is the claim's place there. That of a ``reworded`` one is for people to look at:
    nothing that was decided about the older words is carried to it.
    """

    append_only = True

    appearance = models.ForeignKey(
        Appearance, on_delete=models.PROTECT, related_name="anchorings", db_index=False
    )
    to_version = models.ForeignKey(ArticleVersion, on_delete=models.PROTECT, related_name="anchorings")
    fate = models.CharField(max_length=10, choices=Fate.choices)
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    score = models.FloatField()
    runner_up = models.FloatField(default=0)
    method = models.CharField(max_length=60)
    why = models.TextField()
    new_appearance = models.ForeignKey(
        Appearance, null=True, blank=True, on_delete=models.PROTECT, related_name="came_from"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["to_version_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["appearance", "to_version"], name="one_fate_per_place_and_version"
            ),
            models.CheckConstraint(condition=models.Q(fate__in=Fate.values), name="a_fate_is_one_of_four"),
            models.CheckConstraint(
                condition=models.Q(
                    fate=Fate.REMOVED, start__isnull=True, end__isnull=True, new_appearance__isnull=True
                )
                | ~models.Q(fate=Fate.REMOVED)
                & models.Q(start__isnull=False, end__isnull=False, end__gt=models.F("start")),
                name="only_removed_words_have_no_place",
            ),
            models.CheckConstraint(
                condition=models.Q(score__gte=0, score__lte=1, runner_up__gte=0, runner_up__lte=1),
                name="a_fate_has_its_scores",
            ),
        ]
        indexes = [
            # the API's list of claims: which stand no more since
            models.Index(
                fields=["created_at"],
                condition=models.Q(new_appearance__isnull=True),
                name="anchoring_to_nowhere_by_time",
            ),
        ]
        triggers = [
            *append_only(name="anchoring"),
            pgtrigger.Trigger(
                name="anchoring_joins_one_version_to_the_next",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=(
                    "IF NOT EXISTS (SELECT 1 FROM claims_appearance a "
                    "JOIN claims_articleversion v ON v.id = a.version_id "
                    "JOIN claims_articleversion w ON w.article_id = v.article_id AND w.number = v.number + 1 "
                    "WHERE a.id = NEW.appearance_id AND w.id = NEW.to_version_id) THEN "
                    "RAISE EXCEPTION 'the words are not of the version before' "
                    "USING ERRCODE = 'check_violation'; END IF; "
                    "IF NEW.new_appearance_id IS NOT NULL AND NOT EXISTS ("
                    "SELECT 1 FROM claims_appearance a JOIN claims_appearance b ON b.claim_id = a.claim_id "
                    "WHERE a.id = NEW.appearance_id AND b.id = NEW.new_appearance_id "
                    "AND b.version_id = NEW.to_version_id "
                    'AND b.start = NEW.start AND b."end" = NEW."end") THEN '
                    "RAISE EXCEPTION 'the new place is not of the same claim, version and span' "
                    "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.appearance}: {self.get_fate_display()} in {self.to_version_id}"
