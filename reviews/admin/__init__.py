"""The moderators' pages of this room."""

from . import checks, copies, people, public, restrictions, second_readings, work

__all__ = ["checks", "copies", "people", "public", "restrictions", "second_readings", "work"]
