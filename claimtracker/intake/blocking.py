"""Blocking a sender, a partner or a domain, and asking at the doors whether one is blocked."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from claimtracker.accounts.access import sees_everything
from claimtracker.kernel.decisions import Allowed, Decision, Denied
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from claimtracker.kernel.outbound import OutboundPolicy, default_policy
from claimtracker.ledger import audit

from .models import Block

LONGEST_REASON = 500


def can_block(user: Any) -> Decision:
    if sees_everything(user):
        return Allowed()
    return Denied(_("Only moderators block senders, partners and domains."))


@transaction.atomic
def set_block(
    kind: str,
    value: str,
    *,
    by: Any,
    reason: str,
    label: str = "",
    note: str = "",
    expires_at: datetime | None = None,
) -> Block:
    """Take nothing more from ``value``, until ``expires_at`` where there is one. One that is over gives way.
    Moderators only. Raises ActionRefused naming the field. Audits block.set, without an address."""
    can_block(by).enforce()
    reason, value = " ".join(reason.split()), _checked_value(kind, value)
    if not reason:
        raise ActionRefused(_("Say why: who is blocked reads this."), code="reason_missing", field="reason")
    if len(reason) > LONGEST_REASON:
        raise ActionRefused(_("Shorten this to 500 characters."), code="too_long", field="reason")
    if expires_at is not None and expires_at <= timezone.now():
        raise ActionRefused(_("This moment is over."), code="over", field="expires_at")
    _close_what_is_over(kind, value)
    row = Block(
        kind=kind,
        value=value,
        label=(label or value)[:255],
        reason=reason,
        note=note.strip(),
        expires_at=expires_at,
        created_by=by,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise ActionRefused(
            _("%(label)s is blocked already. Lift that block to set another.") % {"label": row.label},
            code="already_blocked",
        ) from None
    until = expires_at.isoformat() if expires_at else ""
    audit.record("block.set", by=by, subject=row, details={"kind": kind, "until": until}, note=reason)
    return row


@transaction.atomic
def lift_block(block: Block, *, by: Any, reason: str = "") -> Block:
    """End a block before its time. Moderators only. Locks it. Audits block.lifted."""
    can_block(by).enforce()
    row = Block.objects.select_for_update(of=("self",)).get(pk=block.pk)
    if not row.is_standing:
        raise ActionRefused(_("This block has ended already."), code="ended")
    row.lifted_at, row.lifted_by = timezone.now(), by
    row.save(update_fields=["lifted_at", "lifted_by"])
    audit.record("block.lifted", by=by, subject=row, details={"kind": row.kind}, note=reason.strip())
    return row


def block_of_sender(*, address: str = "", email: str = "") -> Block | None:
    """The block that stands for either digest (see senders)."""
    asked = {Block.Kind.ADDRESS: address, Block.Kind.EMAIL: email}
    values = [value for value in asked.values() if value]
    if not values:
        return None
    found = Block.objects.standing().filter(kind__in=asked, value__in=values)
    return next((row for row in found if row.value == asked[Block.Kind(row.kind)]), None)


def block_of_host(host: str) -> Block | None:
    """The block of this host's domain, or of one above it."""
    labels = _plain_host(host).split(".")
    above = [".".join(labels[at:]) for at in range(len(labels))]
    return Block.objects.standing().filter(kind=Block.Kind.DOMAIN, value__in=above).first()


def why_host_is_blocked(host: str) -> str:
    """The sentence for who wants it fetched; "" where nothing is blocked."""
    block = block_of_host(host)
    return _of_domain(block) if block else ""


def without_blocked_hosts() -> OutboundPolicy:
    """The policy of requests for what we take in: nothing of a blocked domain, by no redirect either. What is
    cited as evidence is asked for without it, since a check may have to show what such a page says."""
    return replace(default_policy(), refuse=why_host_is_blocked)


def refuse_blocked_address(url: str, *, field: str = "url") -> None:
    """Raises ActionRefused (``blocked_domain``) naming the field."""
    host = _host_of(url)
    if host and (why := why_host_is_blocked(host)):
        raise ActionRefused(why, code="blocked_domain", field=field)


def refuse_blocked_sender(*, address: str = "", email: str = "") -> None:
    """Raises NotPermitted (``sender_blocked``) for what comes from a blocked sender."""
    block = block_of_sender(address=address, email=email)
    if block is None:
        return
    raise NotPermitted(
        _("We take nothing in from you %(until)s: %(reason)s")
        % {"until": until_when(block), "reason": _sentence(block.reason)},
        code="sender_blocked",
    )


def refuse_blocked_partner(origin: str) -> None:
    """Raises NotPermitted (``sender_blocked``) for what a blocked partner sends."""
    block = Block.objects.standing().filter(kind=Block.Kind.PARTNER, value=origin).first()
    if block is None:
        return
    raise NotPermitted(
        _(
            "The newsroom takes nothing in from you %(until)s: %(reason)s You can still read, and are told "
            "of corrections. Ask the newsroom if this is a mistake."
        )
        % {"until": until_when(block), "reason": _sentence(block.reason)},
        code="sender_blocked",
    )


def until_when(block: Block) -> str:
    if block.expires_at is None:
        return _("at present")
    at = timezone.localtime(block.expires_at)
    return _("until %(day)s") % {"day": date_format(at, "j F Y, H:i e")}


def _of_domain(block: Block) -> str:
    return _("Nothing is taken from %(domain)s %(until)s: %(reason)s") % {
        "domain": block.value,
        "until": until_when(block),
        "reason": _sentence(block.reason),
    }


def _sentence(reason: str) -> str:
    return reason if reason.endswith((".", "!", "?", "…")) else f"{reason}."


def _close_what_is_over(kind: str, value: str) -> None:
    """What ended by the clock makes room for another; nobody lifted it."""
    Block.objects.filter(kind=kind, value=value, lifted_at=None, expires_at__lte=timezone.now()).update(
        lifted_at=timezone.now()
    )


def _checked_value(kind: str, value: str) -> str:
    if kind not in Block.Kind.values:
        raise ActionRefused(_("Choose what to block."), code="bad_kind", field="kind")
    value = value.strip()
    if kind == Block.Kind.DOMAIN:
        return _checked_domain(value)
    if not value:
        raise ActionRefused(_("Say who is to be blocked."), code="value_missing", field="value")
    return value


def _checked_domain(value: str) -> str:
    host = _host_of(value) if "//" in value else _plain_host(value)
    if "." not in host or not _is_host(host):
        raise ActionRefused(
            _("Write a domain such as example.org, without a path."), code="bad_domain", field="value"
        )
    own = _plain_host(urlsplit(settings.SITE_URL).hostname or "")
    if own == host or own.endswith(f".{host}"):
        raise ActionRefused(_("This is our own site."), code="own_domain", field="value")
    return host


def _host_of(url: str) -> str:
    try:
        return _plain_host(urlsplit(url.strip()).hostname or "")
    except ValueError:
        return ""


def _plain_host(host: str) -> str:
    """As a request names it: lower case, in ASCII, without the last dot."""
    host = host.strip().rstrip(".").lower()
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


def _is_host(host: str) -> bool:
    return len(host) <= 253 and all(
        part and len(part) <= 63 and part.replace("-", "").replace("_", "").isalnum() and part.isascii()
        for part in host.split(".")
    )
