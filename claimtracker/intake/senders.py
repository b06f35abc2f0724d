"""Who sends, without keeping who it is: digests under a key that is not in the database."""

from __future__ import annotations

import ipaddress

from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from claimtracker.kernel.visitors import address_of

SALT = "claimtracker.intake.senders"
WHOLE_NET = 64  # bits of an IPv6 address that name one household


def sender_digest(request: HttpRequest) -> str:
    """Of the visitor's network address."""
    return address_digest(address_of(request))


def address_digest(address: str) -> str:
    """The same for all addresses of one IPv6 network, which its owner changes at will. "" for none."""
    try:
        parsed = ipaddress.ip_address(address.strip())
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv6Address):
        parsed = parsed.ipv4_mapped or ipaddress.ip_network((parsed, WHOLE_NET), strict=False).network_address
    return _digest(f"address:{parsed}")


def email_digest(email: str) -> str:
    """Of an e-mail address in whatever case. "" for none."""
    email = email.strip().casefold()
    return _digest(f"email:{email}") if email else ""


def _digest(text: str) -> str:
    return salted_hmac(SALT, text, algorithm="sha256").hexdigest()
