"""Who may change what is known of a source, and who may lift the protection of a confidential one."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from claimtracker.accounts.access import APPROVING, CHECKING, has_role
from claimtracker.kernel.decisions import Allowed, Decision, Denied

from .. import states
from ..models import Source, Verdict


def can_protect_source(user: Any, source: Source) -> Decision:
    """Mark it as confidential. Never refused because a verdict waits: safety first."""
    if any(has_role(user, CHECKING, desk=desk) for desk in desks_of(source)):
        return Allowed()
    if source.added_by_id == user.pk and has_role(user, CHECKING):
        return Allowed()
    return Denied(_("Only checkers, editors and leads of a desk that cites this source change it."))


def can_edit_source(user: Any, source: Source) -> Decision:
    """Change its title, publisher, kind, citation or interests: not while somebody decides by them."""
    decision = can_protect_source(user, source)
    if not decision:
        return decision
    waiting = Verdict.objects.filter(state=states.SUBMITTED, claim__evidence__source=source)
    if waiting.exists():
        return Denied(
            _("A verdict that cites this source waits for approval, so the source is closed until then."),
            "closed",
        )
    return Allowed()


def can_name_source(user: Any, source: Source) -> Decision:
    """Lift the protection of a confidential source."""
    if any(has_role(user, APPROVING, desk=desk) for desk in desks_of(source)):
        return Allowed()
    return Denied(_("Only editors and leads of its desk decide that a confidential source may be named."))


def desks_of(source: Source) -> set[int]:
    """The desk that protects it, and those of the claims that cite it."""
    citing = set(source.evidence.values_list("claim__desk_id", flat=True))
    return citing | ({source.desk_id} if source.desk_id else set())
