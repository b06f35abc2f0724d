"""Copies of the pages of sources, what came of each look at them, and where quotations stand in them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from claims.anchoring import Fate
from claimtracker.kernel.triggers import append_only

from .evidence import Evidence, Source


class StoredContent(models.Model):
    """A file in the content store, by its SHA-256. What no row names is swept."""

    digest = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveBigIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.digest


class SourceSnapshotQuerySet(models.QuerySet["SourceSnapshot"]):
    def visible_to(self, user: Any) -> SourceSnapshotQuerySet:
        return self.filter(source__in=Source.objects.visible_to(user))


class SourceSnapshot(models.Model):
    """A page as it was: its bytes (``page``) and every word that it shows (``text``; none for a PDF).

    ``main_digest`` is of the page's own part, by which "the same" and "changed" are told.
    """

    append_only = True

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="snapshots")
    url = models.CharField(max_length=2048)
    title = models.CharField(max_length=300, blank=True)
    media_type = models.CharField(max_length=100)
    charset = models.CharField(max_length=40, blank=True)
    page = models.ForeignKey(StoredContent, on_delete=models.PROTECT, related_name="+")
    text = models.ForeignKey(StoredContent, null=True, on_delete=models.PROTECT, related_name="+")
    text_length = models.PositiveIntegerField(default=0)
    is_cut = models.BooleanField(default=False)
    main_digest = models.CharField(max_length=64)
    taken_at = models.DateTimeField()

    objects = SourceSnapshotQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["source", "page"], name="one_snapshot_per_source_and_content")
        ]
        triggers = append_only(name="sourcesnapshot")

    def __str__(self) -> str:
        return f"snapshot {self.pk} of source {self.source_id}"


class SourceCheck(models.Model):
    """One look at a source's page. ``message`` says why there is no page, in a sentence with the mend."""

    append_only = True

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="checks")
    condition = models.CharField(max_length=10, choices=Source.Condition.choices)
    code = models.CharField(max_length=30, blank=True)
    message = models.CharField(max_length=500, blank=True)
    snapshot = models.ForeignKey(SourceSnapshot, null=True, on_delete=models.PROTECT, related_name="checks")
    checked_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        indexes = [
            # the history of one source, newest first
            models.Index(fields=["source", "-id"], name="source_check_history"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(condition__in=("alive", "changed"), snapshot__isnull=False)
                | models.Q(condition__in=("gone", "away", "refused"), snapshot__isnull=True)
                & ~models.Q(message=""),
                name="a_look_has_a_page_or_says_why_not",
            )
        ]
        triggers = append_only(name="sourcecheck")

    def __str__(self) -> str:
        return f"source {self.source_id} {self.condition}"


class QuotationCheck(models.Model):
    """Whether a quotation stands on a page, and where: the quote selector (``exact``, ``prefix``, ``suffix``)
    and the position selector (``start``, ``end``, code points) of a W3C annotation, into the snapshot's text.

    Where an earlier check found it in another copy (``since``), ``fate`` says what became of that passage, by
    which ``method`` and why: the same words at another place need not be the passage that was quoted.
    """

    class Result(models.TextChoices):
        FOUND = "found", _("Found on the page")
        NEAR = "near", _("Found with small differences")
        MISSING = "missing", _("Not found on the page")
        UNREADABLE = "unreadable", _("Cannot be compared")

    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="quotation_checks")
    snapshot = models.ForeignKey(SourceSnapshot, on_delete=models.PROTECT, related_name="quotation_checks")
    result = models.CharField(max_length=10, choices=Result.choices)
    start = models.PositiveIntegerField(default=0)
    end = models.PositiveIntegerField(default=0)
    exact = models.TextField(blank=True)
    prefix = models.CharField(max_length=200, blank=True)
    suffix = models.CharField(max_length=200, blank=True)
    similarity = models.FloatField(default=0)
    since = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    fate = models.CharField(
        max_length=10, choices=[(fate.value, fate.value) for fate in Fate], blank=True, db_default=""
    )
    score = models.FloatField(default=0, db_default=0)
    runner_up = models.FloatField(default=0, db_default=0)
    method = models.CharField(max_length=40, blank=True, db_default="")
    why = models.CharField(max_length=300, blank=True, db_default="")
    checked_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["evidence", "snapshot"], name="one_quotation_check_per_evidence_and_snapshot"
            ),
            models.CheckConstraint(
                condition=models.Q(result__in=("found", "near"), end__gt=models.F("start"))
                | models.Q(result__in=("missing", "unreadable")),
                name="a_found_quotation_has_a_place",
            ),
            models.CheckConstraint(
                condition=models.Q(fate="", method="") | ~models.Q(fate="") & ~models.Q(method=""),
                name="what_became_of_a_quotation_says_by_which_method",
            ),
        ]

    def __str__(self) -> str:
        return f"quotation of evidence {self.evidence_id} {self.result}"


class EvidenceChange(models.Model):
    """What two looks in a row saw change under a piece of evidence. It flags the claim's verdict until
    somebody has looked at it, or the page is as it was."""

    class Kind(models.TextChoices):
        CHANGED = "changed", _("The quoted words changed on the page")
        VANISHED = "vanished", _("The quoted words are no longer on the page")
        GONE = "gone", _("The page is gone")

    class Settled(models.TextChoices):
        SEEN = "seen", _("Looked at")
        RETURNED = "returned", _("The page is as it was")

    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    noticed_at = models.DateTimeField()
    settled = models.CharField(max_length=10, choices=Settled.choices, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["evidence"],
                condition=models.Q(settled=""),
                name="one_open_change_per_evidence",
            ),
            models.CheckConstraint(
                condition=models.Q(settled="", settled_at__isnull=True, settled_by__isnull=True)
                | ~models.Q(settled="") & models.Q(settled_at__isnull=False),
                name="a_settled_change_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"evidence {self.evidence_id} {self.kind}"
