"""Taking a published check back."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions.curation import lock_claim
from claims.models import Claim
from claimtracker import jobs
from claimtracker.accounts.models import User
from claimtracker.kernel.errors import ActionRefused

from .. import policies
from ..models import Change, Publication
from .dumps import withdraw_dumps
from .publication_facts import correction_facts, corrections_until, first_published_at
from .publishing import tell

LONGEST_NOTE = 2000


@transaction.atomic
def retract_publication(claim: Claim, *, by: User, version: int, note: str) -> Publication:
    """Take back what stands published of a claim, with ``note`` for readers: the next version retracts it.
    Earlier versions stay readable, marked; the check is offered as known no more; the rest of the claim's
    family is researched again; dumps that hold it are read no more. Leads of the desk; ``version`` is the one
    that they read.

    Locks the claim. Raises NotPermitted or ActionRefused (field ``note``, or ``changed``). Audits
    publication.retracted and known_claim.withdrawn, emits claim.verdict_retracted.
    """
    claim = lock_claim(claim.pk)
    last = Publication.objects.filter(claim=claim).order_by("-number").first()
    policies.can_retract(by, claim, publication=last).enforce()
    assert last is not None, "the policy asks for one"  # noqa: S101 - invariant
    if last.number != version:
        raise ActionRefused(
            _("Version %(number)s came out since you opened this page. Read it first.")
            % {"number": last.number},
            code="changed",
        )
    note = _note_for_readers(note)
    now = timezone.now()
    number = last.number + 1
    snapshot = {
        **last.snapshot,
        "version": number,
        "published_at": now.isoformat(),
        "first_published_at": first_published_at(last, now),
        "corrections": [
            *corrections_until(last),
            correction_facts(number, Change.RETRACTION.value, note, now),
        ],
    }
    publication = Publication.objects.create(
        claim=claim,
        number=number,
        change=Change.RETRACTION,
        change_note=note,
        retracts=last,
        slug=last.slug,
        snapshot=snapshot,
        claim_review={},
        proposed_by_id=last.proposed_by_id,
        approved_by_id=last.approved_by_id,
        published_by=by,
        published_at=now,
    )
    tell(publication, by=by)
    withdraw_dumps(because="a check was retracted")
    jobs.enqueue("reviews.follow_retraction", publication.pk)
    return publication


def _note_for_readers(note: str) -> str:
    note = note.replace("\r\n", "\n").strip()
    if not note:
        raise ActionRefused(_("Tell readers why the check is taken back."), code="note_missing", field="note")
    if len(note) > LONGEST_NOTE:
        raise ActionRefused(
            _("Shorten this to %(longest_note)s characters.") % {"longest_note": f"{LONGEST_NOTE:,}"},
            code="too_long",
            field="note",
        )
    return note
