"""Where a claim's family stood: on which days, in which outlets."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from claims.models import Appearance, Article, Claim
from claims.selectors import family_appearances, places_of_everybody

LIMIT = 5000  # appearances that a page or a file holds, the newest


@dataclass(frozen=True, slots=True)
class Place:
    """One appearance: ``day`` is the article's, where the newsroom is."""

    pk: int
    day: date
    outlet: str
    article_id: int
    title: str
    url: str
    claim_id: int
    wording: str
    quote: str
    speaker: str


@dataclass(frozen=True, slots=True)
class Places:
    """The newest first; ``hidden`` counts those in articles of desks whose work the person does not see."""

    rows: list[Place]
    hidden: int

    def by_outlet(self, most: int) -> list[tuple[str, Counter[date]]]:
        """Counts by day of each outlet, the busiest first; from ``most`` on all others together."""
        counts: dict[str, Counter[date]] = {}
        for place in self.rows:
            counts.setdefault(place.outlet, Counter())[place.day] += 1
        ranked = sorted(counts.items(), key=lambda item: (-item[1].total(), item[0]))
        if len(ranked) <= most:
            return ranked
        others: Counter[date] = sum((days for _outlet, days in ranked[most - 1 :]), Counter())
        number = len(ranked) - most + 1
        return [*ranked[: most - 1], (_("%(n)d other outlets") % {"n": number}, others)]

    def by_day_and_outlet(self) -> list[tuple[date, str, list[Place]]]:
        """The newest day first; of a day the busiest outlet first."""
        groups: dict[tuple[date, str], list[Place]] = {}
        for place in self.rows:
            groups.setdefault((place.day, place.outlet), []).append(place)
        ranked = sorted(groups.items(), key=lambda item: (-item[0][0].toordinal(), -len(item[1]), item[0][1]))
        return [(day, outlet, places) for (day, outlet), places in ranked]


def places_of(user: Any, claim: Claim) -> Places:
    """Where the family stood, as far as ``user`` sees both the claim and the article. Two queries."""
    found: Any = _visible(family_appearances(user, claim), user)
    rows = found.values_list(
        "pk",
        "stood_at",
        "version__article__site_name",
        "version__article__url",
        "version__article__origin",
        "version__article_id",
        "version__article__title",
        "claim_id",
        "claim__text",
        "quote",
        "claimant_name",
    )[:LIMIT]
    places = [
        Place(
            pk=pk,
            day=timezone.localdate(at),
            outlet=outlet_of(site, url, origin),
            article_id=article,
            title=title,
            url=url,
            claim_id=claim_id,
            wording=wording,
            quote=quote,
            speaker=speaker,
        )
        for pk, at, site, url, origin, article, title, claim_id, wording, quote, speaker in rows
    ]
    everywhere = places_of_everybody(claim)
    return Places(places, everywhere - len(places) if len(places) < LIMIT else 0)


def _visible(places: QuerySet[Appearance], user: Any) -> QuerySet[Appearance]:
    return places.filter(version__article__in=Article.objects.visible_to(user).order_by())


def outlet_of(site_name: str, url: str, origin: str) -> str:
    """Who carried it: the site's own name, else its host, else who sent the article."""
    if site_name:
        return site_name
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        host = ""
    if host:
        return host.removeprefix("www.")
    kind, _colon, name = origin.partition(":")
    name = capfirst(name.replace("-", " "))
    if kind == "desk":
        return _("Brought in at the %(name)s desk") % {"name": name}
    if kind == "partner":
        return _("Sent by %(name)s") % {"name": name}
    return capfirst(origin)
