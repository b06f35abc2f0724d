"""Gathering evidence: a source once per address, a stance, the words that bear on the claim."""

from __future__ import annotations

from django.db import transaction

from claims.actions.curation import lock_claim
from claims.models import Claim
from claimtracker.accounts.models import User
from claimtracker.kernel.addresses import normalised_url
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import audit

from .. import policies
from ..models import Evidence, Source
from ..models.evidence import Stance
from .assignment import renew_lease_on


@transaction.atomic
def add_evidence(
    claim: Claim,
    *,
    by: User,
    stance: str,
    title: str,
    publisher: str,
    url: str = "",
    source_kind: str = Source.Kind.SECONDARY,
    citation: str = "",
    quotation: str = "",
    note: str = "",
) -> Evidence:
    """Add a source's word on the claim. Locks the claim. Raises ActionRefused naming the field. Audits
    evidence.added."""
    claim = lock_claim(claim.pk)
    policies.can_add_evidence(by, claim).enforce()
    if stance not in Stance.values:
        raise ActionRefused(
            "Choose whether it supports, refutes or gives context.", code="bad_stance", field="stance"
        )
    source = source_of(url, title, publisher, source_kind, citation)
    evidence, created = Evidence.objects.get_or_create(
        claim=claim,
        source=source,
        stance=stance,
        defaults={"quotation": quotation.strip(), "note": note.strip(), "added_by": by},
    )
    if not created:
        raise ActionRefused(
            "This source is already on the board with this stance.", code="already_there", field="url"
        )
    renew_lease_on(claim, by=by)
    audit.record("evidence.added", by=by, subject=claim, details={"evidence": evidence.pk, "stance": stance})
    return evidence


@transaction.atomic
def remove_evidence(evidence: Evidence, *, by: User) -> None:
    """Take a piece of evidence off the board; its source stays. Locks the claim. Audits evidence.removed."""
    claim = lock_claim(evidence.claim_id)
    policies.can_add_evidence(by, claim).enforce()
    details = {"evidence": evidence.pk, "source": evidence.source_id, "stance": evidence.stance}
    Evidence.objects.filter(pk=evidence.pk).delete()
    audit.record("evidence.removed", by=by, subject=claim, details=details)


def source_of(url: str, title: str, publisher: str, kind: str, citation: str) -> Source:
    """The source at this address or of this citation, made when first needed. Raises ActionRefused naming the
    field."""
    if not title.strip():
        raise ActionRefused("Give the source's title.", code="title_missing", field="title")
    if not publisher.strip():
        raise ActionRefused("Name the source's publisher.", code="publisher_missing", field="publisher")
    if kind not in Source.Kind.values:
        raise ActionRefused("Choose a kind of source from the list.", code="bad_kind", field="source_kind")
    facts = {"title": title.strip()[:300], "publisher": publisher.strip()[:200], "kind": kind}
    if url.strip():
        try:
            address = normalised_url(url)
        except ValueError as error:
            raise ActionRefused(str(error), code="bad_url", field="url") from error
        return Source.objects.get_or_create(
            url=address, defaults={**facts, "citation": citation.strip()[:500]}
        )[0]
    if not citation.strip():
        raise ActionRefused(
            "Give the source's address, or a citation by which readers can find it.",
            code="not_findable",
            field="url",
        )
    return Source.objects.get_or_create(url="", citation=citation.strip()[:500], defaults=facts)[0]
