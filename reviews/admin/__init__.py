"""The moderators' pages of this room."""

from . import checks, complaints, copies, histories, people, public, second_readings, work

__all__ = ["checks", "complaints", "copies", "histories", "people", "public", "second_readings", "work"]
