"""Changing the rules by which claims come to desks: one at a time, under the lock of the rulebook's row."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, fields
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from claimtracker.accounts.access import APPROVING
from claimtracker.accounts.models import Desk, Membership, User
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import audit

from ..models import RoutingRule, Rulebook
from ..models.routing import MOST_LIFT, Approval, FirstStep
from ..policies.routing import can_edit_rules

MANY = ("topics", "came_in_at", "reviewers")
LONGEST_DEADLINE = 24 * 365
MOST_RULES = 200


@dataclass(frozen=True, slots=True)
class RuleFields:
    """What a lead writes in a rule. The three last are ids of topics, desks and people."""

    name: str
    desk: Desk
    note: str = ""
    claimants: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    min_score: float = 0.0
    max_score: float = 1.0
    languages: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    deadline_hours: int = 48
    lift: int = 0
    first_step: str = FirstStep.RESEARCH
    approval: str = Approval.ANYONE
    selection_reason: str = ""
    topics: Collection[int] = field(default=())
    came_in_at: Collection[int] = field(default=())
    reviewers: Collection[int] = field(default=())


SINGLE = tuple(one.name for one in fields(RuleFields) if one.name not in MANY)


@transaction.atomic
def create_rule(wanted: RuleFields, *, by: User) -> RoutingRule:
    """Add a rule at the end. Leads, and moderators. Locks the rulebook. Raises NotPermitted, or ActionRefused
    with the field. Audits routing_rule.created."""
    book = _lock(by)
    _check(wanted)
    positions = list(RoutingRule.objects.order_by("position").values_list("position", flat=True))
    if len(positions) >= MOST_RULES:
        raise ActionRefused(
            _("There are %(most_rules)s rules already. Join or remove some first.")
            % {"most_rules": MOST_RULES},
            code="too_many",
        )
    rule = RoutingRule(position=(positions[-1] if positions else 0) + 1)
    _write(rule, wanted)
    _changed(book)
    audit.record("routing_rule.created", by=by, subject=rule, details=_as_details(wanted))
    return rule


@transaction.atomic
def change_rule(rule: RoutingRule, wanted: RuleFields, *, by: User, revision: int) -> RoutingRule:
    """Write a rule anew, whose ``revision`` the person has read. What was routed before stays as it is.
    Leads, and moderators. Locks the rulebook. Raises NotPermitted, or ActionRefused (``changed_since``, or
    with the field). Audits routing_rule.changed with what was there before."""
    book = _lock(by)
    rule = _current(rule, revision)
    _check(wanted)
    before, after = _as_details(_fields_of(rule)), _as_details(wanted)
    differs = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    if not differs:
        return rule
    rule.revision += 1
    _write(rule, wanted)
    _changed(book)
    audit.record("routing_rule.changed", by=by, subject=rule, details={"name": rule.name, "changes": differs})
    return rule


@transaction.atomic
def move_rule(rule: RoutingRule, *, by: User, before: RoutingRule | None) -> None:
    """Put a rule right before another one, or at the end. Whoever moves at the same time moves after this.
    Leads, and moderators. Locks the rulebook. Raises NotPermitted or ActionRefused. Audits
    routing_rule.moved."""
    book = _lock(by)
    order = {one.pk: one for one in RoutingRule.objects.order_by("position", "id")}
    if rule.pk not in order or (before is not None and before.pk not in order):
        raise ActionRefused(_("Somebody removed this rule meanwhile."), code="rule_gone")
    if before is not None and before.pk == rule.pk:
        return
    places = [pk for pk in order if pk != rule.pk]
    places.insert(places.index(before.pk) if before else len(places), rule.pk)
    if places == list(order):
        return
    moved = list(order).index(rule.pk) + 1, places.index(rule.pk) + 1
    for position, pk in enumerate(places, 1):
        order[pk].position = position
    RoutingRule.objects.bulk_update(order.values(), ["position"])
    _changed(book)
    details: dict[str, Any] = {"name": order[rule.pk].name, "from": moved[0], "to": moved[1]}
    details["before"] = before.pk if before else None
    audit.record("routing_rule.moved", by=by, subject=rule, details=details)


@transaction.atomic
def switch_rule(rule: RoutingRule, *, by: User, is_active: bool) -> RoutingRule:
    """Let a rule count, or pass over it; its place and words stay. Leads, and moderators. Locks the rulebook.
    Audits routing_rule.switched."""
    book = _lock(by)
    rule = _current(rule)
    if rule.is_active != is_active:
        rule.is_active = is_active
        rule.save(update_fields=["is_active"])
        _changed(book)
        details = {"name": rule.name, "is_active": is_active}
        audit.record("routing_rule.switched", by=by, subject=rule, details=details)
    return rule


@transaction.atomic
def remove_rule(rule: RoutingRule, *, by: User) -> None:
    """Take a rule away; what it routed keeps its desk and the reason. Leads, and moderators. Locks the
    rulebook. Audits routing_rule.removed with what it said."""
    book = _lock(by)
    rule = _current(rule)
    audit.record("routing_rule.removed", by=by, subject=rule, details=_as_details(_fields_of(rule)))
    rule.delete()
    _changed(book)


@transaction.atomic
def change_otherwise(
    *, by: User, desk: Desk | None, deadline_hours: int | None, first_step: str, revision: int
) -> Rulebook:
    """Say where claims go that no rule matches; without a desk to the one of their article. Leads, and
    moderators. Locks the rulebook. Raises NotPermitted, or ActionRefused with the field. Audits
    rulebook.changed."""
    book = _lock(by)
    if book.revision != revision:
        raise _changed_since()
    if deadline_hours is not None:
        _check_deadline(deadline_hours)
    before = _otherwise(book)
    book.desk, book.deadline_hours, book.first_step = desk, deadline_hours, first_step
    _changed(book)
    audit.record(
        "rulebook.changed", by=by, subject=book, details={"before": before, "after": _otherwise(book)}
    )
    return book


def _otherwise(book: Rulebook) -> dict[str, Any]:
    return {
        "desk": book.desk.slug if book.desk else None,
        "deadline_hours": book.deadline_hours,
        "first_step": book.first_step,
    }


def _lock(by: User) -> Rulebook:
    """The rulebook's row, locked until the transaction ends: rules, order and topics change one by one."""
    can_edit_rules(by).enforce()
    return lock_rulebook()


def lock_rulebook() -> Rulebook:
    Rulebook.objects.get_or_create(pk=Rulebook.ONLY)
    return Rulebook.objects.select_for_update().get(pk=Rulebook.ONLY)


def _changed(book: Rulebook) -> None:
    book.revision += 1
    book.save()


def _current(rule: RoutingRule, revision: int | None = None) -> RoutingRule:
    """The rule as it is now. Under the rulebook's lock nobody else changes it."""
    found = RoutingRule.objects.filter(pk=rule.pk).first()
    if found is None:
        raise ActionRefused(_("Somebody removed this rule meanwhile."), code="rule_gone")
    if revision is not None and found.revision != revision:
        raise _changed_since()
    return found


def _changed_since() -> ActionRefused:
    return ActionRefused(
        _(
            "Somebody changed this since you opened it. What you wrote is kept below; open the "
            "page again to see "
            "theirs."
        ),
        code="changed_since",
    )


def _check(wanted: RuleFields) -> None:
    """Raises ActionRefused at the first field that cannot be."""
    if not wanted.name.strip():
        raise ActionRefused(_("Give the rule a name. It stands on every task."), code="no_name", field="name")
    if not 0 <= wanted.min_score <= wanted.max_score <= 1:
        raise ActionRefused(
            _("Scores go from 0 to 1, the lower one first."), code="bad_score", field="max_score"
        )
    _check_deadline(wanted.deadline_hours)
    if abs(wanted.lift) > MOST_LIFT:
        raise ActionRefused(
            _("A rule adds or takes away %(most_lift)s points at most.") % {"most_lift": MOST_LIFT},
            code="bad_lift",
            field="lift",
        )
    if wanted.approval == Approval.NAMED:
        _check_reviewers(wanted)


def _check_deadline(hours: int) -> None:
    if not 1 <= hours <= LONGEST_DEADLINE:
        raise ActionRefused(
            _("The deadline is from one hour to a year."), code="bad_deadline", field="deadline_hours"
        )


def _check_reviewers(wanted: RuleFields) -> None:
    named = set(wanted.reviewers)
    if not named:
        raise ActionRefused(_("Name at least one person."), code="nobody_named", field="reviewers")
    able = Membership.objects.filter(
        desk=wanted.desk, role__in=APPROVING, user__in=named, user__is_active=True
    )
    missing = User.objects.filter(pk__in=named - set(able.values_list("user_id", flat=True)))
    if missing:
        names = ", ".join(str(person) for person in missing)
        raise ActionRefused(
            _("Not an editor or lead of the %(name)s desk: %(names)s.")
            % {"name": wanted.desk.name, "names": names},
            code="cannot_approve",
            field="reviewers",
        )


def _write(rule: RoutingRule, wanted: RuleFields) -> None:
    for name in SINGLE:
        value = getattr(wanted, name)
        setattr(rule, name, list(value) if isinstance(value, tuple) else value)
    rule.save()
    for name in MANY:
        getattr(rule, name).set(getattr(wanted, name))


def _fields_of(rule: RoutingRule) -> RuleFields:
    facts: dict[str, Any] = {name: getattr(rule, name) for name in SINGLE}
    facts = {name: tuple(value) if isinstance(value, list) else value for name, value in facts.items()}
    facts |= {name: list(getattr(rule, name).values_list("pk", flat=True)) for name in MANY}
    return RuleFields(**facts)


def _as_details(wanted: RuleFields) -> dict[str, Any]:
    """For the audit: desks by slug, the rest as it is."""
    facts = {**{one.name: getattr(wanted, one.name) for one in fields(RuleFields)}, "desk": wanted.desk.slug}
    return {
        name: sorted(value) if name in MANY else list(value) if isinstance(value, tuple) else value
        for name, value in facts.items()
    }
