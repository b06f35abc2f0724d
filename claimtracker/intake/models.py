"""Who may not send us anything, and words by which moderators know spam."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

AS_SET = ("kind", "value", "label", "reason", "note", "expires_at")


class BlockQuerySet(models.QuerySet["Block"]):
    def standing(self) -> BlockQuerySet:
        """Those that count now: neither lifted nor over."""
        is_over = models.Q(expires_at__isnull=False, expires_at__lte=timezone.now())
        return self.filter(lifted_at__isnull=True).exclude(is_over)


class Block(models.Model):
    """Somebody, or somewhere, that we take nothing from. ``value`` is a keyed digest of a network or e-mail
    address, the origin of a partner, or a domain, which stands for all below it.

    ``label`` is what moderators call it, ``reason`` what those who are blocked read, ``note`` for moderators
    alone. It ends at ``expires_at``, by the clock and without a job, or when it is lifted.
    """

    class Kind(models.TextChoices):
        ADDRESS = "address", _("Network address of a sender")
        EMAIL = "email", _("E-mail address of a sender")
        PARTNER = "partner", _("Partner")
        DOMAIN = "domain", _("Domain")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    value = models.CharField(max_length=255)
    label = models.CharField(max_length=255)
    reason = models.CharField(max_length=500)
    note = models.TextField(blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True, blank=True)

    objects = BlockQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            # also the index by which every door asks
            models.UniqueConstraint(
                fields=["kind", "value"],
                condition=models.Q(lifted_at__isnull=True),
                name="one_open_block_for_each_sender",
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="a_block_says_why"),
            models.CheckConstraint(
                condition=models.Q(lifted_by__isnull=True) | models.Q(lifted_at__isnull=False),
                name="who_lifted_a_block_did_so_at_a_moment",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="block_stays_as_it_was_set", operation=pgtrigger.UpdateOf(*AS_SET)),
            pgtrigger.Protect(name="block_is_kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="a_lifted_block_stays_lifted",
                operation=pgtrigger.UpdateOf("lifted_at"),
                condition=pgtrigger.Q(old__lifted_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_standing(self) -> bool:
        return self.lifted_at is None and (self.expires_at is None or self.expires_at > timezone.now())


class SpamPhrase(models.Model):
    """Words by which spam is known, in whatever case and spacing. Moderators keep the list."""

    phrase = models.CharField(max_length=120, unique=True)
    points = models.PositiveSmallIntegerField(default=30)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["phrase"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(points__gte=1, points__lte=100), name="points_of_a_phrase_are_1_to_100"
            )
        ]

    def __str__(self) -> str:
        return self.phrase
