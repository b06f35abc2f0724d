"""Why a moderator decides so: in their own words, or by a ready reason kept for that decision."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .models import ReadyReason

MOST_WITH_A_KEY = 9


class ReasonForm(forms.Form):
    """What is written counts; where nothing is, the ready reason that was chosen."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "cols": 60, "autofocus": True, "data-reason": True}),
    )

    def __init__(self, *args: Any, ready: Sequence[ReadyReason] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ready = {str(row.pk): row.text for row in ready}

    @property
    def choices(self) -> list[dict[str, str]]:
        """The ready reasons; the first nine have the keys 1 to 9."""
        chosen = self.data.get("ready", "")
        return [
            {
                "pk": pk,
                "text": text,
                "key": str(number) if number <= MOST_WITH_A_KEY else "",
                "chosen": "yes" if pk == chosen else "",
            }
            for number, (pk, text) in enumerate(self.ready.items(), start=1)
        ]

    def clean_reason(self) -> str:
        reason = self.cleaned_data["reason"] or self.ready.get(self.data.get("ready", ""), "")
        if not reason:
            raise forms.ValidationError(gettext("This field is required."), code="required")
        return reason


def ready_reasons(model: type[models.Model], action: str) -> list[ReadyReason]:
    """Those that moderators keep for this decision, in their order."""
    return list(ReadyReason.objects.filter(decision=f"{model._meta.label_lower}.{action}"))
