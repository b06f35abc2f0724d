"""What the workspace shows of readers' complaints, to those who answer them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from claimtracker.accounts.models import User

from .. import policies, states
from ..forms.complaints import AnswerForm
from ..models import Complaint
from ..selectors.complaints import complaints_of
from ..selectors.workspace import Workspace

if TYPE_CHECKING:
    from .workspace import Sent


def complaint_context(user: User, space: Workspace, sent: Sent) -> dict[str, Any]:
    """Nothing for an unpublished claim, and for who does not answer."""
    claim = space.claim
    if not space.publications or not policies.can_read_complaints(user, claim):
        return {"complaint_lines": []}
    rows = complaints_of(claim)
    return {
        "complaint_lines": [_line(user, row, space) for row in rows],
        "open_complaints": sum(row.state == states.RECEIVED for row in rows),
        "answer_form": sent.answer or AnswerForm(prefix="answer"),
    }


def _line(user: User, complaint: Complaint, space: Workspace) -> dict[str, Any]:
    is_open = complaint.state == states.RECEIVED
    return {
        "complaint": complaint,
        "words": getattr(complaint, "words", None),
        "is_open": is_open,
        "is_late": is_open and complaint.due_at < timezone.now(),
        "may_decide": policies.can_decide_complaint(user, complaint, claim=space.claim) if is_open else None,
        "version": complaint.publication.number,
    }
