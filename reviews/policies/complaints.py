"""Who reads complaints, and who decides on them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from claims.models import Claim
from claimtracker.accounts.access import APPROVING, has_role, sees_everything
from claimtracker.kernel.decisions import Allowed, Decision, Denied

from .. import states
from ..models.complaint import Complaint


def can_read_complaints(user: Any, claim: Claim) -> Decision:
    """Who wrote it is personal: it is for those who have to answer."""
    if sees_everything(user) or has_role(user, APPROVING, desk=claim.desk_id):
        return Allowed()
    return Denied(
        _("Only editors and leads of the %(name)s desk read complaints.") % {"name": claim.desk.name}
    )


def can_decide_complaint(user: Any, complaint: Complaint, *, claim: Claim) -> Decision:
    if not has_role(user, APPROVING, desk=claim.desk_id):
        return Denied(
            _("Only editors and leads of the %(name)s desk decide on complaints.") % {"name": claim.desk.name}
        )
    if complaint.state == states.HELD_COMPLAINT:
        return Denied(_("This complaint looks like spam. A moderator lets it in first."), "held")
    if complaint.state != states.RECEIVED:
        return Denied(_("This complaint was decided already."), "decided")
    if complaint.publication.proposed_by_id == user.pk:
        return Denied(_("This is your own finding. Another editor or lead decides."), "own_finding")
    return Allowed()


def can_sift_complaint(user: Any, complaint: Complaint) -> Decision:
    """Say of one that looks like spam whether it is a complaint."""
    if not sees_everything(user):
        return Denied(_("Only moderators look through what seems to be spam."))
    if complaint.publication.proposed_by_id == user.pk:
        return Denied(_("This is your own finding. Another moderator decides."), "own_finding")
    return Allowed()


def can_erase_complaint(user: Any, claim: Claim) -> Decision:
    """Whoever may answer may also forget, when the person asks for it."""
    return can_read_complaints(user, claim)
