"""What the public saw, version by version. Everything outside reads these snapshots only."""

from __future__ import annotations

import uuid
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models

from claims.models import Claim
from claimtracker.kernel.triggers import append_only

from .verdict import Verdict

# a verdict goes out the first time only while nobody began another, about the text as it now is
WHAT_STILL_STANDS = (
    "IF EXISTS (SELECT 1 FROM reviews_publication p WHERE p.verdict_id = NEW.verdict_id) THEN "
    "RETURN NEW; END IF; "
    "IF EXISTS (SELECT 1 FROM reviews_verdict v WHERE v.claim_id = NEW.claim_id AND v.id > NEW.verdict_id) "
    "THEN RAISE EXCEPTION 'a newer verdict on this claim was begun' "
    "USING ERRCODE = 'check_violation'; END IF; "
    "IF EXISTS (SELECT 1 FROM reviews_verdict v "
    "JOIN claims_articleversion was ON was.id = v.article_version_id "
    "JOIN claims_articleversion now ON now.article_id = was.article_id AND now.number > was.number "
    "WHERE v.id = NEW.verdict_id) THEN "
    "RAISE EXCEPTION 'the article changed since this verdict was approved' "
    "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;"
)


class PublicationQuerySet(models.QuerySet["Publication"]):
    def current(self) -> PublicationQuerySet:
        """The newest version for each claim."""
        newer = Publication.objects.filter(
            claim=models.OuterRef("claim"), number__gt=models.OuterRef("number")
        )
        return self.filter(~models.Exists(newer))


class Publication(models.Model):
    """``snapshot`` is the whole page as facts (claim, claimant, rating, rationale, evidence, appearances);
    ``claim_review`` its schema.org ClaimReview. Immutable: a change is the next ``number``."""

    append_only = True

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="publications")
    verdict = models.OneToOneField(Verdict, on_delete=models.PROTECT, related_name="publication")
    number = models.PositiveIntegerField()
    slug = models.SlugField(max_length=100)
    snapshot: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    claim_review: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField()

    objects = PublicationQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "number"], name="one_publication_per_claim_and_number"),
            models.UniqueConstraint(fields=["slug", "number"], name="one_publication_per_slug_and_number"),
            models.CheckConstraint(
                condition=~models.Q(proposed_by=models.F("approved_by")),
                name="two_people_behind_every_publication",
            ),
        ]
        triggers = [
            *append_only(name="publication"),
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
                func=(
                    "IF NOT EXISTS (SELECT 1 FROM reviews_verdict v "
                    "WHERE v.id = NEW.verdict_id AND v.state = 'approved' "
                    "AND v.claim_id = NEW.claim_id AND v.author_id = NEW.proposed_by_id "
                    "AND v.approver_id = NEW.approved_by_id) THEN "
                    "RAISE EXCEPTION 'only a verdict that a second person approved can be published' "
                    "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slug} v{self.number}"
