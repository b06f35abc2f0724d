"""The moderators' pages of this room."""

from . import checks, complaints, copies, people, public, second_readings, work

__all__ = ["checks", "complaints", "copies", "people", "public", "second_readings", "work"]
