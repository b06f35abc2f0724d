"""Unpublished texts: looked at for their author, and thrown away."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claimtracker import jobs
from claimtracker.accounts.models import Desk, User
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import audit

from .. import policies, states
from ..draft_figures import figures_beside
from ..draft_reading import claims_as_json, quotations_beside
from ..extraction import Extraction, UnsupportedText, extract
from ..matching.agreement import sentence
from ..matching.finding import find_known
from ..matching.wording import statement_of
from ..models import Article, Channel, Draft, KnownClaim
from ..rating_words import says_false
from ..sources import parse_text
from .extraction import day_of
from .ingest import ingest_article
from .versions import check_body

READ = "claims.read_draft"
LOOK_UP = "claims.look_up_draft"
MOST_CHARACTERS = 200_000
MOST_DRAFTS = 20
MOST_LOOKED_UP = 60  # claims of one draft, the strongest
MOST_KNOWN = 3  # of each


@transaction.atomic
def bring_draft(
    *,
    by: User,
    desk: Desk,
    body: str,
    title: str = "",
    transcript: str = "",
    published_at: datetime | None = None,
) -> Draft:
    """Keep an unpublished text for DRAFT_HOURS and have it read for its author alone. Raises ActionRefused
    (field ``body`` or ``transcript``). Audits draft.brought, without any of its words."""
    policies.can_add_article(by, desk).enforce()
    check_body(body)
    for field, text in (("body", body), ("transcript", transcript)):
        if len(text) > MOST_CHARACTERS:
            raise ActionRefused(
                _("This has %(number)s characters; %(most_characters)s are the limit. Paste it in parts.")
                % {"number": f"{len(text):,}", "most_characters": f"{MOST_CHARACTERS:,}"},
                code="too_long",
                field=field,
            )
    if Draft.objects.visible_to(by).unpublished().count() >= MOST_DRAFTS:
        raise ActionRefused(
            _("You have %(most_drafts)s drafts here. Throw one away first.") % {"most_drafts": MOST_DRAFTS},
            code="too_many",
            field="body",
        )
    draft = Draft.objects.create(
        author=by,
        desk=desk,
        title=title.strip()[:500],
        body=body,
        transcript=transcript,
        published_at=published_at,
        expires_at=timezone.now() + timedelta(hours=settings.DRAFT_HOURS),
    )
    audit.record("draft.brought", by=by, subject=draft, details={"characters": len(body)})
    jobs.enqueue(READ, draft.pk)
    return draft


def read(draft: Draft) -> tuple[dict[str, Any], str]:
    """What is to be remarked, and why nothing can be. Slow (a model): never call it inside a transaction."""
    extraction: Extraction | None = None
    refusal = ""
    try:
        extraction = extract(draft.body, published=day_of(draft))
    except UnsupportedText as error:
        refusal = str(error)
    quotations = quotations_beside(draft.body, draft.transcript)
    claims = extraction.claims if extraction else ()
    figures = figures_beside(draft.body, draft.transcript, claims, quotations)
    remarks = {
        "claims": claims_as_json(claims),
        "quotations": [one.as_json(draft.body) for one in quotations],
        "figures": [one.as_json() for one in figures],
    }
    return remarks, refusal


@transaction.atomic
def record_draft_reading(draft_id: int, *, remarks: dict[str, Any], refusal: str) -> None:
    """Keep what was remarked, and have its claims looked up. Locks the row; does nothing when it was thrown
    away meanwhile or read already."""
    draft = Draft.objects.select_for_update().filter(pk=draft_id).first()
    if draft is None or draft.state != states.UNREAD:
        return
    after = states.READ if remarks["claims"] else states.LOOKED_UP
    states.DRAFT.check(draft.state, after)
    draft.state, draft.remarks, draft.message = after, remarks, refusal
    draft.save(update_fields=["state", "remarks", "message"])
    if after == states.READ:
        jobs.enqueue(LOOK_UP, draft.pk)


def look_up_claims(draft: Draft) -> list[dict[str, Any]]:
    """The claims with what is known of each that was rated by us or others. Slow; outside a transaction."""
    claims = [dict(claim) for claim in draft.remarks.get("claims", [])]
    for claim in sorted(claims, key=lambda one: -one["score"])[:MOST_LOOKED_UP]:
        claim["known"] = _rated(claim["text"], claim["claimant"])
    return claims


@transaction.atomic
def record_draft_matches(draft_id: int, *, claims: list[dict[str, Any]]) -> None:
    """Keep what is known of them. Locks the row; nothing when it was thrown away or this is there already."""
    draft = Draft.objects.select_for_update().filter(pk=draft_id).first()
    if draft is None or draft.state != states.READ:
        return
    states.DRAFT.check(draft.state, states.LOOKED_UP)
    draft.state, draft.remarks = states.LOOKED_UP, {**draft.remarks, "claims": claims}
    draft.save(update_fields=["state", "remarks"])


@transaction.atomic
def throw_draft_away(draft: Draft, *, by: User) -> None:
    """Delete it now. Its author only. Audits draft.thrown_away."""
    _check_own(draft, by)
    audit.record("draft.thrown_away", by=by, subject=draft)
    draft.delete()


@transaction.atomic
def publish_draft(draft: Draft, *, by: User) -> Article:
    """It is out: bring it in as an article of its desk, whose members see it from now on. The draft, with
    its transcript and what was found in it, stays with its author alone until its time is over. A second time
    gives the same article. Its author only. Locks the draft. Audits draft.became_article and what ingesting
    does."""
    _check_own(draft, by)
    rows = Draft.objects.select_for_update(of=("self",), no_key=True).select_related("desk", "article")
    found = rows.filter(pk=draft.pk).first()
    if found is None:
        raise ActionRefused(_("This draft was deleted meanwhile."), code="gone")
    if found.article is not None:
        return found.article
    parsed = replace(parse_text(found.body, title=found.title), published_at=found.published_at)
    origin = f"desk:{found.desk.slug}"
    article = ingest_article(parsed, origin=origin, channel=Channel.PASTE, by=by, desk=found.desk).article
    audit.record("draft.became_article", by=by, subject=found, details={"article": article.pk})
    found.article = article
    found.save(update_fields=["article"])
    return article


def purge_drafts() -> int:
    """Delete those whose time is over. Returns how many; safe to run twice."""
    _total, by_model = Draft.objects.expired().delete()
    return by_model.get(Draft._meta.label, 0)


def _check_own(draft: Draft, by: User) -> None:
    if draft.author_id != by.pk:
        raise ActionRefused(_("Only its author decides about a draft."), code="not_yours")


def _rated(text: str, claimant: str) -> list[dict[str, Any]]:
    finding = find_known(statement_of(text, claimant=claimant), limit=MOST_KNOWN * 3)
    graded = [one for one in finding.found if one.grade]
    known = KnownClaim.objects.standing().in_bulk([one.candidate.known_claim_id for one in graded])
    rows = []
    for one in graded:
        row = known.get(one.candidate.known_claim_id or 0)
        if row is not None and row.rating:
            rows.append(
                {
                    "text": row.text,
                    "rating": row.rating,
                    "is_false": says_false(
                        row.rating, value=row.rating_value, best=row.rating_best, worst=row.rating_worst
                    ),
                    "publisher": row.publisher_name or row.publisher_site,
                    "url": row.url,
                    "grade": str(one.grade),
                    "reasons": [sentence(reason) for reason in one.agreement.reasons],
                }
            )
    return rows[:MOST_KNOWN]
