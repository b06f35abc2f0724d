"""The same rows as ours, made as one would by hand: plain queries, dictionaries, JsonResponse.

No serializers, no pages before or after, no words about what was wrong with a request: what these views lack
beside ours is what the framework and the promises of the interface cost.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KT
from django.http import Http404, HttpResponse, JsonResponse

from claims.models import Appearance, Claim
from claimtracker.kernel import full_text
from reviews.models import Change, ClaimRoute, Publication, ReviewTask, Topic, Verdict

from .bare import for_partners

PAGE = 25
NOT_CHECKED = {"publication": None, "rating": None, "url": None, "published_at": None}


@for_partners
def claims(request: Any) -> HttpResponse:
    own = _own(request.user.partner.origin)
    if words := request.GET.get("q"):
        own = own.alias(document=full_text.document("text")).filter(document=full_text.query(words))
    rows = list(own.order_by("-id").values(*_COLUMNS, **_NAMED)[: PAGE + 1])
    return JsonResponse({"results": _told(rows[:PAGE], request.user.partner.origin)})


@for_partners
def claim(request: Any, id: UUID) -> HttpResponse:
    origin = request.user.partner.origin
    rows = list(_own(origin).filter(public_id=id).values(*_COLUMNS, **_NAMED))
    if not rows:
        raise Http404
    return JsonResponse(_told(rows, origin)[0])


def _newest(rows: QuerySet[Any], at: str) -> Subquery:
    return Subquery(rows.filter(claim=OuterRef("pk")).order_by(f"-{at}").values(at)[:1])


_COLUMNS = ("pk", "public_id", "text", "changes", "kind", "score", "created_at", "changed_at", "state")
_NAMED: dict[str, Any] = {
    "said_by": F("claimant__name"),
    "is_taken": Exists(ReviewTask.objects.filter(claim=OuterRef("pk"), state="taken")),
    "has_verdict": Exists(Verdict.objects.filter(claim=OuterRef("pk"))),
    "places_changed_at": _newest(Appearance.objects.all(), "created_at"),
    "task_changed_at": _newest(ReviewTask.objects.all(), "changed_at"),
    "verdict_changed_at": _newest(Verdict.objects.all(), "created_at"),
    "publication_changed_at": _newest(Publication.objects.all(), "published_at"),
    "route_changed_at": _newest(ClaimRoute.objects.all(), "routed_at"),
}


def _own(origin: str) -> QuerySet[Claim]:
    stands = Appearance.objects.filter(claim=OuterRef("pk"), version__article__origin=origin)
    return Claim.objects.filter(Exists(stands))


def _told(rows: list[dict[str, Any]], origin: str) -> list[dict[str, Any]]:
    ids = [row["pk"] for row in rows]
    places = _places(ids, origin)
    checks = _checks(ids)
    topics: dict[int, list[dict[str, str]]] = defaultdict(list)
    for found in Topic.objects.filter(routes__claim__in=ids).values("slug", "name", about=F("routes__claim")):
        topics[found.pop("about")].append(found)
    return [
        {
            "id": row["public_id"],
            "text": row["text"],
            "changes": row["changes"],
            "claimant": row["said_by"],
            "kind": row["kind"],
            "score": row["score"],
            "topics": topics[row["pk"]],
            "language": next((place["language"] for place in places[row["pk"]]), None),
            "created_at": row["created_at"],
            "updated_at": max(at for name, at in row.items() if name.endswith("changed_at") and at),
            "review": checks.get(row["pk"]) or _stage(row),
            "appearances": [
                {name: value for name, value in place.items() if name != "language"}
                for place in places[row["pk"]]
            ],
        }
        for row in rows
    ]


def _places(ids: Iterable[int], origin: str) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    rows = Appearance.objects.filter(claim__in=ids, version__article__origin=origin).order_by("id")
    for row in rows.values(
        "claim_id",
        "quote",
        "start",
        "end",
        "attribution",
        "rank",
        "reasons",
        "parts",
        article=F("version__article__public_id"),
        language=F("version__article__language"),
        number=F("version__number"),
    ):
        parts = row.pop("parts")
        row["parts"] = {name: parts.get(name, []) for name in ("quantities", "dates", "names")}
        row["version"] = row.pop("number")
        found[row.pop("claim_id")].append(row)
    return found


def _checks(ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """What is public: of each claim the newest version."""
    newer = Publication.objects.filter(claim=OuterRef("claim"), number__gt=OuterRef("number"))
    rows = Publication.objects.filter(~Exists(newer), claim__in=ids).values(
        "claim_id",
        "public_id",
        "change",
        "published_at",
        label=KT("snapshot__rating__label"),
        address=KT("snapshot__url"),
    )
    return {
        row["claim_id"]: {
            "status": "retracted" if row["change"] == Change.RETRACTION else "published",
            "publication": row["public_id"],
            "rating": None if row["change"] == Change.RETRACTION else row["label"],
            "url": row["address"],
            "published_at": row["published_at"],
        }
        for row in rows
    }


def _stage(row: dict[str, Any]) -> dict[str, Any]:
    if row["state"] in ("dismissed", "withdrawn"):
        return {"status": "dismissed"} | NOT_CHECKED
    under_way = row["is_taken"] or row["has_verdict"]
    return {"status": "in_review" if under_way else "waiting"} | NOT_CHECKED


@for_partners
def create(request: Any) -> HttpResponse:
    """The rows that ours writes: the article, its text, the line of the audit and the job."""
    from claims.actions.versions import sha256_of, write_version
    from claims.models import Article
    from claimtracker import jobs
    from claimtracker.ledger import audit

    sent = json.loads(request.body)
    partner = request.user.partner
    with transaction.atomic():
        article = Article.objects.create(
            origin=partner.origin,
            channel="api",
            title=sent["title"],
            external_id=sent["external_id"],
            desk_id=partner.desk_id,
            content_sha256=sha256_of(sent["body"]),
        )
        version = write_version(article, sent["body"], title=article.title)
        audit.record("article.ingested", by=request.user.audit_actor(), subject=article)
        jobs.enqueue("claims.extract_article", version.pk)
    names = ("external_id", "state", "title", "byline", "url", "language", "published_at", "created_at")
    told = {"id": article.public_id} | {name: getattr(article, name) for name in names}
    waiting = {"state": "pending", "message": "", "claims_found": 0}
    return JsonResponse(
        told | {"state_reason": "", "version": version.number, "extraction": waiting}, status=201
    )


@for_partners
def match(request: Any) -> HttpResponse:
    """The same search, and the rows that it found."""
    from claims.matching.finding import find_known
    from claims.matching.wording import statement_of
    from claims.models import KnownClaim
    from claimtracker.api.v1.known_matches import LOOKED_AT

    words = json.loads(request.body)["text"]
    found = find_known(statement_of(words), language="en", limit=LOOKED_AT, published_only=True).found
    known = KnownClaim.objects.in_bulk([one.candidate.known_claim_id for one in found])
    rows = ((known.get(one.candidate.known_claim_id), one) for one in found)
    return JsonResponse(
        {
            "results": [
                {"text": row.text, "url": row.url, "rating": row.rating, "probability": one.probability}
                for row, one in rows
                if row
            ]
        }
    )
