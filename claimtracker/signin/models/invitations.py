"""Invitations to a desk."""

from __future__ import annotations

import secrets
import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from claimtracker.accounts.models import Desk, Role


def new_salt() -> str:
    return secrets.token_urlsafe(32)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def pending(self) -> InvitationQuerySet:
        """Neither accepted nor withdrawn; it may have run out."""
        return self.filter(accepted_at__isnull=True, withdrawn_at__isnull=True)

    def usable(self) -> InvitationQuerySet:
        return self.pending().filter(expires_at__gt=timezone.now())


class Invitation(models.Model):
    """Somebody without an account is asked to join ``desk`` as ``role``. The address that lets them in is
    made of ``salt`` and SECRET_KEY when the mail is written, and stands nowhere; ``digest`` is its SHA-256.
    Sending it again makes another, and the one before is worth nothing."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField()
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="invitations")
    role = models.CharField(max_length=20, choices=Role.choices)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="invitations_made"
    )
    salt = models.CharField(max_length=43, default=new_salt)
    digest = models.CharField(max_length=64, unique=True)
    sends = models.PositiveSmallIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="invitation"
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=models.Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="one_pending_invitation_per_address",
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at__isnull=True) | models.Q(withdrawn_at__isnull=True),
                name="an_invitation_is_accepted_or_withdrawn",
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="an_invitation_is_to_a_known_role"
            ),
        ]
        indexes = [
            # the list of a desk's pending ones, and how many somebody made in the last hour
            models.Index(fields=["desk", "-id"], name="invitations_of_a_desk"),
            models.Index(fields=["invited_by", "created_at"], name="invitations_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.email} · {self.desk} · {self.get_role_display()}"
