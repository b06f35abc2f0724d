"""Which addresses can ever be sent to: what can be known without asking the network."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from claimtracker.kernel import outbound
from claimtracker.kernel.errors import ActionRefused
from claimtracker.kernel.outbound import OutboundRefused


def check_address(url: str) -> None:
    """Raise ActionRefused for one that never works. The rest is checked at every try."""
    try:
        target = outbound.parse_url(url)
    except OutboundRefused as refusal:
        raise ActionRefused(refusal.reason, code=refusal.code, field="url") from refusal
    host = target.raw_host.decode("ascii").strip("[]").lower()
    port = target.port or (443 if target.scheme == "https" else 80)
    if (host, port) in outbound.default_policy().let_through:
        return
    if target.scheme != "https":
        raise ActionRefused(
            _("Messages are sent over https only. Give an address that begins with https://."),
            code="bad_scheme",
            field="url",
        )
    if outbound.is_local_name(host):
        raise ActionRefused(
            _(
                "%(host)s is inside your own network, and we cannot reach it. Give an address that can be "
                "reached from the internet; a tunnel may lead from there to your machine."
            )
            % {"host": host},
            code="private_address",
            field="url",
        )
    if re.fullmatch(r"[0-9.]+|.*:.*", host):
        raise ActionRefused(
            _(
                "Give the receiver's name instead of a bare IP address, so that its "
                "certificate can be checked."
            ),
            code="bad_host",
            field="url",
        )
    if port not in outbound.default_policy().ports:
        raise ActionRefused(
            _("Port %(port)s is not allowed. Receive messages on the usual port, 443.") % {"port": port},
            code="bad_port",
            field="url",
        )
