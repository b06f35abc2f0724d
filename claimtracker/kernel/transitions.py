"""State machines as data: one table drives Python, the database triggers and the diagram in the docs."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from .errors import ActionRefused


@dataclass(frozen=True, slots=True)
class Transitions:
    """``table`` maps a state to the states it may go to; ``initial`` are the states a row may be born in."""

    name: str
    initial: tuple[str, ...]
    table: Mapping[str, tuple[str, ...]]

    @property
    def states(self) -> tuple[str, ...]:
        return tuple(self.table)

    def pairs(self) -> list[tuple[str, str]]:
        """Every legal (from, to)."""
        return [(source, target) for source, targets in self.table.items() for target in targets]

    def allows(self, source: str, target: str) -> bool:
        return target in self.table.get(source, ())

    def check(self, source: str, target: str) -> None:
        """Raise :class:`ActionRefused` (``illegal_transition``) unless ``source`` may become ``target``."""
        if not self.allows(source, target):
            raise ActionRefused(
                _("A %(name)s that is %(source)s cannot become %(target)s.")
                % {"name": self.name, "source": source, "target": target},
                code="illegal_transition",
            )

    def mermaid(self) -> str:
        """The diagram of docs/architecture.md, in Mermaid's state notation."""
        lines = ["stateDiagram-v2"]
        lines += [f"    [*] --> {state}" for state in self.initial]
        lines += [f"    {source} --> {target}" for source, target in self.pairs()]
        return "\n".join(lines)
