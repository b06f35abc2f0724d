"""A reader says that a published check is wrong: hearing it, answering it, and forgetting who it was."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from claims.actions.curation import lock_claim
from claims.matching.asked_before import digest_of
from claims.models import Claim
from claimtracker.accounts.access import APPROVING
from claimtracker.accounts.models import Membership, User
from claimtracker.intake.blocking import refuse_blocked_sender
from claimtracker.intake.senders import email_digest
from claimtracker.intake.spam import Score
from claimtracker.intake.tokens import new_reference, new_token, token_digest
from claimtracker.intake.weighing import is_held, weigh
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import audit

from .. import states
from ..models import Complaint, ComplaintWords, NoticeKind, Publication
from ..models.review_task import RecheckCause
from ..policies.complaints import can_decide_complaint, can_erase_complaint, can_sift_complaint
from ..working_time import due_after_days, half_time
from .notifying import notify
from .recheck import open_recheck_for

SHORTEST, LONGEST = 10, 5000
LONGEST_ANSWER = 2000
OUTCOMES = (states.UPHELD, states.NOT_UPHELD)
SAME_WORDS_WITHIN, A_DAY = timedelta(days=30), timedelta(days=1)

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class Came:
    """How it came in: the digest of where from, and for how long the form was open, where a form was."""

    sender: str = ""
    seconds: float | None = None
    is_timed: bool = False


UNKNOWN_WAY = Came()


@transaction.atomic
def receive_complaint(
    publication: Publication,
    *,
    token: str,
    kind: str,
    text: str,
    name: str = "",
    email: str = "",
    came: Came = UNKNOWN_WAY,
) -> Complaint:
    """Keep what a reader says of the version ``publication``; they follow it at the address of ``token``
    (see ``new_token``), and are owed an answer within COMPLAINT_WORKING_DAYS. Sent again with the same token
    it is the same complaint. What looks like spam is held for a moderator, and nobody is told. Locks the
    claim. Raises ActionRefused naming the field, NotPermitted for who is blocked. Audits complaint.received
    as the system, without a word of the reader's."""
    claim = lock_claim(publication.claim_id)
    if not _TOKEN.fullmatch(token):
        raise ActionRefused(gettext("Open the form again: it is not whole."), code="bad_token")
    if earlier := Complaint.objects.filter(token_sha256=token_digest(token)).first():
        return earlier
    facts = _checked(kind, text, name, email)
    refuse_blocked_sender(address=came.sender, email=email_digest(facts["email"]))
    now, found = timezone.now(), _weighed(facts["text"], came)
    due_at = due_after_days(claim.desk, now, settings.COMPLAINT_WORKING_DAYS)
    complaint = Complaint.objects.create(
        claim=claim,
        publication=publication,
        state=states.HELD_COMPLAINT if is_held(found) else states.RECEIVED,
        reference=new_reference("C"),
        token_sha256=token_digest(token),
        kind=kind,
        received_at=now,
        due_at=due_at,
        half_time_at=half_time(claim.desk, now, due_at),
        spam_points=found.points,
        spam_reasons=found.reasons,
    )
    digest = digest_of(facts["text"])
    ComplaintWords.objects.create(complaint=complaint, sender=came.sender, text_digest=digest, **facts)
    details = {"complaint": complaint.pk, "kind": kind, "version": publication.number}
    if complaint.state == states.HELD_COMPLAINT:
        details["held"] = found.points
    audit.record("complaint.received", by=audit.SYSTEM, subject=claim, details=details)
    if complaint.state == states.RECEIVED:
        _tell_who_answers(claim, complaint)
    return complaint


@transaction.atomic
def let_complaint_in(complaint: Complaint, *, by: User) -> Complaint:
    """Say that a held complaint is no spam: the desk is told, and owes the answer by the day that it had.
    Moderators only. Locks the claim and the complaint. Audits complaint.let_in."""
    claim, row = _held(complaint, by=by, to=states.RECEIVED)
    row.state = states.RECEIVED
    row.save(update_fields=["state"])
    audit.record("complaint.let_in", by=by, subject=claim, details={"complaint": row.pk})
    _tell_who_answers(claim, row)
    return row


@transaction.atomic
def refuse_held_complaint(complaint: Complaint, *, by: User, answer: str) -> Complaint:
    """Say that a held complaint is none, in words that its writer reads. Moderators only, not who proposed
    the finding. Locks the claim and the complaint. Audits complaint.decided."""
    claim, row = _held(complaint, by=by, to=states.NOT_UPHELD)
    row.state, row.answer = states.NOT_UPHELD, _checked_answer(answer)
    row.decided_by, row.decided_at = by, timezone.now()
    row.save(update_fields=["state", "answer", "decided_by", "decided_at"])
    details = {"complaint": row.pk, "outcome": states.NOT_UPHELD}
    audit.record("complaint.decided", by=by, subject=claim, details=details, note=row.answer)
    return row


def _held(complaint: Complaint, *, by: User, to: str) -> tuple[Claim, Complaint]:
    claim = lock_claim(complaint.claim_id)
    rows = Complaint.objects.select_for_update(of=("self",)).select_related("publication")
    row = rows.get(pk=complaint.pk)
    can_sift_complaint(by, row).enforce()
    states.COMPLAINT.check(row.state, to)
    return claim, row


def _tell_who_answers(claim: Claim, complaint: Complaint) -> None:
    notify(
        _who_answers(claim),
        NoticeKind.COMPLAINT,
        text=gettext("A reader complains about “%(claim)s” (%(reference)s). An answer is owed by %(day)s.")
        % {
            "claim": claim,
            "reference": complaint.reference,
            "day": date_format(timezone.localtime(complaint.due_at), "j F"),
        },
        claim=claim,
        key=f"complaint:{complaint.pk}",
    )


@transaction.atomic
def decide_complaint(complaint: Complaint, *, by: User, outcome: str, answer: str) -> Complaint:
    """Uphold a complaint, which has the check looked at again, or do not; either way with an ``answer`` that
    its writer reads. Editors and leads, not who proposed the finding. What is public stays until two people
    decided on the next version. Locks the claim and the complaint. Raises NotPermitted or ActionRefused
    (field ``answer``). Audits complaint.decided."""
    claim = lock_claim(complaint.claim_id)
    complaint = (
        Complaint.objects.select_for_update(of=("self",)).select_related("publication").get(pk=complaint.pk)
    )
    can_decide_complaint(by, complaint, claim=claim).enforce()
    if outcome not in OUTCOMES:
        raise ActionRefused(
            gettext("Say whether the complaint is upheld."), code="bad_outcome", field="outcome"
        )
    answer = _checked_answer(answer)
    states.COMPLAINT.check(complaint.state, outcome)
    if outcome == states.UPHELD:
        why = gettext("Complaint %(reference)s was upheld: %(answer)s") % {
            "reference": complaint.reference,
            "answer": answer,
        }
        complaint.recheck = open_recheck_for(claim.pk, cause=RecheckCause.COMPLAINT, why=why, by=by)
    complaint.state, complaint.answer = outcome, answer
    complaint.decided_by, complaint.decided_at = by, timezone.now()
    complaint.save(update_fields=["state", "answer", "decided_by", "decided_at", "recheck"])
    details = {"complaint": complaint.pk, "outcome": outcome}
    audit.record("complaint.decided", by=by, subject=claim, details=details, note=answer)
    return complaint


@transaction.atomic
def erase_complaint_words(complaint: Complaint, *, by: User) -> bool:
    """Forget what a complaint said and who said it, because they ask for it: reference, kind, days and answer
    stay. Editors, leads and moderators. Safe to repeat; False where it was done before. Locks the claim.
    Audits complaint.erased."""
    claim = lock_claim(complaint.claim_id)
    can_erase_complaint(by, claim).enforce()
    erased, _by_model = ComplaintWords.objects.filter(complaint=complaint).delete()
    if erased:
        audit.record("complaint.erased", by=by, subject=claim, details={"complaint": complaint.pk})
    return bool(erased)


def _checked_answer(answer: str) -> str:
    answer = answer.replace("\r\n", "\n").strip()
    if not answer:
        raise ActionRefused(gettext("Write what the reader is told."), code="answer_missing", field="answer")
    if len(answer) > LONGEST_ANSWER:
        raise ActionRefused(
            gettext("Shorten this to %(longest_answer)s characters.")
            % {"longest_answer": f"{LONGEST_ANSWER:,}"},
            code="too_long",
            field="answer",
        )
    return answer


def _weighed(text: str, came: Came) -> Score:
    """The same words about many checks are a sign whoever sends them; about one, readers may agree."""
    now = timezone.now()
    words = ComplaintWords.objects.filter(complaint__received_at__gte=now - SAME_WORDS_WITHIN)
    mine = words.filter(sender=came.sender, complaint__received_at__gte=now - A_DAY)
    return weigh(
        text,
        seconds=came.seconds,
        is_timed=came.is_timed,
        sent_today=mine.count() if came.sender else 0,
        is_same_again=words.filter(text_digest=digest_of(text)).exists(),
    )


def _checked(kind: str, text: str, name: str, email: str) -> dict[str, str]:
    text, name, email = text.replace("\r\n", "\n").strip(), " ".join(name.split()), email.strip()
    if kind not in Complaint.Kind.values:
        raise ActionRefused(gettext("Choose what is wrong."), code="bad_kind", field="kind")
    if len(text) < SHORTEST:
        raise ActionRefused(
            gettext("Say what is wrong, in a sentence at least."), code="text_missing", field="text"
        )
    if len(text) > LONGEST:
        raise ActionRefused(
            gettext("Shorten this to %(longest)s characters; it has %(number)s now.")
            % {"longest": f"{LONGEST:,}", "number": f"{len(text):,}"},
            code="too_long",
            field="text",
        )
    if len(name) > 200:
        raise ActionRefused(gettext("Shorten this to 200 characters."), code="too_long", field="name")
    if email:
        try:
            validate_email(email)
        except ValidationError:
            raise ActionRefused(
                gettext("Write the whole address, such as name@example.org."), code="bad_email", field="email"
            ) from None
    return {"text": text, "name": name, "email": email}


def _who_answers(claim: Claim) -> list[int]:
    here = Membership.objects.filter(desk=claim.desk_id, role__in=APPROVING, user__is_active=True)
    return list(here.values_list("user_id", flat=True).distinct())


__all__ = [
    "Came",
    "decide_complaint",
    "erase_complaint_words",
    "let_complaint_in",
    "new_token",
    "receive_complaint",
    "refuse_held_complaint",
]
