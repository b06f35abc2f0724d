"""The standards gate on a claim: what it finds, and the answers that people give to it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions.curation import lock_claim
from claims.models import Claim
from claimtracker.accounts.models import User
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import audit

from .. import policies, standards
from ..models import Publication, Rating, StandardsNote, StandardsOverride, Verdict
from ..selectors.standards import (
    answers_to,
    author_of_next,
    cited_evidence,
    contact_of,
    next_version_of,
    selection_reason_of,
)


class StandardsNotMet(ActionRefused):
    """The gate stays shut. ``findings`` are all that it found, ``code`` and ``field`` those of the first
    open error."""

    def __init__(self, found: list[standards.Finding]) -> None:
        first, *others = [finding for finding in found if finding.is_open]
        more = _(" And %(number)s more to mend.") % {"number": len(others)} if others else ""
        super().__init__(
            _("%(message)s (IFCN %(criterion)s)%(more)s")
            % {"message": first.message, "criterion": first.criterion, "more": more},
            code=first.code,
            field=first.field or None,
        )
        self.findings = found


def proposal_of(
    claim: Claim,
    *,
    rating: Rating | None,
    summary: str,
    rationale: str,
    change: tuple[str, str] | None = None,
    people: Iterable[User | None] = (),
) -> standards.Proposal:
    """What the gate looks at, from the claim's evidence, the answers given, and the words of a verdict.

    ``change`` is the kind and public text of a later version, once somebody says them; ``people`` are those
    behind the verdict, who may have a conflict of interest.
    """
    explained, overridden = answers_to(claim)
    return standards.Proposal(
        rating=rating.label if rating else "",
        has_value=bool(rating and rating.value is not None),
        summary=summary,
        rationale=rationale,
        evidence=cited_evidence(claim),
        claimant=claim.claimant.name if claim.claimant else "",
        contact=contact_of(claim),
        selection_reason=selection_reason_of(claim),
        has_conflict=any(policies.conflict_of(person, claim) is not None for person in people),
        missing_policies=missing_policies(),
        has_complaint_route=True,  # every check has its form
        next_version=next_version_of(claim, *change, summary=summary, rationale=rationale)
        if change is not None
        else None,
        explained=explained,
        overridden=overridden,
    )


def findings_on(claim: Claim, verdict: Verdict, *, change: tuple[str, str] | None = None) -> list[Any]:
    """Everything that the gate finds in a verdict as it is kept."""
    proposal = proposal_of(
        claim,
        rating=verdict.rating,
        summary=verdict.summary,
        rationale=verdict.rationale,
        change=change,
        people=(verdict.author, verdict.approver) if verdict.pk else (),
    )
    return standards.findings(proposal)


def check_standards(claim: Claim, *, rating: Rating | None, summary: str, rationale: str) -> None:
    """Raise StandardsNotMet with what has to be mended before a second person is asked, if anything has."""
    proposal = proposal_of(claim, rating=rating, summary=summary, rationale=rationale)
    if found := standards.proposal_errors(proposal):
        raise StandardsNotMet(found)


def pass_gate(claim: Claim, verdict: Verdict, *, change: tuple[str, str] | None) -> list[standards.Finding]:
    """The findings with which a verdict may be published. Raises StandardsNotMet while an error is open."""
    found = findings_on(claim, verdict, change=change)
    if any(finding.is_open for finding in found):
        raise StandardsNotMet(found)
    return found


@transaction.atomic
def explain_finding(claim: Claim, *, by: User, code: str, text: str) -> StandardsNote:
    """Say why a finding could not be otherwise; readers see it. Checkers, editors and leads, while the
    evidence is open or a verdict waits to be decided or published. Locks the claim. Raises NotPermitted or
    ActionRefused (field ``text``). Audits standards.explained."""
    claim = lock_claim(claim.pk)
    policies.can_explain_finding(by, claim).enforce()
    if code not in standards.EXPLAINABLE:
        raise ActionRefused(
            _("This has to be mended; a reason does not help here."), code="not_explainable", field="code"
        )
    note, _created = StandardsNote.objects.update_or_create(
        claim=claim, code=code, defaults={"text": _reason(text, "text"), "by": by}
    )
    audit.record("standards.explained", by=by, subject=claim, details={"code": code}, note=note.text)
    return note


def carry_explanations(claim: Claim, publication: Publication, *, by: User) -> None:
    """What was said of ``publication``'s evidence holds for the same evidence on ``claim``; what somebody
    said there already stays. The caller holds the lock on the claim and audits."""
    for finding in publication.findings:
        if finding["explanation"]:
            StandardsNote.objects.get_or_create(
                claim=claim, code=finding["code"], defaults={"text": finding["explanation"], "by": by}
            )


@transaction.atomic
def override_standards(claim: Claim, *, by: User, code: str, reason: str) -> StandardsOverride:
    """Let the claim's next version go out with an error of the gate; ``reason`` is published with it. Leads
    of the desk who did not propose the verdict. Locks the claim. Raises NotPermitted or ActionRefused.
    Audits standards.overridden."""
    claim = lock_claim(claim.pk)
    policies.can_override_standards(by, claim, author_id=author_of_next(claim)).enforce()
    rule = standards.RULES.get(code)
    if rule is None or rule.severity != "error" or not rule.can_be_overridden:
        raise ActionRefused(
            _("No lead overrides this; it has to be mended."), code="not_overridable", field="code"
        )
    verdict = Verdict.objects.select_related("rating").filter(claim=claim).order_by("-id").first()
    found = findings_on(claim, verdict or Verdict(claim=claim))
    finding = next((each for each in found if each.code == code and each.is_open), None)
    if finding is None:
        raise ActionRefused(
            _("The standards do not find this any more, so nothing is to override."),
            code="not_found",
            field="code",
        )
    override = StandardsOverride.objects.create(
        claim=claim,
        code=code,
        criterion=finding.criterion,
        message=finding.message[:500],
        reason=_reason(reason, "reason"),
        by=by,
        created_at=timezone.now(),
    )
    audit.record(
        "standards.overridden",
        by=by,
        subject=claim,
        details={"code": code, "criterion": finding.criterion},
        note=override.reason,
    )
    return override


def missing_policies() -> list[str]:
    """Of the pages that readers of a fact check are owed, those that have no address."""
    pages = {
        "ownership and funding": settings.OWNERSHIP_FUNDING_URL,
        "ethics policy": settings.ETHICS_POLICY_URL,
        "staff": settings.STAFF_URL,
    }
    return [name for name, address in pages.items() if not address]


def _reason(text: str, field: str) -> str:
    text = " ".join(text.split())
    if not text:
        raise ActionRefused(_("Say why; readers see it with the check."), code="reason_missing", field=field)
    if len(text) > 500:
        raise ActionRefused(
            _("Shorten this to 500 characters; it has %(number)s now.") % {"number": len(text)},
            code="too_long",
            field=field,
        )
    return text
