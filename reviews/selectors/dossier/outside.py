"""What was said between the newsroom and others: contacts, requests for a reply, replies, complaints."""

from __future__ import annotations

from typing import Any

from claims.models import Claim

from ...models import Complaint, Contact, Reply, ReplyRequest
from .facts import when, who

SHOWN, ERASED, WITHHELD = "shown", "erased", "withheld"


def contacts_of(claim: Claim) -> list[dict[str, Any]]:
    rows = Contact.objects.filter(claim=claim).select_related("by").order_by("at", "id")
    return [
        {
            "at": when(row.at),
            "channel": row.channel,
            "outcome": row.outcome,
            "note": row.note,
            "by": who(row.by),
            "request": row.request_id,
        }
        for row in rows
    ]


def reply_requests_of(claim: Claim) -> list[dict[str, Any]]:
    rows = ReplyRequest.objects.filter(claim=claim).select_related("asked_by").order_by("id")
    return [
        {
            "id": row.pk,
            "state": row.state,
            "person": row.person,
            "channel": row.channel,
            "question": row.question,
            "asked_by": who(row.asked_by),
            "asked_at": when(row.created_at),
            "deadline": when(row.deadline),
            "closed_at": when(row.closed_at),
        }
        for row in rows
    ]


def replies_of(claim: Claim) -> list[dict[str, Any]]:
    rows = Reply.objects.filter(claim=claim).select_related("entered_by", "decided_by").order_by("id")
    return [
        {
            "request": row.request_id,
            "state": row.state,
            "name": row.name,
            "role": row.role,
            "text": row.text,
            "channel": row.channel,
            "received_at": when(row.received_at),
            "is_late": row.is_late,
            "entered_by": who(row.entered_by),
            "decided_by": who(row.decided_by),
            "decided_at": when(row.decided_at),
            "decided_because": row.decided_because,
        }
        for row in rows
    ]


def complaints_of(claim: Claim, *, may_read: bool) -> list[dict[str, Any]]:
    """``words_are`` says whether the reader may read them, or whether they were erased. One query."""
    rows = Complaint.objects.filter(claim=claim).select_related("words", "publication", "decided_by")
    rows = rows.defer("publication__snapshot", "publication__claim_review").order_by("id")
    return [_complaint(row, may_read=may_read) for row in rows]


def _complaint(row: Complaint, *, may_read: bool) -> dict[str, Any]:
    words = getattr(row, "words", None)
    is_shown = may_read and words is not None
    return {
        "reference": row.reference,
        "state": row.state,
        "kind": row.kind,
        "channel": row.channel,
        "version": row.publication.number,
        "received_at": when(row.received_at),
        "due_at": when(row.due_at),
        "words_are": SHOWN if is_shown else WITHHELD if words is not None else ERASED,
        "text": words.text if is_shown and words else None,
        "name": words.name if is_shown and words else None,
        "email": words.email if is_shown and words else None,
        "answer": row.answer,
        "decided_by": who(row.decided_by),
        "decided_at": when(row.decided_at),
        "recheck": row.recheck_id,
    }
