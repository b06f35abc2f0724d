"""What colleagues flagged: what waits, how long, and the decisions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from claimtracker.accounts.admin_base import Glimpse, ModerationAdmin, RowLink, RowsInline
from claimtracker.accounts.models import Membership, Role, User
from claimtracker.accounts.moderation import Waiting, waiting, waiting_rows

from .. import states
from ..actions.flags import dismiss_case, escalate_case, reopen_case, resolve_case
from ..models import Flag, FlagCase, FlagStep

DONE = ngettext_lazy("Decided on %d case.", "Decided on %d cases.")
HELP = gettext_lazy("Who flagged it reads this, and it stays in the record.")


class AskForm(forms.Form):
    to = forms.ModelChoiceField(label=gettext_lazy("Who decides"), queryset=User.objects.none())
    note = forms.CharField(
        label=gettext_lazy("What you ask them"),
        max_length=2000,
        help_text=gettext_lazy("They read it with everything that was flagged; it stays in the record."),
        widget=forms.Textarea(attrs={"rows": 4, "cols": 60}),
    )

    def __init__(self, *args: Any, cases: QuerySet[FlagCase], by: User, **options: Any) -> None:
        super().__init__(*args, **options)
        desks = cases.values("claim__desk")
        asked = Membership.objects.filter(Q(role=Role.MODERATOR) | Q(role=Role.LEAD, desk__in=desks))
        people = User.objects.filter(
            Q(is_superuser=True) | Q(pk__in=asked.values("user")), is_active=True
        ).exclude(pk=by.pk)
        field: Any = self.fields["to"]
        field.queryset = people.order_by("name", "pk")


class FlagInline(RowsInline):
    model = Flag
    fields = ("by", "reason", "note", "at")
    show_change_link = False


class FlagStepInline(RowsInline):
    model = FlagStep
    fields = ("act", "by", "to", "note", "at")
    show_change_link = False


@admin.register(FlagCase)
class FlagCaseAdmin(ModerationAdmin):
    list_display = ("id", "__str__", "words", "flagged", "state", "age", "escalated_to", "decided_by")
    list_display_links = ("id", "__str__")
    list_filter = ("state",)
    list_select_related = ("claim", "comment__author", "comment__source", "escalated_to", "decided_by")
    search_fields = ("claim__text", "flags__by__name")
    extra_fields = ("words",)
    inlines = (FlagInline, FlagStepInline)
    actions = ("resolve_selected", "dismiss_selected", "escalate_selected")
    keys = {"resolve_selected": "a", "dismiss_selected": "r", "escalate_selected": "e"}
    reasoned = ("resolve_selected", "dismiss_selected")
    undoes = {
        "resolve_selected": lambda row, by: reopen_case(row, by=by),
        "dismiss_selected": lambda row, by: reopen_case(row, by=by),
    }
    finals = {"escalate_selected": gettext_lazy("This cannot be undone: they were told. Ask somebody else.")}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        of_it = Flag.objects.filter(case=OuterRef("pk")).order_by().values("case")
        counted = of_it.annotate(number=Count("pk")).values("number")
        return super().get_queryset(request).annotate(flag_count=Subquery(counted))

    @admin.display(description=gettext_lazy("flags"), ordering="flag_count")
    def flagged(self, row: Any) -> int:
        return int(row.flag_count or 0)

    @admin.display(description=gettext_lazy("age"), ordering="opened_at")
    def age(self, row: FlagCase) -> str:
        return timesince(row.opened_at, row.decided_at or timezone.now(), depth=1)

    @admin.display(description=gettext_lazy("what it is about"))
    def words(self, row: FlagCase) -> str:
        """The claim's words, or the comment's, unless it tells of a confidential source: no moderator reads
        those."""
        comment = row.comment
        if comment is None:
            return row.claim.text
        if comment.removed_at:
            return _("A comment that was removed since.")
        if comment.source and comment.source.is_confidential:
            return _("A comment about a confidential source, which moderators do not read. Ask a lead.")
        return f"{comment.author}: {comment.text}"

    def glimpses(self, rows: Sequence[FlagCase]) -> Mapping[Any, Glimpse]:
        found: dict[int, list[Flag]] = {}
        for one in Flag.objects.filter(case__in=rows).select_related("by"):
            found.setdefault(one.case_id, []).append(one)
        return {pk: _glimpse(flags) for pk, flags in found.items()}

    def offered_actions(self, obj: FlagCase) -> list[str]:
        """All while it is open; who may not is told why where they press."""
        return [*self.actions] if obj.is_open else []

    def offered_links(self, obj: FlagCase) -> list[RowLink]:
        claim = obj.claim_id
        record = RowLink(_("Flags of this claim"), reverse("reviews:flags", args=[claim]))
        if obj.comment_id:
            at = reverse("reviews:comment_detail", args=[claim, obj.comment_id])
            return [RowLink(_("The comment, to remove it"), f"{at}#comment-{obj.comment_id}"), record]
        return [
            RowLink(_("Hide, take down or hold"), reverse("reviews:restrictions", args=[claim])),
            RowLink(_("The claim"), reverse("reviews:claim_detail", args=[claim])),
            record,
        ]

    @admin.action(description=gettext_lazy("It is dealt with …"), permissions=["moderate"])
    def resolve_selected(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        return self._decided(request, queryset, resolve_case, "resolve_selected", gettext_lazy("Dealt with"))

    @admin.action(description=gettext_lazy("Nothing to do …"), permissions=["moderate"])
    def dismiss_selected(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        return self._decided(
            request, queryset, dismiss_case, "dismiss_selected", gettext_lazy("Nothing to do")
        )

    @admin.action(description=gettext_lazy("Ask somebody else to decide …"), permissions=["moderate"])
    def escalate_selected(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        by = cast(User, request.user)
        form = AskForm(request.POST if "apply" in request.POST else None, cases=queryset, by=by)
        return self.apply_with_form(
            request,
            queryset,
            form,
            lambda row: escalate_case(row, by=by, **form.cleaned_data),
            action="escalate_selected",
            title=gettext_lazy("Ask somebody else to decide"),
            done=ngettext_lazy("%d case goes to who was asked.", "%d cases go to who was asked."),
        )

    def _decided(
        self, request: HttpRequest, queryset: Any, act: Callable[..., Any], action: str, title: Any
    ) -> HttpResponse | None:
        by = cast(User, request.user)
        return self.apply_with_reason(
            request,
            queryset,
            lambda row, reason: act(row, by=by, note=reason),
            action=action,
            title=title,
            help_text=HELP,
            done=DONE,
        )


def _glimpse(flags: list[Flag]) -> Glimpse:
    """Who flagged it, why, and what each wrote."""
    count = ngettext("%d flag", "%d flags", len(flags)) % len(flags)
    reasons = ", ".join(dict.fromkeys(str(one.get_reason_display()) for one in flags))
    return Glimpse(f"{count}: {reasons}", "\n\n".join(f"{one.by}: {one.note}" for one in flags))


@admin.register(Flag)
class FlagAdmin(ModerationAdmin):
    list_display = ("id", "case", "by", "reason", "at")
    list_filter = ("reason",)
    list_select_related = ("case", "by")
    search_fields = ("by__name",)


@admin.register(FlagStep)
class FlagStepAdmin(ModerationAdmin):
    list_display = ("id", "case", "act", "by", "to", "at")
    list_select_related = ("case", "by", "to")
    search_fields = ("by__name",)


@waiting
def flagged_by_colleagues() -> Waiting:
    return waiting_rows(
        FlagCase.objects.filter(state=states.FLAGGED),
        label=_("Flagged by colleagues"),
        query=f"state__exact={states.FLAGGED}",
        note=_("a claim or a comment; nothing is hidden by it"),
        urgent=True,
        since="opened_at",
    )


@waiting
def flags_that_wait_for_somebody() -> Waiting:
    return waiting_rows(
        FlagCase.objects.filter(state=states.ESCALATED),
        label=_("Flagged, and somebody was asked by name"),
        query=f"state__exact={states.ESCALATED}",
        note=_("they decide, or you ask somebody else"),
        since="opened_at",
    )
