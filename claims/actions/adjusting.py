"""Other words for a claim than those that were marked: more of them, fewer, or two claims instead of one."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claimtracker import jobs
from claimtracker.accounts.models import User
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import audit

from .. import policies, states
from ..models import Appearance, Claim
from .curation import MAX_WORDING, add_claim, check_is_read_now, check_not_held, check_words, lock_claim
from .extraction import lock_article
from .match_marks import mark_claims
from .writing_claims import place_in

CHOSEN = "words chosen by a person"


@transaction.atomic
def adjust_place(appearance: Appearance, *, by: User, start: int, end: int, text: str = "") -> Claim:
    """Let the claim stand at the words from ``start`` to ``end`` (code points) instead. Its wording becomes
    ``text``; left empty, the words themselves, unless the claim stands at other places too.

    Checkers, editors and leads of its desk; only in the newest version. Where verdicts exist call
    reviews.actions.triage.adjust_words, which knows when the wording is closed. Locks the article, then the
    claim. Raises ActionRefused (field ``quote`` or ``text``). Audits claim.adjusted.
    """
    lock_article(appearance.version)
    claim = lock_claim(appearance.claim_id)
    policies.can_curate_claim(by, claim).enforce()
    check_not_held(claim.pk)
    place = Appearance.objects.select_related("version").get(pk=appearance.pk)
    if claim.state in states.SET_ASIDE:
        raise ActionRefused(
            _("This claim was %(state)s. Restore it first.") % {"state": claim.state},
            code=f"claim_{claim.state}",
        )
    check_is_read_now(place.version, field="quote")
    check_words(place.version, start, end, field="quote", but=place)
    before = {"start": place.start, "end": place.end, "text": claim.text}
    _put(place, start, end)
    _word(claim, place, " ".join(text.split()))
    mark_claims([claim.pk])
    jobs.enqueue("claims.match_claim", claim.pk)
    after = {"start": start, "end": end, "text": claim.text}
    details = {"appearance": place.pk, "version": place.version_id, "before": before, "after": after}
    audit.record("claim.adjusted", by=by, subject=claim, details=details)
    return claim


@transaction.atomic
def split_place(
    appearance: Appearance,
    *,
    by: User,
    first: tuple[int, int],
    second: tuple[int, int],
    text: str = "",
) -> Claim:
    """Two claims where one was marked: it keeps the words ``first`` with all that people did about it, and
    the words ``second`` are a claim of their own, said by the same person. Returns the second.

    As adjust_place. Audits claim.adjusted, claim.added and claim.split.
    """
    if first[0] < second[1] and second[0] < first[1]:
        raise ActionRefused(
            _("The words of the two claims overlap. Choose others for the second one."),
            code="overlap",
            field="second_quote",
        )
    check_words(appearance.version, *second, field="second_quote")
    claim = adjust_place(appearance, by=by, start=first[0], end=first[1], text=text)
    other = add_claim(
        appearance.version,
        by=by,
        start=second[0],
        end=second[1],
        claimant=appearance.claimant_name,
        attribution=appearance.attribution,
    )
    audit.record("claim.split", by=by, subject=claim, details={"into": other.pk})
    return other


def _put(place: Appearance, start: int, end: int) -> None:
    """What the reading said of the former words holds for those of them that are still there."""
    fields: dict[str, Any] = {
        **place_in(place.version.body, start, end),
        "reasons": [CHOSEN],
        "parts": {
            name: [part for part in found if start <= part["start"] and part["end"] <= end]
            for name, found in place.parts.items()
        },
    }
    for name, value in fields.items():
        setattr(place, name, value)
    try:
        with transaction.atomic():
            place.save(update_fields=list(fields))
    except IntegrityError as error:  # somebody marked the same words at the same moment
        raise ActionRefused(
            _("These words are already marked as a claim."), code="already_marked", field="quote"
        ) from error


def _word(claim: Claim, place: Appearance, text: str) -> None:
    """From now on it is a person's claim, which no newer reading withdraws."""
    only = not claim.appearances.exclude(pk=place.pk).exists()
    wording = text or (" ".join(place.quote.split()) if only else claim.text)
    if len(wording) > MAX_WORDING:
        raise ActionRefused(
            _("The wording has %(number)s characters; %(max_wording)s are the limit. Say it shorter.")
            % {"number": len(wording), "max_wording": MAX_WORDING},
            code="too_long",
            field="text",
        )
    if wording != claim.text:
        claim.text, claim.changes = wording, []
    claim.edited_at = timezone.now()
    if claim.state == states.SUGGESTED:
        states.CLAIM.check(claim.state, states.CONFIRMED)
        claim.state = states.CONFIRMED
    claim.save(update_fields=["text", "changes", "edited_at", "state"])
