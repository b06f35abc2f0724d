"""What the public saw, version by version. Everything outside reads these snapshots only."""

from __future__ import annotations

import uuid
from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.fields.json import KT
from django.utils.translation import gettext_lazy as _

from claims.models import Claim
from claims.models.restricted_claim import is_withheld
from claimtracker.kernel import full_text
from claimtracker.kernel.triggers import append_only

from .basis import NOT_CARRIED, TextSince
from .publication_triggers import (
    APPROVED_VERDICT,
    GATE_PASSED,
    NOT_TAKEN_BACK_SINCE,
    NOTHING_WHILE_THE_LAW_FORBIDS_IT,
    RECHECKED_FINDS_THE_SAME,
    RETRACTION_BY_A_LEAD,
)
from .roles import APPROVING, only_with_role
from .verdict import Verdict

# a verdict goes out the first time only while nobody began another, and its words stand in the text as it is
WHAT_STILL_STANDS = (
    "IF EXISTS (SELECT 1 FROM reviews_publication p WHERE p.verdict_id = NEW.verdict_id) THEN "  # noqa: S608 - of names in the code
    "RETURN NEW; END IF; "
    "IF EXISTS (SELECT 1 FROM reviews_verdict v WHERE v.claim_id = NEW.claim_id AND v.id > NEW.verdict_id) "
    "THEN RAISE EXCEPTION 'a newer verdict on this claim was begun' "
    "USING ERRCODE = 'check_violation'; END IF; "
    "IF EXISTS (SELECT 1 FROM reviews_verdict v WHERE v.id = NEW.verdict_id AND "
    + NOT_CARRIED.format(version="v.article_version_id", claim="v.claim_id")
    + ") THEN "
    "RAISE EXCEPTION 'the article changed since this verdict was approved' "
    "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;"
)


class Change(models.TextChoices):
    """What a version is to the one before it."""

    FIRST = "first", _("First version")
    CLARIFICATION = "clarification", _("Clarification")
    CORRECTION = "correction", _("Correction")
    VERDICT_CHANGE = "verdict_change", _("Change of verdict")
    UPDATE = "update", _("Update")
    RECHECKED = "rechecked", _("Re-checked")
    RETRACTION = "retraction", _("Retraction")


LATER = [change.value for change in Change if change != Change.FIRST]
# versions that leave the finding as it was, and so stand in no log of what we changed
SAME_FINDING = (Change.FIRST.value, Change.RECHECKED.value)


class PublicationQuerySet(models.QuerySet["Publication"]):
    def current(self) -> PublicationQuerySet:
        """The newest version for each claim, a retraction too."""
        newer = Publication.objects.filter(
            claim=models.OuterRef("claim"), number__gt=models.OuterRef("number")
        )
        return self.filter(~models.Exists(newer))

    def standing(self) -> PublicationQuerySet:
        """What we say today: the newest version of each claim that is not retracted."""
        return self.current().exclude(change=Change.RETRACTION)

    def readable(self) -> PublicationQuerySet:
        """Without the checks that are hidden or taken down, of which nobody outside reads any version."""
        return self.exclude(is_withheld())

    def changes(self) -> PublicationQuerySet:
        """Versions that changed an earlier one: the corrections log."""
        # in two steps, so that the partial index is seen to hold
        return self.exclude(change=Change.FIRST).exclude(change=Change.RECHECKED)


class Publication(models.Model):
    """``snapshot`` is the whole page as facts (claim, claimant, rating, rationale, evidence, appearances);
    ``claim_review`` its schema.org ClaimReview. Immutable: a change is the next ``number``.

    ``change`` and ``change_note`` (public) say what a later version is to the one before. One that was
    ``rechecked`` has the rating, summary and rationale of the version before: the note says what was looked
    at. ``findings`` are what the standards gate said. A retraction has no verdict of its own: it ``retracts``
    a version, whose two people it names; its ``claim_review`` is empty.
    """

    append_only = True

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="publications")
    verdict = models.OneToOneField(
        Verdict, null=True, blank=True, on_delete=models.PROTECT, related_name="publication"
    )
    number = models.PositiveIntegerField()
    change = models.CharField(max_length=20, choices=Change.choices, default=Change.FIRST)
    change_note = models.TextField(blank=True)
    retracts = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="retraction"
    )
    slug = models.SlugField(max_length=100)
    snapshot: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    claim_review: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    findings: models.JSONField[list[dict[str, str]], list[dict[str, str]]] = models.JSONField(
        default=list, blank=True
    )
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField()

    objects = PublicationQuerySet.as_manager()

    # set by selectors.withholding where a source became confidential after this went out
    is_withheld_since: bool = False
    # set by selectors.text: how the newest text of the article stands to the one that was checked
    text_since: TextSince = TextSince()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "number"], name="one_publication_per_claim_and_number"),
            models.UniqueConstraint(fields=["slug", "number"], name="one_publication_per_slug_and_number"),
            models.CheckConstraint(
                condition=~models.Q(proposed_by=models.F("approved_by")),
                name="two_people_behind_every_publication",
            ),
            models.CheckConstraint(
                condition=models.Q(number=1, change=Change.FIRST, change_note="")
                | models.Q(number__gt=1, change__in=LATER) & ~models.Q(change_note=""),
                name="every_later_version_says_what_changed",
            ),
            models.CheckConstraint(
                condition=models.Q(change=Change.RETRACTION, verdict__isnull=True, retracts__isnull=False)
                | ~models.Q(change=Change.RETRACTION)
                & models.Q(verdict__isnull=False, retracts__isnull=True),
                name="a_publication_has_a_verdict_or_retracts_one",
            ),
        ]
        indexes = [
            # the corrections log
            models.Index(fields=["-id"], condition=~models.Q(change="first"), name="publication_changes"),
            # insight: what went out during some weeks
            models.Index(
                fields=["published_at"], include=["claim", "change", "number"], name="publication_by_time"
            ),
            # search, by words of the claim and the finding
            GinIndex(
                full_text.document(KT("snapshot__claim__text"), KT("snapshot__summary")),
                name="publication_by_words",
            ),
        ]
        triggers = [
            *append_only(name="publication"),
            only_with_role(
                name="publications_are_by_role",
                operation=pgtrigger.Insert,
                person="NEW.published_by_id",
                desk="(SELECT c.desk_id FROM claims_claim c WHERE c.id = NEW.claim_id)",
                roles=APPROVING,
                says="this person may not publish at this desk",
            ),
            pgtrigger.Trigger(
                name="publication_of_what_still_stands",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=WHAT_STILL_STANDS,
            ),
            pgtrigger.Trigger(
                name="publication_of_an_approved_verdict",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=APPROVED_VERDICT,
            ),
            pgtrigger.Trigger(
                name="publication_not_taken_back_since",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Condition("NEW.verdict_id IS NOT NULL"),
                func=NOT_TAKEN_BACK_SINCE,
            ),
            pgtrigger.Trigger(
                name="publication_not_while_the_law_forbids_it",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=NOTHING_WHILE_THE_LAW_FORBIDS_IT,
            ),
            pgtrigger.Trigger(
                name="publication_through_the_gate",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=GATE_PASSED,
            ),
            pgtrigger.Trigger(
                name="a_recheck_finds_the_same",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Condition("NEW.change = 'rechecked'"),
                func=RECHECKED_FINDS_THE_SAME,
            ),
            pgtrigger.Trigger(
                name="publication_retracted_by_a_lead",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=RETRACTION_BY_A_LEAD,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slug} v{self.number}"

    @property
    def is_retraction(self) -> bool:
        return self.change == Change.RETRACTION
