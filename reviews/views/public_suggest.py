"""Suggest a claim: the form for readers, and the page on which they follow what becomes of it. Neither asks
for an account, a cookie or JavaScript; the address that they give is fetched by nobody but a moderator."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from claims.actions.suggestions import suggest_claim
from claims.matching.asked_before import digest_of
from claimtracker.intake import opened
from claimtracker.intake.pace import is_too_often
from claimtracker.intake.senders import sender_digest
from claimtracker.intake.tokens import new_token, token_digest
from claimtracker.kernel.errors import ActionRefused, NotPermitted

from ..forms.suggestions import SuggestionForm
from ..selectors.suggestions import fate_of, known_checks, suggestion_at
from .public_words import private

MOST_BYTES = 64_000
WHOLE_SITE = 20  # how many times one address's limit the whole site takes


# nobody is signed in here, so that a forged form could do nothing that the forger cannot do
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def form_page(request: HttpRequest) -> HttpResponse:
    if not settings.SUGGESTIONS_OPEN:
        raise Http404
    if request.method != "POST":
        return _shown(request, SuggestionForm(initial={"form_id": new_token(), "opened": opened.stamp()}))
    # before the body is read
    if not request.META.get("CONTENT_LENGTH", "").isdecimal():
        return _plain(411, _("Send the form's length."))
    if int(request.META["CONTENT_LENGTH"]) > MOST_BYTES:
        return _plain(413, _("This is too long. A claim has at most 1,000 characters."))
    sender = sender_digest(request)
    per_hour = settings.SUGGESTIONS_PER_HOUR
    limits = {"suggestions:all": per_hour * WHOLE_SITE, f"suggestions:{sender}": per_hour}
    if is_too_often(limits):
        return _plain(429, _("Many suggestions came in just now. Try again in an hour."))
    return _received(request, sender)


@require_safe
def status_page(request: HttpRequest, token: str) -> HttpResponse:
    suggestion = suggestion_at(token_digest(token))
    if suggestion is None:
        raise Http404
    words = getattr(suggestion, "words", None)
    context = {"suggestion": suggestion, "fate": fate_of(suggestion), "text": words.text if words else ""}
    return private(render(request, "public/suggestion.html", context))


def _received(request: HttpRequest, sender: str) -> HttpResponse:
    form = SuggestionForm(request.POST)
    if form.is_by_a_program():
        # it learns nothing; a person whose browser filled the field in by itself reads what to do
        return _shown(request, form, is_by_a_program=True)
    if not form.is_valid():
        form.mark_invalid()
        return _shown(request, form, status=422)
    asked = form.cleaned_data
    words = digest_of(asked["text"])
    if asked["seen"] != words and (known := known_checks(asked["text"], claimant=asked["said_by"])):
        again = SuggestionForm({**request.POST.dict(), "seen": words})
        return _shown(request, again, known=known)
    token = asked["form_id"] or new_token()
    seconds = opened.seconds_since(asked["opened"])
    try:
        suggest_claim(form.said(), token=token, sender=sender, seconds=seconds)
    except NotPermitted as refusal:
        return _shown(request, form, status=403, blocked=refusal.reason)
    except ActionRefused as refusal:
        form.refuse(refusal)
        return _shown(request, form, status=422)
    response = private(redirect("reviews:suggestion_status", token=token))
    response.status_code = 303
    return response


def _shown(request: HttpRequest, form: SuggestionForm, *, status: int = 200, **facts: Any) -> HttpResponse:
    context = {"form": form, "contact": settings.PUBLISHER_CONTACT, **facts}
    return private(render(request, "public/suggest.html", context, status=status))


def _plain(status: int, sentence: str) -> HttpResponse:
    return private(HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8"))
