"""What each term of the queue's query asks of a task. Whatever is typed is a parameter, never SQL."""

from __future__ import annotations

import operator
import uuid
from functools import reduce
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q
from django.db.models.expressions import RawSQL
from django.utils import timezone

from claims.models import Appearance, Claim, Claimant
from claimtracker.ledger.models import AuditActor, AuditEntry

from .. import states
from ..models import ClaimRoute, ReviewTask, Verdict
from ..queue_query import Term, changed_by, either, number, span

LATEST_CHANGES = 1000  # how far back somebody's own changes are looked through
SIGNS = {"<": "lt", "<=": "lte", ">": "gt", ">=": "gte"}


def narrowing(user: Any, terms: tuple[Term, ...]) -> Q:
    """The tasks that all terms hold for. Several of one name mean any of them, except bounds and words;
    ``desk`` is not among them, because desks are chosen before their queues are read."""
    parts = [_one(term) for term in terms if term.name in ("", "score", "due")]
    for name, asks in EITHER.items():
        if values := either(terms, name):
            parts.append(asks(values))
    for value in either(terms, "late"):
        is_late = Q(due_at__lt=timezone.now())
        parts.append(is_late if value == "yes" else ~is_late)
    for value in either(terms, "mine"):
        is_mine = Q(state=states.TAKEN, assignee=user)
        parts.append(is_mine if value == "yes" else Q(state=states.QUEUED) | ~Q(assignee=user))
    if who := changed_by(terms):
        # one parameter, however many they are
        ids = RawSQL("SELECT unnest(%s::bigint[])", [last_changed_by(user)])
        own = Q(claim__in=ids)
        parts.append(own if who == "me" else ~own)
    return reduce(operator.and_, parts, Q())


def _one(term: Term) -> Q:
    if term.name == "score":
        return Q(**{f"claim__score__{SIGNS[term.sign]}": number(term.value)})
    if term.name == "due":
        length = span(term.value)
        assert length is not None  # noqa: S101 - parse() keeps no other
        return Q(**{f"due_at__{SIGNS[term.sign]}": timezone.now() + length})
    return Q(claim__in=Claim.objects.filter(text__icontains=term.value).order_by().values("id"))


def _claimants(names: tuple[str, ...]) -> Q:
    named = reduce(operator.or_, (Q(name__icontains=name) for name in names))
    people = Claimant.objects.filter(named).order_by().values("id")
    return Q(claim__in=Claim.objects.filter(claimant__in=people).order_by().values("id"))


def _stands_in(**article: Any) -> Q:
    """Claims that stand in such an article."""
    asked = {f"version__article__{name}": value for name, value in article.items()}
    return Q(Exists(Appearance.objects.filter(claim=OuterRef("claim"), **asked)))


def _topics(slugs: tuple[str, ...]) -> Q:
    routed = ClaimRoute.topics.through.objects.filter(
        claimroute__claim=OuterRef("claim"), topic__slug__in=slugs
    )
    return Q(Exists(routed))


EITHER = {
    "state": lambda values: Q(state__in=values),
    "kind": lambda values: Q(kind__in=[value.replace("-", "_") for value in values]),
    "lang": lambda values: _stands_in(language__in=values),
    "partner": lambda values: _stands_in(origin__in=[f"partner:{value}" for value in values]),
    "topic": _topics,
    "claimant": _claimants,
    "with": lambda values: (
        Q(state=states.TAKEN) & reduce(operator.or_, (Q(assignee__name__icontains=value) for value in values))
    ),
}


def last_changed_by(user: Any) -> list[int]:
    """The claims with open tasks of which this person made the last recorded change: to the claim, its tasks
    or its verdict. Looks through their LATEST_CHANGES last ones, and asks the same queries for anybody."""
    actor = AuditActor.objects.filter(user=user.pk).values_list("ref", flat=True).first() or uuid.uuid4()
    labels = {model: model._meta.label_lower for model in (Claim, ReviewTask, Verdict)}
    rows = AuditEntry.objects.filter(actor_ref=actor, subject_type__in=labels.values()).order_by("-id")
    touched = list(rows.values_list("subject_type", "subject_id")[:LATEST_CHANGES])
    ids = {model: {int(pk) for kind, pk in touched if kind == label} for model, label in labels.items()}
    claims = ids[Claim]
    for model in (ReviewTask, Verdict):
        of_them = model._default_manager.filter(pk__in=ids[model]).order_by()
        claims |= set(of_them.values_list("claim_id", flat=True))
    with_open_task = ReviewTask.objects.open().filter(claim__in=claims).order_by()
    claims = set(with_open_task.values_list("claim_id", flat=True))
    return _of_which_last(claims, actor)


def _of_which_last(claims: set[int], actor: uuid.UUID) -> list[int]:
    claim_of = {(Claim._meta.label_lower, str(pk)): pk for pk in claims}
    for model in (ReviewTask, Verdict):
        of_them = model._default_manager.filter(claim__in=claims).order_by()
        for pk, claim in of_them.values_list("pk", "claim_id"):
            claim_of[model._meta.label_lower, str(pk)] = claim
    about = Q(pk__in=[])
    for label in {kind for kind, _pk in claim_of}:
        about |= Q(subject_type=label, subject_id__in=[pk for kind, pk in claim_of if kind == label])
    last: dict[int, int] = {}
    entries = AuditEntry.objects.filter(about).order_by().values("subject_type", "subject_id")
    for row in entries.annotate(newest=Max("id")):
        claim = claim_of[row["subject_type"], row["subject_id"]]
        last[claim] = max(last.get(claim, 0), row["newest"])
    own = set(AuditEntry.objects.filter(pk__in=last.values(), actor_ref=actor).values_list("pk", flat=True))
    return sorted(claim for claim, newest in last.items() if newest in own)
