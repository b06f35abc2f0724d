"""``fields=id,text``: only what was asked for, and no queries for the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request

from .problems import BadParameter

PARAMETER = "fields"


@dataclass(frozen=True, slots=True)
class Wanted:
    """The fields that an answer is to have; all of them unless told."""

    names: frozenset[str] | None = None

    def __contains__(self, name: object) -> bool:
        return self.names is None or name in self.names

    def any_of(self, *names: str) -> bool:
        return any(name in self for name in names)


EVERYTHING = Wanted()
NOTHING = Wanted(frozenset())


def wanted_fields(request: Request, shape: type[serializers.Serializer[Any]] | None) -> Wanted:
    """What ``fields`` names. Raises BadParameter for a name that answers of this shape do not have."""
    sent = request.query_params.get(PARAMETER)
    if sent is None or shape is None:
        return EVERYTHING
    known = list(shape().fields)
    names = sent.split(",")
    offered = f"Known are {', '.join(known)}."
    if names == [""]:
        raise BadParameter(PARAMETER, f"fields is empty. Name some, or leave it out. {offered}")
    for name in names:
        if name not in known:
            raise BadParameter(PARAMETER, f"There is no field “{name[:100]}” here. {offered}")
    return Wanted(frozenset(names))
