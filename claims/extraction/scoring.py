"""From what encoder and rules say of a span to one calibrated probability."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields

_FLOOR = 1e-4


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known of a span before it is scored; probabilities from 0 to 1 unless said otherwise."""

    inside: float  # of its words being inside a claim, their mean
    least: float  # and the least of them
    claim: float  # of its sentence holding a claim, as news
    worth: float  # of its sentence being check-worthy, as in a debate
    rules: float  # the rules' score, 0 where they exclude it
    excluded: float  # 1 where the rules exclude it
    marked: float  # share of the union with the span that the encoder marks there, 0 where it marks none
    piece: float  # the same with the piece of fact that the rules cut out there
    words: float  # how many
    number: float  # 1 where a figure stands in it
    quoted: float  # 1 inside quotation marks
    reported: float  # 1 where somebody else is reported to say it

    def row(self) -> dict[str, float]:
        """Signals as the logistic curve takes them: probabilities as logits, the length as its logarithm."""
        found = {field.name: float(getattr(self, field.name)) for field in fields(self)}
        for name in ("inside", "least", "claim", "worth"):
            found[name] = _logit(found[name])
        found["words"] = math.log(max(1.0, found["words"]))
        return found


def probability(signals: Signals, curve: Mapping[str, float]) -> float:
    """The logistic curve fitted on labelled articles: `curve` has weights of signals and an "offset"."""
    weighted = (curve.get(name, 0.0) * value for name, value in signals.row().items())
    total = curve["offset"] + sum(weighted)
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


def _logit(value: float) -> float:
    value = min(max(value, _FLOOR), 1 - _FLOOR)
    return math.log(value / (1 - value))
