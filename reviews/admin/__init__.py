"""The moderators' pages of this room."""

from . import checks, copies, second_readings, work

__all__ = ["checks", "copies", "second_readings", "work"]
