"""A page that somebody wants to see before it is cited: its title, its publisher and a copy of it."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from .snapshot import StoredContent

KEPT_FOR = timedelta(days=1)


class PageLookQuerySet(models.QuerySet["PageLook"]):
    def over(self) -> PageLookQuerySet:
        return self.filter(asked_at__lte=Now() - KEPT_FOR)


class PageLook(models.Model):
    """``asked_by`` gave ``url`` in a form, and the page is asked for at once; nothing is cited by it yet.

    Waits until ``answered_at``; then it has a copy, or ``message`` says why not. Seen by who asked alone, and
    forgotten after a day: a source that is cited meanwhile has a copy of its own of the same contents.
    """

    url = models.URLField(max_length=2000)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField(db_default=Now())
    # where a redirect leads to, which is another turn
    at_url = models.URLField(max_length=2000, blank=True, default="")
    hops = models.PositiveSmallIntegerField(default=0)

    answered_at = models.DateTimeField(null=True, blank=True)
    message = models.CharField(max_length=500, blank=True, default="")
    title = models.CharField(max_length=300, blank=True, default="")
    publisher = models.CharField(max_length=200, blank=True, default="")
    page_url = models.CharField(max_length=2048, blank=True, default="")
    media_type = models.CharField(max_length=100, blank=True, default="")
    charset = models.CharField(max_length=40, blank=True, default="")
    page = models.ForeignKey(StoredContent, null=True, on_delete=models.PROTECT, related_name="+")
    text = models.ForeignKey(StoredContent, null=True, on_delete=models.PROTECT, related_name="+")
    is_cut = models.BooleanField(default=False)
    main_digest = models.CharField(max_length=64, blank=True, default="")

    objects = PageLookQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["asked_by", "url"],
                condition=models.Q(answered_at__isnull=True),
                name="one_waiting_look_per_person_and_address",
            ),
            models.CheckConstraint(
                condition=models.Q(answered_at__isnull=True, page__isnull=True, message="")
                | models.Q(answered_at__isnull=False, page__isnull=False, message="")
                | models.Q(answered_at__isnull=False, page__isnull=True) & ~models.Q(message=""),
                name="an_answered_look_has_a_page_or_says_why_not",
            ),
        ]
        indexes = [
            # how often somebody asked of late, and what of this address
            models.Index(fields=["asked_by", "asked_at"], name="page_look_of_person"),
            # the copy that a source of this address begins with
            models.Index(
                fields=["url", "answered_at"], condition=models.Q(page__isnull=False), name="page_look_kept"
            ),
            # what is forgotten
            models.Index(fields=["asked_at"], name="page_look_age"),
        ]

    def __str__(self) -> str:
        return f"look {self.pk} before citing"  # never the address: it may become a source to protect

    @property
    def next_url(self) -> str:
        return self.at_url or self.url

    @property
    def next_hops(self) -> int:
        return self.hops + 1
