"""Roles in the language of the database: what a policy refuses, a trigger refuses too."""

from __future__ import annotations

import pgtrigger

_HOLDS = (
    "EXISTS (SELECT 1 FROM accounts_membership m JOIN accounts_user u ON u.id = m.user_id "
    "WHERE m.user_id = {person} AND m.desk_id = {desk} AND u.is_active AND m.role = ANY ({roles}))"
)
CHECKING = "ARRAY['checker', 'editor', 'lead']"
APPROVING = "ARRAY['editor', 'lead']"
LEADING = "ARRAY['lead']"
ROLES_OF_KIND = (
    "CASE NEW.kind WHEN 'second_review' THEN ARRAY['editor', 'lead'] "
    "WHEN 'adjudication' THEN ARRAY['lead'] ELSE ARRAY['checker', 'editor', 'lead'] END"
)


def only_with_role(
    *,
    name: str,
    operation: pgtrigger.Operation,
    person: str,
    desk: str,
    roles: str,
    says: str,
    condition: str = "",
) -> pgtrigger.Trigger:
    """Refuse the row unless ``person`` holds one of ``roles`` at ``desk`` (SQL over NEW)."""
    holds = _HOLDS.format(person=person, desk=desk, roles=roles)
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.After,  # the constraints of the table speak first
        operation=operation,
        condition=pgtrigger.Condition(condition) if condition else None,
        func=(
            f"IF NOT {holds} THEN RAISE EXCEPTION '{says}' "
            "USING ERRCODE = 'check_violation'; END IF; RETURN NULL;"
        ),
    )
