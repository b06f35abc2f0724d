"""What leads set: what is reviewed blind, desks, and who does what there."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from claimtracker.accounts.models import Desk, Membership, Role

from ..policies.settings import GRANTED_BY_LEADS
from ..selectors.sampling import Sampling
from .base import RefusableForm, WordsField


class SamplingForm(RefusableForm):
    """An empty share, or no topics of one's own, follow the environment."""

    percent = forms.FloatField(
        label=_("Share of verdicts that are reviewed blind, in percent"),
        required=False,
        min_value=0,
        max_value=100,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
        error_messages={
            "min_value": _("Give a share from 0 to 100 percent."),
            "max_value": _("Give a share from 0 to 100 percent."),
            "invalid": _("Write the share as a number, such as 10."),
        },
    )
    own_topics = forms.BooleanField(label=_("Topics of this desk’s own"), required=False)
    topics = WordsField(
        label=_("Topics that are always reviewed blind"),
        required=False,
        help_text=_("One a line, as words that stand in the claim or in the headline above it."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    @classmethod
    def of(cls, now: Sampling) -> SamplingForm:
        return cls(
            initial={
                "percent": round(now.rate * 100, 4) if now.own_rate else None,
                "own_topics": now.own_topics,
                "topics": "\n".join(now.topics) if now.own_topics else "",
                "revision": now.revision,
            }
        )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("topics") and not said.get("own_topics"):
            self.add_error(
                "own_topics", _("Tick this to keep the topics that you wrote, or empty the field.")
            )
        return said

    @property
    def rate(self) -> float | None:
        percent = self.cleaned_data["percent"]
        return None if percent is None else percent / 100

    @property
    def words(self) -> list[str] | None:
        """None follows the environment."""
        if not self.cleaned_data["own_topics"]:
            return None
        return [line.strip() for line in self.cleaned_data["topics"].split("\n") if line.strip()]


class DeskForm(RefusableForm):
    name = forms.CharField(
        label=_("Name of the desk"),
        max_length=100,
        error_messages={"required": _("Give the desk a name, such as Health.")},
    )


class ClosingForm(RefusableForm):
    into = forms.ModelChoiceField(
        label=_("Desk that takes over its claims and tasks"),
        queryset=Desk.objects.none(),
        error_messages={"required": _("Choose the desk that takes over.")},
    )

    def __init__(self, *args: Any, desk: Desk, **options: Any) -> None:
        super().__init__(*args, **options)
        chosen: Any = self.fields["into"]
        chosen.queryset = Desk.objects.filter(closed_at__isnull=True).exclude(pk=desk.pk)


ROLES = [(role.value, role.label) for role in Role if role in GRANTED_BY_LEADS]


class MemberForm(RefusableForm):
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("Of somebody who has an account."),
        error_messages={
            "required": _("Give the e-mail address of the person."),
            "invalid": _("Write the whole address, such as ann@example.org."),
        },
    )
    role = forms.ChoiceField(label=_("Role"), choices=ROLES, initial=Role.CHECKER.value)


class RoleForm(RefusableForm):
    role = forms.ChoiceField(label=_("Role"), choices=ROLES)

    @classmethod
    def of(cls, membership: Membership) -> RoleForm:
        return cls(initial={"role": membership.role})
