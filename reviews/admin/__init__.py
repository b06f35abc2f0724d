"""The moderators' pages of this room."""

from . import checks, copies, histories, people, public, second_readings, work

__all__ = ["checks", "copies", "histories", "people", "public", "second_readings", "work"]
