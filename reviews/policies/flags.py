"""Who tells the moderators of a claim or a comment, and who decides what becomes of it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from claims.models import Claim
from claimtracker.accounts.access import sees_everything
from claimtracker.kernel.decisions import Allowed, Decision, Denied

from .. import states
from ..models import Comment, FlagCase
from .blind import may_see_verdict
from .restrictions import is_second_person


def can_flag(user: Any, claim: Claim, comment: Comment | None = None) -> Decision:
    """Everybody who may open the thing; what one wrote oneself is changed or removed instead."""
    if not Claim.objects.visible_to(user).filter(pk=claim.pk).exists():
        return Denied(_("Only people who see the claim tell the moderators of it."))
    if comment is None:
        return Allowed()
    if not Comment.objects.visible_to(user).filter(pk=comment.pk, claim=claim.pk).exists():
        return Denied(_("Only people who read the comment tell the moderators of it."))
    if comment.removed_at:
        return Denied(_("This comment was removed."), "removed")
    if comment.author_id == user.pk:
        return Denied(_("You wrote this comment yourself: you can remove it."), "own_words")
    return Allowed()


def can_read_flags(user: Any, claim: Claim, *, is_asked: bool) -> Decision:
    """Who flagged what of ``claim``, and why: moderators, and who was asked by name to decide (``is_asked``).
    Nobody who reviews it blind: words on a claim tell what was found."""
    if not (sees_everything(user) or (is_asked and is_second_person(user, claim))):
        return Denied(_("Only moderators read what was flagged, and who was asked to decide."))
    return may_see_verdict(user, claim.pk)


def can_decide_flag(user: Any, case: FlagCase, *, claim: Claim) -> Decision:
    """Any moderator, until somebody is asked by name: then they. Nobody about their own words."""
    is_asked = case.escalated_to_id == user.pk and is_second_person(user, claim)
    if not (sees_everything(user) or is_asked):
        return Denied(_("Only moderators decide on this, and who was asked to."))
    if (theirs := _own_words(user, case)) is not None:
        return theirs
    if not case.is_open:
        return Denied(_("This was decided on already."), "decided")
    if case.state == states.ESCALATED and not is_asked:
        return Denied(_("%(person)s was asked to decide.") % {"person": case.escalated_to}, "escalated")
    return Allowed()


def can_escalate_flag(user: Any, case: FlagCase, *, claim: Claim) -> Decision:
    """Any moderator, also where somebody was asked who does not answer; and who was asked."""
    if not (sees_everything(user) or (case.escalated_to_id == user.pk and is_second_person(user, claim))):
        return Denied(_("Only moderators decide on this, and who was asked to."))
    if (theirs := _own_words(user, case)) is not None:
        return theirs
    if not case.is_open:
        return Denied(_("This was decided on already."), "decided")
    return Allowed()


def can_be_asked(user: Any, case: FlagCase, *, claim: Claim) -> bool:
    """Another moderator or a lead of the claim's desk, who did not write what it is about and may read what
    is said of the claim."""
    return (
        user.is_active
        and is_second_person(user, claim)
        and _own_words(user, case) is None
        and bool(may_see_verdict(user, claim.pk))
    )


def can_reopen_flag(user: Any, case: FlagCase) -> Decision:
    """Take a decision back: who made it, and moderators, while the thing has no newer open case."""
    if not (sees_everything(user) or case.decided_by_id == user.pk):
        return Denied(_("Only moderators take a decision back, and who made it."))
    if (theirs := _own_words(user, case)) is not None:
        return theirs
    if case.is_open:
        return Denied(_("Nothing was decided on yet."), "open")
    newer = FlagCase.objects.open().filter(claim=case.claim_id, comment=case.comment_id)
    if newer.exists():
        return Denied(_("It was flagged again since, and that waits for a decision."), "flagged_again")
    return Allowed()


def _own_words(user: Any, case: FlagCase) -> Decision | None:
    if case.comment is not None and case.comment.author_id == user.pk:
        return Denied(_("It is about your own words: another moderator decides."), "own_words")
    return None
