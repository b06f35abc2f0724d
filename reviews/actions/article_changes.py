"""An article has a newer version: a verdict is carried along with its words, or looked at again."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from claims.actions.curation import lock_claim
from claims.models import Article, Claim
from claimtracker.ledger import audit
from claimtracker.ledger.models import AuditEntry

from .. import policies, states
from ..models import NoticeKind, Publication, Verdict
from ..models.basis import TextSince, TextState, changed_passages
from ..models.review_task import RecheckCause, TaskKind
from ..selectors.people import people_who_worked_on
from .deciding import article_changed, back_to_author, cancel_open, lock_verdict, put_returned
from .notifying import notify, task_key
from .recheck import open_recheck_for

REVIEWS = (TaskKind.SECOND_REVIEW, TaskKind.BLIND_REVIEW, TaskKind.ADJUDICATION)
DECIDED = (*states.WAITING, states.APPROVED)
LONGEST = 120  # code points of a passage in the sentence that the queue shows


def follow_article(article: Article) -> list[int]:
    """Bring the newest verdict of each of the article's claims in line with its newest version. Safe to
    repeat. Returns the ids of the claims that are looked at again."""
    claims = Claim.objects.filter(appearances__version__article=article).order_by("pk").distinct()
    return [claim_id for claim_id in claims.values_list("pk", flat=True) if follow_claim(claim_id)]


@transaction.atomic
def follow_claim(claim_id: int) -> bool:
    """What a newer version of its article makes of a claim's newest verdict. Where the words stand, it is
    carried along, and that is logged. Where they do not, one that waits goes back to its author and an
    approved one is rechecked; what is public stays, and where the words are gone readers are told so. False
    when nobody has to look again, or nobody knows yet. Safe to repeat.

    Locks the claim, its open reviews and the verdict. Audits verdict.text_carried or verdict.text_removed
    once for each version, or verdict.returned and review_task.cancelled, or review_task.reopened.
    """
    claim = lock_claim(claim_id)
    verdict = Verdict.objects.filter(claim=claim).order_by("-id").first()
    if verdict is None or verdict.state not in DECIDED:
        return False  # its author has it, and submits it about the newest version
    since = policies.text_of(verdict)
    if since.state == TextState.CARRIED:
        _log("verdict.text_carried", verdict, since)
    if not since.is_changed:
        return False
    if verdict.state != states.APPROVED:
        _return(claim, verdict, since)
        return True
    if since.state == TextState.REMOVED and _is_public(verdict):
        if _log("verdict.text_removed", verdict, since):
            _tell_of_removal(claim, since)
        return False
    why = why_again(claim, since)
    return open_recheck_for(claim_id, cause=RecheckCause.ARTICLE_CHANGED, why=why) is not None


def why_again(claim: Claim, since: TextSince) -> str:
    """What the queue says of the recheck: the words then and now, never what was found."""
    assert since.version is not None, "a text that changed has a newer version"  # noqa: S101 - invariant
    number = since.version.number
    for passage in changed_passages(claim.pk, since.version):
        was = _short(passage.appearance.quote)
        if not passage.now:  # type: ignore[attr-defined] # annotated by changed_passages
            return _(
                "Version %(number)s of the article no longer says “%(was)s”. See whether the verdict holds."
            ) % {"number": number, "was": was}
        now = _short(passage.now)  # type: ignore[attr-defined] # as above
        return _(
            "The article said “%(was)s”, and version %(number)s “%(now)s”. See whether the verdict holds."
        ) % {"was": was, "number": number, "now": now}
    return _("The article has a newer version (%(number)s). See whether the verdict still holds.") % {
        "number": number
    }


def _return(claim: Claim, verdict: Verdict, since: TextSince) -> None:
    sentence = article_changed(since)
    verdict = lock_verdict(verdict.pk)
    cancel_open(claim, REVIEWS, by=audit.SYSTEM, because="article_changed")
    put_returned(verdict, reason=sentence)
    task = back_to_author(claim, verdict, why=why_again(claim, since))
    notify(
        [verdict.author],
        NoticeKind.RETURNED,
        text=_("Your verdict on “%(claim)s” came back: %(sentence)s")
        % {"claim": claim, "sentence": sentence},
        claim=claim,
        key=task_key(task),
        task=task,
    )
    details = {"claim": claim.pk, "article_version": since.version.pk if since.version else None}
    audit.record("verdict.returned", by=audit.SYSTEM, subject=verdict, details=details, note=sentence)


def _is_public(verdict: Verdict) -> bool:
    return Publication.objects.standing().filter(verdict=verdict).exists()


def _tell_of_removal(claim: Claim, since: TextSince) -> None:
    number = since.version.number if since.version else 0
    notify(
        people_who_worked_on(claim.pk),
        NoticeKind.TEXT_REMOVED,
        text=_(
            "“%(claim)s” no longer stands in version %(number)s of its article. The check stays and says so."
        )
        % {"claim": claim, "number": number},
        claim=claim,
        key=f"claim:{claim.pk}:removed:{number}",
    )


def _log(verb: str, verdict: Verdict, since: TextSince) -> bool:
    """Once for each verdict and version; False when it is logged already. The caller holds the claim."""
    assert since.version is not None, "what is logged is of a newer version"  # noqa: S101 - invariant
    about = {"claim": verdict.claim_id, "article_version": since.version.pk, "number": since.version.number}
    same = AuditEntry.objects.filter(
        verb=verb, subject_type=Verdict._meta.label_lower, subject_id=str(verdict.pk), details=about
    )
    if same.exists():
        return False
    audit.record(verb, by=audit.SYSTEM, subject=verdict, details=about)
    return True


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rpartition(" ")[0] + "…"
