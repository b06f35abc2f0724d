"""A reader says that a published check is wrong: hearing it, answering it, and forgetting who it was."""

from __future__ import annotations

import re
import secrets

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from claims.actions.curation import check_not_held, lock_claim
from claims.models import Claim
from claimtracker.accounts.access import APPROVING
from claimtracker.accounts.models import Membership, User
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import audit

from .. import states
from ..models import Complaint, ComplaintWords, NoticeKind, Publication
from ..models.review_task import RecheckCause
from ..policies.complaints import can_decide_complaint, can_erase_complaint
from ..working_time import due_after_days
from .notifying import notify
from .recheck import open_recheck_for
from .replies import token_digest

SHORTEST, LONGEST = 10, 5000
LONGEST_ANSWER = 2000
OUTCOMES = (states.UPHELD, states.NOT_UPHELD)
# letters and digits that nobody takes for another
ALPHABET = "23456789CDFGHJKMNPQRTVWXY"

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


@transaction.atomic
def receive_complaint(
    publication: Publication, *, token: str, kind: str, text: str, name: str = "", email: str = ""
) -> Complaint:
    """Keep what a reader says of the version ``publication``; they follow it at the address of ``token``
    (see ``new_token``), and are owed an answer within COMPLAINT_WORKING_DAYS. Sent again with the same token
    it is the same complaint. Locks the claim. Raises ActionRefused naming the field. Audits
    complaint.received as the system, without a word of the reader's."""
    claim = lock_claim(publication.claim_id)
    if not _TOKEN.fullmatch(token):
        raise ActionRefused(gettext("Open the form again: it is not whole."), code="bad_token")
    if earlier := Complaint.objects.filter(token_sha256=token_digest(token)).first():
        return earlier
    facts = _checked(kind, text, name, email)
    now = timezone.now()
    complaint = Complaint.objects.create(
        claim=claim,
        publication=publication,
        reference=_reference(),
        token_sha256=token_digest(token),
        kind=kind,
        received_at=now,
        due_at=due_after_days(claim.desk, now, settings.COMPLAINT_WORKING_DAYS),
    )
    ComplaintWords.objects.create(complaint=complaint, **facts)
    details = {"complaint": complaint.pk, "kind": kind, "version": publication.number}
    audit.record("complaint.received", by=audit.SYSTEM, subject=claim, details=details)
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
    return complaint


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
    answer = answer.replace("\r\n", "\n").strip()
    if outcome not in OUTCOMES:
        raise ActionRefused(
            gettext("Say whether the complaint is upheld."), code="bad_outcome", field="outcome"
        )
    if not answer:
        raise ActionRefused(gettext("Write what the reader is told."), code="answer_missing", field="answer")
    if len(answer) > LONGEST_ANSWER:
        raise ActionRefused(
            gettext("Shorten this to %(longest_answer)s characters.")
            % {"longest_answer": f"{LONGEST_ANSWER:,}"},
            code="too_long",
            field="answer",
        )
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
    check_not_held(claim.pk)
    erased, _by_model = ComplaintWords.objects.filter(complaint=complaint).delete()
    if erased:
        audit.record("complaint.erased", by=by, subject=claim, details={"complaint": complaint.pk})
    return bool(erased)


def new_token() -> str:
    """The secret part of the address under which a reader follows their complaint."""
    return secrets.token_urlsafe(32)


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


def _reference() -> str:
    return "C-" + "".join(secrets.choice(ALPHABET) for _ in range(8))


def _who_answers(claim: Claim) -> list[int]:
    here = Membership.objects.filter(desk=claim.desk_id, role__in=APPROVING, user__is_active=True)
    return list(here.values_list("user_id", flat=True).distinct())
