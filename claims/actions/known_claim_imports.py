"""Known claims in bulk: a file or an address is read, and its reviews are stored in batches.

Each batch is one transaction that also moves the import's own count on, so that a killed import goes on where
it was, and two imports of one file at the same moment store each review once.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claimtracker import jobs
from claimtracker.accounts.models import User
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import audit

from .. import policies, states
from ..models import KnownClaim, KnownClaimImport, Origin
from ..sources.claim_reviews import (
    Defaults,
    IdentifiedReview,
    PreparedReviews,
    ReadReviews,
    ReviewedClaim,
    UnreadableReviews,
    prepare_reviews,
)
from .known_claims import apply_change, content_of, new_known_claim
from .match_marks import mark_known_claims

BATCH = 500
MOST_KEPT_PROBLEMS = 200
COUNTS = ("new_count", "updated_count", "unchanged_count")
# what a batch writes of a known claim that changed
_WRITTEN_ANEW = (*content_of(ReviewedClaim()), "content_sha256", "last_changed_at")


def import_known_claims(
    read: ReadReviews, *, source: str, by: Any, defaults: Defaults | None = None
) -> KnownClaimImport:
    """Store the reviews that were read from ``source``, in batches of one transaction each.

    Idempotent: a review that is known already is updated, or only noted as seen. ``defaults`` stand in for
    what a review leaves open. ``by`` is a moderator or "system". Raises NotPermitted. Audits
    known_claim_import.begun and .done, and known_claim.changed for each that changed.
    """
    row = begin_import(source, by=by, defaults=defaults or Defaults(), format=read.format)
    prepared = prepare(row, read)
    write_reviews(row, prepared=prepared)
    return finish_import(row, prepared=prepared)


@transaction.atomic
def begin_import(source: str, *, by: Any, defaults: Defaults, format: str = "") -> KnownClaimImport:
    """Note that an import begins. Moderators and "system". Audits known_claim_import.begun."""
    if isinstance(by, User):
        policies.can_import_known_claims(by).enforce()
    row = KnownClaimImport.objects.create(
        source=source.encode(errors="replace").decode()[:2000],  # a file's name need not be Unicode
        format=format,
        requested_by=by if isinstance(by, User) else None,
        **asdict(defaults),
    )
    audit.record("known_claim_import.begun", by=by, subject=row, details={"format": format})
    return row


@transaction.atomic
def request_import(url: str, *, by: Any, defaults: Defaults, format: str = "") -> KnownClaimImport:
    """Note that ``by`` wants the reviews at ``url`` and enqueue the job that fetches and stores them.

    Moderators and "system". Audits known_claim_import.begun.
    """
    row = begin_import(url, by=by, defaults=defaults, format=format)
    jobs.enqueue("claims.import_known_claims", row.pk)
    return row


def prepare(row: KnownClaimImport, read: ReadReviews) -> PreparedReviews:
    """What of ``read`` can be stored for this import. Writes nothing."""
    defaults = Defaults(row.publisher_name, row.publisher_site, row.licence, row.language)
    return prepare_reviews(read, defaults=defaults, own_site=settings.SITE_URL)


def write_reviews(row: KnownClaimImport, *, prepared: PreparedReviews) -> None:
    """Store all batches that are still to be stored, each in a transaction of its own.

    Stops without a word when somebody else finished the import or began it anew with other reviews.
    """
    by = audit.actor_for(row.requested_by or audit.SYSTEM)
    if _open(row, prepared):
        while _write_batch(row, prepared, by):
            pass


@transaction.atomic
def finish_import(row: KnownClaimImport, *, prepared: PreparedReviews) -> KnownClaimImport:
    """Close an import whose reviews are all stored, and have recent claims looked up again if any were new.
    Locks it; a second time is a no-op. Audits known_claim_import.done."""
    row = _locked(row)
    is_ours = row.reviews_sha256 == prepared.digest and row.written == len(prepared.rows)
    if row.state != states.BEGUN or not is_ours:
        return row
    states.KNOWN_CLAIM_IMPORT.check(row.state, states.DONE)
    row.state, row.finished_at = states.DONE, timezone.now()
    row.format = prepared.format
    row.refused_count, row.repeated_count = prepared.refused, prepared.repeated
    row.problem_count = prepared.problem_count
    row.problems = [asdict(problem) for problem in prepared.problems[:MOST_KEPT_PROBLEMS]]
    row.save()
    counts = {name: getattr(row, name) for name in (*COUNTS, "refused_count", "repeated_count")}
    audit.record("known_claim_import.done", by=row.requested_by or audit.SYSTEM, subject=row, details=counts)
    if row.new_count or row.updated_count:
        jobs.enqueue("claims.match_recent", "all")
    return row


@transaction.atomic
def fail_import(row: KnownClaimImport, *, why: UnreadableReviews) -> KnownClaimImport:
    """Close an import of which nothing could be read, with the sentence why. Locks it; a second time is a
    no-op. Audits known_claim_import.failed."""
    row = _locked(row)
    if row.state != states.BEGUN:
        return row
    states.KNOWN_CLAIM_IMPORT.check(row.state, states.FAILED)
    row.state, row.finished_at, row.message = states.FAILED, timezone.now(), why.message
    row.save()
    audit.record(
        "known_claim_import.failed",
        by=row.requested_by or audit.SYSTEM,
        subject=row,
        details={"code": why.code},
    )
    return row


@transaction.atomic
def retry_import(row: KnownClaimImport, *, by: Any) -> KnownClaimImport:
    """Fetch the address of a failed import again. Moderators. Locks it; one that is under way already stays
    so. Raises NotPermitted, or ActionRefused (file) where a file was read, which nobody kept. Audits
    known_claim_import.begun."""
    policies.can_import_known_claims(by).enforce()
    row = _locked(row)
    if row.state == states.BEGUN:
        return row
    if not row.is_address:
        raise ActionRefused(_("Its file was not kept: choose it again under “Add”."), code="file")
    states.KNOWN_CLAIM_IMPORT.check(row.state, states.BEGUN)
    row.state, row.finished_at, row.message = states.BEGUN, None, ""
    row.save()
    audit.record("known_claim_import.begun", by=by, subject=row, details={"format": row.format})
    jobs.enqueue("claims.import_known_claims", row.pk)
    return row


@transaction.atomic
def note_failed_import(row: KnownClaimImport, *, by: Any, reason: str) -> KnownClaimImport:
    """Nothing is to be done about a failed import: it waits for nobody any more. Moderators. Locks it; a
    second time is a no-op. Raises NotPermitted or NotAllowed. Audits known_claim_import.noted."""
    policies.can_import_known_claims(by).enforce()
    row = _locked(row)
    if row.state == states.NOTED:
        return row
    states.KNOWN_CLAIM_IMPORT.check(row.state, states.NOTED)
    row.state = states.NOTED
    row.save(update_fields=["state"])
    audit.record("known_claim_import.noted", by=by, subject=row, note=reason)
    return row


@transaction.atomic
def _open(row: KnownClaimImport, prepared: PreparedReviews) -> bool:
    """Whether there is something to store. An import that met other reviews before counts anew."""
    row = _locked(row)
    if row.state != states.BEGUN:
        return False
    if row.reviews_sha256 != prepared.digest:
        row.reviews_sha256, row.written = prepared.digest, 0
        for name in COUNTS:
            setattr(row, name, 0)
        row.save()
    return True


@transaction.atomic
def _write_batch(row: KnownClaimImport, prepared: PreparedReviews, by: Any) -> bool:
    """Store the next batch and move the import's counts on. False when there is nothing left for us."""
    row = _locked(row)
    batch = prepared.rows[row.written : row.written + BATCH]
    if row.state != states.BEGUN or row.reviews_sha256 != prepared.digest or not batch:
        return False
    now = timezone.now()
    ours = _add_missing(batch, row, now)
    by_identity = {each.identity: each for each in batch}
    known_claims = list(
        # in one order, after the inserts: two imports of the same reviews wait for each other, in turn
        KnownClaim.objects.select_for_update()
        .filter(origin=Origin.IMPORTED, identity__in=by_identity)
        .order_by("identity")
    )
    changed = []
    for known in known_claims:
        wanted = by_identity[known.identity]
        if known.content_sha256 != wanted.digest:
            apply_change(known, wanted, by=by, now=now, details={"import": row.pk})
            changed.append(known)
    if changed:
        KnownClaim.objects.bulk_update(changed, _WRITTEN_ANEW)
    added = [known for known in known_claims if known.public_id in ours]
    mark_known_claims(known.pk for known in (*added, *changed))
    pks = [known.pk for known in known_claims]
    KnownClaim.objects.filter(pk__in=pks).update(last_seen_at=now, last_import=row)
    row.written += len(batch)
    row.new_count += len(added)
    row.updated_count += len(changed)
    row.unchanged_count += len(batch) - len(added) - len(changed)
    row.save(update_fields=["written", *COUNTS])
    return True


def _add_missing(batch: list[IdentifiedReview], row: KnownClaimImport, now: datetime) -> set[Any]:
    """Insert what is not there, in the order of identity. The public ids that we made, of which those that
    somebody else inserted at the same moment never reached the table."""
    there = set(
        KnownClaim.objects.filter(
            origin=Origin.IMPORTED, identity__in=[each.identity for each in batch]
        ).values_list("identity", flat=True)
    )
    missing = sorted((each for each in batch if each.identity not in there), key=lambda each: each.identity)
    made = [new_known_claim(each, origin=Origin.IMPORTED, now=now) for each in missing]
    for known in made:
        known.last_import = row
    KnownClaim.objects.bulk_create(made, ignore_conflicts=True)
    return {known.public_id for known in made}


def _locked(row: KnownClaimImport) -> KnownClaimImport:
    return (
        KnownClaimImport.objects.select_for_update(of=("self",)).select_related("requested_by").get(pk=row.pk)
    )
