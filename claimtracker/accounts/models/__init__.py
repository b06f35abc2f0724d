"""People, desks, who does what at which desk, and when they work."""

from .hours import DayOff, Leave, WorkingHours
from .people import Desk, Membership, Role, User, UserManager

__all__ = ["DayOff", "Desk", "Leave", "Membership", "Role", "User", "UserManager", "WorkingHours"]
