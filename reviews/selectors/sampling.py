"""What of a desk's work is reviewed blind, and what another choice would have meant last month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from claims.models import Appearance
from claimtracker.accounts.models import Desk

from ..models import DeskSampling, Revision
from ..sampling import topic_in

DAYS = 30
MOST = 2000  # verdicts that a preview looks at, the newest


@dataclass(frozen=True, slots=True)
class Sampling:
    """``own_rate`` and ``own_topics`` say whether leads chose it; else it is the environment's."""

    rate: float
    topics: tuple[str, ...]
    own_rate: bool = False
    own_topics: bool = False
    revision: int = 0


@dataclass(frozen=True, slots=True)
class LastMonth:
    """``verdicts`` that the desk proposed for the first time in the last 30 days, how many of them a topic
    would have chosen, and how many more chance would, on average."""

    verdicts: int
    by_topic: int
    by_chance: float
    is_cut: bool = False

    @property
    def blind(self) -> int:
        return self.by_topic + round(self.by_chance)


def sampling_of(desk_id: int) -> Sampling:
    """One query."""
    return _sampling(DeskSampling.objects.filter(desk=desk_id).first())


def samplings_of(desks: Sequence[Desk]) -> dict[int, Sampling]:
    """By desk id. One query."""
    rows = {row.desk_id: row for row in DeskSampling.objects.filter(desk__in=desks)}
    return {desk.pk: _sampling(rows.get(desk.pk)) for desk in desks}


def last_month(desk: Desk, choices: Sequence[Sampling]) -> list[LastMonth]:
    """What each of ``choices`` would have meant. By average and not by draw, so that nobody can find out by
    trying which claims are drawn. Two queries."""
    since = timezone.now() - timedelta(days=DAYS)
    first = Revision.objects.filter(number=1, created_at__gte=since, verdict__claim__desk=desk)
    claims = list(
        first.order_by("-created_at").values_list("verdict__claim", "verdict__claim__text")[: MOST + 1]
    )
    is_cut, claims = len(claims) > MOST, claims[:MOST]
    titles: dict[int, list[str]] = {}
    for claim, title in Appearance.objects.filter(claim__in=[pk for pk, _text in claims]).values_list(
        "claim", "version__title"
    ):
        titles.setdefault(claim, []).append(title)
    found = []
    for choice in choices:
        by_topic = sum(bool(topic_in([text, *titles.get(pk, [])], choice.topics)) for pk, text in claims)
        by_chance = choice.rate * (len(claims) - by_topic)
        found.append(LastMonth(len(claims), by_topic, by_chance, is_cut))
    return found


def _sampling(row: DeskSampling | None) -> Sampling:
    rate, topics = settings.REVIEW_BLIND_RATE, tuple(settings.REVIEW_BLIND_TOPICS)
    if row is None:
        return Sampling(rate, topics)
    return Sampling(
        rate if row.blind_rate is None else row.blind_rate,
        topics if row.blind_topics is None else tuple(row.blind_topics),
        row.blind_rate is not None,
        row.blind_topics is not None,
        row.revision,
    )
