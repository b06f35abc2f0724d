"""Naming a source to try, and how it is watched."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from claims.models import Feed
from claimtracker.accounts.models import Desk

from .feed_pages import desks_kept_by

INTERVALS = [
    (5, _("every 5 minutes")),
    (15, _("every 15 minutes")),
    (60, _("every hour")),
    (360, _("every 6 hours")),
    (1440, _("once a day")),
]


class TryFeedForm(forms.Form):
    url = forms.CharField(
        label=_("Address"),
        max_length=2000,
        widget=forms.URLInput(attrs={"placeholder": "https://", "autocomplete": "off"}),
        help_text=_(
            "A feed (RSS or Atom), a news sitemap, or one page that changes. You see first what it brings."
        ),
        error_messages={"required": _("Give the address of the source.")},
    )
    desk = forms.ModelChoiceField(
        label=_("Desk"),
        queryset=Desk.objects.none(),
        empty_label=None,
        help_text=_("Where its articles come in."),
        error_messages={"invalid_choice": _("You do not lead this desk. Choose one of yours.")},
    )

    use_required_attribute = False

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        desks = self.fields["desk"]
        assert isinstance(desks, forms.ModelChoiceField)  # noqa: S101 - declared above
        desks.queryset = desks_kept_by(user)

    def clean_url(self) -> str:
        url = str(self.cleaned_data["url"]).strip()
        return url if "://" in url else f"https://{url}"


class FeedForm(forms.Form):
    title = forms.CharField(
        label=_("Name"), max_length=300, error_messages={"required": _("Give it a name for the list.")}
    )
    interval_minutes = forms.TypedChoiceField(label=_("Asked"), choices=INTERVALS, coerce=int)

    use_required_attribute = False

    @classmethod
    def of(cls, feed: Feed, sent: Any = None) -> FeedForm:
        """With the feed's own pace among the choices, whoever set it."""
        initial = {"title": feed.title or feed.url, "interval_minutes": feed.interval_minutes}
        form = cls(sent, initial=initial)
        if feed.interval_minutes not in dict(INTERVALS):
            field = form.fields["interval_minutes"]
            assert isinstance(field, forms.TypedChoiceField)  # noqa: S101 - declared above
            field.choices = [
                (feed.interval_minutes, _("every %d minutes") % feed.interval_minutes),
                *INTERVALS,
            ]
        return form
