"""Talking about a claim, its evidence and its verdict."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions.curation import check_not_held, lock_claim
from claims.models import Claim
from claimtracker.accounts.models import User
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import audit

from .. import states
from ..models import (
    About,
    Comment,
    EmailWish,
    Evidence,
    Mention,
    NoticeKind,
    Notification,
    ReviewTask,
    Source,
    Verdict,
)
from ..policies.discussion import can_comment, can_edit_comment, can_remove_comment
from ..selectors.mentions import Names, find_names, has_names, with_shown_names
from ..selectors.people import people_to_talk_to
from .assignment import renew_lease_on
from .notifying import notify

MAX_TEXT = 5000
EXCERPT = 200


@dataclass(frozen=True, slots=True)
class Posted:
    """A comment as it was kept; ``unknown`` are names of nobody who sees the claim."""

    comment: Comment
    unknown: list[str]


@transaction.atomic
def add_comment(
    claim: Claim,
    *,
    by: User,
    text: str,
    evidence: Evidence | None = None,
    verdict: Verdict | None = None,
    parent: Comment | None = None,
) -> Posted:
    """Say something about the claim, a source on its board or a verdict on it; with ``parent``, in that
    thread, whatever else is given. Locks the claim. Keeps the author's task on it, as work does.

    Tells who is mentioned, and those whose conversation or work it is; never somebody who may not read it.
    Raises NotPermitted, or ActionRefused naming the field. Audits comment.added.
    """
    claim = lock_claim(claim.pk)
    can_comment(by, claim).enforce()
    words = _checked(text)
    first = _thread(claim, parent, by) if parent else None
    if first is not None:
        evidence, verdict = first.evidence, first.verdict
    about = first.about if first else _topic(claim, by, evidence, verdict)
    source = first.source if first else (evidence.source if evidence else None)
    names = _names(words, claim, source)
    comment = Comment.objects.create(
        claim=claim,
        about=about,
        evidence=evidence,
        source=source,
        verdict=verdict,
        parent=first,
        author=by,
        text=words,
    )
    _mention(comment, names)
    audit.record(
        "comment.added",
        by=by,
        subject=comment,
        details={"claim": claim.pk, "about": about, "first": parent is None},
    )
    renew_lease_on(claim, by=by)
    _tell(comment, names, by=by)
    return Posted(comment, names.unknown)


@transaction.atomic
def edit_comment(comment: Comment, *, by: User, text: str) -> Posted:
    """Change one's own words, within COMMENT_EDIT_MINUTES. Locks the comment. Whoever is mentioned anew is
    told. Raises NotPermitted, or ActionRefused naming the field. Audits comment.edited."""
    comment = _locked(comment)
    can_edit_comment(by, comment).enforce()
    check_not_held(comment.claim_id)
    can_comment(by, comment.claim).enforce()
    comment.text, comment.edited_at = _checked(text), timezone.now()
    names = _names(comment.text, comment.claim, comment.source)
    comment.save(update_fields=["text", "edited_at"])
    comment.mentions.all().delete()
    _mention(comment, names)
    audit.record("comment.edited", by=by, subject=comment, details={"claim": comment.claim_id})
    _tell_mentioned(comment, names, by=by)
    return Posted(comment, names.unknown)


@transaction.atomic
def remove_comment(comment: Comment, *, by: User) -> Comment:
    """Take the words away, here and in what people were told; that somebody said something stays. The author,
    a lead of the claim's desk, moderators. Locks the comment. Raises NotPermitted. Audits comment.removed."""
    comment = _locked(comment)
    can_remove_comment(by, comment).enforce()
    check_not_held(comment.claim_id)
    comment.text, comment.removed_at, comment.removed_by = "", timezone.now(), by
    comment.save(update_fields=["text", "removed_at", "removed_by"])
    comment.mentions.all().delete()
    told = Notification.objects.filter(comment=comment)
    told.update(text=_("A comment that was removed since."), email=EmailWish.NEVER)
    audit.record(
        "comment.removed",
        by=by,
        subject=comment,
        details={"claim": comment.claim_id, "author": comment.author_id == by.pk},
    )
    return comment


def _locked(comment: Comment) -> Comment:
    rows = Comment.objects.select_for_update(of=("self",)).select_related("claim", "author", "source")
    return rows.get(pk=comment.pk)


def _checked(text: str) -> str:
    words = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip()
    if not words:
        raise ActionRefused(_("Write something first."), code="text_missing", field="text")
    if len(words) > MAX_TEXT:
        raise ActionRefused(
            _("Shorten this to %(max_text)s characters; it has %(number)s now.")
            % {"max_text": f"{MAX_TEXT:,}", "number": f"{len(words):,}"},
            code="too_long",
            field="text",
        )
    return words


def _thread(claim: Claim, parent: Comment, by: User) -> Comment:
    """The first comment of the thread that ``parent`` stands in."""
    rows = Comment.objects.visible_to(by).filter(claim=claim).select_related("evidence", "source", "verdict")
    first = rows.filter(pk=parent.parent_id or parent.pk).first()
    if first is None:
        raise ActionRefused(_("This conversation is not here any more."), code="no_thread")
    return first


def _topic(claim: Claim, by: User, evidence: Evidence | None, verdict: Verdict | None) -> About:
    if evidence is not None and verdict is not None:
        raise ValueError("a comment is about one thing")
    if evidence is not None:
        seen = Source.objects.visible_to(by)
        if not Evidence.objects.filter(pk=evidence.pk, claim=claim, source__in=seen).exists():
            raise ActionRefused(_("This source is not on the board any more."), code="gone", field="about")
        return About.EVIDENCE
    if verdict is not None:
        found = Verdict.objects.filter(pk=verdict.pk, claim=claim).exclude(state=states.DRAFT)
        if not found.exists():
            raise ActionRefused(_("Nobody has proposed this verdict yet."), code="draft", field="about")
        return About.VERDICT
    return About.CLAIM


def _names(text: str, claim: Claim, source: Source | None) -> Names:
    if not has_names(text):
        return Names()
    people = list(people_to_talk_to(claim.pk))
    if source is not None and source.is_confidential:
        people = [one for one in people if Source.objects.visible_to(one).filter(pk=source.pk).exists()]
    names = find_names(text, people)
    if names.unclear:
        raise ActionRefused(
            _("More than one person is called “%(unclear)s” here. Mention them by e-mail address.")
            % {"unclear": names.unclear[0]},
            code="unclear_name",
            field="text",
        )
    return names


def _mention(comment: Comment, names: Names) -> None:
    Mention.objects.bulk_create(
        Mention(comment=comment, user=named.person, start=named.start, end=named.end) for named in names.found
    )


def _tell(comment: Comment, names: Names, *, by: User) -> None:
    mentioned = _tell_mentioned(comment, names, by=by)
    notify(
        _readers(comment, _concerned(comment) - mentioned),
        NoticeKind.COMMENTED,
        text=_("%(by)s on “%(claim)s”: %(excerpt)s")
        % {"by": by, "claim": comment.claim, "excerpt": _excerpt(comment, names)},
        claim=comment.claim,
        key=f"comment:{comment.pk}",
        by=by,
        comment=comment,
        tells_verdict=True,
    )


def _tell_mentioned(comment: Comment, names: Names, *, by: User) -> set[int]:
    mentioned = {named.person.pk for named in names.found}
    notify(
        _readers(comment, mentioned),
        NoticeKind.MENTIONED,
        text=_("%(by)s mentioned you on “%(claim)s”: %(excerpt)s")
        % {"by": by, "claim": comment.claim, "excerpt": _excerpt(comment, names)},
        claim=comment.claim,
        key=f"comment:{comment.pk}",
        by=by,
        comment=comment,
        tells_verdict=True,
    )
    return mentioned


def _concerned(comment: Comment) -> set[int]:
    """Whose conversation, source, verdict or task it is."""
    if comment.parent_id:
        thread = Comment.objects.filter(parent=comment.parent_id) | Comment.objects.filter(
            pk=comment.parent_id
        )
        return set(thread.values_list("author_id", flat=True))
    people = set(
        ReviewTask.objects.filter(claim=comment.claim_id, assignee__isnull=False)
        .open()
        .values_list("assignee_id", flat=True)
    )
    if comment.evidence:
        people.add(comment.evidence.added_by_id)
    if comment.verdict:
        people |= {comment.verdict.author_id, comment.verdict.approver_id or comment.verdict.author_id}
    return {person for person in people if person}


def _readers(comment: Comment, people: Iterable[int]) -> list[User]:
    """Those of ``people`` who may read the comment, by the comments' own rule."""
    found = User.objects.filter(pk__in=list(people), is_active=True)
    return [one for one in found if Comment.objects.visible_to(one).filter(pk=comment.pk).exists()]


def _excerpt(comment: Comment, names: Names) -> str:
    words = " ".join(with_shown_names(comment.text, names.found).split())
    return f"“{words if len(words) <= EXCERPT else words[: EXCERPT - 1].rstrip() + '…'}”"
