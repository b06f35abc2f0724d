"""Desks that want to hear when a claim appears again, and what they are told."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claimtracker.accounts.models import Desk
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import audit

from .. import policies
from ..models import Claim, ClaimAlert, ClaimWatch
from .family_moves import lock_families


@transaction.atomic
def watch_claim(claim: Claim, *, desk: Desk, by: Any) -> ClaimWatch:
    """Let ``desk`` hear when the claim, or another of its family, appears again. Checkers, editors and leads
    of the desk, which has to see the claim. A desk that watches the family already goes on with that watch.

    Locks the family. Raises NotPermitted. Audits claim.watched.
    """
    families = lock_families([claim.pk])
    claim = families.claims[claim.pk]
    policies.can_watch_claim(by, claim, desk=desk).enforce()
    running = _running(claim, desk).first()
    if running is not None:
        return running
    watch = ClaimWatch.objects.create(claim=claim, desk=desk, created_by=by)
    audit.record("claim.watched", by=by, subject=claim, details={"watch": watch.pk, "desk": desk.slug})
    return watch


@transaction.atomic
def end_watch(watch: ClaimWatch, *, by: Any) -> list[ClaimWatch]:
    """The watch's desk need not hear of this family any more: all its watches there end. Alerts that it has
    stay. Checkers, editors and leads of the desk. Ended already: nothing happens.

    Locks the family. Raises NotPermitted. Returns what ended. Audits claim.unwatched for each.
    """
    families = lock_families([watch.claim_id])
    policies.can_see_alerts(by, watch.desk).enforce()
    ended = list(_running(families.claims[watch.claim_id], watch.desk))
    for one in ended:
        one.ended_at = timezone.now()
        one.save(update_fields=["ended_at"])
        details = {"watch": one.pk, "desk": one.desk.slug}
        audit.record("claim.unwatched", by=by, subject=one.claim, details=details)
    return ended


@transaction.atomic
def see_alert(alert: ClaimAlert, *, by: Any) -> ClaimAlert:
    """Say for the whole desk that an alert has been seen. Checkers, editors and leads of the desk. Seen
    already: nothing happens. Locks the alert. Raises NotPermitted. Audits alert.seen."""
    rows = ClaimAlert.objects.select_for_update(of=("self",)).select_related("watch__desk")
    alert = rows.get(pk=alert.pk)
    policies.can_see_alerts(by, alert.watch.desk).enforce()
    if alert.seen_at is None:
        alert.seen_at, alert.seen_by = timezone.now(), by
        alert.save(update_fields=["seen_at", "seen_by"])
        details = {"watch": alert.watch_id, "desk": alert.watch.desk.slug}
        audit.record("alert.seen", by=by, subject=alert, details=details)
    return alert


@transaction.atomic
def see_all_alerts(desk: Desk, *, by: Any, up_to: int | None = None) -> int:
    """:func:`see_alert` for all unseen alerts of a desk, or for those up to the id ``up_to``, so that one
    which came meanwhile stays unseen. Locks them. Raises NotPermitted or ActionRefused ``none_unseen``.
    Returns how many. Audits alert.all_seen once."""
    policies.can_see_alerts(by, desk).enforce()
    unseen = ClaimAlert.objects.filter(watch__desk=desk, seen_at__isnull=True).order_by("pk")
    if up_to is not None:
        unseen = unseen.filter(pk__lte=up_to)
    ids = list(unseen.select_for_update(of=("self",)).values_list("pk", flat=True))
    if not ids:
        raise ActionRefused(
            _("The %(name)s desk has seen all of its alerts already.") % {"name": desk.name},
            code="none_unseen",
        )
    ClaimAlert.objects.filter(pk__in=ids).update(seen_at=timezone.now(), seen_by=by)
    details = {"first": ids[0], "last": ids[-1], "alerts": len(ids), "desk": desk.slug}
    audit.record("alert.all_seen", by=by, subject=desk, details=details)
    return len(ids)


def _running(claim: Claim, desk: Desk) -> Any:
    watches = ClaimWatch.objects.running().on_family_of(claim).filter(desk=desk)
    return watches.select_related("claim", "desk").order_by("pk")
