"""Choosing other words for a claim, or making two claims of it."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from claims.models import Appearance, Article, Claim
from claims.selectors import newest_version
from claimtracker.accounts.models import User
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from reviews.actions.triage import adjust_words
from reviews.policies import can_reword_claim
from reviews.selectors.standing import standings_of

from ..article_page import get_article
from ..forms import AdjustClaimForm
from ..marked_text import TextBlock, marked_blocks
from .curation import back_to

BLOCKS_AROUND = 1


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def claim_adjust(request: HttpRequest, pk: int, place_pk: int) -> HttpResponse:
    article = get_article(request.user, pk)
    place = _place_of(request, article, place_pk)
    verdict = standings_of([place.claim_id])[place.claim_id].verdict
    may = can_reword_claim(request.user, place.claim, verdict=verdict)
    body = place.version.body
    if request.method != "POST":
        form = AdjustClaimForm(body=body, initial=_as_it_is(place))
        return _page(request, article, place, form, may=may)
    form = AdjustClaimForm(request.POST, body=body)
    if form.is_valid() and form.first:
        try:
            adjust_words(
                place,
                by=cast(User, request.user),
                first=form.first,
                second=form.second,
                text=form.cleaned_data["text"],
            )
        except NotPermitted:
            raise
        except ActionRefused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else "quote", refusal.reason)
        else:
            done = _("It is two claims now.") if form.second else _("The claim has these words now.")
            messages.success(request, done, extra_tags=f"draft:adjust-{place.pk}")
            return back_to(request, article.pk, place.claim)
    return _page(request, article, place, form, may=may, status=422)


def _place_of(request: HttpRequest, article: Article, place_pk: int) -> Appearance:
    """A place in the newest text of a claim that the person sees. Raises Http404 otherwise."""
    version = newest_version(article)
    seen = Claim.objects.visible_to(request.user)
    places = Appearance.objects.filter(version=version, claim__in=seen)
    place = get_object_or_404(places.select_related("claim__desk", "claim__claimant"), pk=place_pk)
    place.version = version
    return place


def _as_it_is(place: Appearance) -> dict[str, Any]:
    own = " ".join(place.quote.split()) == place.claim.text
    return {
        "quote": place.quote,
        "start": place.start,
        "end": place.end,
        "text": "" if own else place.claim.text,
    }


def _page(
    request: HttpRequest,
    article: Article,
    place: Appearance,
    form: AdjustClaimForm,
    *,
    may: Any,
    status: int = 200,
) -> HttpResponse:
    context = {
        "article": article,
        "place": place,
        "claim": place.claim,
        "form": form,
        "may": may,
        "blocks": _blocks_around(place),
    }
    return render(request, "web/claim_adjust.html", context, status=status)


def _blocks_around(place: Appearance) -> list[TextBlock]:
    """Those that hold the claim, with one before and one after."""
    blocks = marked_blocks(place.version.body, place.version.blocks, [])
    inside = [at for at, block in enumerate(blocks) if block.start < place.end and block.end > place.start]
    if not inside:
        return []
    return blocks[max(0, inside[0] - BLOCKS_AROUND) : inside[-1] + BLOCKS_AROUND + 1]
