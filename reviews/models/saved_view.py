"""Queries of the queue that people keep under a name."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower

from claimtracker.accounts.access import visible_desk_ids
from claimtracker.accounts.models import Desk


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, user: Any) -> SavedViewQuerySet:
        """One's own, and those shared with one's desks."""
        shared = models.Q(desk__in=visible_desk_ids(user))
        return self.filter(shared | models.Q(owner=user.pk, desk__isnull=True))


class SavedView(models.Model):
    """``show`` is the tab, ``query`` what is typed above the list, as the writer writes it. One that is
    shared with a desk belongs to the desk: its leads keep it, whoever made it."""

    name = models.CharField(max_length=60)
    show = models.CharField(max_length=20)
    query = models.CharField(max_length=500, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    desk = models.ForeignKey(
        Desk, null=True, blank=True, on_delete=models.CASCADE, related_name="saved_views"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                "owner", Lower("name"), condition=models.Q(desk__isnull=True), name="a_person_has_a_name_once"
            ),
            models.UniqueConstraint(
                "desk", Lower("name"), condition=models.Q(desk__isnull=False), name="a_desk_has_a_name_once"
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="a_saved_view_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class DefaultView(models.Model):
    """What the queue shows a person who asks for nothing in particular."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.user}: {self.view}"
