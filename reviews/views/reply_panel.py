"""What the workspace shows of the right of reply."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from claimtracker.accounts.models import User

from .. import policies, states
from ..forms import AskForm, ContactForm, ReasonForm
from ..models.reply import Reply
from ..selectors.replies import reply_standing
from ..selectors.workspace import Workspace

if TYPE_CHECKING:
    from .workspace import Sent


def reply_context(user: User, space: Workspace, sent: Sent) -> dict[str, Any]:
    """Nothing for a claim in the reporter's own voice."""
    claim = space.claim
    if claim.claimant is None:
        return {"shows_reply": False}
    standing = reply_standing(claim)
    asking = AskForm(prefix="ask", initial={"person": claim.claimant.name})
    now = timezone.localtime().replace(second=0, microsecond=0)
    request = standing.request
    return {
        "shows_reply": True,
        "standing": standing,
        "open_request": request if request and request.state == states.ASKED else None,
        "may_ask": policies.can_ask_claimant(user, claim),
        "ask_form": sent.ask or asking,
        "contact_form": sent.contact or ContactForm(prefix="contact", initial={"at": now}),
        "reply_lines": [(reply, _may_decide(user, reply, space)) for reply in standing.replies],
        "aside_form": sent.reply or ReasonForm(prefix="reply"),
    }


def _may_decide(user: User, reply: Reply, space: Workspace) -> Any:
    return policies.can_decide_reply(user, reply, claim=space.claim)
