"""A new claim says what was checked before: begin its verdict with what stands published. Two people still
propose and approve it, as any other."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from claims import states as claim_states
from claims.actions.curation import lock_claim
from claims.models import Claim, ClaimMatch, KnownClaim
from claims.sources.claim_reviews import host_of
from claimtracker.accounts.models import User
from claimtracker.kernel.addresses import normalised_url
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import audit

from .. import policies, states
from ..models import Evidence, Publication, ReviewTask, Source, Verdict
from ..models.evidence import Stance
from ..models.review_task import PROPOSING
from ..selectors.families import publication_to_carry
from ..selectors.withholding import withhold
from .assignment import lock_task
from .evidence import add_evidence
from .gate import carry_explanations
from .snapshots import ask_for_look
from .sources import Described, source_of

LONGEST_ADDRESS = Source._meta.get_field("url").max_length or 0


@transaction.atomic
def carry_over_verdict(origin: ClaimMatch | Claim, *, by: User) -> Verdict:
    """Draft a verdict on a claim from what is published of another claim of its family: rating, summary,
    rationale, and the published evidence as evidence of its own. ``origin`` is the claim, or a confirmed
    match of it. Only for who has the claim's research task. Never submits, approves or publishes.

    Does nothing when the draft is exactly that already; refuses (``draft_has_text``) to overwrite anything
    that somebody wrote. Locks the claim, its task and its verdict. Raises NotPermitted or ActionRefused.
    Audits verdict.carried_over and evidence.added.
    """
    claim = lock_claim(origin.pk if isinstance(origin, Claim) else _claim_of(origin))
    newest = ReviewTask.objects.filter(claim=claim, kind__in=PROPOSING).order_by("-id").first()
    task = lock_task(newest.pk) if newest else None
    verdict = Verdict.objects.select_for_update(of=("self",)).filter(claim=claim).order_by("-id").first()
    publication = publication_to_carry(claim)
    policies.can_carry_over_verdict(by, claim, task=task, verdict=verdict, publication=publication).enforce()
    assert publication is not None, "the policy asks for one"  # noqa: S101 - invariant
    if verdict and verdict.carried_from_id == publication.pk and verdict.rating_id is not None:
        return verdict
    verdict = _drafted(claim, verdict, publication, by)
    added = _link_evidence(claim, publication, by)
    carry_explanations(claim, publication, by=by)
    audit.record(
        "verdict.carried_over",
        by=by,
        subject=verdict,
        details={
            "claim": claim.pk,
            "publication": publication.pk,
            "from_claim": publication.claim_id,
            "version": publication.number,
            "evidence": added,
        },
    )
    return verdict


@transaction.atomic
def add_known_review_as_evidence(match: ClaimMatch, *, by: User) -> Evidence:
    """Put the page of another publisher, who checked the same, on the claim's board as context: never as
    proof, and without their rating becoming ours. The match has to be confirmed. As add_evidence permits,
    locks and audits it. Raises NotPermitted or ActionRefused (``already_there`` when it is on the board)."""
    match = ClaimMatch.objects.select_related("claim", "known_claim").get(pk=match.pk)
    known = match.known_claim
    if known is None or known.claim_id is not None:
        raise ActionRefused(
            _("This is a claim of ours: its verdict can be carried over instead."), code="not_imported"
        )
    _refuse_unconfirmed(match)
    if known.withdrawn_at is not None:
        raise ActionRefused(
            _("A moderator withdrew this known claim, so it is not offered any more."), code="known_withdrawn"
        )
    return add_evidence(match.claim, by=by, stance=Stance.CONTEXT, **_page_of(known))


def _claim_of(match: ClaimMatch) -> int:
    match = ClaimMatch.objects.select_related("known_claim").get(pk=match.pk)
    _refuse_unconfirmed(match)
    if match.known_claim and match.known_claim.claim_id is None:
        raise ActionRefused(
            _("Another publisher's verdict is not carried over. Add their page as evidence instead."),
            code="imported",
        )
    return match.claim_id


def _refuse_unconfirmed(match: ClaimMatch) -> None:
    if match.state != claim_states.ACCEPTED_MATCH:
        raise ActionRefused(_("Confirm first that both are the same."), code="not_confirmed")


def _drafted(claim: Claim, verdict: Verdict | None, publication: Publication, by: User) -> Verdict:
    """A draft with the words that two people approved; an empty one of somebody is filled."""
    origin = publication.verdict
    assert origin is not None, "a retraction is never carried over"  # noqa: S101 - invariant
    verdict = verdict or Verdict(claim=claim, state=states.DRAFT)
    verdict.author, verdict.carried_from = by, publication
    verdict.rating, verdict.summary, verdict.rationale = origin.rating, origin.summary, origin.rationale
    verdict.save()
    return verdict


def _link_evidence(claim: Claim, publication: Publication, by: User) -> list[int]:
    """The published evidence, as the snapshot has it; what is on the board already stays as it is. A source
    that was withheld from the public is not carried to another claim."""
    added = []
    [served] = withhold([publication])
    for fact in served.snapshot["evidence"]:
        source = fact["source"]
        if fact.get("is_withheld"):
            continue
        described = Described(
            title=source["title"],
            publisher=source["publisher"],
            url=source["url"],
            kind=source["kind"],
            citation=source["citation"],
            interest_note=source.get("interest_note", ""),
        )
        evidence, created = Evidence.objects.get_or_create(
            claim=claim,
            source=source_of(described, by=by, desk=claim.desk),
            stance=fact["stance"],
            defaults={
                "quotation": fact["quotation"],
                "note": fact["note"],
                "added_by": by,
                "carried_from": publication,
            },
        )
        if created:
            added.append(evidence.pk)
            details = {"evidence": evidence.pk, "stance": evidence.stance, "publication": publication.pk}
            audit.record("evidence.added", by=by, subject=claim, details=details)
            ask_for_look(evidence.source, evidence)
    return added


def _page_of(known: KnownClaim) -> dict[str, Any]:
    """Their page as add_evidence takes it; without an address that can be kept, a citation."""
    publisher = known.publisher_name or known.publisher_site or host_of(known.url)
    title = known.title or _("Review of “%(text)s”") % {"text": known.text}
    when = f", {known.reviewed_on.isoformat()}" if known.reviewed_on else ""
    rating = (
        _("%(publisher)s rated it “%(rating)s”%(when)s. ")
        % {"publisher": publisher, "rating": known.rating, "when": when}
        if known.rating
        else ""
    )
    fits = bool(known.url) and len(normalised_url(known.url)) <= LONGEST_ADDRESS
    return {
        "title": title[:300],
        "publisher": publisher[:200],
        "url": known.url if fits else "",
        "citation": f"{publisher}: {title}{when}"[:500],
        "note": _("%(rating)sTheir check of “%(text)s”.") % {"rating": rating, "text": known.text},
    }
