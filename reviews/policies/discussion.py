"""Who says something about a claim, and who takes it back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.models import Claim
from claimtracker.accounts.access import has_role, sees_everything
from claimtracker.accounts.models import Role
from claimtracker.kernel.decisions import Allowed, Decision, Denied

from ..models import Comment
from .blind import may_see_verdict


def can_comment(user: Any, claim: Claim) -> Decision:
    if not Claim.objects.visible_to(user).filter(pk=claim.pk).exists():
        return Denied(_("Only people who see the claim talk about it."))
    return may_see_verdict(user, claim.pk)


def can_edit_comment(user: Any, comment: Comment) -> Decision:
    if comment.author_id != user.pk:
        return Denied(_("Only who wrote a comment changes it."))
    if comment.removed_at:
        return Denied(_("This comment was removed."), "removed")
    minutes = settings.COMMENT_EDIT_MINUTES
    if timezone.now() > comment.created_at + timedelta(minutes=minutes):
        return Denied(
            _("A comment can be changed for %(minutes)s minutes; others have read it by now. Write another.")
            % {"minutes": minutes},
            "too_late",
        )
    return Allowed()


def can_remove_comment(user: Any, comment: Comment) -> Decision:
    if comment.removed_at:
        return Denied(_("This comment was removed already."), "removed")
    leads = has_role(user, frozenset({Role.LEAD}), desk=comment.claim.desk_id)
    if comment.author_id == user.pk or leads or sees_everything(user):
        return Allowed()
    return Denied(_("Only who wrote a comment, a lead of the claim's desk or a moderator removes it."))
