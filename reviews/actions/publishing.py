"""What goes out: an immutable snapshot, its audit entry and its event, in one transaction."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from claims.actions.curation import lock_claim
from claims.models import Article, Claim
from claimtracker.accounts.models import User
from claimtracker.kernel.asking_again import asking_again
from claimtracker.kernel.errors import ActionRefused
from claimtracker.kernel.moments import rfc3339
from claimtracker.ledger import audit, outbox

from .. import policies
from ..claimreview import claim_review
from ..models import Change, NoticeKind, Publication, Rating, Verdict
from ..models.publication import LATER
from ..selectors.cited import evidence_facts
from ..selectors.people import people_who_worked_on
from ..selectors.replies import reply_facts
from ..selectors.standards import selection_reason_of
from ..selectors.text import places_in_force
from ..standards import Finding
from .gate import pass_gate
from .known_claims import record_as_known
from .notifying import notify
from .public_lists import list_for_readers, topic_facts
from .publication_facts import (
    departures,
    finding_facts,
    first_published_at,
    log_after,
    newsroom_facts,
)
from .verdicts import approve_verdict

# what a version is in the ledger, and which event tells of it
POINT = re.compile(r"(?<=\d)\.(?=\d)")  # left out, it would make £3.2m read 32m
NEWS = {
    Change.FIRST.value: ("published", "claim.verdict_published"),
    Change.RETRACTION.value: ("retracted", "claim.verdict_retracted"),
    Change.RECHECKED.value: ("rechecked", "claim.verdict_rechecked"),
}


@transaction.atomic
def publish_verdict(
    verdict: Verdict, *, by: User, change: str = Change.FIRST, change_note: str = ""
) -> Publication:
    """Publish an approved verdict as the claim's next version, and keep it as known. Editors and leads.

    A later version says what ``change`` it is and, in public, why; one whose finding is the same may be
    ``rechecked``. Locks the claim. Raises NotPermitted, StandardsNotMet or ActionRefused. Audits and emits
    what NEWS has for the change, else publication.corrected and claim.verdict_corrected.
    """
    claim = lock_claim(verdict.claim_id)
    verdicts = Verdict.objects.select_related("rating__scale", "author", "approver", "article_version")
    verdict = verdicts.get(pk=verdict.pk)
    policies.can_publish_verdict(by, verdict, desk=claim.desk_id).enforce()
    assert verdict.approver is not None, "the database lets no verdict be approved by nobody"  # noqa: S101 - invariant
    if Publication.objects.filter(verdict=verdict).exists():
        raise ActionRefused(_("This verdict is published already."), code="already_published")
    last = Publication.objects.filter(claim=claim).order_by("-number").first()
    said = said_of_change(change, change_note) if last else ("", "")
    found = pass_gate(claim, verdict, change=said if last else None)
    publication = version_after(last, claim, verdict, said=said, found=found, now=timezone.now())
    publication.published_by = by
    # a newer text of the article may come in between the policy's look and the database's
    with asking_again(lambda: policies.can_publish_verdict(by, verdict, desk=claim.desk_id)):
        publication.save(force_insert=True)
    tell(publication, by=by)
    return publication


def version_after(
    last: Publication | None,
    claim: Claim,
    verdict: Verdict,
    *,
    said: tuple[str, str],
    found: list[Finding],
    now: datetime,
) -> Publication:
    """What goes out, or would: all but who publishes it, and not saved. ``said`` is the kind of change and
    its public text, both empty for a first version; ``found`` is what the gate says."""
    number, slug = (last.number + 1, last.slug) if last else (1, slug_of(claim))
    snapshot = build_snapshot(claim, verdict, number=number, slug=slug, published_at=now.isoformat())
    snapshot |= {
        "first_published_at": first_published_at(last, now),
        **log_after(last, number, *said, now),
        "standards": departures(found),
        "right_of_reply": reply_facts(claim),
        "what_would_change": verdict.what_would_change,
        "valid_until": verdict.valid_until.isoformat() if verdict.valid_until else None,
    }
    return Publication(
        claim=claim,
        verdict=verdict,
        number=number,
        change=said[0] or Change.FIRST,
        change_note=said[1],
        slug=slug,
        snapshot=snapshot,
        claim_review=claim_review(snapshot, publisher=newsroom_facts()),
        findings=[finding_facts(finding) for finding in found],
        proposed_by=verdict.author,
        approved_by=verdict.approver,
        published_at=now,
    )


@transaction.atomic
def approve_and_publish(
    verdict: Verdict, *, by: User, revision: int, change: str = Change.FIRST, change_note: str = ""
) -> Publication:
    """Approve ``revision`` and publish it, both or neither. Locks and audits as the two actions do."""
    approved = approve_verdict(verdict, by=by, revision=revision)
    return publish_verdict(approved, by=by, change=change, change_note=change_note)


def tell(publication: Publication, *, by: User) -> None:
    """The ledger, what is known, whoever listens, and who worked on it, in the transaction that published."""
    state, event = NEWS.get(publication.change, ("corrected", "claim.verdict_corrected"))
    audit.record(
        f"publication.{state}",
        by=by,
        subject=publication,
        details={
            "claim": publication.claim_id,
            "verdict": publication.verdict_id,
            "version": publication.number,
            "change": publication.change,
        },
        note=publication.change_note,
    )
    record_as_known(publication, by=by)
    list_for_readers(publication)
    outbox.emit(event, subject=publication, payload=event_payload(publication))
    notify(
        people_who_worked_on(publication.claim_id),
        NoticeKind.PUBLISHED if publication.change == Change.FIRST else NoticeKind.CORRECTED,
        text=_words_for_colleagues(publication),
        claim=publication.claim_id,
        key=f"publication:{publication.pk}",
        by=by,
    )


def _words_for_colleagues(publication: Publication) -> str:
    text = publication.snapshot["claim"]["text"]
    if publication.change == Change.FIRST:
        return _("Your work is public: “%(text)s” was published.") % {"text": text}
    if publication.is_retraction:
        return _("The check of “%(text)s” was retracted: %(change_note)s") % {
            "text": text,
            "change_note": publication.change_note,
        }
    if publication.change == Change.RECHECKED:
        return _("“%(text)s” was re-checked, and the finding is the same: %(change_note)s") % {
            "text": text,
            "change_note": publication.change_note,
        }
    return _("Version %(number)s of “%(text)s” is public: %(change_note)s") % {
        "number": publication.number,
        "text": text,
        "change_note": publication.change_note,
    }


def said_of_change(change: str, note: str) -> tuple[str, str]:
    """Kind and text as people gave them: the gate names what is missing."""
    kind = change if change in LATER and change != Change.RETRACTION else ""
    return kind, note.replace("\r\n", "\n").strip()


def slug_of(claim: Claim) -> str:
    """A readable, stable name: the claim's first words and eight digits of its id."""
    words = slugify(POINT.sub("-", claim.text))[:60].rstrip("-") or "claim"
    return f"{words}-{claim.public_id.hex[:8]}"


def event_payload(publication: Publication) -> dict[str, Any]:
    """The thin content of the webhook: who wants more asks the API. What was taken back has no rating."""
    snapshot = publication.snapshot
    return {
        "publication": str(publication.public_id),
        "version": publication.number,
        "change": publication.change,
        "change_note": publication.change_note,
        "claim": snapshot["claim"]["id"],
        "claim_text": snapshot["claim"]["text"],
        "rating": None if publication.is_retraction else snapshot["rating"]["label"],
        "url": snapshot["url"],
        "published_at": rfc3339(datetime.fromisoformat(snapshot["published_at"])),
    }


def build_snapshot(
    claim: Claim, verdict: Verdict, *, number: int, slug: str, published_at: str
) -> dict[str, Any]:
    """Everything the public page says, as facts that nothing changes later.

    An article that never was public (a draft, a partner's unpublished text) is not named.
    """
    appearances = places_in_force(
        claim,
        claim.appearances.select_related("version__article").order_by("id"),
        verdict.article_version_id,
    )
    first = appearances[0] if appearances else None
    evidence = claim.evidence.select_related("source__last_snapshot", "basis_quote__snapshot")
    return {
        "claim": {
            "id": str(claim.public_id),
            "text": claim.text,
            "quote": first.quote if first else claim.text,
            "kind": claim.kind,
            "language": first.version.article.language if first else "",
        },
        "topics": topic_facts(claim.pk),
        "claimant": {"name": claim.claimant.name} if claim.claimant else None,
        "attribution": first.attribution if first else "author",
        "text": _text_facts(verdict),
        "appearances": [_appearance_facts(item) for item in appearances if _is_public(item.version.article)],
        "rating": _rating_facts(verdict.rating),
        "summary": verdict.summary,
        "rationale": verdict.rationale,
        "selection_reason": selection_reason_of(claim) or "",
        "evidence": [evidence_facts(item) for item in evidence.order_by("id")],
        "people": {"proposed_by": str(verdict.author), "approved_by": str(verdict.approver or "")},
        "published_at": published_at,
        "version": number,
        "slug": slug,
        "url": settings.SITE_URL + reverse("reviews:public_claim", args=[slug]),
    }


def _text_facts(verdict: Verdict) -> dict[str, Any] | None:
    """Which text the finding is about."""
    version = verdict.article_version
    if version is None:
        return None
    return {"version": version.number, "sha256": version.sha256, "seen_at": version.created_at.isoformat()}


def _is_public(article: Article) -> bool:
    """It has an address or a date of publication; a text that was only pasted has neither."""
    return bool(article.url or article.published_at)


def _appearance_facts(appearance: Any) -> dict[str, Any]:
    article = appearance.version.article
    return {
        "quote": appearance.quote,
        "article_title": article.title,
        "url": article.url,
        "site_name": article.site_name,
        "published_at": article.published_at.isoformat() if article.published_at else None,
    }


def _rating_facts(rating: Rating | None) -> dict[str, Any]:
    assert rating is not None, "the database lets no verdict be submitted without a rating"  # noqa: S101 - invariant
    scale = rating.scale.ratings.aggregate(best=models.Max("value"), worst=models.Min("value"))
    return {
        "slug": rating.slug,
        "label": rating.label,
        "value": rating.value,
        "best": scale["best"],
        "worst": scale["worst"],
    }
