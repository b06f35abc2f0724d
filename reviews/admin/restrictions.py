"""Checks that are hidden or taken down, and claims under legal hold: what waits, how long, and the
decisions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from claimtracker.accounts.admin_base import Glimpse, ModerationAdmin, RowLink, RowsInline
from claimtracker.accounts.models import User
from claimtracker.accounts.moderation import Waiting, waiting, waiting_rows

from .. import states
from ..actions import restrictions as actions
from ..models import Restriction, RestrictionKind, RestrictionStep

ACTIONS: dict[str, Callable[..., Any]] = {
    "confirm": actions.confirm_takedown,
    "refuse": actions.refuse_takedown,
    "lift": actions.lift_restriction,
    "agree": actions.confirm_lifting,
    "keep": actions.keep_restriction,
}
FITTING = {
    states.ORDERED: ("confirm", "refuse"),
    states.IN_FORCE: ("lift",),
    states.LIFTING: ("agree", "keep"),
}
DONE = ngettext_lazy("Done for %d restriction.", "Done for %d restrictions.")
HELP = gettext_lazy("It stays in the record, and colleagues read it.")


class StepInline(RowsInline):
    model = RestrictionStep
    fields = ("act", "by", "to", "note", "at")
    show_change_link = False


@admin.register(Restriction)
class RestrictionAdmin(ModerationAdmin):
    list_display = ("id", "kind", "reason", "state", "claim", "age", "ordered_by", "escalated_to")
    list_display_links = ("id", "kind")
    list_filter = ("state", "kind", "reason")
    list_select_related = ("claim", "ordered_by", "escalated_to")
    search_fields = ("reference", "claim__text")
    inlines = (StepInline,)
    actions = ("confirm_selected", "refuse_selected", "lift_selected", "agree_selected", "keep_selected")

    @admin.display(description=gettext_lazy("age"), ordering="ordered_at")
    def age(self, row: Restriction) -> str:
        return timesince(row.ordered_at, row.ended_at or timezone.now(), depth=1)

    def glimpses(self, rows: Sequence[Restriction]) -> Mapping[Any, Glimpse]:
        return {
            row.pk: Glimpse(
                about=_("%(kind)s by %(who)s, %(reason)s")
                % {
                    "kind": row.get_kind_display(),
                    "who": row.ordered_by,
                    "reason": row.get_reason_display(),
                },
                text="\n".join(text for text in (row.note, row.public_reason) if text),
            )
            for row in rows
        }

    def offered_actions(self, obj: Restriction) -> list[str]:
        """What fits its state; who may not is told why where they press."""
        return [f"{what}_selected" for what in FITTING.get(obj.state, ())]

    def offered_links(self, obj: Restriction) -> list[RowLink]:
        return [
            RowLink(
                _("Record, escalation and new orders"), reverse("reviews:restrictions", args=[obj.claim_id])
            ),
            RowLink(_("The claim"), reverse("reviews:claim_detail", args=[obj.claim_id])),
        ]

    def _decided(self, request: HttpRequest, queryset: Any, what: str, title: Any) -> HttpResponse | None:
        act, by = ACTIONS[what], cast(User, request.user)
        return self.apply_with_reason(
            request,
            queryset,
            lambda row, reason: act(row, by=by, note=reason),
            action=f"{what}_selected",
            title=title,
            help_text=HELP,
            done=DONE,
        )

    @admin.action(description=gettext_lazy("Confirm the takedown …"), permissions=["moderate"])
    def confirm_selected(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        return self._decided(request, queryset, "confirm", gettext_lazy("Confirm the takedown"))

    @admin.action(description=gettext_lazy("Refuse the takedown …"), permissions=["moderate"])
    def refuse_selected(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        return self._decided(request, queryset, "refuse", gettext_lazy("Refuse the takedown"))

    @admin.action(description=gettext_lazy("Lift, or ask for it …"), permissions=["moderate"])
    def lift_selected(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        return self._decided(request, queryset, "lift", gettext_lazy("Lift, or ask for it"))

    @admin.action(description=gettext_lazy("Agree that it is lifted …"), permissions=["moderate"])
    def agree_selected(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        return self._decided(request, queryset, "agree", gettext_lazy("Agree that it is lifted"))

    @admin.action(description=gettext_lazy("Keep it in force …"), permissions=["moderate"])
    def keep_selected(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        return self._decided(request, queryset, "keep", gettext_lazy("Keep it in force"))


@admin.register(RestrictionStep)
class RestrictionStepAdmin(ModerationAdmin):
    list_display = ("id", "restriction", "act", "by", "to", "at")
    list_select_related = ("restriction", "by", "to")
    search_fields = ("by__name",)


@waiting
def waiting_for_a_second_person() -> Waiting:
    return waiting_rows(
        Restriction.objects.wait(),
        label=_("Takedowns and holds that wait for a second person"),
        query=f"state__in={states.ORDERED},{states.LIFTING}",
        note=_("who ordered it, or asks for its end, cannot be the second"),
        urgent=True,
        since="ordered_at",
    )


@waiting
def hidden_checks() -> Waiting:
    return waiting_rows(
        Restriction.objects.open().filter(kind=RestrictionKind.HIDDEN),
        label=_("Checks that are hidden"),
        query=f"kind__exact={RestrictionKind.HIDDEN}&state__exact={states.IN_FORCE}",
        note=_("to be shown again, or taken down"),
        since="ordered_at",
    )
