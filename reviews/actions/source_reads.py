"""Who read which confidential source, and on which day: written before its words are shown."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from claimtracker.accounts.models import User
from claimtracker.ledger import audit
from claimtracker.ledger.models import AuditActor, AuditEntry

from ..models import Source

READ = "source.read"


def note_reads(sources: Iterable[Source], *, by: User) -> None:
    """Call it with the sources whose name or words a page shows, before the page is made: whatever goes wrong
    here goes wrong instead of the page. One entry for each person, source and day of the site's time zone;
    open sources are nobody's business. No query without a confidential one, one where all is noted, five
    where it is not, however many there are.

    Locks the reader's actor row. Audits source.read."""
    secret = {source.pk: source for source in sources if source.is_confidential}
    if not secret:
        return
    if set(secret) <= _noted(by, secret):
        return
    with transaction.atomic():
        actor = audit.actor_for(by)
        AuditActor.objects.select_for_update(no_key=True).get(pk=actor.pk)
        missing = sorted(set(secret) - _noted(by, secret))
        audit.record_all("source.read", by=actor, subjects=[secret[pk] for pk in missing])


def _noted(by: User, secret: Iterable[int]) -> set[int]:
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    rows = AuditEntry.objects.filter(
        verb=READ,
        actor_ref__in=AuditActor.objects.filter(user=by).values("ref"),
        subject_id__in=[str(pk) for pk in secret],
        created_at__gte=today,
    )
    return {int(pk) for pk in rows.order_by().values_list("subject_id", flat=True)}
