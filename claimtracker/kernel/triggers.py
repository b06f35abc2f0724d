"""PostgreSQL triggers from the tables that Python uses: what must never be true, the database forbids."""

import pgtrigger

from .transitions import Transitions


def append_only(*, name: str, unless: pgtrigger.Q | None = None) -> list[pgtrigger.Trigger]:
    """Rows may be added, never changed, removed or truncated; what is ``unless``, the table's owner may."""
    return [
        pgtrigger.Protect(
            name=f"{name}_append_only",
            operation=pgtrigger.Update | pgtrigger.Delete,
            condition=~unless if unless else None,
        ),
        pgtrigger.Trigger(
            name=f"{name}_no_truncate",
            level=pgtrigger.Statement,
            when=pgtrigger.Before,
            operation=pgtrigger.Truncate,
            func=f"RAISE EXCEPTION '{name} is append-only: it cannot be truncated';",
        ),
    ]


def legal_transitions(
    transitions: Transitions, *, name: str, field: str = "state"
) -> list[pgtrigger.Trigger]:
    """A row is born in an initial state and moves only along the table."""
    pairs = ", ".join(f"('{source}', '{target}')" for source, target in transitions.pairs())
    births = ", ".join(f"'{state}'" for state in transitions.initial)
    return [
        pgtrigger.Trigger(
            name=f"{name}_legal_transition",
            when=pgtrigger.Before,
            operation=pgtrigger.UpdateOf(field),
            condition=pgtrigger.Condition(f'OLD."{field}" IS DISTINCT FROM NEW."{field}"'),
            func=(
                f'IF (OLD."{field}", NEW."{field}") NOT IN ({pairs}) THEN '
                f"RAISE EXCEPTION 'illegal transition of {transitions.name}: % to %', "
                f'OLD."{field}", NEW."{field}" '
                "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;"
            ),
        ),
        pgtrigger.Trigger(
            name=f"{name}_initial_state",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert,
            func=(
                f'IF NEW."{field}" NOT IN ({births}) THEN '
                f"RAISE EXCEPTION 'a {transitions.name} cannot begin as %', NEW.\"{field}\" "
                "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;"
            ),
        ),
    ]


def says_when_it_changed(*columns: str, name: str, at: str = "changed_at") -> pgtrigger.Trigger:
    """``at`` is the moment of the last change to one of ``columns``, whoever writes the row and whatever an
    older copy of it says."""
    old, new = (", ".join(f'{row}."{column}"' for column in columns) for row in ("OLD", "NEW"))
    return pgtrigger.Trigger(
        name=f"{name}_says_when_it_changed",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func=(
            f"IF ROW({old}) IS DISTINCT FROM ROW({new}) THEN "
            f'NEW."{at}" = clock_timestamp(); ELSE NEW."{at}" = OLD."{at}"; END IF; RETURN NEW;'
        ),
    )
