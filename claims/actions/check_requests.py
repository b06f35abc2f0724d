"""Partners ask for a check: heard, voted for, accepted or declined, and answered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.contrib.postgres.search import TrigramSimilarity
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claimtracker.accounts.access import default_desk
from claimtracker.accounts.models import User
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import audit, outbox

from .. import policies, states
from ..matching.asked_before import ALIKE_FROM, digest_of, may_be_the_same
from ..models import Article, ArticleVersion, Channel, CheckRequest, Claim, RequestVote
from ..selectors import newest_version
from ..sources import parse_text
from .curation import lock_claim, write_marked_claim
from .ingest import ingest_article
from .match_marks import mark_claims
from .submitting import Sender, check_sender

ORIGIN = "requests"  # of the texts in which requested claims stand
SHORTEST, LONGEST = 10, 1000
LONGEST_NOTE = 2000
LOOKED_AT = 20  # requests in like words
_SET_ASIDE = {
    states.DISMISSED: gettext_lazy("This claim was dismissed. Restore it first, or choose another."),
    states.WITHDRAWN: gettext_lazy("This claim was withdrawn. Restore it first, or choose another."),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """``created``: nobody asked for it before; ``counted``: this partner had not."""

    request: CheckRequest
    created: bool
    counted: bool


@transaction.atomic
def ask_for_check(
    text: str,
    *,
    sender: Sender,
    url: str = "",
    language: str = "",
    note: str = "",
    is_shared: bool = True,
    differs_from: UUID | None = None,
) -> Asked:
    """Hear a partner's wish. One for the same, in the same or like words, is voted for instead, also where it
    was decided on. A sandbox's is its own alone, and no moderator sees it. What ``differs_from`` a check
    (public id) that says the same is a wish of its own. Raises ActionRefused (field ``text`` or ``note``).
    Audits request.received or request.voted."""
    check_sender(sender, url=url)
    words = " ".join(text.split())
    _check(words, note)
    if sender.is_sandbox:
        is_shared = False
    digest = _digest(words, sender, differs_from)
    if differs_from is None:
        request = _asked_before(words, sender)
    else:
        request = CheckRequest.everything.filter(digest=digest).first()
    created = request is None
    if request is None:
        request, created = _opened(
            digest,
            text=words,
            language=language[:10],
            is_shared=is_shared,
            is_sandbox=sender.is_sandbox,
        )
    return replace(
        _vote(request.pk, sender, text=words, note=note, url=url, is_shared=is_shared, is_first=created),
        created=created,
    )


def open_request(text: str) -> CheckRequest:
    """What a reader's words ask for: a request for the same, in the same or like words, also where it was
    decided on, else one of its own, which no partner sees. A reader is no vote: readers are counted apart."""
    words = " ".join(text.split())
    request = _asked_before(words)
    return request or _opened(digest_of(words), text=words, is_shared=False)[0]


def _opened(digest: str, **facts: Any) -> tuple[CheckRequest, bool]:
    """A new request, and True; the one of somebody who asked for the same at the same moment, and False."""
    try:
        with transaction.atomic():
            return CheckRequest.everything.create(digest=digest, **facts), True
    except IntegrityError:
        return CheckRequest.everything.get(digest=digest), False


@transaction.atomic
def vote_for_request(request: CheckRequest, *, sender: Sender, note: str = "", url: str = "") -> Asked:
    """Ask for the same as others. A second vote changes nothing. Locks the request. Audits request.voted."""
    check_sender(sender, url=url)
    if len(note) > LONGEST_NOTE:
        raise _too_long("note", note, LONGEST_NOTE)
    return _vote(request.pk, sender, text="", note=note, url=url, is_shared=False, is_first=False)


def _vote(
    pk: int, sender: Sender, *, text: str, note: str, url: str, is_shared: bool, is_first: bool
) -> Asked:
    request = CheckRequest.everything.select_for_update(of=("self",)).get(pk=pk)
    _row, counted = RequestVote.objects.get_or_create(
        request=request,
        origin=sender.origin,
        defaults={"actor": sender.actor, "text": text, "note": note.strip(), "url": url},
    )
    if is_shared and not request.is_shared:
        request.is_shared, request.text = True, text
        request.save(update_fields=["is_shared", "text", "updated_at"])
    if counted:
        if is_first:
            audit.record("request.received", by=sender.actor, subject=request)
        else:
            audit.record("request.voted", by=sender.actor, subject=request)
        if request.state == states.ACCEPTED_REQUEST:
            outbox.emit("request.voted", subject=request, payload={"claim": request.claim_id})
    return Asked(request, created=False, counted=counted)


@transaction.atomic
def accept_request(request: CheckRequest, *, by: User, claim: Claim | None = None) -> CheckRequest:
    """Say that it is checked: as ``claim``, or as a claim of its own, which stands in a text of these words
    and is routed like any other; one that has its own already, from before it was declined, keeps it.
    Moderators only. Locks the request, then the claim.

    Raises ActionRefused (field ``claim``) for a claim that was set aside. Audits and emits request.accepted.
    """
    row = _held(request, by=by, to=states.ACCEPTED_REQUEST)
    claim = claim or _own_claim(row)
    if claim is not None:
        claim = lock_claim(claim.pk)
        if claim.state in states.SET_ASIDE:
            raise ActionRefused(_SET_ASIDE[claim.state], code="set_aside", field="claim")
    row.claim = claim or _new_claim(row)
    row.state, row.reason, row.decided_by = states.ACCEPTED_REQUEST, "", by
    row.save(update_fields=["claim", "state", "reason", "decided_by", "updated_at"])
    audit.record("request.accepted", by=by, subject=row, details={"claim": row.claim.pk})
    outbox.emit("request.accepted", subject=row, payload={"claim": row.claim.pk})
    return row


@transaction.atomic
def decline_request(request: CheckRequest, *, by: User, reason: str) -> CheckRequest:
    """Say that it will not be checked, and why: partners read this. Moderators only. Locks the request.
    Audits request.declined, and emits it to each partner that asked."""
    row = _held(request, by=by, to=states.DECLINED_REQUEST)
    if not reason.strip():
        raise ActionRefused(
            _("Say why it is not checked: the partners read this."), code="reason_missing", field="reason"
        )
    row.state, row.reason, row.decided_by = states.DECLINED_REQUEST, reason.strip(), by
    row.save(update_fields=["state", "reason", "decided_by", "updated_at"])
    audit.record("request.declined", by=by, subject=row, note=row.reason)
    _tell("request.declined", row, {"reason": row.reason})
    return row


@transaction.atomic
def answer_request(request_id: int, *, publication: UUID, facts: dict[str, Any]) -> bool:
    """Note what answers an accepted request, and tell each partner that asked. Locks the request; False where
    it is not waiting for an answer, so that it may run twice. Emits request.answered."""
    row = CheckRequest.objects.select_for_update(of=("self",)).get(pk=request_id)
    if row.state != states.ACCEPTED_REQUEST:
        return False
    row.state, row.publication = states.ANSWERED_REQUEST, publication
    row.save(update_fields=["state", "publication", "updated_at"])
    audit.record("request.answered", by=audit.SYSTEM, subject=row, details={"publication": str(publication)})
    _tell("request.answered", row, {"publication": str(publication), **facts})
    return True


@transaction.atomic
def answer_unread(request_id: int, *, claim: Claim, publication: UUID, facts: dict[str, Any]) -> bool:
    """Answer a request on which nobody decided with the check of ``claim``, which says the same. Locks the
    request; False where somebody did decide, and for a sandbox's. Audits request.accepted, by the system."""
    row = CheckRequest.everything.select_for_update(of=("self",)).get(pk=request_id)
    if row.state != states.RECEIVED_REQUEST or row.is_sandbox:
        return False
    row.claim, row.state = claim, states.ACCEPTED_REQUEST
    row.save(update_fields=["claim", "state", "updated_at"])
    details = {"claim": claim.pk, "publication": str(publication)}
    audit.record("request.accepted", by=audit.SYSTEM, subject=row, details=details)
    return answer_request(row.pk, publication=publication, facts=facts)


def _tell(event: str, request: CheckRequest, facts: dict[str, Any]) -> None:
    """One event for each partner that asked, to that partner alone: nobody hears who else did."""
    for vote in request.votes.order_by("pk"):
        payload = {"request": str(request.public_id), **facts}
        outbox.emit(event, subject=request, payload=payload, audience=vote.origin)


def _held(request: CheckRequest, *, by: User, to: str) -> CheckRequest:
    row = CheckRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    policies.can_decide_request(by).enforce()
    states.CHECK_REQUEST.check(row.state, to)
    return row


def _digest(words: str, sender: Sender, differs_from: UUID | None = None) -> str:
    """A sandbox meets nobody, not even another sandbox."""
    told_apart = [sender.origin] if sender.is_sandbox else []
    if differs_from is not None:
        told_apart.append(str(differs_from))
    return digest_of(" ".join([*told_apart, words]))


def _asked_before(words: str, sender: Sender | None = None) -> CheckRequest | None:
    rows = CheckRequest.everything.filter(is_sandbox=bool(sender and sender.is_sandbox))
    if sender and sender.is_sandbox:
        rows = rows.filter(votes__origin=sender.origin)
    digest = _digest(words, sender) if sender else digest_of(words)
    same = rows.filter(digest=digest).first()
    if same:
        return same
    alike = (
        rows.filter(text__trigram_similar=words)
        .annotate(likeness=TrigramSimilarity("text", words))
        .filter(likeness__gte=ALIKE_FROM)
        .order_by("-likeness", "pk")[:LOOKED_AT]
    )
    return next((one for one in alike if may_be_the_same(one.text, words)), None)


def _own_claim(request: CheckRequest) -> Claim | None:
    """What was made of it when it was accepted before: the first claim in the text of its words."""
    texts = {"origin": ORIGIN, "external_id": str(request.public_id)}
    versions = ArticleVersion.objects.filter(article__in=Article.objects.filter(**texts))
    return Claim.objects.filter(appearances__version__in=versions).order_by("pk").first()


def _new_claim(request: CheckRequest) -> Claim:
    """A claim in a text of the request's words, which has no address: where a partner met them may be a page
    of its own that nobody else is to see, and an article's address is public once its claim is checked."""
    parsed = replace(parse_text(request.text), language=request.language or None)
    article = ingest_article(
        parsed,
        origin=ORIGIN,
        channel=Channel.API,
        external_id=str(request.public_id),
        by=audit.SYSTEM,
        desk=default_desk(),
    ).article
    version = newest_version(article)
    claim = write_marked_claim(version, 0, len(version.body))
    mark_claims([claim.pk])
    outbox.emit("claim.extracted", subject=claim)
    return claim


def _check(words: str, note: str) -> None:
    if len(words) < SHORTEST:
        raise ActionRefused(
            _("Say what is to be checked, in a sentence at least."), code="too_short", field="text"
        )
    if len(words) > LONGEST:
        raise _too_long("text", words, LONGEST)
    if len(note) > LONGEST_NOTE:
        raise _too_long("note", note, LONGEST_NOTE)


def _too_long(field: str, text: str, most: int) -> ActionRefused:
    return ActionRefused(
        _("This has %(number)s characters; %(most)s are the limit.")
        % {"number": f"{len(text):,}", "most": f"{most:,}"},
        code="too_long",
        field=field,
    )
