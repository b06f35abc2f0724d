"""Gathering evidence: a source once per address, a stance, the words that bear on the claim."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from claims.actions.curation import check_not_held, lock_claim
from claims.models import Claim
from claimtracker.accounts.models import User
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import audit

from .. import policies
from ..models import Evidence, Source
from ..models.evidence import Stance
from .assignment import renew_lease_on
from .dumps import withdraw_dumps
from .page_looks import forget_looks
from .snapshots import ask_for_look
from .sources import Described, source_of


@transaction.atomic
def add_evidence(
    claim: Claim,
    *,
    by: User,
    stance: str,
    title: str = "",
    publisher: str = "",
    url: str = "",
    source_kind: str = Source.Kind.SECONDARY,
    citation: str = "",
    quotation: str = "",
    note: str = "",
    interest_note: str = "",
    is_confidential: bool = False,
    confidential_because: str = "",
    place_text: str = "",
    place_start: int | None = None,
) -> Evidence:
    """Add a source's word on the claim; of an address alone, its page names title and publisher later.
    ``place_text`` and ``place_start`` say where the quotation was picked. Locks the claim. Raises
    ActionRefused naming the field. Audits evidence.added."""
    claim = lock_claim(claim.pk)
    policies.can_add_evidence(by, claim).enforce()
    _check_stance(stance)
    described = Described(
        title=title,
        publisher=publisher,
        url=url,
        kind=source_kind,
        citation=citation,
        interest_note=interest_note,
        is_confidential=is_confidential,
        confidential_because=confidential_because,
    )
    source = source_of(described, by=by, desk=claim.desk)
    words = {"quotation": quotation.strip(), "note": note.strip(), **_place(place_text, place_start)}
    evidence, created = Evidence.objects.get_or_create(
        claim=claim, source=source, stance=stance, defaults={**words, "added_by": by}
    )
    if not created:
        raise ActionRefused(
            _("This source is already on the board with this stance."), code="already_there", field="url"
        )
    if is_confidential:
        forget_looks(by=by, url=url)
        withdraw_dumps(because="a confidential source was added")  # it may be named in an older version
    renew_lease_on(claim, by=by)
    audit.record("evidence.added", by=by, subject=claim, details={"evidence": evidence.pk, "stance": stance})
    ask_for_look(source, evidence)
    return evidence


@transaction.atomic
def remove_evidence(evidence: Evidence, *, by: User) -> None:
    """Take a piece of evidence off the board; its source stays. Locks the claim. Audits evidence.removed."""
    claim = lock_claim(evidence.claim_id)
    policies.can_add_evidence(by, claim).enforce()
    policies.can_see_evidence(by, evidence).enforce()
    check_not_held(claim.pk)
    details = {"evidence": evidence.pk, "source": evidence.source_id, "stance": evidence.stance}
    Evidence.objects.filter(pk=evidence.pk).delete()
    audit.record("evidence.removed", by=by, subject=claim, details=details)


def _place(text: str, start: int | None) -> dict[str, object]:
    """Both or none; whether the words stand there is looked at with the copy (quotations.passage_of)."""
    is_whole = bool(text) and start is not None
    return {"place_text": text if is_whole else "", "place_start": start if is_whole else None}


def _check_stance(stance: str) -> None:
    if stance not in Stance.values:
        raise ActionRefused(
            _("Choose whether it supports, refutes or gives context."), code="bad_stance", field="stance"
        )
