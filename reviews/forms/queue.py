"""What is done to several tasks of the queue, and under which name a query is kept."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from claimtracker.accounts.models import Desk, User

from ..actions.bulk import Wanted
from ..actions.priority_by_hand import AS_WEIGHED
from ..models.bulk import BulkVerb
from .base import RefusableForm

REASONS = {
    BulkVerb.GIVE: "note",
    BulkVerb.DEADLINE: "why_moved",
    BulkVerb.PRIORITY: "why_prioritised",
    BulkVerb.DISMISS: "why_dismissed",
}


class BulkForm(RefusableForm):
    """The ticked tasks and what is to happen to them. Each verb has a field of its own for the words, so that
    what is typed for one is never taken for another."""

    verb = forms.ChoiceField(
        choices=BulkVerb.choices, error_messages={"required": _("Choose what to do with them.")}
    )
    key = forms.UUIDField()
    to = forms.ModelChoiceField(
        label=_("Who gets them"), queryset=User.objects.none(), required=False, empty_label=_("Choose…")
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=500,
        help_text=_("Needed for tasks that somebody has."),
    )
    due_at = forms.DateTimeField(
        label=_("New deadline"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": _("Write day and time as 2026-12-24 17:00.")},
    )
    why_moved = forms.CharField(label=_("Why it moves"), required=False, max_length=500)
    level = forms.ChoiceField(
        label=_("Priority"),
        required=False,
        choices=(
            ("", _("Choose…")),
            ("urgent", _("Urgent")),
            ("high", _("High")),
            ("normal", _("Normal")),
            ("low", _("Low")),
            (AS_WEIGHED, _("As it is weighed")),
        ),
    )
    why_prioritised = forms.CharField(label=_("Why"), required=False, max_length=300)
    why_dismissed = forms.CharField(label=_("Why they are dismissed"), required=False, max_length=500)

    def __init__(self, *args: Any, people: Iterable[User] = (), **options: Any) -> None:
        super().__init__(*args, auto_id="bulk-%s", **options)
        ids = [one.pk for one in people]
        chosen: Any = self.fields["to"]
        chosen.queryset = User.objects.filter(pk__in=ids)
        # they are at hand: no query of the field's own
        chosen.widget.choices = [("", chosen.empty_label), *((one.pk, str(one)) for one in people)]
        for name in ("note", "why_moved", "why_prioritised", "why_dismissed"):
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def wanted(self) -> Wanted:
        cleaned = self.cleaned_data
        reason = cleaned.get(REASONS.get(BulkVerb(cleaned["verb"]), ""), "")
        return Wanted(to=cleaned["to"], due_at=cleaned["due_at"], level=cleaned["level"], reason=reason)

    def field_of(self, refused: str | None) -> str | None:
        """The field of this form for the one that an action names."""
        if refused in ("reason", "note"):
            return REASONS.get(BulkVerb(self.cleaned_data["verb"]))
        return refused


class SavedViewForm(RefusableForm):
    name = forms.CharField(
        label=_("Name"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Give the view a name.")},
    )
    desk = forms.ModelChoiceField(
        label=_("For"), queryset=Desk.objects.none(), required=False, empty_label=_("Only me")
    )

    def __init__(self, *args: Any, desks: Iterable[Desk] = (), **options: Any) -> None:
        super().__init__(*args, auto_id="view-%s", **options)
        chosen: Any = self.fields["desk"]
        chosen.queryset = Desk.objects.filter(pk__in=[desk.pk for desk in desks])
        chosen.widget.choices = [("", chosen.empty_label), *((desk.pk, desk.name) for desk in desks)]
