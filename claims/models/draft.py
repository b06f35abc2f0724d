"""Texts that are not published yet, looked at by one person and thrown away."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from claimtracker.accounts.models import Desk
from claimtracker.kernel.at_rest.fields import EncryptedCharField, EncryptedJSONField, EncryptedTextField
from claimtracker.kernel.triggers import legal_transitions

from .. import states
from .article import Article
from .stored_json import is_json


class DraftQuerySet(models.QuerySet["Draft"]):
    def visible_to(self, user: Any) -> DraftQuerySet:
        """Their author's alone, until their time is over: no colleague, lead or moderator sees them."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(author_id=user.pk, expires_at__gt=timezone.now())

    def expired(self) -> DraftQuerySet:
        return self.filter(expires_at__lte=timezone.now())

    def unpublished(self) -> DraftQuerySet:
        """Not yet an article."""
        return self.filter(article__isnull=True)

    def newest_of(self, article: Article) -> Draft | None:
        """The draft that this article was, without its texts; of several the newest."""
        return self.filter(article=article).only("pk", "expires_at", "author_id").order_by("-id").first()


class Draft(models.Model):
    """An unpublished text with its transcript, and what was found in it. The row is deleted when its time is
    over or its author says so; nothing of it is kept anywhere else. Its words are encrypted
    at rest.

    ``remarks`` holds ``claims``, ``quotations`` and ``figures`` (claims/draft_reading.py, draft_figures.py),
    positions in code points of ``body``. ``message`` says why a text could not be read. ``article`` is what
    it became; the row still goes when its time is over.
    """

    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts")
    title = EncryptedCharField(max_length=500, blank=True)
    body = EncryptedTextField()
    transcript = EncryptedTextField(blank=True)
    state = models.CharField(
        max_length=10, choices=[(s, s) for s in states.DRAFT.states], default=states.UNREAD
    )
    message = models.TextField(blank=True)
    remarks: EncryptedJSONField[dict[str, Any], dict[str, Any]] = EncryptedJSONField(default=dict, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    article = models.ForeignKey(Article, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()

    objects = DraftQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(body=""), name="a_draft_has_a_body"),
            models.CheckConstraint(condition=is_json("remarks", "object"), name="the_remarks_are_an_object"),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")), name="a_draft_lives_for_a_while"
            ),
        ]
        indexes = [
            # whose time is over
            models.Index(fields=["expires_at"], name="draft_by_end"),
        ]
        triggers = legal_transitions(states.DRAFT, name="draft")

    def __str__(self) -> str:
        return f"draft {self.pk}"  # never its words: this stands in logs
