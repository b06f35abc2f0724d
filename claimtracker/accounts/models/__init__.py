"""People, desks, who does what at which desk, and when they work."""

from .first_steps import FirstSteps, Look
from .hours import DayOff, Leave, WorkingHours
from .people import Desk, Membership, Role, User, UserManager
from .ready_reason import ReadyReason

__all__ = [
    "DayOff",
    "Desk",
    "FirstSteps",
    "Leave",
    "Look",
    "Membership",
    "ReadyReason",
    "Role",
    "User",
    "UserManager",
    "WorkingHours",
]
