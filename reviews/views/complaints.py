"""The desk's side of readers' complaints."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from claims.models import Claim

from .. import policies
from ..actions.complaints import decide_complaint, erase_complaint_words
from ..forms.complaints import AnswerForm
from ..models import Complaint
from .access import by_form, person, signed_in
from .workspace import attempt


@signed_in
@by_form
def answer(request: HttpRequest, pk: int, complaint_pk: int) -> HttpResponse:
    complaint = _complaint(request, pk, complaint_pk)
    form = AnswerForm(request.POST, prefix="answer")
    return attempt(
        request,
        pk,
        lambda: decide_complaint(complaint, by=person(request), **form.cleaned_data),
        done=_("The reader can read your answer."),
        form=form,
        slot="answer",
        anchor="complaints",
    )


@signed_in
@by_form
def erase(request: HttpRequest, pk: int, complaint_pk: int) -> HttpResponse:
    complaint = _complaint(request, pk, complaint_pk)
    return attempt(
        request,
        pk,
        lambda: erase_complaint_words(complaint, by=person(request)),
        done=_("Erased: who complained, and in which words."),
        anchor="complaints",
    )


def _complaint(request: HttpRequest, pk: int, complaint_pk: int) -> Complaint:
    """404 for who may not know that there is one."""
    claim = get_object_or_404(Claim.objects.visible_to(request.user).select_related("desk"), pk=pk)
    policies.can_read_complaints(request.user, claim).enforce()
    return get_object_or_404(Complaint, claim=claim, pk=complaint_pk)
