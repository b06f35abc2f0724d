"""How urgent a claim is: the weights of what makes it so. docs/operations.md explains them."""

from django.core.exceptions import ImproperlyConfigured

from .environment import env

_DEFAULTS = {"check_worthiness": 50.0, "reach": 15.0, "harm": 15.0, "freshness": 10.0, "partners": 10.0}


def weights_from(given: dict[str, str]) -> dict[str, float]:
    """The given weights in place of the usual ones. Raises ImproperlyConfigured for a name that is none, for
    what is no number or below zero, and when nothing would weigh anything."""
    weights = dict(_DEFAULTS)
    for name, text in given.items():
        if name not in weights:
            raise ImproperlyConfigured(f"PRIORITY_WEIGHTS: there is no {name!r}, only {', '.join(weights)}.")
        try:
            weights[name] = float(text)
        except ValueError as error:
            raise ImproperlyConfigured(f"PRIORITY_WEIGHTS: {name}={text} is not a number.") from error
    if any(not 0 <= weight < float("inf") for weight in weights.values()) or not any(weights.values()):
        raise ImproperlyConfigured("PRIORITY_WEIGHTS: weights are numbers from zero up, and not all zero.")
    return weights


# what each part of a claim's priority weighs against the others
PRIORITY_WEIGHTS = weights_from(env.dict("PRIORITY_WEIGHTS", default={}))
# after how many hours since it last appeared a claim is not fresh any more
PRIORITY_FRESH_HOURS = env.int("PRIORITY_FRESH_HOURS", default=72)
if PRIORITY_FRESH_HOURS < 1:
    raise ImproperlyConfigured("PRIORITY_FRESH_HOURS: at least one hour.")
