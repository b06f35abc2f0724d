"""The right of reply: asking, hearing and recording that nobody answered. The contact log grows with each."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions.curation import lock_claim
from claims.models import Claim
from claimtracker.accounts.models import User
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import audit

from .. import policies, states
from ..models import NoticeKind
from ..models.reply import Channel, Contact, Reply, ReplyRequest
from .notifying import notify

LONGEST_REPLY = 5000
LONGEST_QUESTION = 2000
HOURS = (24, 48, 72, 168)
BATCH = 200


def token_digest(token: str) -> str:
    """Hex SHA-256. The token is random and long, so that a slow hash would add nothing."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def ask_for_reply(
    claim: Claim, *, by: User, person: str, channel: str, question: str, hours: int
) -> tuple[ReplyRequest, str]:
    """Open a reply page for ``person`` and log that they are asked. Returns the request and the page's token,
    which cannot be had again. Checkers, editors and leads. Locks the claim. Raises NotPermitted or
    ActionRefused naming the field. Audits reply.asked."""
    claim = lock_claim(claim.pk)
    policies.can_ask_claimant(by, claim).enforce()
    person, question = person.strip()[:200], question.replace("\r\n", "\n").strip()
    if not person:
        raise ActionRefused(_("Say who is asked."), code="person_missing", field="person")
    if not question or len(question) > LONGEST_QUESTION:
        raise ActionRefused(
            _("Say what is asked, in at most %(longest_question)s characters.")
            % {"longest_question": f"{LONGEST_QUESTION:,}"},
            code="question",
            field="question",
        )
    if channel not in Channel.values or channel == Channel.PAGE:
        raise ActionRefused(_("Choose by which way they are asked."), code="bad_channel", field="channel")
    if hours not in HOURS:
        raise ActionRefused(_("Choose how long you wait."), code="bad_deadline", field="hours")
    if ReplyRequest.objects.open().filter(claim=claim).exists():
        raise ActionRefused(_("Somebody is asked already; call that off first."), code="already_asked")
    now = timezone.now()
    token = secrets.token_urlsafe(32)
    deadline = now + timedelta(hours=hours)
    request = ReplyRequest.objects.create(
        claim=claim,
        token_sha256=token_digest(token),
        person=person,
        channel=channel,
        question=question,
        deadline=deadline,
        expires_at=deadline + timedelta(days=settings.REPLY_LATE_DAYS),
        asked_by=by,
    )
    log(claim, request, at=now, channel=channel, outcome=Contact.Outcome.ASKED, by=by)
    audit.record("reply.asked", by=by, subject=claim, details={"request": request.pk})
    return request, token


@transaction.atomic
def call_off_request(request: ReplyRequest, *, by: User, reason: str) -> ReplyRequest:
    """The wrong person was asked, or by mistake: the page closes. Locks the claim and the request. Raises
    NotPermitted or ActionRefused. Audits reply.called_off."""
    claim = lock_claim(request.claim_id)
    request = ReplyRequest.objects.select_for_update().get(pk=request.pk)
    policies.can_ask_claimant(by, claim).enforce()
    note = " ".join(reason.split())[:500]
    if not note:
        raise ActionRefused(_("Say why it is called off."), code="reason_missing", field="reason")
    _close(request, states.CALLED_OFF)
    log(
        claim,
        request,
        at=timezone.now(),
        channel=request.channel,
        outcome=Contact.Outcome.WITHDRAWN,
        by=by,
        note=note,
    )
    audit.record("reply.called_off", by=by, subject=claim, details={"request": request.pk}, note=note)
    return request


@transaction.atomic
def log_contact(
    claim: Claim,
    *,
    by: User,
    at: datetime,
    channel: str,
    outcome: str,
    note: str = "",
    person: str = "",
    words: str = "",
) -> Contact:
    """Write into the contact log what happened another way: an answer by telephone (``words``, which become a
    reply that a second person decides on), no answer, or why nobody was asked. Checkers, editors and leads.
    Locks the claim. Raises NotPermitted or ActionRefused naming the field. Audits reply.contact_logged."""
    claim = lock_claim(claim.pk)
    policies.can_ask_claimant(by, claim).enforce()
    note, words = " ".join(note.split())[:500], words.replace("\r\n", "\n").strip()
    if channel not in Channel.values or channel == Channel.PAGE:
        raise ActionRefused(_("Choose by which way."), code="bad_channel", field="channel")
    if outcome not in {Contact.Outcome.REPLIED, Contact.Outcome.NO_REPLY, Contact.Outcome.NOT_CONTACTED}:
        raise ActionRefused(_("Choose what came of it."), code="bad_outcome", field="outcome")
    if at > timezone.now() + timedelta(minutes=5):
        raise ActionRefused(_("This lies in the future."), code="future", field="at")
    if outcome == Contact.Outcome.NOT_CONTACTED and not note:
        raise ActionRefused(_("Tell readers why nobody was asked."), code="note_missing", field="note")
    if len(words) > LONGEST_REPLY:
        raise ActionRefused(
            _("Shorten this to %(longest_reply)s characters.") % {"longest_reply": f"{LONGEST_REPLY:,}"},
            code="too_long",
            field="words",
        )
    if words and outcome != Contact.Outcome.REPLIED:
        raise ActionRefused(_("Words are there only where somebody replied."), code="no_reply", field="words")
    contact = log(claim, None, at=at, channel=channel, outcome=outcome, by=by, note=note)
    if words:
        name = person.strip()[:200] or (claim.claimant.name if claim.claimant else "")
        Reply.objects.create(
            claim=claim, name=name, text=words, channel=channel, received_at=at, entered_by=by
        )
    audit.record("reply.contact_logged", by=by, subject=claim, details={"outcome": outcome}, note=note)
    return contact


@transaction.atomic
def receive_reply(token: str, *, name: str, role: str, text: str) -> Reply:
    """Keep what somebody wrote on the reply page of ``token``, once; an editor reads it before anybody else.
    A reply after the deadline is heard too, and marked. Locks the request. Raises ActionRefused
    (``no_page``, ``expired``, ``used``, or naming the field). Audits reply.received as the system."""
    request = ReplyRequest.objects.select_for_update().filter(token_sha256=token_digest(token)).first()
    if request is None:
        raise ActionRefused(_("There is no such page."), code="no_page")
    if refusal := closed_because(request):
        raise ActionRefused(refusal, code="closed")
    name, role, text = name.strip(), role.strip(), text.replace("\r\n", "\n").strip()
    if not name or len(name) > 200:
        raise ActionRefused(_("Give your name, in at most 200 characters."), code="name", field="name")
    if len(role) > 200:
        raise ActionRefused(_("Shorten this to 200 characters."), code="too_long", field="role")
    if not text:
        raise ActionRefused(_("Write your reply."), code="text_missing", field="text")
    if len(text) > LONGEST_REPLY:
        raise ActionRefused(
            _("Shorten your reply to %(longest_reply)s characters; it has %(number)s now.")
            % {"longest_reply": f"{LONGEST_REPLY:,}", "number": f"{len(text):,}"},
            code="too_long",
            field="text",
        )
    now = timezone.now()
    reply = Reply.objects.create(
        claim=request.claim,
        request=request,
        name=name,
        role=role,
        text=text,
        received_at=now,
        is_late=now > request.deadline,
    )
    _close(request, states.ANSWERED)
    log(request.claim, request, at=now, channel=Channel.PAGE, outcome=Contact.Outcome.REPLIED)
    audit.record("reply.received", by=audit.SYSTEM, subject=request.claim, details={"request": request.pk})
    notify(
        [request.asked_by],
        NoticeKind.REPLY,
        text=_("A reply to “%(claim)s” came in. An editor decides whether it is shown.")
        % {"claim": request.claim},
        claim=request.claim,
        key=f"reply:{reply.pk}",
    )
    return reply


def closed_because(request: ReplyRequest) -> str:
    """Why the page takes no reply, in a sentence for the person asked; empty while it does."""
    if request.state == states.ANSWERED:
        return _("A reply was sent from this page already. Thank you.")
    if request.state == states.CALLED_OFF:
        return _("The newsroom closed this page: the request was called off.")
    if request.expires_at <= timezone.now():
        return _("This page has closed, because its time is over.")
    return ""


def close_unanswered() -> int:
    """Record that nobody answered wherever a deadline is over, each exactly once, and tell who asked. Returns
    how many. Locks each request; one that was answered meanwhile is left alone. Audits reply.unanswered."""
    ids = list(ReplyRequest.objects.run_out().order_by("deadline").values_list("pk", flat=True)[:BATCH])
    return sum(_close_one(pk) for pk in ids)


@transaction.atomic
def _close_one(request_id: int) -> int:
    request = ReplyRequest.objects.run_out().select_for_update(skip_locked=True).filter(pk=request_id).first()
    if request is None:
        return 0
    _close(request, states.UNANSWERED)
    log(
        request.claim, request, at=request.deadline, channel=request.channel, outcome=Contact.Outcome.NO_REPLY
    )
    audit.record("reply.unanswered", by=audit.SYSTEM, subject=request.claim, details={"request": request.pk})
    notify(
        [request.asked_by],
        NoticeKind.REPLY,
        text=_("%(person)s did not reply to “%(claim)s” in time.")
        % {"person": request.person, "claim": request.claim},
        claim=request.claim,
        key=f"reply-deadline:{request.pk}",
    )
    return 1


def log(
    claim: Claim,
    request: ReplyRequest | None,
    *,
    at: datetime,
    channel: str,
    outcome: str,
    by: User | None = None,
    note: str = "",
) -> Contact:
    """One line of the contact log; ``by`` is None for what came by itself."""
    return Contact.objects.create(
        claim=claim, request=request, at=at, channel=channel, outcome=outcome, by=by, note=note
    )


def _close(request: ReplyRequest, state: str) -> None:
    states.REPLY_REQUEST.check(request.state, state)
    request.state, request.closed_at = state, timezone.now()
    request.save(update_fields=["state", "closed_at"])
