"""The rules by which claims come to desks: read by everybody, written by leads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claimtracker.accounts.first_steps import note_look_of
from claimtracker.accounts.models import Look
from claimtracker.kernel.errors import ActionRefused

from ..actions import routing_rules as actions
from ..forms.routing import OtherwiseForm, RuleForm
from ..models import RoutingRule
from ..placement.rules import Conditions, Rule
from ..policies.routing import can_edit_rules, can_read_rules
from ..selectors.dry_run import DAYS, Catch, DryRun, dry_run, last_week
from ..selectors.routing_pages import caught_page, cursor_of, kept_rulebook, rules_in_order
from ..selectors.rulebook import rulebook
from .access import person, signed_in, status_of
from .rule_words import conditions_in_words, effects_in_words

EXAMPLES = 8


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule of the list. ``up`` and ``down`` are the ids of the rules that it would stand before, with 0
    for the end; None at the edges."""

    rule: RoutingRule
    conditions: list[tuple[str, str]]
    effects: list[str]
    catch: Catch | None
    up: int | None
    down: int | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What a rule that is being written would do. ``gained`` and ``lost`` compare with what is in force."""

    total: int
    catch: Catch
    gained: int
    lost: int
    examples: Any
    takes_everything: bool
    is_cut: bool

    @property
    def more(self) -> int:
        """How many of those that the person sees are not shown."""
        return self.catch.count - self.examples.hidden - len(self.examples.rows)


@signed_in
@require_safe
def rule_list(request: HttpRequest) -> HttpResponse:
    can_read_rules(request.user).enforce()
    note_look_of(request, Look.RULES)
    return _list(request)


def _list(request: HttpRequest, *, otherwise: OtherwiseForm | None = None, status: int = 200) -> HttpResponse:
    run = dry_run(rulebook(), last_week(request.user))
    book = kept_rulebook()
    context = {
        "lines": _lines(rules_in_order(), run),
        "book": book,
        "otherwise": run.otherwise,
        "otherwise_form": otherwise or OtherwiseForm.of(book),
        "can_edit": can_edit_rules(request.user),
        "total": len(run.week.claims),
        "is_cut": run.week.is_cut,
        "days": DAYS,
    }
    return render(request, "reviews/routing/rules.html", context, status=status)


def _lines(rules: list[RoutingRule], run: DryRun) -> list[RuleLine]:
    ids = [rule.pk for rule in rules]
    return [
        RuleLine(
            rule=rule,
            conditions=conditions_in_words(rule),
            effects=effects_in_words(rule),
            catch=run.by_rule.get(rule.pk),
            up=ids[place - 1] if place else None,
            down=None if place == len(ids) - 1 else ids[place + 2] if place + 2 < len(ids) else 0,
        )
        for place, rule in enumerate(rules)
    ]


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def rule_form(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Write a rule. The button "Show what it would catch" saves nothing, and works without script."""
    can_edit_rules(request.user).enforce()
    rule = _rule(pk) if pk is not None else None
    if request.method != "POST":
        return _form_page(request, rule, RuleForm.of(rule))
    form = RuleForm(request.POST)
    if "preview" in request.POST:
        return _form_page(request, rule, form, preview=preview_of(request, rule, form))
    if not form.is_valid():
        form.mark_invalid()
        return _form_page(request, rule, form, status=422)
    try:
        _save(request, rule, form)
    except ActionRefused as refusal:
        form.refuse(refusal)
        return _form_page(request, rule, form, status=status_of(refusal))
    messages.success(request, _("Saved. It counts for claims that come in from now on."))
    return redirect("reviews:routing_rules")


def _save(request: HttpRequest, rule: RoutingRule | None, form: RuleForm) -> None:
    if rule is None:
        actions.create_rule(form.rule_fields(), by=person(request))
        return
    revision = form.cleaned_data["revision"] or 0
    actions.change_rule(rule, form.rule_fields(), by=person(request), revision=revision)


@signed_in
@require_POST
def rule_preview(request: HttpRequest) -> HttpResponse:
    """What the rule as it stands in the form would have caught. Saves nothing."""
    can_edit_rules(request.user).enforce()
    number = request.POST.get("rule", "")
    rule = RoutingRule.objects.filter(pk=int(number)).first() if _is_number(number) else None
    preview = preview_of(request, rule, RuleForm(request.POST))
    return render(request, "reviews/routing/_preview.html", {"preview": preview, "days": DAYS})


def preview_of(request: HttpRequest, rule: RoutingRule | None, form: RuleForm) -> Preview | None:
    """None while the form is not complete. A new rule is tried at the end, where it will stand; one that is
    switched off, as if it were on."""
    if not form.is_valid():
        return None
    wanted = as_plain(form.rule_fields(), rule.pk if rule else 0)
    book, week = rulebook(), last_week(request.user)
    tried = book.with_rule(wanted)
    if rule is not None and not rule.is_active:
        tried = book.with_rule_at(wanted, _place_of(rule))
    now, then = dry_run(tried, week), dry_run(book, week)
    catch = now.of(wanted.rule_id)
    before = set(then.of(wanted.rule_id).claims)
    return Preview(
        total=len(week.claims),
        catch=catch,
        gained=len(set(catch.claims) - before),
        lost=len(before - set(catch.claims)),
        examples=caught_page(now, catch.claims, dict(book.desk_names), size=EXAMPLES),
        takes_everything=wanted.conditions == Conditions(),
        is_cut=week.is_cut,
    )


def _place_of(rule: RoutingRule) -> int:
    """How many active rules stand before it."""
    return RoutingRule.objects.filter(is_active=True, position__lt=rule.position).count()


def as_plain(wanted: actions.RuleFields, rule_id: int) -> Rule:
    """What a form says, as routing reads it."""
    return Rule(
        rule_id=rule_id,
        name=wanted.name,
        conditions=Conditions(
            topics=frozenset(wanted.topics),
            desks=frozenset(wanted.came_in_at),
            claimants=wanted.claimants,
            kinds=frozenset(wanted.kinds),
            min_score=wanted.min_score,
            max_score=wanted.max_score,
            languages=frozenset(wanted.languages),
            partners=frozenset(wanted.partners),
            keywords=wanted.keywords,
        ),
        desk=wanted.desk.pk,
        deadline_hours=wanted.deadline_hours,
        lift=wanted.lift,
        first_step=wanted.first_step,
        approval=wanted.approval,
        reviewers=tuple(wanted.reviewers),
        selection_reason=wanted.selection_reason,
    )


def _form_page(
    request: HttpRequest,
    rule: RoutingRule | None,
    form: RuleForm,
    *,
    preview: Preview | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"rule": rule, "form": form, "preview": preview, "days": DAYS}
    return render(request, "reviews/routing/rule_form.html", context, status=status)


@signed_in
@require_safe
def caught(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Which of last week's claims a rule would have caught; without ``pk`` those that no rule takes."""
    can_read_rules(request.user).enforce()
    rule = _rule(pk) if pk is not None else None
    book = rulebook()
    if rule is not None and not rule.is_active:
        raise Http404
    run = dry_run(book, last_week(request.user))
    catch = run.of(pk)
    page = caught_page(run, catch.claims, dict(book.desk_names), after=cursor_of(request.GET))
    context = {
        "rule": rule,
        "catch": catch,
        "page": page,
        "total": len(run.week.claims),
        "days": DAYS,
        "is_cut": run.week.is_cut,
        "is_later": cursor_of(request.GET) is not None,
    }
    return render(request, "reviews/routing/caught.html", context)


@signed_in
@require_POST
def rule_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a rule before the one that the form names, or with 0 at the end."""
    before, rule = request.POST.get("before", ""), _rule(pk)
    target = None if before == "0" else _rule(int(before) if _is_number(before) else -1)
    return _act(request, lambda: actions.move_rule(rule, by=person(request), before=target), _("Moved."))


@signed_in
@require_POST
def rule_switch(request: HttpRequest, pk: int) -> HttpResponse:
    rule, is_active = _rule(pk), request.POST.get("on") == "1"
    done = _("The rule counts again.") if is_active else _("The rule is passed over now.")
    return _act(request, lambda: actions.switch_rule(rule, by=person(request), is_active=is_active), done)


@signed_in
@require_POST
def rule_remove(request: HttpRequest, pk: int) -> HttpResponse:
    rule = _rule(pk)
    return _act(request, lambda: actions.remove_rule(rule, by=person(request)), _("Removed."))


@signed_in
@require_POST
def otherwise(request: HttpRequest) -> HttpResponse:
    """Where claims go that no rule matches."""
    can_edit_rules(request.user).enforce()
    form = OtherwiseForm(request.POST)
    if not form.is_valid():
        return _list(request, otherwise=form, status=422)
    try:
        actions.change_otherwise(by=person(request), **form.cleaned_data)
    except ActionRefused as refusal:
        form.refuse(refusal)
        return _list(request, otherwise=form, status=status_of(refusal))
    messages.success(request, _("Saved. It counts for claims that come in from now on."))
    return redirect("reviews:routing_rules")


def _act(request: HttpRequest, act: Callable[[], Any], done: str) -> HttpResponse:
    can_edit_rules(request.user).enforce()
    try:
        act()
    except ActionRefused as refusal:
        messages.error(request, refusal.reason)
        return _list(request, status=status_of(refusal))
    messages.success(request, done)
    return redirect("reviews:routing_rules")


def _rule(pk: int) -> RoutingRule:
    return get_object_or_404(RoutingRule, pk=pk)


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) < 18
