"""Mail about a person's account, each once."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from claimtracker.kernel.at_rest.fields import EncryptedJSONField

from .invitations import Invitation


class AccountLetter(models.Model):
    """What somebody is told by mail of their account, or of an invitation to have one. ``facts`` are what the
    words need (the device, its address), and are gone with the row after a while. ``handed_over_at`` is
    written right before the words go out; ``error``: why they did not, or may not have, arrived."""

    class Kind(models.TextChoices):
        NEW_DEVICE = "new_device", _("a sign-in from a new device")
        PASSWORD = "password", _("the password was changed")
        FACTOR_RESET = "factor_reset", _("the second step was reset")
        LOCKED = "locked", _("sign-in is closed for a while")
        INVITATION = "invitation", _("an invitation")
        CODE_USED = "code_used", _("a recovery code was used")
        ADDRESS = "address", _("the main address was changed")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="account_letters",
    )
    invitation = models.ForeignKey(
        Invitation, null=True, blank=True, on_delete=models.CASCADE, related_name="letters"
    )
    kind = models.CharField(max_length=20, choices=Kind.choices)
    facts = EncryptedJSONField(default=dict)
    tries = models.PositiveSmallIntegerField(default=0)
    handed_over_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(user__isnull=False, invitation__isnull=True)
                | models.Q(user__isnull=True, invitation__isnull=False),
                name="an_account_letter_is_to_one",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.user_id or self.invitation_id})"
