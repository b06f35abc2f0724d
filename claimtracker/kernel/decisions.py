"""What a policy answers: allowed, or denied with the sentence that the page, the API and the ledger show."""

from dataclasses import dataclass

from django.utils.functional import Promise

from .errors import NotPermitted


@dataclass(frozen=True, slots=True)
class Decision:
    """Truthy when allowed. ``reason`` and ``code`` are empty then."""

    allowed: bool
    reason: str = ""
    code: str = ""

    def __bool__(self) -> bool:
        return self.allowed

    def enforce(self) -> None:
        """Raise :class:`NotPermitted` with the reason, unless allowed."""
        if not self.allowed:
            raise NotPermitted(self.reason, code=self.code)


def Allowed() -> Decision:
    return Decision(True)


def Denied(reason: str | Promise, code: str = "not_permitted") -> Decision:
    return Decision(False, str(reason), code)
