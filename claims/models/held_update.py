"""What a sender whom we do not trust yet says anew of an article that a moderator let in."""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from claimtracker.kernel.triggers import legal_transitions, says_when_it_changed
from claimtracker.ledger.models import AuditActor

from .. import states
from .article import Article
from .stored_json import is_json


class HeldUpdateQuerySet(models.QuerySet["HeldUpdate"]):
    def held(self) -> HeldUpdateQuerySet:
        """Those on which nobody has decided."""
        return self.filter(state=states.HELD)

    def open(self) -> HeldUpdateQuerySet:
        """The last that its sender said and we did not take: at most one of each article."""
        return self.filter(state__in=states.OPEN_UPDATE)

    def newest(self) -> HeldUpdateQuerySet:
        """The last of each article, whatever became of it."""
        later = HeldUpdate.objects.filter(article=models.OuterRef("article"), pk__gt=models.OuterRef("pk"))
        return self.filter(~models.Exists(later))


class HeldUpdate(models.Model):
    """A newer text, or other facts, of an accepted article, held for a moderator. It is no version of the
    article until somebody accepts it: nothing reads it, and no position counts into it.

    ``title`` and ``body`` are empty where the text stays as it is; ``told`` holds what is said of the article
    otherwise, ``changes`` the names of what is new. What an update says never changes: a newer one is a row
    of its own and supersedes it, so that nobody accepts what they have not seen. ``note`` says how it came
    in.
    """

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="held_updates")
    actor = models.ForeignKey(AuditActor, on_delete=models.PROTECT, related_name="held_updates")
    state = models.CharField(
        max_length=10, choices=[(s, s) for s in states.HELD_UPDATE.states], default=states.HELD
    )
    title = models.CharField(max_length=500, blank=True)
    body = models.TextField(blank=True)
    told: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict, blank=True)
    changes: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    note = models.CharField(max_length=200, blank=True)
    reason = models.TextField(blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(default=timezone.now, db_default=Now(), editable=False)

    objects = HeldUpdateQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["article"],
                condition=models.Q(state__in=states.OPEN_UPDATE),
                name="one_open_update_per_article",
            ),
            models.CheckConstraint(
                condition=~models.Q(body="") | models.Q(title="") & ~models.Q(told={}),
                name="a_held_update_says_something",
            ),
            models.CheckConstraint(condition=is_json("told", "object"), name="what_is_told_is_an_object"),
            models.CheckConstraint(
                condition=is_json("changes", "array") & ~models.Q(changes=[]),
                name="a_held_update_names_what_is_new",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=states.REJECTED) | ~models.Q(reason=""),
                name="a_rejected_update_says_why",
            ),
        ]
        indexes = [
            # the API: the last update of each article; the article's own page in the administration
            models.Index(fields=["article", "-id"], name="held_update_by_article"),
            # moderators: those on which nobody has decided
            models.Index(fields=["-id"], condition=models.Q(state="held"), name="held_update_waiting"),
            # the API's list of articles: those of whose updates something became since
            models.Index(fields=["changed_at"], name="held_update_by_change"),
        ]
        triggers = [
            *legal_transitions(states.HELD_UPDATE, name="heldupdate"),
            says_when_it_changed("state", "reason", name="heldupdate"),
            pgtrigger.Protect(
                name="what_an_update_says_stays",
                operation=pgtrigger.UpdateOf(
                    "article_id", "actor_id", "title", "body", "told", "changes", "created_at"
                ),
            ),
            pgtrigger.Trigger(
                name="an_update_of_an_accepted_article",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=(
                    "IF NOT EXISTS (SELECT 1 FROM claims_article a WHERE a.id = NEW.article_id "
                    "AND a.state = 'accepted' AND NOT a.is_sandbox) THEN "
                    "RAISE EXCEPTION 'article % takes no held update', NEW.article_id "
                    "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;"
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.article.title
