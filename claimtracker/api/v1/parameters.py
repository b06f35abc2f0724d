"""Query parameters: a misspelt one must not silently mean everything."""

from __future__ import annotations

from collections.abc import Sequence

from rest_framework.request import Request

from .problems import BadParameter


def refuse_unknown(request: Request, known: Sequence[str]) -> None:
    """Raise BadParameter for the first query parameter that the endpoint does not have, or that was sent
    twice."""
    for name, values in request.query_params.lists():
        if name not in known:
            offered = f"Known are {', '.join(known)}." if known else "This address takes none."
            raise BadParameter(name[:100], f"There is no query parameter of this name. {offered}")
        if len(values) > 1:
            raise BadParameter(name, f"{name} was sent {len(values)} times. Send it once.")


def some_of(request: Request, name: str, known: Sequence[str]) -> list[str]:
    """The values that were asked for with commas between; none where none was. Raises BadParameter."""
    sent = request.query_params.get(name)
    wanted = [] if sent is None else [value.strip() for value in sent.split(",")]
    if any(value not in known for value in wanted):
        raise BadParameter(name, f"{name} must be one or more of {', '.join(known)}, with commas between.")
    return wanted


def number_or_now(request: Request, name: str) -> int | str | None:
    """A whole number, ``now``, or None where nothing was asked. Raises BadParameter."""
    value = request.query_params.get(name)
    if value is None or value == "now":
        return value
    if value.isascii() and value.isdigit() and len(value) <= 18:
        return int(value)
    raise BadParameter(name, f"{name} must be a cursor that we gave out, or now.")
