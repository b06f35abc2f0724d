"""Whether a partner has access at all."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import audit

from .models import Partner


@transaction.atomic
def suspend_partner(partner: Partner, *, reason: str, by: Any) -> Partner:
    """Shut the partner out: none of its keys opens anything, nothing is sent to it. Locks the row. Audits
    partner.suspended with the reason. Raises ActionRefused when it is shut out already."""
    row = Partner.objects.select_for_update().get(pk=partner.pk)
    if not row.is_active:
        raise ActionRefused(_("This partner is suspended already."), code="already_suspended")
    row.is_active = False
    row.save(update_fields=["is_active"])
    audit.record("partner.suspended", by=by, subject=row, note=reason)
    return row


@transaction.atomic
def resume_partner(partner: Partner, *, by: Any) -> Partner:
    """Let the partner in again, with the keys that have not ended. Locks the row. Audits partner.resumed.
    Raises ActionRefused when it has access."""
    row = Partner.objects.select_for_update().get(pk=partner.pk)
    if row.is_active:
        raise ActionRefused(_("This partner has access already."), code="already_active")
    row.is_active = True
    row.save(update_fields=["is_active"])
    audit.record("partner.resumed", by=by, subject=row)
    return row
