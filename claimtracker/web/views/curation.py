"""What members do to claims on the article page: mark, dismiss, restore. Each leads back to the claim."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from claims.actions.curation import add_claim, restore_claim
from claims.models import Appearance, Claim
from claims.selectors import newest_version
from claimtracker.accounts.models import User
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from reviews.actions.triage import dismiss_from_review

from ..article_page import get_article, may_mark
from ..forms import MarkClaimForm
from .articles import article_response, shown_as

View = Callable[..., HttpResponse]


def by_form(view: View) -> View:
    """POST only. After an error the browser shows a form's address: opened again, it leads to the article."""

    @wraps(view)
    @require_http_methods(["GET", "HEAD", "POST"])
    def guarded(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return redirect("web:article_detail", pk=pk)
        return view(request, pk, **kwargs)

    return guarded


@login_required
@by_form
def claim_add(request: HttpRequest, pk: int) -> HttpResponse:
    article = get_article(request.user, pk)
    may_mark(article, request.user).enforce()
    version = newest_version(article)
    form = MarkClaimForm(request.POST, body=version.body)
    if form.is_valid() and form.span:
        start, end = form.span
        try:
            claim = add_claim(
                version,
                by=cast(User, request.user),
                start=start,
                end=end,
                claimant=form.cleaned_data["claimant"],
                attribution=form.cleaned_data["attribution"],
            )
        except NotPermitted:
            raise
        except ActionRefused as refusal:
            form.add_error("quote", refusal.reason)
        else:
            messages.success(
                request, _("The claim is marked and goes to the queue."), extra_tags=f"draft:mark-claim-{pk}"
            )
            return back_to(request, pk, claim)
    return article_response(request, pk, form=form, status=422)


@login_required
@by_form
def claim_dismiss(request: HttpRequest, pk: int, claim_pk: int) -> HttpResponse:
    claim = _claim_of(request, pk, claim_pk)
    try:
        dismiss_from_review(claim, by=cast(User, request.user), reason=request.POST.get("reason", ""))
    except NotPermitted:
        raise
    except ActionRefused as refusal:
        messages.error(request, refusal.reason)
    else:
        messages.success(request, _("Dismissed. Its open tasks are cancelled; you can restore it below."))
    return back_to(request, pk, claim)


@login_required
@by_form
def claim_restore(request: HttpRequest, pk: int, claim_pk: int) -> HttpResponse:
    claim = _claim_of(request, pk, claim_pk)
    try:
        restore_claim(claim, by=cast(User, request.user))
    except NotPermitted:
        raise
    except ActionRefused as refusal:
        messages.error(request, refusal.reason)
    else:
        messages.success(request, _("Restored. Its new task appears in the queue in a moment."))
    return back_to(request, pk, claim)


def _claim_of(request: HttpRequest, pk: int, claim_pk: int) -> Claim:
    """A claim of this article that the person may see. Raises Http404 otherwise."""
    version = newest_version(get_article(request.user, pk))
    return get_object_or_404(
        Claim.objects.visible_to(request.user).filter(appearances__version=version).distinct(), pk=claim_pk
    )


def back_to(request: HttpRequest, pk: int, claim: Claim) -> HttpResponseRedirect:
    """To the claim's card on the article's page, shown as it was."""
    places = Appearance.objects.filter(claim=claim, version__article=pk)
    appearance = places.order_by("-version__number", "start", "end").first()
    return back_to_article(request, pk, f"#claim-{appearance.pk}" if appearance else "")


def back_to_article(request: HttpRequest, pk: int, spot: str = "#claims") -> HttpResponseRedirect:
    address = reverse("web:article_detail", args=[pk])
    asked = shown_as(request)
    shown = {"order": "score" if asked["order"] == "score" else "", "passed": asked["passed"] or ""}
    if any(shown.values()):
        address += "?" + urlencode({name: value for name, value in shown.items() if value})
    return HttpResponseRedirect(address + spot)
