"""The one error of the outbound client, kept apart so that each of its parts can raise it."""

NETWORK_AWAY = "network_away"  # ours, not the site's: says nothing of a page
_HEALS_BY_ITSELF = frozenset({"timeout", "unreachable", "unknown_host", NETWORK_AWAY, "bad_response"})


class OutboundRefused(Exception):
    """A request that was not made, or was cut off.

    `reason` is a sentence for people that says what to do about it; `code` is for programs.
    """

    def __init__(self, reason: str, code: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.code = code

    @property
    def may_heal(self) -> bool:
        """True when the same request may work later, so that a job may try it again."""
        return self.code in _HEALS_BY_ITSELF
