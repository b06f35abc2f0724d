"""A watched claim appears again: the desks that watch it are told, each once of each sighting."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.db import models, transaction

from claimtracker.ledger import audit
from claimtracker.ledger.models import OutboxEvent

from .. import states
from ..models import Appearance, Claim, ClaimAlert, ClaimMatch, ClaimWatch, FamilyChange, Grade


@transaction.atomic
def note_sighting(event: OutboxEvent) -> list[ClaimAlert]:
    """Tell the desks that watched a family when ``event`` happened of what it brought: a new appearance of a
    claim (claim.appeared), the appearances of claims that joined (match.confirmed, family.changed), or a new
    claim that very likely says the same (match.suggested). What stood there before a watch began, and what
    its desk has been told already, is no sighting. Safe to repeat.

    Locks the watches. Returns the new alerts. Audits alert.raised for each watch.
    """
    return _READERS[event.type](event)


def _appeared(event: OutboxEvent) -> list[ClaimAlert]:
    standing = Appearance.objects.filter(claim__in=Claim.objects.standing())
    place = standing.select_related("claim").filter(pk=event.subject_id).first()
    if place is None:
        return []
    alerts = []
    for watch in _watches(place.claim, event):
        alerts += _tell(watch, _untold(watch, Appearance.objects.filter(pk=place.pk)))
    return alerts


def _confirmed(event: OutboxEvent) -> list[ClaimAlert]:
    match = ClaimMatch.objects.filter(pk=event.subject_id, state=states.ACCEPTED_MATCH).first()
    return _joined(match.family_action, event) if match and match.family_action else []


def _changed(event: OutboxEvent) -> list[ClaimAlert]:
    is_merge = event.payload["cause"] == "family.merged"
    return _joined(UUID(event.payload["action"]), event) if is_merge else []


def _joined(action: UUID, event: OutboxEvent) -> list[ClaimAlert]:
    """Two families became one: who watched either side is told of where the other stood. Whoever left again
    meanwhile is on no side."""
    moves = list(FamilyChange.objects.filter(action=action).select_related("after"))
    if not moves or moves[0].after is None:
        return []
    family = set(Claim.objects.family_of(moves[0].after).values_list("pk", flat=True))
    newcomers = {move.claim_id for move in moves} & family
    alerts = []
    for watch in _watches(moves[0].after, event):
        others = family - newcomers if watch.claim_id in newcomers else newcomers
        alerts += _tell(watch, _untold(watch, Appearance.objects.filter(claim__in=others)))
    return alerts


def _suggested(event: OutboxEvent) -> list[ClaimAlert]:
    matches = ClaimMatch.objects.open().filter(pk=event.subject_id, grade=Grade.STRONG)
    match = matches.select_related("claim", "known_claim__claim", "other_claim").first()
    ours = match.ours if match else None
    if match is None or ours is None:
        return []
    if (match.claim.canonical_id or match.claim_id) == (ours.canonical_id or ours.pk):
        return []
    alerts = []
    for watch in _watches(ours, event):
        # one new claim is one sighting, with however many claims of the family it was matched
        told = ClaimAlert.objects.filter(watch__desk=watch.desk_id, match__claim=match.claim_id)
        family = Claim.objects.family_of(ours)
        same = models.Q(match__other_claim__in=family) | models.Q(match__known_claim__claim__in=family)
        if not told.filter(same).exists():
            alerts += _tell(watch, [match])
    return alerts


def _watches(claim: Claim, event: OutboxEvent) -> list[ClaimWatch]:
    """One for each desk that watched this family when the event happened, locked: the oldest that runs."""
    running = ClaimWatch.objects.running().on_family_of(claim).filter(created_at__lt=event.created_at)
    by_desk: dict[int, ClaimWatch] = {}
    for watch in running.select_for_update(of=("self",)).select_related("desk", "claim").order_by("pk"):
        by_desk.setdefault(watch.desk_id, watch)
    return list(by_desk.values())


def _untold(watch: ClaimWatch, places: models.QuerySet[Appearance]) -> models.QuerySet[Appearance]:
    """Those of which the watch's desk has heard nothing: no alert of the place itself, and none of a match
    that suggested its claim when it stood there already."""
    family = Claim.objects.family_of(watch.claim)
    alerts = ClaimAlert.objects.filter(watch__desk=watch.desk_id, watch__claim__in=family)
    of_place = alerts.filter(appearance=models.OuterRef("pk"))
    of_match = alerts.filter(
        match__claim=models.OuterRef("claim"), created_at__gte=models.OuterRef("created_at")
    )
    return places.filter(~models.Exists(of_place), ~models.Exists(of_match)).order_by("pk")


def _tell(watch: ClaimWatch, sightings: Iterable[Appearance | ClaimMatch]) -> list[ClaimAlert]:
    alerts = ClaimAlert.objects.bulk_create(
        ClaimAlert(watch=watch, match=each)
        if isinstance(each, ClaimMatch)
        else ClaimAlert(watch=watch, appearance=each)
        for each in sightings
    )
    if alerts:
        details: dict[str, Any] = {"watch": watch.pk, "desk": watch.desk.slug, "alerts": len(alerts)}
        details["of"] = "match" if alerts[0].match_id else "appearance"
        audit.record("alert.raised", by=audit.SYSTEM, subject=watch.claim, details=details)
    return alerts


_READERS: dict[str, Callable[[OutboxEvent], list[ClaimAlert]]] = {
    "claim.appeared": _appeared,
    "match.confirmed": _confirmed,
    "match.suggested": _suggested,
    "family.changed": _changed,
}
