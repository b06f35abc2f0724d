"""Deciding about several claims of an article at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from claims.models import Claim
from claims.selectors import newest_version
from claimtracker.accounts.models import User
from reviews.actions.bulk_triage import Decided, check_claims, dismiss_claims, join_claims

from ..article_page import get_article
from .curation import back_to_article, by_form

MOST = 100
SHOWN = 3  # refusals that are told one by one

Decide = Callable[..., Decided]
DECIDE: dict[str, Decide] = {
    "check": lambda claims, by, words: check_claims(claims, by=by, reason=words),
    "dismiss": lambda claims, by, words: dismiss_claims(claims, by=by, reason=words),
    "same": lambda claims, by, words: join_claims(claims, by=by, note=words),
}


@login_required
@by_form
def claims_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """``claims`` (ids), ``decision`` (check, dismiss, same) and ``words``, the reason for all of them."""
    article = get_article(request.user, pk)
    decide = DECIDE.get(request.POST.get("decision", ""))
    words = request.POST.get("words", "").strip()
    claims = _chosen(request, newest_version(article))
    if not claims or decide is None:
        messages.error(request, _("Choose claims first, then what is to become of them."))
    elif not words:
        messages.error(request, _("Say why, in a sentence that holds for all of them."))
    else:
        _tell(request, request.POST["decision"], decide(claims, cast(User, request.user), words))
    return back_to_article(request, pk)


def _chosen(request: HttpRequest, version: Any) -> list[Claim]:
    """In the order of the text; only what the person sees there."""
    ids = [
        int(value) for value in request.POST.getlist("claims")[:MOST] if value.isdecimal() and len(value) < 18
    ]
    rows = Claim.objects.visible_to(request.user).filter(pk__in=ids, appearances__version=version)
    return list(rows.select_related("desk").order_by("pk").distinct())


def _tell(request: HttpRequest, decision: str, decided: Decided) -> None:
    count = len(decided.done)
    if count:
        done = {
            "check": ngettext("%(n)d claim is to be checked.", "%(n)d claims are to be checked.", count),
            "dismiss": ngettext(
                "%(n)d claim is dismissed; you can restore it below.",
                "%(n)d claims are dismissed; you can restore each below.",
                count,
            ),
            "same": ngettext(
                "%(n)d claim is in one family with the first.",
                "%(n)d claims are in one family with the first.",
                count,
            ),
        }
        messages.success(request, done[decision] % {"n": count})
    for claim, reason in decided.refused[:SHOWN]:
        messages.error(request, _("“%(claim)s”: %(reason)s") % {"claim": claim, "reason": reason})
    if (more := len(decided.refused) - SHOWN) > 0:
        others = ngettext("%(n)d other was refused as well.", "%(n)d others were refused as well.", more)
        messages.error(request, others % {"n": more})
