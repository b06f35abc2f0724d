"""Something is wrong with a check: the form for readers, and the page on which they follow what becomes of
it. Neither asks for an account, a cookie or JavaScript."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from claimtracker.intake.opened import seconds_since, stamp
from claimtracker.intake.pace import is_too_often
from claimtracker.intake.senders import sender_digest
from claimtracker.kernel.errors import ActionRefused, NotPermitted

from ..actions.complaints import Came, new_token, receive_complaint
from ..actions.replies import token_digest
from ..forms.complaints import ComplaintForm
from ..models import Publication
from ..selectors.complaints import complaint_at
from ..selectors.published import published_version
from .public_words import private, title_of

MOST_BYTES = 64_000
ALL_CHECKS = 20  # how many times one check's limit the whole site takes


# nobody is signed in here, so that a forged form could do nothing that the forger cannot do
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def form_page(request: HttpRequest, slug: str) -> HttpResponse:
    found = published_version(slug)
    if found is None:
        raise Http404
    publication = found[0]
    if request.method != "POST":
        return _shown(
            request, publication, ComplaintForm(initial={"form_id": new_token(), "opened": stamp()})
        )
    # before the body is read
    if not request.META.get("CONTENT_LENGTH", "").isdecimal():
        return _plain(411, _("Send the form's length."))
    if int(request.META["CONTENT_LENGTH"]) > MOST_BYTES:
        return _plain(413, _("This is too long. A complaint has at most 5,000 characters."))
    if _is_too_often(publication):
        return _plain(429, _("Many complaints came in just now. Try again in an hour."))
    return _received(request, publication)


@require_safe
def status_page(request: HttpRequest, token: str) -> HttpResponse:
    complaint = complaint_at(token_digest(token))
    if complaint is None:
        raise Http404
    context = {
        "complaint": complaint,
        "title": title_of(complaint.publication.snapshot),
        "days": settings.COMPLAINT_WORKING_DAYS,
        "body_name": settings.STANDARDS_BODY_NAME,
        "body_url": settings.STANDARDS_BODY_URL,
    }
    return private(render(request, "public/complaint.html", context))


def _received(request: HttpRequest, publication: Publication) -> HttpResponse:
    form = ComplaintForm(request.POST)
    if form.is_by_a_program():
        # it learns nothing; a person whose browser filled the field in by itself reads what to do
        return _shown(request, publication, form, is_by_a_program=True)
    if not form.is_valid():
        form.mark_invalid()
        return _shown(request, publication, form, status=422)
    words = {name: form.cleaned_data[name] for name in ("kind", "text", "name", "email")}
    token = form.cleaned_data["form_id"] or new_token()
    seconds = seconds_since(form.cleaned_data["opened"])
    came = Came(sender_digest(request), seconds=seconds, is_timed=True)
    try:
        receive_complaint(publication, token=token, came=came, **words)
    except NotPermitted as refusal:
        return _shown(request, publication, form, status=403, blocked=refusal.reason)
    except ActionRefused as refusal:
        form.refuse(refusal)
        return _shown(request, publication, form, status=422)
    response = private(redirect("reviews:complaint_status", token=token))
    response.status_code = 303
    return response


def _shown(
    request: HttpRequest, publication: Publication, form: ComplaintForm, *, status: int = 200, **facts: Any
) -> HttpResponse:
    context = {
        "form": form,
        "publication": publication,
        "title": title_of(publication.snapshot),
        "days": settings.COMPLAINT_WORKING_DAYS,
        "contact": settings.PUBLISHER_CONTACT,
        **facts,
    }
    return private(render(request, "public/complain.html", context, status=status))


def _is_too_often(publication: Publication) -> bool:
    """Counted for each check and for the site: behind a proxy everybody may have one network address. Without
    its cache the form stays open."""
    return is_too_often(
        {
            f"complaints:{publication.claim_id}": settings.COMPLAINTS_PER_HOUR,
            "complaints:all": settings.COMPLAINTS_PER_HOUR * ALL_CHECKS,
        }
    )


def _plain(status: int, sentence: str) -> HttpResponse:
    return private(HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8"))
