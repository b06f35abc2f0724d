"""Readers suggest a claim: heard, weighed, joined to what is asked for already, and forgotten in time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from claimtracker.accounts.access import default_desk
from claimtracker.accounts.models import User
from claimtracker.intake.blocking import refuse_blocked_address, refuse_blocked_sender
from claimtracker.intake.senders import email_digest
from claimtracker.intake.spam import Score
from claimtracker.intake.tokens import new_reference, token_digest
from claimtracker.intake.weighing import is_held, weigh
from claimtracker.kernel.errors import ActionRefused
from claimtracker.kernel.outbound import OutboundRefused, parse_url
from claimtracker.ledger import audit

from .. import policies, states
from ..extraction import UnsupportedText, check_language
from ..matching.asked_before import digest_of
from ..models import CheckRequest, Suggestion, SuggestionWords
from .check_requests import LONGEST, SHORTEST, accept_request, open_request
from .fetching import request_article

LETTER = "S"  # what references begin with
LONGEST_WHY = 2000
A_DAY = timedelta(days=1)
MOST_PAGES = 5  # that are fetched for one request
AT_ONCE = 500

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_LENGTHS = {"said_by": 300, "said_where": 500, "why": LONGEST_WHY, "name": 200, "url": 2000}


@dataclass(frozen=True, slots=True)
class Said:
    """A suggestion as it was written."""

    text: str
    said_by: str = ""
    said_where: str = ""
    said_on: date | None = None
    url: str = ""
    why: str = ""
    name: str = ""
    email: str = ""


@transaction.atomic
def suggest_claim(
    said: Said, *, token: str, sender: str = "", seconds: float | None = None, is_timed: bool = True
) -> Suggestion:
    """Hear what a reader suggests; they follow it at the address of ``token``. Sent again with the same token
    it is the same suggestion. What asks for the same as others is one request with them; what looks like spam
    is held, for a moderator. ``sender`` is the digest of where it comes from, ``seconds`` how long the form
    was open. Nothing is fetched and nobody is mailed. Raises ActionRefused naming the field, NotPermitted for
    who is blocked. Audits suggestion.received, as the system."""
    if not _TOKEN.fullmatch(token):
        raise ActionRefused(_("Open the form again: it is not whole."), code="bad_token")
    if earlier := Suggestion.objects.filter(token_sha256=token_digest(token)).first():
        return earlier
    said = _checked(said)
    mail = email_digest(said.email)
    refuse_blocked_sender(address=sender, email=mail)
    found = _weighed(said, sender=sender, seconds=seconds, is_timed=is_timed)
    held = is_held(found)
    row = Suggestion(
        state=states.HELD_SUGGESTION if held else states.JOINED_SUGGESTION,
        request=None if held else open_request(said.text),
        reference=new_reference(LETTER),
        token_sha256=token_digest(token),
        received_at=timezone.now(),
        spam_points=found.points,
        spam_reasons=found.reasons,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:  # the same form, sent twice at the same moment
        return Suggestion.objects.get(token_sha256=token_digest(token))
    SuggestionWords.objects.create(
        suggestion=row,
        sender=sender,
        email_digest=mail,
        text_digest=digest_of(said.text),
        **{name: getattr(said, name) for name in said.__slots__},
    )
    details = {"request": row.request_id, "held": held, "spam_points": found.points}
    audit.record("suggestion.received", by=audit.SYSTEM, subject=row, details=details)
    return row


@transaction.atomic
def let_suggestion_in(suggestion: Suggestion, *, by: User) -> Suggestion:
    """Say that it is no spam: from now on it counts as what it asks for. Moderators only. Locks it. Raises
    ActionRefused where its words were erased. Audits suggestion.let_in."""
    row = _locked(suggestion, by=by, to=states.JOINED_SUGGESTION)
    words = SuggestionWords.objects.filter(suggestion=row).first()
    if words is None:
        raise ActionRefused(_("Its words were erased, so nothing can be checked."), code="erased")
    row.state, row.request, row.reason = states.JOINED_SUGGESTION, open_request(words.text), ""
    row.decided_by, row.decided_at = by, timezone.now()
    row.save(update_fields=["state", "request", "reason", "decided_by", "decided_at"])
    audit.record("suggestion.let_in", by=by, subject=row, details={"request": row.request_id})
    return row


@transaction.atomic
def refuse_suggestion(suggestion: Suggestion, *, by: User, reason: str) -> Suggestion:
    """Say that it is none, and why: its writer reads this on their page. Moderators only. Locks it. Audits
    suggestion.refused."""
    row = _locked(suggestion, by=by, to=states.REFUSED_SUGGESTION)
    if not reason.strip():
        raise ActionRefused(_("Say why: whoever sent it reads this."), code="reason_missing", field="reason")
    row.state, row.reason = states.REFUSED_SUGGESTION, reason.strip()
    row.decided_by, row.decided_at = by, timezone.now()
    row.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    audit.record("suggestion.refused", by=by, subject=row, note=row.reason)
    return row


@transaction.atomic
def accept_with_pages(request: CheckRequest, *, by: User) -> int:
    """Accept it as a claim of its own, and have the pages fetched where readers met it, as articles of the
    default desk. Returns how many are fetched. Moderators only. Locks the request."""
    accept_request(request, by=by)
    given = SuggestionWords.objects.filter(suggestion__request=request).exclude(url="").order_by("pk")
    pages = list(dict.fromkeys(given.values_list("url", flat=True)))[:MOST_PAGES]
    for url in pages:
        request_article(url, by=by, desk=default_desk())
    return len(pages)


@transaction.atomic
def erase_suggestion_words(suggestion: Suggestion, *, by: User) -> bool:
    """Forget what it said and who said it, because they ask for it; reference, days and what became of it
    stay, and so does the statement that is checked, once others ask for it or it is a claim. Moderators only.
    Safe to repeat; False where it was done before. Audits suggestion.erased."""
    policies.can_decide_request(by).enforce()
    erased, _by_model = SuggestionWords.objects.filter(suggestion=suggestion).delete()
    if erased:
        audit.record("suggestion.erased", by=by, subject=suggestion)
    return bool(erased)


@transaction.atomic
def forget_suggestions() -> int:
    """Erase the words of suggestions that were decided on SUGGESTION_KEEP_DAYS ago. Returns how many; safe to
    run twice. Audits suggestion.erased."""
    before = timezone.now() - timedelta(days=settings.SUGGESTION_KEEP_DAYS)
    done = [states.DECLINED_REQUEST, states.ANSWERED_REQUEST]
    over = Q(state=states.REFUSED_SUGGESTION, decided_at__lt=before) | Q(
        request__state__in=done, request__updated_at__lt=before, received_at__lt=before
    )
    rows = list(Suggestion.objects.filter(over, words__isnull=False).order_by("pk")[:AT_ONCE])
    SuggestionWords.objects.filter(suggestion__in=rows).delete()
    for row in rows:
        audit.record("suggestion.erased", by=audit.SYSTEM, subject=row)
    return len(rows)


def _locked(suggestion: Suggestion, *, by: User, to: str) -> Suggestion:
    row = Suggestion.objects.select_for_update(of=("self",)).get(pk=suggestion.pk)
    policies.can_decide_request(by).enforce()
    states.SUGGESTION.check(row.state, to)
    return row


def _weighed(said: Said, *, sender: str, seconds: float | None, is_timed: bool) -> Score:
    mine = SuggestionWords.objects.filter(sender=sender) if sender else SuggestionWords.objects.none()
    recent = mine.filter(suggestion__received_at__gte=timezone.now() - A_DAY)
    return weigh(
        "\n".join([said.text, said.said_by, said.said_where, said.why, said.name]),
        seconds=seconds,
        is_timed=is_timed,
        sent_today=recent.count(),
        is_same_again=recent.filter(text_digest=digest_of(said.text)).exists(),
        is_other_language=_is_unreadable(said.text),
    )


def _is_unreadable(text: str) -> bool:
    try:
        check_language(text)
    except UnsupportedText:
        return True
    return False


def _checked(said: Said) -> Said:
    """As it is kept. Raises ActionRefused naming the field."""
    plain = {name: " ".join(getattr(said, name).split()) for name in ("text", *_LENGTHS, "email")}
    plain["why"] = said.why.replace("\r\n", "\n").strip()
    if len(plain["text"]) < SHORTEST:
        raise ActionRefused(
            _("Write the claim as it was said, in a sentence at least."), code="too_short", field="text"
        )
    for name, most in {"text": LONGEST, **_LENGTHS}.items():
        if len(plain[name]) > most:
            raise ActionRefused(
                _("Shorten this to %(most)s characters.") % {"most": f"{most:,}"}, code="too_long", field=name
            )
    if not plain["url"] and not plain["said_where"]:
        raise ActionRefused(
            _("Say where it was said: an address, or a few words."), code="where_missing", field="said_where"
        )
    if said.said_on is not None and said.said_on > timezone.localdate() + timedelta(days=1):
        raise ActionRefused(_("This day is still to come."), code="future", field="said_on")
    _check_addresses(plain["url"], plain["email"])
    return Said(**plain, said_on=said.said_on)


def _check_addresses(url: str, email: str) -> None:
    if url:
        try:
            parse_url(url)
        except OutboundRefused as refusal:
            raise ActionRefused(refusal.reason, code=refusal.code, field="url") from None
        refuse_blocked_address(url)
    if email:
        try:
            validate_email(email)
        except ValidationError:
            raise ActionRefused(
                _("Write the whole address, such as name@example.org."), code="bad_email", field="email"
            ) from None
