"""Questions that moderators answer when they block somebody."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .models import Block

DAYS = [
    ("1", _("one day")),
    ("7", _("a week")),
    ("30", _("30 days")),
    ("90", _("90 days")),
    ("365", _("a year")),
    ("", _("until somebody lifts it")),
]


class BlockForm(forms.Form):
    """Of whom is known from the row that it is asked for."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 60}),
        help_text=_("Who is blocked reads this."),
    )
    days = forms.ChoiceField(label=_("For"), choices=DAYS, initial="30", required=False)
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
        help_text=_("For moderators alone."),
    )

    def expires_at(self) -> datetime | None:
        days = self.cleaned_data["days"]
        return timezone.now() + timedelta(days=int(days)) if days else None


class NewBlockForm(BlockForm):
    """A block of what can be typed. Partners are blocked on their own page, senders where they sent from."""

    kind = forms.ChoiceField(
        label=_("What"),
        choices=[(one.value, one.label) for one in (Block.Kind.DOMAIN, Block.Kind.EMAIL)],
    )
    value = forms.CharField(
        label=_("Domain or e-mail address"),
        max_length=255,
        help_text=_(
            "A domain such as example.org stands for all below it: no page there is fetched, no source there "
            "is watched. An e-mail address is kept as a digest only."
        ),
    )
    field_order = ("kind", "value", "reason", "days", "note")
