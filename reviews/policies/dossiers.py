"""Who has the whole story of a verdict put together."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from claims.models import Claim
from claimtracker.accounts.access import APPROVING, has_role, sees_everything
from claimtracker.kernel.decisions import Decision, Denied

from .blind import may_see_verdict


def can_make_dossier(user: Any, claim: Claim) -> Decision:
    """Never while a blind review hides the verdict from the person: a dossier tells of it on every page."""
    if not (sees_everything(user) or has_role(user, APPROVING, desk=claim.desk_id)):
        return Denied(
            _("Only editors and leads of the %(name)s desk have its dossiers.") % {"name": claim.desk.name}
        )
    return may_see_verdict(user, claim.pk)
