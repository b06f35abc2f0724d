"""The moderators' pages of this room."""

from . import checks, copies, public, second_readings, work

__all__ = ["checks", "copies", "public", "second_readings", "work"]
