"""Correction receipts: who has what a correction made outdated, who was told, and who has dealt with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet

from . import states
from .models import Acknowledgement, Delivery, Edition, Holding, Partner, Way
from .withheld import withheld_claims

OPEN, READ, ACKNOWLEDGED = "open", "read", "acknowledged"
STATES = (OPEN, READ, ACKNOWLEDGED)
# a thin message tells of a version; who wants to show it reads or fetches it
TELLING = (Way.WEBHOOK, Way.EVENTS)
ByClaimAndPartner = dict[UUID, dict[int, list[Any]]]
# of a partner's deliveries of one correction the one that says most
MOST_TELLING = (states.DELIVERED, states.PENDING, states.FAILED, states.SUPERSEDED)


@dataclass(frozen=True, slots=True)
class Got:
    """A version, and how and when the partner first got it. ``rating`` is what it says."""

    version: int
    publication: UUID
    way: str
    at: datetime
    rating: str = ""

    @property
    def way_label(self) -> str:
        return str(Way(self.way).label)


@dataclass(slots=True)
class Receipt:
    """One partner and one correction. ``had`` is the newest outdated version that it has; ``told`` how the
    delivery to an endpoint went, ``saw_event`` when it read the event; ``read`` how it came by the new
    version itself."""

    partner: Partner
    correction: Edition
    had: Got
    told: Delivery | None = None
    saw_event: datetime | None = None
    read: Got | None = None
    acknowledgement: Acknowledgement | None = None

    @property
    def state(self) -> str:
        if self.acknowledgement is not None:
            return ACKNOWLEDGED
        return READ if self.read is not None else OPEN


@dataclass(slots=True)
class Progress:
    """How far a correction has come: of ``total`` partners that had an older version, ``settled`` have the
    new one or said what they did; ``still`` counts the others by the rating that they show."""

    total: int = 0
    settled: int = 0
    still: dict[str, int] = field(default_factory=dict)


def corrections() -> QuerySet[Edition]:
    """The newest correction of each claim, without the checks that may not be read at present."""
    newer = Edition.objects.filter(
        claim=OuterRef("claim"), version__gt=OuterRef("version"), is_correction=True
    )
    rows = Edition.objects.filter(~Exists(newer), is_correction=True)
    return rows.exclude(claim__in=withheld) if (withheld := withheld_claims()) else rows


def corrections_for(partner: Partner) -> QuerySet[Edition]:
    """Those that made outdated what the partner has, with ``is_read`` and ``is_acknowledged``."""
    holdings = Holding.objects.filter(partner=partner, claim=OuterRef("claim"))
    acknowledged = Acknowledgement.objects.filter(
        partner=partner, claim=OuterRef("claim"), version__gte=OuterRef("version")
    )
    return (
        corrections()
        .filter(Exists(holdings.filter(version__lt=OuterRef("version"))))
        .annotate(
            is_read=Exists(holdings.filter(version__gte=OuterRef("version")).exclude(way__in=TELLING)),
            is_acknowledged=Exists(acknowledged),
        )
    )


def in_state(rows: QuerySet[Edition], state: str | None) -> QuerySet[Edition]:
    """Of :func:`corrections_for` those whose receipt is in this state; all for None."""
    if state is None:
        return rows
    wanted = {
        OPEN: {"is_read": False, "is_acknowledged": False},
        READ: {"is_read": True, "is_acknowledged": False},
        ACKNOWLEDGED: {"is_acknowledged": True},
    }
    return rows.filter(**wanted[state])


def receipts_of(rows: Sequence[Edition], *, partner: Partner | None = None) -> list[Receipt]:
    """The receipts of these corrections, for one partner or for all but sandboxes, in four queries however
    many there are.

    In the order of the corrections, then of the partners' names.
    """
    mine = {"partner__is_sandbox": False} if partner is None else {"partner": partner}
    claims = {row.claim for row in rows}
    ratings = {edition.publication: edition.rating for edition in Edition.objects.filter(claim__in=claims)}
    holdings = Holding.objects.filter(claim__in=claims, **mine).select_related("partner")
    held = _grouped(holdings.order_by("version", "got_at", "pk"))
    said = _grouped(Acknowledgement.objects.filter(claim__in=claims, **mine).order_by("version", "at"))
    told = _told(claims, partner)
    found = []
    for row in rows:
        of_partners = [some[0].partner for some in held[row.claim].values()]
        for who in sorted(of_partners, key=lambda one: (one.name, one.pk)):
            receipt = _receipt(who, row, held[row.claim][who.pk], ratings)
            if receipt is not None:
                receipt.told = _most_telling(told[row.claim][who.pk], row.version)
                newer = [one for one in said[row.claim][who.pk] if one.version >= row.version]
                receipt.acknowledgement = newer[-1] if newer else None
                found.append(receipt)
    return found


def holders_of(claim: UUID) -> list[tuple[Partner, Got]]:
    """Who has the check: each partner with its newest version, by name. Not sandboxes: nobody reads those."""
    held = (
        Holding.objects.filter(claim=claim, partner__is_sandbox=False)
        .select_related("partner")
        .order_by("-version", "got_at", "pk")
    )
    ratings = {edition.publication: edition.rating for edition in Edition.objects.filter(claim=claim)}
    newest: dict[int, Holding] = {}
    for row in held:
        newest.setdefault(row.partner_id, row)
    by_name = sorted(newest.values(), key=lambda one: (one.partner.name, one.partner_id))
    return [(row.partner, _got(row, ratings)) for row in by_name]


def progress_of(receipts: Iterable[Receipt]) -> Progress:
    """What a lead wants to know first."""
    progress = Progress()
    for receipt in receipts:
        progress.total += 1
        if receipt.state == OPEN:
            progress.still[receipt.had.rating] = progress.still.get(receipt.had.rating, 0) + 1
        else:
            progress.settled += 1
    return progress


def _grouped(rows: Iterable[Any]) -> ByClaimAndPartner:
    groups: ByClaimAndPartner = defaultdict(lambda: defaultdict(list))
    for row in rows:
        groups[UUID(str(row.claim))][row.partner_id].append(row)
    return groups


def _told(claims: set[UUID], partner: Partner | None) -> ByClaimAndPartner:
    rows = Delivery.objects.filter(claim__in=[str(claim) for claim in claims], version__isnull=False)
    if partner is not None:
        rows = rows.filter(endpoint__partner=partner)
    return _grouped(rows.annotate(partner_id=F("endpoint__partner_id")).defer("body").order_by("pk"))


def _receipt(
    who: Partner, correction: Edition, held: Sequence[Holding], ratings: dict[UUID, str]
) -> Receipt | None:
    older = [one for one in held if one.version < correction.version]
    if not older:
        return None
    newest = max(one.version for one in older)
    had = next(one for one in older if one.version == newest)
    newer = [one for one in held if one.version >= correction.version]
    read = _first(one for one in newer if one.way not in TELLING)
    seen = _first(one for one in newer if one.way == Way.EVENTS)
    return Receipt(
        who,
        correction,
        _got(had, ratings),
        saw_event=seen.got_at if seen else None,
        read=_got(read, ratings) if read else None,
    )


def _first(held: Iterable[Holding]) -> Holding | None:
    return min(held, key=lambda one: one.got_at, default=None)


def _got(holding: Holding, ratings: dict[UUID, str]) -> Got:
    rating = ratings.get(holding.publication, "")
    return Got(holding.version, holding.publication, holding.way, holding.got_at, rating)


def _most_telling(deliveries: Iterable[Delivery], version: int) -> Delivery | None:
    newer = [one for one in deliveries if one.version is not None and one.version >= version]
    return min(newer, key=lambda one: MOST_TELLING.index(one.state), default=None)
