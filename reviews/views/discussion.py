"""Conversations on a claim: on its page, on a page of their own, and each by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from claims.models import Claim
from claimtracker.accounts.models import User
from claimtracker.kernel.decisions import Decision
from claimtracker.kernel.errors import ActionRefused

from ..actions import discussion as actions
from ..actions.source_reads import note_reads
from ..forms.discussion import CommentForm, WordsForm
from ..models import Comment
from ..policies.discussion import can_comment, can_edit_comment, can_remove_comment
from ..selectors.discussion import THREADS, Said, Thread, things_to_talk_about, threads_of
from ..selectors.flags import open_flags
from ..selectors.people import people_to_talk_to
from .access import by_form, person, signed_in, status_of

MOST_PEOPLE = 8


@dataclass(frozen=True, slots=True)
class CommentLine:
    said: Said
    edit: Decision
    remove: Decision
    form: WordsForm | None
    may_flag: bool


@dataclass(frozen=True, slots=True)
class ThreadBlock:
    first: CommentLine
    replies: list[CommentLine]
    reply_form: WordsForm


@dataclass(frozen=True, slots=True)
class Refused:
    """A form that was sent and refused: of a new conversation (``of`` empty), of an answer in the thread
    ``of``, or of the changed comment ``of``."""

    form: WordsForm
    of: int = 0
    is_edit: bool = False


def discussion_context(
    user: User, claim: Claim, *, about: str = "", refused: Refused | None = None, **page: Any
) -> dict[str, Any]:
    """What ``reviews/_discussion.html`` shows; ``page`` goes to :func:`threads_of`."""
    allowed = can_comment(user, claim)
    found = threads_of(claim, user, **page)
    note_reads(
        (thread.first.comment.source for thread in found.threads if thread.first.comment.source), by=user
    )
    form: WordsForm | None = refused.form if refused and not refused.of else None
    if form is None and allowed:
        evidence, verdict = things_to_talk_about(claim, user)
        note_reads((item.source for item in evidence), by=user)
        form = CommentForm(initial={"about": about}, prefix="talk", evidence=evidence, verdict=verdict)
    return {
        "threads": [_block(thread, user, refused) for thread in found.threads],
        "thread_count": found.total,
        "older_threads": found.older,
        "can_comment": allowed,
        "comment_form": form,
        "talks_about": bool(about) or bool(refused and not refused.of),
    }


@signed_in
@require_safe
def discussion(request: HttpRequest, pk: int) -> HttpResponse:
    """All conversations, a page at a time: ``?before=<id>``."""
    given = request.GET.get("before", "")
    before = int(given) if given.isascii() and given.isdigit() and len(given) < 19 else None
    return _page(request, _claim(request, pk), before=before)


@signed_in
@require_safe
def comment_detail(request: HttpRequest, pk: int, comment_pk: int) -> HttpResponse:
    """The conversation that a comment stands in."""
    claim = _claim(request, pk)
    comment = _comment(request, claim, comment_pk)
    return _page(request, claim, only=comment.parent_id or comment.pk)


@signed_in
@require_safe
def people(request: HttpRequest, pk: int) -> JsonResponse:
    """Who can be mentioned and has ``?q=`` at the beginning of a name: for completing names while typing."""
    claim = _claim(request, pk)
    if not can_comment(request.user, claim):
        return JsonResponse({"people": []})
    begins = request.GET.get("q", "").strip().casefold()[:80]
    found = []
    for one in people_to_talk_to(claim.pk).exclude(pk=person(request).pk).order_by("name", "pk"):
        if any(part.casefold().startswith(begins) for part in (one.name, *one.name.split(), one.email)):
            found.append({"name": one.name, "email": one.email})
        if len(found) == MOST_PEOPLE:
            break
    return JsonResponse({"people": found})


@signed_in
@by_form
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """A new conversation, or an answer when ``parent`` is sent."""
    claim = _claim(request, pk)
    given = request.POST.get("parent", "")
    if given:
        number = int(given) if given.isascii() and given.isdigit() and len(given) < 19 else 0
        parent = _comment(request, claim, number)
        first = parent.parent_id or parent.pk
        form = WordsForm(request.POST, prefix=f"reply-{first}")
        return _say(
            request,
            claim,
            Refused(form, of=first),
            lambda words: actions.add_comment(claim, by=person(request), text=words, parent=parent),
        )
    evidence, verdict = things_to_talk_about(claim, request.user)
    new = CommentForm(request.POST, prefix="talk", evidence=evidence, verdict=verdict)

    def act(words: str) -> actions.Posted:
        about = new.cleaned_data["about"]
        chosen = next((item for item in evidence if about == f"evidence-{item.pk}"), None)
        return actions.add_comment(
            claim,
            by=person(request),
            text=words,
            evidence=chosen,
            verdict=verdict if about == "verdict" else None,
        )

    return _say(request, claim, Refused(new), act)


@signed_in
@by_form
def edit(request: HttpRequest, pk: int, comment_pk: int) -> HttpResponse:
    claim = _claim(request, pk)
    comment = _comment(request, claim, comment_pk)
    form = WordsForm(request.POST, prefix=f"edit-{comment.pk}")
    return _say(
        request,
        claim,
        Refused(form, of=comment.pk, is_edit=True),
        lambda words: actions.edit_comment(comment, by=person(request), text=words),
    )


@signed_in
@by_form
def remove(request: HttpRequest, pk: int, comment_pk: int) -> HttpResponse:
    claim = _claim(request, pk)
    comment = _comment(request, claim, comment_pk)
    try:
        actions.remove_comment(comment, by=person(request))
    except ActionRefused as refusal:
        messages.error(request, refusal.reason)
        return _page(request, claim, status=status_of(refusal))
    messages.success(request, _("The comment is removed; that somebody said something stays."))
    return _back_to(claim, comment)


def _say(
    request: HttpRequest, claim: Claim, sent: Refused, act: Callable[[str], actions.Posted]
) -> HttpResponse:
    if not sent.form.is_valid():
        sent.form.mark_invalid()
        return _page(request, claim, refused=sent, status=422)
    try:
        posted = act(sent.form.cleaned_data["text"])
    except ActionRefused as refusal:
        sent.form.refuse(refusal)
        return _page(request, claim, refused=sent, status=status_of(refusal))
    if posted.unknown:
        names = ", ".join(f"“@{name}”" for name in posted.unknown)
        messages.warning(
            request,
            _("Nobody called %(names)s reads this, so nobody of that name was told.") % {"names": names},
        )
    return _back_to(claim, posted.comment)


def _back_to(claim: Claim, comment: Comment) -> HttpResponse:
    """The claim's page at the comment, or the conversation's own page when it is further down."""
    first = comment.parent_id or comment.pk
    newer = Comment.objects.filter(claim=claim, parent__isnull=True, pk__gt=first).count()
    if newer < THREADS:
        response = redirect("reviews:claim_detail", pk=claim.pk)
    else:
        response = redirect("reviews:comment_detail", pk=claim.pk, comment_pk=comment.pk)
    response["Location"] += f"#comment-{comment.pk}"
    return response


def _page(
    request: HttpRequest,
    claim: Claim,
    *,
    refused: Refused | None = None,
    status: int = 200,
    only: int | None = None,
    before: int | None = None,
) -> HttpResponse:
    if refused and refused.of and only is None:
        first = Comment.objects.filter(pk=refused.of).values_list("parent_id", flat=True).first()
        only = first or refused.of
    about = request.GET.get("about", "")
    context = discussion_context(
        person(request), claim, about=about, refused=refused, before=before, only=only
    )
    context |= {"claim": claim, "whole_page": True, "only_one": only is not None}
    context["flags"] = open_flags(claim, person(request))
    return render(request, "reviews/discussion.html", context, status=status)


def _block(thread: Thread, user: User, refused: Refused | None) -> ThreadBlock:
    first = thread.first.comment.pk
    is_reply = refused is not None and refused.of == first and not refused.is_edit
    return ThreadBlock(
        first=_line(thread.first, user, refused),
        replies=[_line(reply, user, refused) for reply in thread.replies],
        reply_form=refused.form if refused and is_reply else WordsForm(prefix=f"reply-{first}"),
    )


def _line(said: Said, user: User, refused: Refused | None) -> CommentLine:
    comment = said.comment
    edit = can_edit_comment(user, comment)
    form: WordsForm | None = None
    if refused and refused.is_edit and refused.of == comment.pk:
        form = refused.form
    elif edit:
        form = WordsForm(initial={"text": comment.text}, prefix=f"edit-{comment.pk}")
    may_flag = comment.author_id != user.pk and not comment.removed_at
    return CommentLine(said, edit, can_remove_comment(user, comment), form, may_flag)


def _claim(request: HttpRequest, pk: int) -> Claim:
    return get_object_or_404(Claim.objects.visible_to(request.user).select_related("desk"), pk=pk)


def _comment(request: HttpRequest, claim: Claim, pk: int) -> Comment:
    return get_object_or_404(Comment.objects.visible_to(request.user).filter(claim=claim), pk=pk)
