"""Telling the moderators of a claim or a comment; and, for who decides, what was told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from claims.models import Claim
from claimtracker.accounts.models import User
from claimtracker.kernel.decisions import Decision
from claimtracker.kernel.errors import ActionRefused

from ..actions import flags as actions
from ..forms.base import RefusableForm
from ..forms.flags import FlagDecisionForm, FlagEscalationForm, FlagForm
from ..models import Comment, FlagCase
from ..policies import flags as policies
from ..policies.discussion import can_remove_comment
from ..selectors.flags import cases_of, open_flag_of, readable_comments, was_asked
from ..selectors.restrictions import second_people
from .access import by_form, person, signed_in, status_of
from .restriction_words import Offered

DECISIONS: dict[str, Callable[..., Any]] = {
    "dismiss": actions.dismiss_case,
    "resolve": actions.resolve_case,
    "escalate": actions.escalate_case,
}


@dataclass(frozen=True, slots=True)
class Card:
    """A case with its comment, if this person may read it, and what they may decide: each with the form, or
    without one where they may not."""

    row: FlagCase
    comment: Comment | None
    can_remove: bool
    decisions: list[tuple[Offered, RefusableForm | None]]


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def flag_claim(request: HttpRequest, pk: int) -> HttpResponse:
    return _flag(request, _claim(request, pk), None)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def flag_comment(request: HttpRequest, pk: int, comment_pk: int) -> HttpResponse:
    """Who may not read the comment is told that there is none."""
    claim = _claim(request, pk)
    seen = Comment.objects.visible_to(request.user).filter(claim=claim).select_related("author")
    return _flag(request, claim, get_object_or_404(seen, pk=comment_pk))


@signed_in
@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    return _shown(request, _readable(request, pk))


@signed_in
@by_form
def decide(request: HttpRequest, pk: int, case_pk: int, what: str) -> HttpResponse:
    if what not in DECISIONS:
        raise Http404
    claim, user = _readable(request, pk), person(request)
    case = next((one for one in cases_of(claim, user) if one.pk == case_pk), None)
    if case is None:
        raise Http404
    form = _form_for(what, case, _others(claim, user), request.POST)
    if not form.is_valid():
        form.mark_invalid()
        return _shown(request, claim, sent=form, status=422)
    try:
        DECISIONS[what](case, by=user, **form.cleaned_data)
    except ActionRefused as refusal:
        form.refuse(refusal)
        return _shown(request, claim, sent=form, status=status_of(refusal))
    done = _("Done. Who flagged it is told, and it is in the record.")
    messages.success(request, _("They are asked to decide.") if what == "escalate" else done)
    return redirect("reviews:flags", pk=claim.pk)


def _flag(request: HttpRequest, claim: Claim, comment: Comment | None) -> HttpResponse:
    user = person(request)
    form = FlagForm(request.POST if request.method == "POST" else None, prefix="flag")
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                actions.flag(claim, by=user, comment=comment, **form.cleaned_data)
            except ActionRefused as refusal:
                form.refuse(refusal)
                status = status_of(refusal)
            else:
                messages.success(request, _("The moderators are told. You hear what they decide."))
                return _back_to(claim, comment)
        else:
            form.mark_invalid()
            status = 422
    context = {
        "claim": claim,
        "comment": comment,
        "can_flag": policies.can_flag(user, claim, comment),
        "told": open_flag_of(claim, comment, user),
        "form": form,
    }
    return render(request, "reviews/flag.html", context, status=status)


def _back_to(claim: Claim, comment: Comment | None) -> HttpResponse:
    if comment is None:
        return redirect("reviews:claim_detail", pk=claim.pk)
    response = redirect("reviews:comment_detail", pk=claim.pk, comment_pk=comment.pk)
    response["Location"] += f"#comment-{comment.pk}"
    return response


def _claim(request: HttpRequest, pk: int) -> Claim:
    return get_object_or_404(Claim.objects.visible_to(request.user).select_related("desk"), pk=pk)


def _readable(request: HttpRequest, pk: int) -> Claim:
    claim = _claim(request, pk)
    asked = was_asked(claim, request.user)
    policies.can_read_flags(request.user, claim, is_asked=asked).enforce()
    return claim


def _others(claim: Claim, user: User) -> list[User]:
    """Whom this person may ask."""
    return list(second_people(claim).exclude(pk=user.pk))


def _form_for(what: str, case: FlagCase, people: list[User], sent: Any = None) -> RefusableForm:
    prefix = f"{what}-{case.pk}"
    if what == "escalate":
        return FlagEscalationForm(sent, prefix=prefix, people=people)
    return FlagDecisionForm(sent, prefix=prefix)


def _shown(
    request: HttpRequest, claim: Claim, *, sent: RefusableForm | None = None, status: int = 200
) -> HttpResponse:
    user = person(request)
    cases = cases_of(claim, user)
    comments = readable_comments(cases, user)
    people = _others(claim, user)
    cards = [_card(case, claim, user, comments, people, sent) for case in cases]
    context = {
        "claim": claim,
        "cards": [card for card in cards if card.row.is_open],
        "over": [card for card in cards if not card.row.is_open],
        "is_published": claim.publications.exists(),
    }
    return render(request, "reviews/flags.html", context, status=status)


def _card(
    case: FlagCase,
    claim: Claim,
    user: User,
    comments: dict[int, Comment],
    people: list[User],
    sent: RefusableForm | None,
) -> Card:
    decisions: list[tuple[Offered, RefusableForm | None]] = []
    for offered in _offered(case, claim, user) if case.is_open else []:
        form = _form_for(offered.what, case, people) if offered.decision else None
        if sent is not None and sent.prefix == f"{offered.what}-{case.pk}":
            form = sent
        decisions.append((offered, form))
    comment = comments.get(case.comment_id or 0)
    if comment is not None:
        comment.claim = claim  # its policy asks for the desk
    return Card(case, comment, bool(comment and can_remove_comment(user, comment)), decisions)


def _offered(case: FlagCase, claim: Claim, user: Any) -> list[Offered]:
    may: Decision = policies.can_decide_flag(user, case, claim=claim)
    escalate = policies.can_escalate_flag(user, case, claim=claim)
    return [
        Offered("resolve", _("It is dealt with"), _("Dealt with"), may, "primary"),
        Offered("dismiss", _("Nothing to do"), _("Nothing to do"), may),
        Offered("escalate", _("Ask somebody else to decide"), _("Ask them"), escalate),
    ]
