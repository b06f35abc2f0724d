"""What people say to each other about a claim, a piece of its evidence, or a verdict on it."""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.models import Claim
from claims.models.holding import kept_under_hold
from claimtracker.kernel.at_rest.fields import EncryptedTextField

from .blind import may_know_finding
from .evidence import Evidence, Source
from .verdict import Verdict


class About(models.TextChoices):
    CLAIM = "claim", _("The claim")
    EVIDENCE = "evidence", _("A source")
    VERDICT = "verdict", _("The verdict")


class CommentQuerySet(models.QuerySet["Comment"]):
    def visible_to(self, user: Any) -> CommentQuerySet:
        """Comments on claims and sources that the person sees. While a blind review of the claim is open,
        only their own where they may not know the finding: talk among colleagues gives it away."""
        seen = self.filter(
            Q(source__isnull=True) | Q(source__in=Source.objects.visible_to(user)),
            claim__in=Claim.objects.visible_to(user),
        )
        own = Q(author=user) if getattr(user, "is_authenticated", False) else Q()
        return seen.filter(may_know_finding(user) | own)


class Comment(models.Model):
    """``parent`` is the first comment of its thread. A comment that was removed keeps its place, its author
    and who removed it; its words are gone. ``source`` stays when its evidence is taken off the board."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="comments")
    about = models.CharField(max_length=10, choices=About.choices, default=About.CLAIM)
    evidence = models.ForeignKey(
        Evidence, null=True, blank=True, on_delete=models.SET_NULL, related_name="comments"
    )
    source = models.ForeignKey(
        Source, null=True, blank=True, on_delete=models.PROTECT, related_name="comments"
    )
    verdict = models.ForeignKey(
        Verdict, null=True, blank=True, on_delete=models.PROTECT, related_name="comments"
    )
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="replies"
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="comments")
    text = EncryptedTextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    edited_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    about=About.CLAIM, evidence__isnull=True, source__isnull=True, verdict__isnull=True
                )
                | Q(about=About.EVIDENCE, source__isnull=False, verdict__isnull=True)
                | Q(about=About.VERDICT, evidence__isnull=True, source__isnull=True, verdict__isnull=False),
                name="a_comment_is_about_one_thing",
            ),
            models.CheckConstraint(
                condition=(Q(removed_at__isnull=True) & Q(removed_by__isnull=True) & ~Q(text=""))
                | (Q(removed_at__isnull=False) & Q(removed_by__isnull=False) & Q(text="")),
                name="a_removed_comment_has_no_words",
            ),
        ]
        indexes = [
            # the threads of a claim, newest first
            models.Index(fields=["claim", "-id"], condition=Q(parent__isnull=True), name="comment_threads"),
        ]
        triggers = [
            kept_under_hold(
                "comment", operation=pgtrigger.Update, changed=("claim_id",), encrypted=("text",)
            ),
            pgtrigger.Trigger(
                name="comment_reply_in_its_thread",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert
                | pgtrigger.UpdateOf("parent_id", "claim_id", "about", "source_id", "verdict_id"),
                condition=pgtrigger.Condition("NEW.parent_id IS NOT NULL"),
                func=(
                    "IF NOT EXISTS (SELECT 1 FROM reviews_comment AS first WHERE first.id = NEW.parent_id "
                    "AND first.parent_id IS NULL AND first.claim_id = NEW.claim_id "
                    "AND first.about = NEW.about AND first.verdict_id IS NOT DISTINCT FROM NEW.verdict_id "
                    "AND first.source_id IS NOT DISTINCT FROM NEW.source_id) "
                    "THEN RAISE EXCEPTION 'a reply stands under the first comment of its own thread' "
                    "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;"
                ),
            ),
            pgtrigger.Protect(name="comment_leaves_a_trace", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"Comment {self.pk} on claim {self.claim_id}"


class Mention(models.Model):
    """A person named in a comment's text, from ``start`` to ``end`` in code points."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="mentions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mentions")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()

    class Meta:
        ordering = ["comment_id", "start"]
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=models.F("start")), name="a_mention_has_a_length"),
            models.UniqueConstraint(fields=["comment", "start"], name="one_mention_per_place"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in comment {self.comment_id}"
