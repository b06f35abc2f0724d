"""What people do about a claim's having been seen before: decide on matches, part and join families, carry
over. Each leads back to the claim."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from claims.actions import families
from claims.models import Claim, ClaimMatch
from claimtracker.kernel.errors import ActionRefused

from ..actions.carry_over import add_known_review_as_evidence, carry_over_verdict
from ..actions.families import research_member
from ..forms import MergeForm, NoteForm, SplitForm
from .access import by_form, person, signed_in
from .workspace import attempt

PANEL = "seen-before"
NOTE = 2000


@signed_in
@by_form
def same(request: HttpRequest, pk: int, match_pk: int) -> HttpResponse:
    match = _match(request, pk, match_pk)
    return attempt(
        request,
        pk,
        lambda: families.confirm_match(match, by=person(request), note=_note(request)),
        done=_("Kept: they are the same."),
        anchor=PANEL,
    )


@signed_in
@by_form
def not_the_same(request: HttpRequest, pk: int, match_pk: int) -> HttpResponse:
    match = _match(request, pk, match_pk)
    return attempt(
        request,
        pk,
        lambda: families.reject_match(match, by=person(request), note=_note(request)),
        done=_("Kept: they are not the same. It is not suggested again."),
        anchor=PANEL,
    )


@signed_in
@by_form
def undo(request: HttpRequest, pk: int, match_pk: int) -> HttpResponse:
    """Take the decision on a match back, with the family that came of it."""
    match, by = _match(request, pk, match_pk), person(request)

    def act() -> Any:
        if match.ours and match.state == "confirmed" and match.family_action:
            return families.undo_family_action(match.family_action, by=by)
        return families.reconsider_match(match, by=by)

    return attempt(request, pk, act, done=_("Taken back. It is suggested again."), anchor=PANEL)


@signed_in
@by_form
def add_review(request: HttpRequest, pk: int, match_pk: int) -> HttpResponse:
    match = _match(request, pk, match_pk)
    return attempt(
        request,
        pk,
        lambda: add_known_review_as_evidence(match, by=person(request)),
        done=_("Their review is on the board, as context."),
        anchor="evidence",
    )


@signed_in
@by_form
def carry_over(request: HttpRequest, pk: int) -> HttpResponse:
    claim = _claim(request, pk)
    return attempt(
        request,
        pk,
        lambda: carry_over_verdict(claim, by=person(request)),
        done=_("The draft is filled. Read it as if it were somebody else's, and change what differs here."),
        anchor="verdict",
    )


@signed_in
@by_form
def check_anyway(request: HttpRequest, pk: int) -> HttpResponse:
    claim = _claim(request, pk)
    return attempt(
        request,
        pk,
        lambda: research_member(claim, by=person(request)),
        done=_("The task is yours."),
        anchor="verdict",
    )


@signed_in
@by_form
def detach(request: HttpRequest, pk: int) -> HttpResponse:
    claim, form = _claim(request, pk), NoteForm(request.POST, prefix="detach")
    return attempt(
        request,
        pk,
        lambda: families.detach_claim(claim, by=person(request), note=form.cleaned_data["note"]),
        done=_("Detached. What belongs to the claim stayed with it."),
        form=form,
        slot="detach",
        anchor=PANEL,
    )


@signed_in
@by_form
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    claim, form = _claim(request, pk), MergeForm(request.POST, prefix="merge")

    def act() -> Any:
        number = form.cleaned_data["other"]
        other = Claim.objects.visible_to(request.user).filter(pk=number).first()
        if other is None:
            raise ActionRefused(
                _("There is no claim %(n)s that you see.") % {"n": number},
                code="no_such_claim",
                field="other",
            )
        return families.merge_families(claim, into=other, by=person(request), note=form.cleaned_data["note"])

    return attempt(
        request,
        pk,
        act,
        done=_("Both are in one family now."),
        form=form,
        slot="merge",
        anchor=PANEL,
    )


@signed_in
@by_form
def split(request: HttpRequest, pk: int) -> HttpResponse:
    claim = _claim(request, pk)
    seen = Claim.objects.family_of(claim).visible_to(request.user)
    members = {one.pk: one for one in seen}
    form = SplitForm(request.POST, prefix="split", claim_ids=members)
    return attempt(
        request,
        pk,
        lambda: families.split_family(
            [members[one] for one in form.cleaned_data["claims"]],
            by=person(request),
            note=form.cleaned_data["note"],
        ),
        done=_("They are a family of their own now."),
        form=form,
        slot="split",
        anchor=PANEL,
    )


def _claim(request: HttpRequest, pk: int) -> Claim:
    return get_object_or_404(Claim.objects.visible_to(request.user), pk=pk)


def _match(request: HttpRequest, pk: int, match_pk: int) -> ClaimMatch:
    """A match of this claim that the person may see. Raises Http404 otherwise."""
    matches = ClaimMatch.objects.visible_to(request.user).filter(claim=_claim(request, pk))
    return get_object_or_404(matches.select_related("known_claim__claim", "other_claim"), pk=match_pk)


def _note(request: HttpRequest) -> str:
    return request.POST.get("note", "").replace("\r\n", "\n")[:NOTE]
