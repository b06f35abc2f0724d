"""Putting the dossier of a claim together, for somebody who has to answer for it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from claims.models import Claim
from claimtracker.accounts.models import User
from claimtracker.ledger import audit

from ..models import Source
from ..policies.complaints import can_read_complaints
from ..policies.dossiers import can_make_dossier
from ..selectors.dossier import SHAPE, dossier_of
from .source_reads import note_reads

PAGE, FILE = "page", "file"


@dataclass(frozen=True, slots=True)
class Dossier:
    """``text`` is the JSON of ``facts``, and ``sha256`` of its bytes: the audit has it too."""

    facts: dict[str, Any]
    text: str
    sha256: str


@transaction.atomic
def make_dossier(claim: Claim, *, by: User, form: str) -> Dossier:
    """Everything that ``by`` may read of how the claim was checked, as a ``form`` (PAGE or FILE). Editors and
    leads of its desk, and moderators. Raises NotPermitted, also while a blind review hides the verdict.
    Audits dossier.made with the hash of its JSON, so that a copy can be told from a forgery."""
    can_make_dossier(by, claim).enforce()
    facts = dossier_of(claim, by, reads_complaints=bool(can_read_complaints(by, claim)))
    shown = [item["source"]["id"] for item in facts["evidence"] if not item["is_withheld"]]
    note_reads(Source.objects.filter(pk__in=shown, is_confidential=True), by=by)
    text = json.dumps(facts, ensure_ascii=False, indent=2) + "\n"
    digest = hashlib.sha256(text.encode()).hexdigest()
    details = {"form": form, "shape": SHAPE, "sha256": digest, "entries": facts["ledger"]["entries"]}
    audit.record("dossier.made", by=by, subject=claim, details=details)
    return Dossier(facts, text, digest)
