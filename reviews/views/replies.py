"""The desk's side of the right of reply."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from claims.models import Claim
from claimtracker.kernel.errors import ActionRefused

from ..actions.replies import ask_for_reply, call_off_request, log_contact
from ..actions.reply_decisions import set_reply_aside, show_reply
from ..forms import AskForm, ContactForm, ReasonForm
from ..models import Reply, ReplyRequest
from ..selectors.workspace import workspace_of
from .access import by_form, person, signed_in, status_of
from .workspace import Sent, attempt, show


@signed_in
@by_form
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """The page's address is shown once, here: only its fingerprint is kept."""
    claim, form = _claim(request, pk), AskForm(request.POST, prefix="ask")
    if form.is_valid():
        try:
            asked, token = ask_for_reply(claim, by=person(request), **form.cleaned_data)
        except ActionRefused as refusal:
            form.refuse(refusal)
            space = workspace_of(pk, request.user)
            return show(request, space, sent=Sent(ask=form), status=status_of(refusal))
        address = settings.SITE_URL + reverse("reviews:public_reply", args=[token])
        context = {"claim": claim, "asked": asked, "address": address, "publisher": settings.PUBLISHER_NAME}
        response = render(request, "reviews/reply_asked.html", context)
        response["Cache-Control"] = "no-store"
        return response
    form.mark_invalid()
    return show(request, workspace_of(pk, request.user), sent=Sent(ask=form), status=422)


@signed_in
@by_form
def log(request: HttpRequest, pk: int) -> HttpResponse:
    claim, form = _claim(request, pk), ContactForm(request.POST, prefix="contact")
    return attempt(
        request,
        pk,
        lambda: log_contact(claim, by=person(request), **form.cleaned_data),
        done=_("It is in the contact log."),
        form=form,
        slot="contact",
        anchor="reply",
    )


@signed_in
@by_form
def call_off(request: HttpRequest, pk: int, request_pk: int) -> HttpResponse:
    asked = get_object_or_404(ReplyRequest, claim=_claim(request, pk), pk=request_pk)
    form = ReasonForm(request.POST, prefix="reply")
    return attempt(
        request,
        pk,
        lambda: call_off_request(asked, by=person(request), **form.cleaned_data),
        done=_("Called off. The reply page is closed."),
        form=form,
        slot="reply",
        anchor="reply",
    )


@signed_in
@by_form
def show_it(request: HttpRequest, pk: int, reply_pk: int) -> HttpResponse:
    reply = get_object_or_404(Reply, claim=_claim(request, pk), pk=reply_pk)
    return attempt(
        request,
        pk,
        lambda: show_reply(reply, by=person(request)),
        done=_("The reply is quoted from the next version on."),
        anchor="reply",
    )


@signed_in
@by_form
def set_aside(request: HttpRequest, pk: int, reply_pk: int) -> HttpResponse:
    reply = get_object_or_404(Reply, claim=_claim(request, pk), pk=reply_pk)
    form = ReasonForm(request.POST, prefix="reply")
    return attempt(
        request,
        pk,
        lambda: set_reply_aside(reply, by=person(request), **form.cleaned_data),
        done=_("The reply is not quoted."),
        form=form,
        slot="reply",
        anchor="reply",
    )


def _claim(request: HttpRequest, pk: int) -> Claim:
    return get_object_or_404(Claim.objects.visible_to(request.user).select_related("desk"), pk=pk)
