"""Refusals that people read. One sentence serves the page, the API problem and the audit entry."""

from django.utils.functional import Promise


class ActionRefused(Exception):
    """An action that may not happen now. ``reason`` is a sentence for the person who tried.

    ``code`` is stable and machine-readable; ``field`` names the input to mend, when there is one.
    """

    def __init__(self, reason: str | Promise, *, code: str, field: str | None = None) -> None:
        super().__init__(str(reason))
        self.reason = str(reason)
        self.code = code
        self.field = field


class NotPermitted(ActionRefused):
    """The person may see the object, but not do this to it."""


class LeaseLost(Exception):
    """Somebody else holds the job now, so nothing of this run may be written."""
