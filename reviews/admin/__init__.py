"""The moderators' pages of this room."""

from . import (
    checks,
    complaints,
    copies,
    flags,
    histories,
    people,
    public,
    restrictions,
    second_readings,
    work,
)

__all__ = [
    "checks",
    "complaints",
    "copies",
    "flags",
    "histories",
    "people",
    "public",
    "restrictions",
    "second_readings",
    "work",
]
