"""The conversations on a claim as somebody may read them, in the same number of queries for any count."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from claims.models import Claim

from ..models import Comment, Evidence, Mention, Source, Verdict
from ..states import DRAFT
from .mentions import shown_name

THREADS = 10


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    is_name: bool = False
    written: str = ""  # what was typed, where the name stands in its place


@dataclass(slots=True)
class Said:
    """A comment with its text in pieces, names apart."""

    comment: Comment
    pieces: list[Piece]


@dataclass(slots=True)
class Thread:
    first: Said
    replies: list[Said] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """``older`` is the id that the next page begins before, None on the last."""

    threads: list[Thread]
    older: int | None
    total: int


def threads_of(
    claim: Claim, user: Any, *, before: int | None = None, only: int | None = None, size: int = THREADS
) -> ThreadPage:
    """The newest conversations, or those before the comment with the id ``before``, or ``only`` one."""
    seen = Comment.objects.visible_to(user).filter(claim=claim)
    first = seen.filter(parent__isnull=True)
    total = first.count() if only is None else 1
    if before is not None:
        first = first.filter(pk__lt=before)
    if only is not None:
        first = first.filter(pk=only)
    people = ("author", "removed_by", "source", "evidence", "verdict")
    roots = list(first.select_related(*people).order_by("-pk")[: size + 1])
    more, roots = len(roots) > size, roots[:size]
    replies = list(
        seen.filter(parent__in=[root.pk for root in roots])
        .select_related("author", "removed_by")
        .order_by("pk")
    )
    names: dict[int, list[Mention]] = {}
    said = [one.pk for one in (*roots, *replies)]
    for mention in Mention.objects.filter(comment__in=said).select_related("user"):
        names.setdefault(mention.comment_id, []).append(mention)
    threads = {root.pk: Thread(_said(root, claim, names)) for root in roots}
    for reply in replies:
        threads[reply.parent_id or 0].replies.append(_said(reply, claim, names))
    return ThreadPage(list(threads.values()), roots[-1].pk if more else None, total)


def things_to_talk_about(claim: Claim, user: Any) -> tuple[list[Evidence], Verdict | None]:
    """The sources that the person sees, and the newest verdict once it was proposed."""
    evidence = Evidence.objects.filter(claim=claim, source__in=Source.objects.visible_to(user))
    verdict = Verdict.objects.filter(claim=claim).exclude(state=DRAFT).order_by("-pk").first()
    return list(evidence.select_related("source").order_by("pk")), verdict


def _said(comment: Comment, claim: Claim, names: dict[int, list[Mention]]) -> Said:
    comment.claim = claim  # policies ask for its desk
    pieces, at = [], 0
    for mention in sorted(names.get(comment.pk, []), key=lambda one: one.start):
        written = comment.text[mention.start : mention.end]
        name = shown_name(written, mention.user)
        pieces += [
            Piece(comment.text[at : mention.start]),
            Piece(name, True, written if name != written else ""),
        ]
        at = mention.end
    return Said(comment, [piece for piece in [*pieces, Piece(comment.text[at:])] if piece.text])
