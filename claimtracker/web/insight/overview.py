"""The one number of each insight page that says whether to open it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from claims import states
from claims.models import ClaimMatch
from reviews.models import PublicCheck, Review, ReviewTask
from reviews.models.review_task import TaskKind

from ..acceptance import first_week
from .asked import Asked
from .reports import length
from .throughput import counted
from .times import running


@dataclass(frozen=True, slots=True)
class Card:
    key: str
    title: str | Promise
    url: str
    big: str
    words: str
    asks: str | Promise  # the question that the page answers


def cards(asked: Asked) -> list[Card]:
    """A constant number of queries, whatever there is."""
    return [
        _throughput(asked),
        _times(asked),
        _backlog(asked),
        _agreement(asked),
        _suggestions(asked),
        _balance(asked),
    ]


def _throughput(asked: Asked) -> Card:
    recent = replace(asked, weeks=2, first=first_week(2))
    found, week = counted(recent), recent.days[0]
    published, extracted = found["published"].get(week, 0), found["extracted"].get(week, 0)
    words = ngettext(
        "check published last week, of %(n)s claims that came in",
        "checks published last week; %(n)s claims came in",
        published,
    )
    return Card(
        "throughput",
        gettext_lazy("Throughput"),
        reverse("web:insight_throughput"),
        f"{published:,}",
        words % {"n": f"{extracted:,}"},
        gettext_lazy("How much comes in, and how much goes out?"),
    )


def _times(asked: Asked) -> Card:
    still = running(asked)
    waiting = still["second_review"]
    age = length(timezone.now() - waiting.since) if waiting.since else ""
    words = ngettext("verdict waits for a second person", "verdicts wait for a second person", waiting.count)
    if age:
        words += ", " + _("the oldest for %(age)s") % {"age": age}
    return Card(
        "times",
        gettext_lazy("Time to verdict"),
        reverse("web:insight_times"),
        f"{waiting.count:,}",
        words,
        gettext_lazy("Where do claims wait, and how long does each step take?"),
    )


def _backlog(asked: Asked) -> Card:
    tasks = ReviewTask.objects.open().filter(asked.at("desk"))
    found = tasks.aggregate(n=Count("*"), late=Count("pk", filter=Q(due_at__lt=timezone.now())))
    words = ngettext("open task is late, of %(n)s", "open tasks are late, of %(n)s", found["late"])
    return Card(
        "backlog",
        gettext_lazy("Backlog"),
        reverse("web:insight_backlog"),
        f"{found['late']:,}",
        words % {"n": f"{found['n']:,}"},
        gettext_lazy("What is open, how old is it, and what is late?"),
    )


def _agreement(asked: Asked) -> Card:
    since = timezone.now() - timedelta(weeks=asked.weeks)
    reviews = Review.objects.filter(
        asked.at("desk"), kind=TaskKind.BLIND_REVIEW, created_at__gte=since
    ).count()
    words = ngettext("blind review in %(w)s weeks", "blind reviews in %(w)s weeks", reviews)
    return Card(
        "agreement",
        gettext_lazy("Agreement"),
        reverse("web:insight_agreement"),
        f"{reviews:,}",
        words % {"w": asked.weeks},
        gettext_lazy("Do two people who rate the same claim find the same?"),
    )


def _suggestions(asked: Asked) -> Card:
    found = ClaimMatch.objects.filter(asked.at("claim__desk"), created_at__gte=asked.first).aggregate(
        yes=Count("pk", filter=Q(state=states.ACCEPTED_MATCH)),
        no=Count("pk", filter=Q(state=states.REJECTED_MATCH)),
    )
    decided = found["yes"] + found["no"]
    return Card(
        "suggestions",
        gettext_lazy("Suggestions"),
        reverse("web:insight_matches"),
        f"{found['yes'] / decided:.0%}" if decided else "–",
        _("of %(n)s suggestions confirmed that people decided") % {"n": f"{decided:,}"},
        gettext_lazy("Is the machine right when it suggests a match or finds a claim?"),
    )


def _balance(asked: Asked) -> Card:
    checks = PublicCheck.objects.filter(
        asked.at("claim__desk"), is_retracted=False, first_published_at__gte=asked.first
    )
    found = checks.aggregate(n=Count("*"), told=Count("pk", filter=Q(claim__claimant__group__isnull=False)))
    words = ngettext(
        "check of a claimant whose group is told, of %(n)s",
        "checks of claimants whose group is told, of %(n)s",
        found["told"],
    )
    return Card(
        "balance",
        gettext_lazy("Balance"),
        reverse("web:insight_balance"),
        f"{found['told']:,}",
        words % {"n": f"{found['n']:,}"},
        gettext_lazy("Whose claims do you check, and what do you find?"),
    )
