"""What pages ask about articles and families: whose desks, which fetch, how far a job is, where it stood."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, Max, Min, OuterRef, QuerySet
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404

from claimtracker.accounts.access import sees_everything, visible_desk_ids
from claimtracker.accounts.models import Desk
from claimtracker.jobs import states as job_states
from claimtracker.jobs.models import Job

from .models import (
    Anchoring,
    Appearance,
    Article,
    ArticleFetch,
    ArticleVersion,
    Claim,
    Fate,
    Following,
    HeldUpdate,
    KnownClaim,
)


def desks_for(user: Any) -> QuerySet[Desk]:
    """The desks to which this person may add articles."""
    desks = Desk.objects.all()
    return desks if sees_everything(user) else desks.filter(pk__in=visible_desk_ids(user))


def get_fetch(user: Any, pk: int) -> ArticleFetch:
    """A fetch that this person or their desk asked for, never a sandbox's. Raises Http404 outside that."""
    fetches = ArticleFetch.objects.select_related("desk", "article")
    if not sees_everything(user):
        fetches = fetches.filter(desk__in=visible_desk_ids(user))
    return get_object_or_404(fetches, pk=pk)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the job for an object is: ``queued``, ``running``, ``retrying``, ``stuck`` or ``unknown``.

    ``ahead`` is the number of jobs of its kind that are queued before it.
    """

    state: str
    ahead: int = 0


def progress_of(kind: str, object_id: int) -> Progress:
    """Read from the newest job row of this kind and object; ``unknown`` when there is none."""
    job = Job.objects.filter(kind=kind, object_id=str(object_id)).order_by("-id").first()
    if job is None or job.state == job_states.DONE:
        return Progress("unknown")
    if job.state == job_states.DEAD:
        return Progress("stuck")
    if job.state == job_states.RUNNING:
        return Progress("running")
    if job.attempt:
        return Progress("retrying")
    return Progress("queued", ahead=Job.objects.due().filter(kind=kind, pk__lt=job.pk).count())


@dataclass(frozen=True, slots=True)
class Family:
    """A claim's family as far as a person sees it: its canonical claim is None, and claims are ``hidden``,
    where they belong to other desks. What is ``published`` of it is public. Times are those of the articles.
    """

    canonical: Claim | None
    members: list[Claim]
    hidden: int
    published: list[KnownClaim]
    appearances: int
    articles: int
    first_at: datetime | None
    last_at: datetime | None

    @property
    def size(self) -> int:
        return self.hidden + len(self.members) + (self.canonical is not None)


def family_for(user: Any, claim: Claim) -> Family:
    """The family of a claim that ``user`` may see; a claim alone is one too. As many queries for any size."""
    everybody = Claim.objects.family_of(claim)
    seen = list(everybody.visible_to(user).select_related("claimant", "desk").order_by("pk"))
    canonical = next((one for one in seen if one.canonical_id is None), None)
    known = KnownClaim.objects.own().standing().filter(claim__in=everybody).select_related("claim")
    when = Coalesce("version__article__published_at", "version__article__created_at")
    counts = _newest_places(seen).aggregate(
        appearances=Count("pk"),
        articles=Count("version__article", distinct=True),
        first_at=Min(when),
        last_at=Max(when),
    )
    return Family(
        canonical=canonical,
        members=[one for one in seen if one is not canonical],
        hidden=everybody.count() - len(seen),
        published=list(known.order_by("pk")),
        **counts,
    )


def family_appearances(user: Any, claim: Claim) -> QuerySet[Appearance]:
    """Where the family stood, as far as ``user`` sees it, the newest article first; of an article whose text
    changed only the newest one that the claim stands in. Without the texts."""
    places = _newest_places(Claim.objects.family_of(claim).visible_to(user))
    places = places.select_related("claim", "version__article__desk")
    when = Coalesce("version__article__published_at", "version__article__created_at")
    return (
        places.defer("version__body", "version__blocks").annotate(stood_at=when).order_by("-stood_at", "pk")
    )


def places_of_everybody(claim: Claim) -> int:
    """How many family_appearances there are for somebody who sees all of them."""
    return _newest_places(Claim.objects.family_of(claim).order_by()).count()


def _newest_places(claims: Any) -> QuerySet[Appearance]:
    """Places of these claims; of an article whose text changed the newest that the claim stands in."""
    later = Appearance.objects.filter(
        claim=OuterRef("claim"),
        version__article=OuterRef("version__article"),
        version__number__gt=OuterRef("version__number"),
    )
    return Appearance.objects.filter(~Exists(later), claim__in=claims)


@dataclass(frozen=True, slots=True)
class OtherWords:
    """The step from ``before`` (id of a place) into version ``number`` found the claim in other words."""

    before: int
    number: int


def other_words(claim_ids: Iterable[int]) -> dict[int, OtherWords]:
    """Places (by id) whose words are not those of their claim as it is put: reworded in a newer text, or
    carried on from such a place, since a person last worded the claim. One query."""
    steps = Anchoring.objects.filter(appearance__claim__in=claim_ids, new_appearance__isnull=False)
    columns = (
        *("appearance_id", "new_appearance_id", "fate", "to_version__number", "to_version__created_at"),
        "appearance__claim__edited_at",
    )
    found: dict[int, OtherWords] = {}
    rows = steps.order_by("to_version__number").values_list(*columns)
    for before, after, fate, number, at, edited_at in rows:
        is_accepted = edited_at is not None and edited_at >= at
        if fate == Fate.REWORDED and not is_accepted:
            found[after] = OtherWords(before, number)
        elif before in found:
            found[after] = found[before]
    return found


@dataclass(frozen=True, slots=True)
class FateSince:
    """What became of one place of a claim between two versions: ``before`` in the older one, ``after`` in the
    newer one, None where it is not. ``why`` is the sentence of the step that decided."""

    fate: str
    before: Appearance
    after: Appearance | None
    why: str

    @property
    def claim(self) -> Claim:
        return self.before.claim

    @property
    def label(self) -> str:
        return str(Fate(self.fate).label)


_WORSE = (Fate.UNCHANGED, Fate.MOVED, Fate.REWORDED, Fate.REMOVED)


def fates_between(user: Any, older: ArticleVersion, newer: ArticleVersion) -> tuple[list[FateSince], bool]:
    """What became of the places of claims that ``user`` sees, in the order of the older text, over all steps
    between the two; and whether every step is known yet. What was reworded once stays so, and what is gone is
    gone. As many queries for any count."""
    steps = newer.number - older.number
    followed = Following.objects.filter(
        version__article=older.article_id, version__number__gt=older.number, version__number__lte=newer.number
    )
    rows = Anchoring.objects.filter(
        to_version__article=older.article_id,
        to_version__number__gt=older.number,
        to_version__number__lte=newer.number,
        appearance__claim__in=Claim.objects.visible_to(user),
    ).select_related("appearance__claim__claimant", "new_appearance")
    by_place = {row.appearance_id: row for row in rows}
    begins = [row for row in by_place.values() if row.appearance.version_id == older.pk]
    begins.sort(key=lambda row: (row.appearance.start, row.appearance.end))
    return [_fate_since(row, by_place) for row in begins], followed.count() == steps


def _fate_since(first: Anchoring, by_place: dict[int, Anchoring]) -> FateSince:
    decided, last = first, first
    while last.new_appearance_id is not None and (following := by_place.get(last.new_appearance_id)):
        last = following
        if _WORSE.index(Fate(last.fate)) > _WORSE.index(Fate(decided.fate)):
            decided = last
    return FateSince(decided.fate, first.appearance, last.new_appearance, decided.why)


def open_update(article: Article) -> HeldUpdate | None:
    """What its sender said last and we did not take: it waits for a moderator, or was turned down."""
    return article.held_updates.open().first()


def newest_version(article: Article) -> ArticleVersion:
    """Its last text; an article is created together with its first version."""
    version = article.versions.order_by("-number").first()
    assert version is not None, "an article is created together with its first version"  # noqa: S101 - invariant
    version.article = article
    return version
