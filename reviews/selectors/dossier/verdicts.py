"""Who concluded what, in which words, who read them, and what was answered to the standards."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch

from claims.models import Claim

from ...models import Review, Revision, StandardsNote, StandardsOverride, Verdict
from ..cited import WITHHELD_TITLE
from .facts import rating_facts, text_facts, when, who

BODIES = ("article_version__body", "article_version__blocks")


def verdicts_of(claim: Claim) -> list[dict[str, Any]]:
    """Oldest first, each with its revisions and who reviewed which of them. Three queries."""
    revisions = Revision.objects.select_related("rating", "written_by", "article_version").defer(*BODIES)
    reviews = Review.objects.select_related("reviewer", "rating", "first_rating", "desk").order_by("id")
    rows = Verdict.objects.filter(claim=claim).select_related(
        "rating", "author", "approver", "edited_by", "carried_from", "article_version"
    )
    rows = rows.defer(*BODIES, "carried_from__snapshot", "carried_from__claim_review").prefetch_related(
        Prefetch("revisions", revisions.order_by("number")), Prefetch("reviews", reviews)
    )
    return [_verdict(row) for row in rows.order_by("id")]


def _verdict(verdict: Verdict) -> dict[str, Any]:
    origin = verdict.carried_from
    return {
        "id": verdict.pk,
        "state": verdict.state,
        "rating": rating_facts(verdict.rating),
        "summary": verdict.summary,
        "rationale": verdict.rationale,
        "what_would_change": verdict.what_would_change,
        "valid_until": when(verdict.valid_until),
        "text": text_facts(verdict.article_version),
        "author": who(verdict.author),
        "approver": who(verdict.approver),
        "edited_by": who(verdict.edited_by),
        "blind_review": verdict.sampling or None,
        "carried_from": {"claim": origin.claim_id, "version": origin.number} if origin else None,
        "return_reason": verdict.return_reason,
        "begun_at": when(verdict.created_at),
        "submitted_at": when(verdict.submitted_at),
        "approved_at": when(verdict.approved_at),
        "revisions": [_revision(row) for row in verdict.revisions.all()],
        "reviews": [_review(row) for row in verdict.reviews.all()],
    }


def _revision(row: Revision) -> dict[str, Any]:
    return {
        "number": row.number,
        "at": when(row.created_at),
        "written_by": who(row.written_by),
        "rating": rating_facts(row.rating),
        "summary": row.summary,
        "rationale": row.rationale,
        "what_would_change": row.what_would_change,
        "valid_until": when(row.valid_until),
        "text": text_facts(row.article_version),
    }


def _review(row: Review) -> dict[str, Any]:
    return {
        "at": when(row.created_at),
        "kind": row.kind,
        "outcome": row.outcome,
        "revision": row.revision,
        "reviewer": who(row.reviewer),
        "desk": row.desk.slug,
        "proposed_rating": rating_facts(row.first_rating),
        "rating": rating_facts(row.rating),
        "reason": row.reason,
    }


def standards_of(claim: Claim, hidden_titles: list[str]) -> dict[str, Any]:
    """Why a finding of the gate could not be otherwise, and what a lead let go out all the same. A finding
    may name a source: ``hidden_titles`` are those that the reader may not."""
    notes = StandardsNote.objects.filter(claim=claim).select_related("by").order_by("code")
    overrides = StandardsOverride.objects.filter(claim=claim).select_related("by").order_by("id")
    return {
        "notes": [
            {"code": row.code, "text": row.text, "by": who(row.by), "at": when(row.updated_at)}
            for row in notes
        ],
        "overrides": [
            {
                "code": row.code,
                "criterion": row.criterion,
                "finding": _without(hidden_titles, row.message),
                "reason": row.reason,
                "by": who(row.by),
                "at": when(row.created_at),
            }
            for row in overrides
        ],
    }


def _without(titles: list[str], text: str) -> str:
    for title in titles:
        text = text.replace(title, str(WITHHELD_TITLE))
    return text
