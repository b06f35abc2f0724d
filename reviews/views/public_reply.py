"""The reply page: who has its address may answer once, without an account or a cookie."""

from __future__ import annotations

import time

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from claimtracker.kernel.errors import ActionRefused

from ..actions.replies import closed_because, receive_reply, token_digest
from ..forms import ReplyForm
from ..models import ReplyRequest
from .public_words import private
from .wording import title_of

MOST_BYTES = 64_000
HOUR = 3600


# the address itself is the secret that a forged form would need, and readers without cookies may answer
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, token: str) -> HttpResponse:
    asked = ReplyRequest.objects.select_related("claim__claimant").filter(token_sha256=token_digest(token))
    found = asked.first()
    if found is None:
        raise Http404
    closed = closed_because(found)
    form, status, thanks = ReplyForm(), 200, False
    if request.method == "POST" and not closed:
        # before the body is read
        if not request.META.get("CONTENT_LENGTH", "").isdecimal():
            return _plain(411, _("Send the form's length."))
        if int(request.META["CONTENT_LENGTH"]) > MOST_BYTES:
            return _plain(413, _("This is too long. A reply has at most 5,000 characters."))
        if _is_too_often(found):
            return _plain(429, _("That was often. Try again in an hour."))
        form, thanks = _receive(request, token)
        status = 200 if thanks else 422
        closed = "" if not thanks else closed
    elif request.method == "POST":
        status = 409
    context = {
        "asked": found,
        "claim": found.claim,
        "title": title_of(found.claim),
        "form": form,
        "closed": closed,
        "thanks": thanks,
        "publisher": settings.PUBLISHER_NAME,
        "contact": settings.CORRECTIONS_CONTACT,
    }
    return private(render(request, "public/reply.html", context, status=status))


def _receive(request: HttpRequest, token: str) -> tuple[ReplyForm, bool]:
    form = ReplyForm(request.POST)
    if not form.is_valid():
        form.mark_invalid()
        return form, False
    try:
        receive_reply(token, **form.cleaned_data)
    except ActionRefused as refusal:
        form.refuse(refusal)
        return form, False
    return form, True


def _is_too_often(asked: ReplyRequest) -> bool:
    """Counted for each page and hour: behind a proxy everybody may have one network address, and nobody's
    tries shall close another's page. Without its cache the page stays open: one reply is all it takes."""
    key = f"reply-page:{asked.pk}:{int(time.time()) // HOUR}"
    cache.add(key, 0, timeout=HOUR)
    try:
        return cache.incr(key) > settings.REPLY_PER_HOUR
    except ValueError:  # it ran out between the two calls
        return False


def _plain(status: int, sentence: str) -> HttpResponse:
    return private(HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8"))
