"""Whether a reply is shown to readers: an editor or a lead says so, with the next version."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions.curation import lock_claim
from claims.models import Claim
from claimtracker.accounts.models import User
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import audit

from .. import policies, states
from ..models import Publication
from ..models.reply import Reply
from ..models.review_task import RecheckCause
from .recheck import open_recheck_for


@transaction.atomic
def show_reply(reply: Reply, *, by: User) -> Reply:
    """Quote a reply beside the verdict from the next version on; where a version is out already, a recheck is
    opened. Editors and leads, not who wrote it down. Locks the claim and the reply. Audits reply.shown."""
    claim, reply = _locked(reply)
    _decide(claim, reply, states.SHOWN, by, "")
    audit.record("reply.shown", by=by, subject=claim, details={"reply": reply.pk})
    if Publication.objects.filter(claim=claim).exists():
        open_recheck_for(
            claim.pk,
            cause=RecheckCause.REPLY,
            why=_("A reply of %(name)s is to be quoted.") % {"name": reply.name},
            by=by,
        )
    return reply


@transaction.atomic
def set_reply_aside(reply: Reply, *, by: User, reason: str) -> Reply:
    """Do not quote a reply (abuse, nothing to the matter), and say why inside the desk. As show_reply: what
    is public quotes it until the next version. Raises ActionRefused (field ``reason``). Audits
    reply.set_aside."""
    claim, reply = _locked(reply)
    was_quoted = reply.state == states.SHOWN
    because = " ".join(reason.split())[:500]
    if not because:
        raise ActionRefused(_("Say why it is not quoted."), code="reason_missing", field="reason")
    _decide(claim, reply, states.SET_ASIDE_REPLY, by, because)
    audit.record("reply.set_aside", by=by, subject=claim, details={"reply": reply.pk}, note=because)
    if was_quoted and Publication.objects.filter(claim=claim).exists():
        open_recheck_for(
            claim.pk,
            cause=RecheckCause.REPLY,
            why=_("A reply of %(name)s is no longer to be quoted.") % {"name": reply.name},
            by=by,
        )
    return reply


def _locked(reply: Reply) -> tuple[Claim, Reply]:
    claim = lock_claim(reply.claim_id)
    return claim, Reply.objects.select_for_update().get(pk=reply.pk)


def _decide(claim: Claim, reply: Reply, state: str, by: User, because: str) -> None:
    policies.can_decide_reply(by, reply, claim=claim).enforce()
    states.REPLY.check(reply.state, state)
    reply.state, reply.decided_by, reply.decided_at = state, by, timezone.now()
    reply.decided_because = because
    reply.save(update_fields=["state", "decided_by", "decided_at", "decided_because"])
