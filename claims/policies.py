"""Who may do what to articles and claims, each with the sentence that explains a refusal."""

from __future__ import annotations

from typing import Any

from claimtracker.accounts.access import CHECKING, has_role, roles_by_desk, sees_everything
from claimtracker.accounts.models import Desk
from claimtracker.kernel.decisions import Allowed, Decision, Denied

from .models import Claim


def can_add_article(user: Any, desk: Desk) -> Decision:
    if desk.pk in roles_by_desk(user) or sees_everything(user):
        return Allowed()
    return Denied(f"Only members of the {desk.name} desk can add articles to it.")


def can_decide_submission(user: Any) -> Decision:
    if sees_everything(user):
        return Allowed()
    return Denied("Only moderators accept or reject what partners send.")


def can_mark_claim(user: Any, desk: Desk) -> Decision:
    if desk.pk in roles_by_desk(user):
        return Allowed()
    return Denied(f"Only members of the {desk.name} desk can mark claims in its articles.")


def can_curate_claim(user: Any, claim: Claim) -> Decision:
    if has_role(user, CHECKING, desk=claim.desk_id):
        return Allowed()
    return Denied(f"Only checkers, editors and leads of the {claim.desk.name} desk can do this.")


def can_import_known_claims(user: Any) -> Decision:
    if sees_everything(user):
        return Allowed()
    return Denied("Only moderators import what other publishers found.")


def can_withdraw_known_claim(user: Any) -> Decision:
    if sees_everything(user):
        return Allowed()
    return Denied("Only moderators withdraw or restore known claims.")
