"""A page before it is cited: what is known of its address, its title and copy, and words picked from it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from claims.models import Claim
from claims.sources.quoting import Found, Passage, find_quotation
from claimtracker.kernel.content_store import ContentDamaged, ContentMissing
from claimtracker.kernel.errors import ActionRefused

from .. import policies
from ..actions.page_looks import ask_for_page
from ..forms import EvidenceForm
from ..selectors.page_looks import AddressFacts, address_facts, passage_in, readable_copy, words_of
from ..selectors.workspace import workspace_of
from .access import by_form, person, signed_in
from .workspace import Sent, show

LOOK = "reviews/_page_look.html"
MOST_POLLS = 40  # about three minutes; the copy is made all the same
PART = 60_000  # code points of a copy that are shown at once


@signed_in
@by_form
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the page of the typed address looked at; what is known of it, at once."""
    claim = get_object_or_404(Claim.objects.visible_to(request.user), pk=pk)
    context = _asked(request, claim)
    if request.headers.get("HX-Request") == "true":
        return render(request, LOOK, context)
    form = EvidenceForm(_with_words(request, context.get("facts")))
    # what was typed so far is no fault yet
    form.errors.clear()
    space = workspace_of(pk, request.user)
    return show(request, space, sent=Sent(evidence=form), extra={"page_look": context})


@signed_in
@require_safe
@never_cache
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """How it stands with a page that was asked for, for a form that waits."""
    claim = get_object_or_404(Claim.objects.visible_to(request.user), pk=pk)
    polls = request.GET.get("polls", "")
    count = int(polls) if polls.isdecimal() and len(polls) < 6 else 0
    facts = address_facts(claim, request.user, request.GET.get("url", ""))
    return render(request, LOOK, _context(claim, facts, polls=count))


@signed_in
@require_safe
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    """The words of a copy, to pick a quotation from: ``find`` is looked for in all of it, ``part`` is which
    stretch of a long one."""
    claim = get_object_or_404(Claim.objects.visible_to(request.user), pk=pk)
    policies.can_add_evidence(request.user, claim).enforce()
    kind, key = request.GET.get("kind", ""), request.GET.get("copy", "")
    found = readable_copy(request.user, kind=kind, pk=int(key)) if key.isdecimal() and len(key) < 18 else None
    if found is None:
        raise Http404
    context: dict[str, Any] = {
        "claim": claim,
        "copy": found,
        "find": request.GET.get("find", "").strip()[:5000],
    }
    try:
        context |= _stretch(words_of(found), context["find"], request.GET.get("part", ""))
    except (ContentMissing, ContentDamaged):
        context["lost"] = True
    is_part = request.headers.get("HX-Request") == "true"
    return render(request, "reviews/_copy.html" if is_part else "reviews/copy.html", context)


def look_context(claim: Claim, user: Any, form: EvidenceForm) -> dict[str, Any]:
    """What is known of the address in a form that was sent."""
    return _context(claim, address_facts(claim, user, str(form["url"].value() or "")))


def words_stand(form: EvidenceForm, claim: Claim, user: Any) -> bool:
    """Whether the words of a valid form may go on the board: they are in the copy, or there is none to look
    in, or the person says what to do about it. Otherwise the form says that they are not there."""
    quotation, answer = form.cleaned_data["quotation"], form.cleaned_data["quotation_is"]
    if not quotation.strip() or answer == "mine" or form.cleaned_data["is_confidential"]:
        return True
    copy = address_facts(claim, user, form.cleaned_data["url"]).copy
    passage = passage_in(copy, quotation) if copy else None
    if copy is None or passage is None or passage.found != Found.MISSING:
        return True
    if answer == "nearest" and passage.exact:
        facts = {"quotation": passage.exact, "place_text": copy.digest, "place_start": passage.start}
        form.cleaned_data |= facts
        return True
    form.say_not_there(passage.exact)
    return False


def _asked(request: HttpRequest, claim: Claim) -> dict[str, Any]:
    url = request.POST.get("url", "").strip()
    if not url:
        return _context(claim, AddressFacts())
    if request.POST.get("is_confidential"):
        return _context(claim, AddressFacts(), never=True)
    facts = address_facts(claim, request.user, url)
    try:
        if facts.known is None or facts.known.source.last_snapshot_id is None:
            ask_for_page(claim, by=person(request), url=url, again=bool(request.POST.get("again")))
            facts = address_facts(claim, request.user, url)
        else:
            policies.can_add_evidence(request.user, claim).enforce()
    except ActionRefused as refusal:
        return _context(claim, facts, refused=refusal.reason)
    return _context(claim, facts)


def _context(claim: Claim, facts: AddressFacts, *, polls: int = 0, **said: Any) -> dict[str, Any]:
    waits = facts.look is not None and facts.look.answered_at is None and facts.copy is None
    return {
        "claim": claim,
        "facts": facts,
        "waits": waits,
        "polls": polls + 1,
        "delay": min(1 + polls // 3, 5),
        "is_slow": polls >= MOST_POLLS,
        **said,
    }


def _with_words(request: HttpRequest, facts: AddressFacts | None) -> Any:
    """What was typed, with the page's title and publisher where nothing was."""
    typed = request.POST.copy()
    for name in ("title", "publisher"):
        if facts is not None and not typed.get(name, "").strip():
            typed[name] = getattr(facts, name)
    return typed


def _stretch(text: str, find: str, part: str) -> dict[str, Any]:
    """A stretch of the text in three pieces, the second of which is what was looked for."""
    passage = find_quotation(find, text) if find else None
    start, end = (passage.start, passage.end) if passage and passage.exact else (0, 0)
    number = start // PART if end else int(part) if part.isdecimal() and len(part) < 6 else 0
    first = min(number * PART, max(0, (len(text) - 1) // PART * PART))
    last = min(len(text), max(first + PART, end))
    return {
        "first": first,
        "before": text[first:start] if end else text[first:last],
        "marked": text[start:end],
        "after": text[end:last] if end else "",
        "said": _found_words(passage) if passage else "",
        "earlier": number - 1 if first else None,
        "later": number + 1 if last < len(text) else None,
        "number": number + 1,
        "parts": (len(text) - 1) // PART + 1,
    }


def _found_words(passage: Passage) -> str:
    if not passage.exact:
        return _("These words are not in the copy, nor any like them.")
    if passage.found == Found.FOUND:
        return _("Found. The place is marked.")
    return _("Not word for word. The nearest passage is marked.")
