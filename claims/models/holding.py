"""What of a claim nobody may change or delete while it is under legal hold, for all rooms' tables."""

from __future__ import annotations

import pgtrigger

from claimtracker.kernel.at_rest.triggers import words_changed


def kept_under_hold(
    name: str,
    *,
    operation: pgtrigger.Operation,
    claim: str = "OLD.claim_id",
    changed: tuple[str, ...] = (),
    encrypted: tuple[str, ...] = (),
) -> pgtrigger.Trigger:
    """Refuse the change while the claim (SQL over OLD) is held. Of an update only where one of the columns
    ``changed`` or ``encrypted`` gets another value: another key may encrypt what is held."""
    differs = words_changed(encrypted=encrypted, plain=changed)
    return pgtrigger.Trigger(
        name=f"{name}_is_kept_under_hold",
        when=pgtrigger.Before,
        operation=operation,
        condition=pgtrigger.Condition(differs) if differs else None,
        func=(
            f"IF EXISTS (SELECT 1 FROM claims_restrictedclaim r WHERE r.claim_id = {claim} "  # noqa: S608 - of names in the code
            "AND r.held_at IS NOT NULL) THEN "
            "RAISE EXCEPTION 'the claim is under legal hold' USING ERRCODE = 'check_violation'; END IF; "
            f"RETURN {'NEW' if changed else 'OLD'};"
        ),
    )
