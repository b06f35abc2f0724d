"""The groups into which people put claimants, by which the balance of one's own checks is counted."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from claimtracker.accounts.models import User
from claimtracker.kernel.errors import ActionRefused
from claimtracker.kernel.locking import locked_row
from claimtracker.ledger import audit

from .. import policies
from ..models import Claimant, ClaimantGroup

LONGEST = ClaimantGroup._meta.get_field("name").max_length or 0


@transaction.atomic
def group_claimant(claimant: Claimant, *, by: User, group: str) -> Claimant:
    """Put a claimant into the group of this name, which is made when there is none; empty takes them out.
    Editors, leads and moderators. Locks the claimant.

    Raises NotPermitted, or ActionRefused (field ``group``). Audits claimant.grouped.
    """
    policies.can_group_claimants(by).enforce()
    row = locked_row(Claimant.objects.all(), claimant.pk)
    name = " ".join(group.split())
    if len(name) > LONGEST:
        raise ActionRefused(
            _("The name of the group has %(number)s characters; %(longest)s are the limit. Say it shorter.")
            % {"number": len(name), "longest": LONGEST},
            code="too_long",
            field="group",
        )
    before, after = row.group_id, _group_named(name)
    if before == (after.pk if after else None):
        return row
    row.group = after
    row.save(update_fields=["group"])
    details = {"before": before, "after": after.pk if after else None}
    audit.record("claimant.grouped", by=by, subject=row, details=details)
    return row


def _group_named(name: str) -> ClaimantGroup | None:
    if not name:
        return None
    made, _created = ClaimantGroup.objects.get_or_create(name__iexact=name, defaults={"name": name})
    return made
