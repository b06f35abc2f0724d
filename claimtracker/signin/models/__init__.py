"""What is known of how people get in: their devices, wrong tries, invitations, and what they were told."""

from .devices import KnownDevice
from .failures import SignInFailure
from .invitations import Invitation
from .letters import AccountLetter

__all__ = ["AccountLetter", "Invitation", "KnownDevice", "SignInFailure"]
