"""What people do to claims: mark one that was not found, confirm, dismiss, restore."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claimtracker import jobs
from claimtracker.accounts.models import Desk, User
from claimtracker.kernel.errors import ActionRefused
from claimtracker.kernel.locking import locked_row
from claimtracker.ledger import audit, outbox

from .. import policies, states
from ..models import Appearance, ArticleVersion, Claim, Claimant, Following
from ..models.claim import Attribution
from ..wording_changes import kept_after_edit
from .extraction import lock_article
from .match_marks import mark_claims
from .writing_claims import place_in

MAX_WORDING = 1000


@transaction.atomic
def add_claim(
    version: ArticleVersion,
    *,
    by: User,
    start: int,
    end: int,
    claimant: str = "",
    attribution: str = Attribution.AUTHOR,
) -> Claim:
    """Mark the words from ``start`` to ``end`` (code points) as a claim. Members of the article's desk.

    Only in the newest version. Locks the article. Raises ActionRefused (field ``start``). Audits claim.added,
    emits claim.extracted so that it is routed.
    """
    policies.can_mark_claim(by, version.article.desk).enforce()
    if version.article.state != states.ACCEPTED:
        raise ActionRefused(_("A moderator has to accept this article first."), code="not_accepted")
    lock_article(version)
    check_is_read_now(version)
    check_words(version, start, end)
    claim = write_marked_claim(version, start, end, claimant.strip()[:300], attribution)
    mark_claims([claim.pk])
    audit.record(
        "claim.added", by=by, subject=claim, details={"version": version.pk, "start": start, "end": end}
    )
    outbox.emit("claim.extracted", subject=claim)
    return claim


def check_words(
    version: ArticleVersion, start: int, end: int, *, field: str = "start", but: Appearance | None = None
) -> None:
    """Raises ActionRefused (``field``) unless they are words of the text that no claim but this one has."""
    body = version.body
    if not 0 <= start < end <= len(body) or not body[start:end].strip():
        raise ActionRefused(_("Select the words of the claim in the text."), code="bad_span", field=field)
    others = version.appearances.exclude(pk=but.pk) if but else version.appearances
    if others.filter(start=start, end=end).exists():
        raise ActionRefused(
            _("These words are already marked as a claim."), code="already_marked", field=field
        )


def check_is_read_now(version: ArticleVersion, *, field: str = "start") -> None:
    """What is marked in an older text, or before the claims of the older one were looked for, would be a
    claim twice or in no text that people read. The caller holds the article."""
    if ArticleVersion.objects.filter(article=version.article_id, number__gt=version.number).exists():
        raise ActionRefused(
            _("The article has a newer version. Mark the words there."), code="article_changed", field=field
        )
    if version.number > 1 and not Following.objects.filter(version=version).exists():
        raise ActionRefused(
            _("The claims of the version before are being looked for in this one. Try again in a moment."),
            code="being_followed",
            field=field,
        )


def write_marked_claim(
    version: ArticleVersion, start: int, end: int, claimant: str = "", attribution: str = Attribution.AUTHOR
) -> Claim:
    """The rows of a claim that a person marked. The caller holds the article, or has just made it. Raises
    ActionRefused (field ``start``) when the words carry one already."""
    body = version.body
    person = Claimant.objects.get_or_create(name=claimant)[0] if claimant else None
    claim = Claim.objects.create(
        text=body[start:end].strip(),
        claimant=person,
        desk=version.article.desk,
        state=states.CONFIRMED,
        score=1.0,
    )
    try:
        with transaction.atomic():
            Appearance.objects.create(
                claim=claim,
                version=version,
                **place_in(body, start, end),
                claimant_name=claimant,
                attribution=attribution,
                score=1.0,
                reasons=["marked by a person"],
            )
    except IntegrityError as error:  # somebody marked the same words at the same moment
        raise ActionRefused(
            _("These words are already marked as a claim."), code="already_marked", field="start"
        ) from error
    return claim


@transaction.atomic
def confirm_claim(claim: Claim, *, by: User) -> Claim:
    """Say that a suggested claim is one, worth a check: no newer reading withdraws it then. Locks the claim.
    Audits claim.confirmed."""
    claim = lock_claim(claim.pk)
    policies.can_curate_claim(by, claim).enforce()
    states.CLAIM.check(claim.state, states.CONFIRMED)
    claim.state = states.CONFIRMED
    claim.save(update_fields=["state"])
    audit.record("claim.confirmed", by=by, subject=claim)
    return claim


@transaction.atomic
def dismiss_claim(claim: Claim, *, by: User, reason: str) -> Claim:
    """Say that this is not worth or not fit for a check, and why. Refused for a claim of a family, which
    others rely on: detach it first. Locks the claim. Audits and emits claim.dismissed."""
    claim = lock_claim(claim.pk)
    policies.can_curate_claim(by, claim).enforce()
    states.CLAIM.check(claim.state, states.DISMISSED)
    if Claim.objects.family_of(claim).exclude(pk=claim.pk).exists():
        raise ActionRefused(
            _("Other claims of its family rely on this claim. Detach it first, then dismiss it."),
            code="in_family",
        )
    if not reason.strip():
        raise ActionRefused(_("Say why it is dismissed."), code="reason_missing", field="reason")
    claim.state, claim.dismissed_because = states.DISMISSED, reason.strip()
    claim.save(update_fields=["state", "dismissed_because"])
    mark_claims([claim.pk])
    audit.record("claim.dismissed", by=by, subject=claim, note=reason.strip())
    outbox.emit("claim.dismissed", subject=claim)
    return claim


@transaction.atomic
def restore_claim(claim: Claim, *, by: User) -> Claim:
    """Bring a claim back that was dismissed, or that a newer reading withdrew. Locks the claim. Audits and
    emits claim.restored."""
    claim = lock_claim(claim.pk)
    policies.can_curate_claim(by, claim).enforce()
    states.CLAIM.check(claim.state, states.CONFIRMED)
    claim.state, claim.dismissed_because, claim.withdrawn_by = states.CONFIRMED, "", ""
    claim.save(update_fields=["state", "dismissed_because", "withdrawn_by"])
    mark_claims([claim.pk])
    audit.record("claim.restored", by=by, subject=claim)
    outbox.emit("claim.restored", subject=claim)
    return claim


@transaction.atomic
def edit_claim(claim: Claim, *, by: User, text: str, claimant: str) -> Claim:
    """Give the claim a better wording or another speaker; the exact words of its appearances never change.

    Of the extractor's changed words those outside of what was edited stay marked.
    Where verdicts exist call reviews.actions.triage.reword_claim, which knows when the wording is closed.
    Locks the claim. Raises ActionRefused (field ``text``). Audits claim.edited.
    """
    claim = lock_claim(claim.pk)
    policies.can_curate_claim(by, claim).enforce()
    if claim.state == states.WITHDRAWN:
        raise ActionRefused(_("This claim was withdrawn. Restore it first."), code="withdrawn")
    wording, name = " ".join(text.split()), " ".join(claimant.split())[:300]
    if not wording:
        raise ActionRefused(_("Give the claim in one sentence."), code="text_missing", field="text")
    if len(wording) > MAX_WORDING:
        raise ActionRefused(
            _("The wording has %(number)s characters; %(max_wording)s are the limit. Say it shorter.")
            % {"number": len(wording), "max_wording": MAX_WORDING},
            code="too_long",
            field="text",
        )
    before = {"text": claim.text, "claimant": claim.claimant_id}
    claim.changes = kept_after_edit(claim.text, wording, claim.changes)
    claim.text, claim.edited_at = wording, timezone.now()
    claim.claimant = Claimant.objects.get_or_create(name=name)[0] if name else None
    claim.save(update_fields=["text", "changes", "edited_at", "claimant"])
    mark_claims([claim.pk])
    jobs.enqueue("claims.match_claim", claim.pk)
    audit.record("claim.edited", by=by, subject=claim, details={"before": before})
    return claim


@transaction.atomic
def place_claim(claim: Claim, *, desk: Desk) -> None:
    """Give the claim to a desk (routing decided). The caller holds the claim's lock."""
    if claim.desk_id != desk.pk:
        claim.desk = desk
        claim.save(update_fields=["desk"])


def lock_claim(claim_id: int) -> Claim:
    """The claim, locked until the transaction ends. Every action on a claim, its tasks and its verdicts
    starts here."""
    return locked_row(Claim.objects.select_related("desk"), claim_id)
