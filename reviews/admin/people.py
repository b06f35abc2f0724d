"""What a change of people in the administration does to their work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.dispatch import receiver

from claimtracker.accounts.models import Desk, Membership, User
from claimtracker.accounts.moderation import moderated

from ..actions.members import person_left, role_was_changed


@receiver(moderated, sender=User, dispatch_uid="reviews.a_person_was_changed")
def person_was_changed(*, subject: User, fields: Sequence[str], **_kwargs: Any) -> None:
    if "is_active" in fields and not subject.is_active:
        person_left(subject)


@receiver(moderated, sender=Membership, dispatch_uid="reviews.a_role_was_changed")
def role_in_a_form_was_changed(
    *, subject: Membership, change: str, before: Mapping[str, Any], **_kwargs: Any
) -> None:
    """Told before a row is deleted, and after it was changed."""
    if change == "added":
        return
    role = before.get("role", subject.role)
    desk = Desk.objects.get(pk=before.get("desk", subject.desk_id))
    stays = change == "changed" and desk.pk == subject.desk_id
    role_was_changed(subject, desk=desk, role=subject.role if stays else "", before=role)
