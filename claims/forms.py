"""Three ways for an article to come in, in one form: pasted, uploaded, by its address; and claim reviews."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claimtracker.accounts.models import Desk

from .models import Channel
from .selectors import desks_for
from .sources import ACCEPTED_SUFFIXES, ParsedArticle, UnreadableArticle, parse_text, parse_upload
from .sources.claim_reviews import (
    Defaults,
    Format,
    ReadReviews,
    UnreadableReviews,
    checked_defaults,
    read_reviews,
)

MOST_UPLOAD_BYTES = 5_000_000

MOST_DAYS_AHEAD = 366  # a story may wait for its day; further off the year is wrong

# which field each way reads
FIELD_OF_WAY: dict[str, str] = {Channel.PASTE: "text", Channel.UPLOAD: "file", Channel.URL: "url"}


class PublishedAtField(forms.DateTimeField):
    """When a text was or will be published, by the clock of whoever says so."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            label=_("Published on"),
            required=False,
            widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            help_text=_(
                "Day and time by your clock. “Yesterday” and “last week” in its claims are read by it; left "
                "empty, such words stay as they are."
            ),
            error_messages={"invalid": _("Write day and time as 2026-12-24 17:00.")},
            **options,
        )

    def clean(self, value: Any) -> datetime | None:
        moment = super().clean(value)
        if moment is not None and moment > timezone.now() + timedelta(days=MOST_DAYS_AHEAD):
            raise forms.ValidationError(_("This is more than a year ahead. Look at the year."))
        return moment


class NewArticleForm(forms.Form):
    """``way`` says which of ``text``, ``file`` and ``url`` counts; the others are kept but not read.

    After validation ``parsed`` holds the article, except by address, where a job has to fetch it first.
    """

    way = forms.ChoiceField(
        label=_("How does it come in?"),
        choices=[
            (Channel.PASTE, _("Paste the text")),
            (Channel.UPLOAD, _("Upload a file")),
            (Channel.URL, _("Give its address")),
        ],
        widget=forms.RadioSelect,
        initial=Channel.PASTE,
        error_messages={"required": _("Choose paste, upload or address.")},
    )
    desk = forms.ModelChoiceField(
        label=_("Desk"),
        queryset=Desk.objects.none(),
        empty_label=None,
        help_text=_("Its members see the article; claims that fit another desk are routed there."),
        error_messages={
            "required": _("Choose the desk."),
            "invalid_choice": _("You are not a member of this desk. Choose one of yours."),
        },
    )
    title = forms.CharField(
        label=_("Headline"),
        required=False,
        max_length=300,
        help_text=_("Left empty, the first line of the text is taken."),
    )
    text = forms.CharField(
        label=_("Article text"),
        strip=False,
        widget=forms.Textarea(attrs={"class": "textarea--article", "rows": 12}),
        help_text=_("The whole story, headline and captions too. Up to a million characters."),
        error_messages={"required": _("There is no text here. Paste the article’s words.")},
    )
    published_at = PublishedAtField()
    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ",".join(ACCEPTED_SUFFIXES)}),
        help_text=_(".txt, .md or .html. Text up to 1 MB, a page with its markup up to 5 MB."),
        error_messages={"required": _("Choose a file, or paste the text instead.")},
    )
    url = forms.CharField(
        label=_("Address"),
        max_length=2000,
        widget=forms.URLInput(attrs={"placeholder": "https://", "autocomplete": "off"}),
        help_text=_("The page of the article itself. It is fetched once, now."),
        error_messages={"required": _("Give the address of the article’s page.")},
    )

    use_required_attribute = False  # two of the three ways are always left empty

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parsed: ParsedArticle | None = None
        desks = self.fields["desk"]
        assert isinstance(desks, forms.ModelChoiceField)  # noqa: S101 - declared above
        desks.queryset = desks_for(user).filter(closed_at__isnull=True)
        # what one came for is pasted without a click before it
        way = str(self.data.get("way") or self.initial.get("way") or "paste")
        if not self.is_bound and way in FIELD_OF_WAY:
            self.fields[FIELD_OF_WAY[way]].widget.attrs["autofocus"] = True

    def full_clean(self) -> None:
        chosen = self.data.get("way")
        for way, name in FIELD_OF_WAY.items():
            self.fields[name].required = way == chosen
        self.fields["published_at"].disabled = chosen != Channel.PASTE  # read of pasted text alone
        super().full_clean()
        self.fields["published_at"].disabled = False
        for name in FIELD_OF_WAY.values():
            self.fields[name].required = True  # or the page would call them optional

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        way = cleaned.get("way")
        field = FIELD_OF_WAY.get(way or "")
        if field is None or field in self.errors:
            return cleaned
        try:
            if way == Channel.PASTE:
                parsed = parse_text(cleaned["text"], title=cleaned.get("title", ""))
                self.parsed = replace(parsed, published_at=cleaned.get("published_at"))
            elif way == Channel.UPLOAD:
                self.parsed = _read_file(cleaned["file"])
            else:
                cleaned["url"] = _checked_address(cleaned["url"])
        except UnreadableArticle as error:
            self.add_error(field, error.message)
        return cleaned


def _read_file(file: UploadedFile) -> ParsedArticle:
    if (file.size or 0) > MOST_UPLOAD_BYTES:
        raise UnreadableArticle(
            "file",
            "too_long",
            str(_("The file has %(size)s bytes; the limit is %(limit)s. Paste the article’s words instead."))
            % {"size": f"{file.size:,}", "limit": f"{MOST_UPLOAD_BYTES:,}"},
        )
    return parse_upload(PurePath(file.name or "").name, file.read())


def _checked_address(url: str) -> str:
    """The address, with https:// where only that is missing. What the network says comes from the job."""
    url = url.strip()
    if "://" not in url:
        url = f"https://{url}"
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        host, parts = "", urlsplit("")
    if parts.scheme.lower() not in {"http", "https"}:
        raise UnreadableArticle("url", "bad_scheme", str(_("Only http and https addresses are fetched.")))
    if not host or any(character.isspace() for character in url) or ("." not in host and ":" not in host):
        raise UnreadableArticle(
            "url",
            "bad_address",
            str(_("This is not a web address. It looks like https://example.org/story.")),
        )
    return url


class ImportReviewsForm(forms.Form):
    """A file or an address of claim reviews, and what is true of all of them.

    After validation ``read`` holds the reviews of a file (None for an address, which a job fetches) and
    ``defaults`` the rest.
    """

    file = forms.FileField(
        label=_("File"),
        required=False,
        allow_empty_file=True,
        help_text=_("JSON-LD, a feed, an answer of claims:search, CSV or a saved page. Up to 5 MB."),
    )
    url = forms.CharField(
        label=_("Or its address"),
        required=False,
        max_length=2000,
        help_text=_("A publisher’s page or a feed. It is fetched once, by a job."),
    )
    format = forms.ChoiceField(
        label=_("Format"),
        required=False,
        choices=[("", _("found by itself")), *((str(each), str(each)) for each in Format)],
    )
    publisher_name = forms.CharField(
        label=_("Publisher"), required=False, max_length=300, help_text=_("Where a review names none.")
    )
    publisher_site = forms.CharField(
        label=_("Site"), required=False, max_length=253, help_text=_("Such as checks.example.")
    )
    licence = forms.CharField(label=_("Licence"), required=False, max_length=500)
    language = forms.CharField(
        label=_("Language"), required=False, max_length=35, help_text=_("Such as en or pt-BR.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.read: ReadReviews | None = None
        self.defaults = Defaults()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        file, url = cleaned.get("file"), cleaned.get("url") or ""
        if self.errors:
            return cleaned
        if bool(file) == bool(url):
            self.add_error("file", _("Choose a file, or give an address: one of the two."))
            return cleaned
        names = ("publisher_name", "publisher_site", "licence", "language")
        try:
            self.defaults = checked_defaults(**{name: cleaned[name] for name in names})
            if file:
                self.read = _read_reviews(file, cleaned["format"])
            else:
                cleaned["url"] = _checked_address(url)
        except (UnreadableReviews, UnreadableArticle) as error:
            self.add_error(error.field, error.message)
        return cleaned


def _read_reviews(file: UploadedFile, format: str) -> ReadReviews:
    if (file.size or 0) > MOST_UPLOAD_BYTES:
        raise UnreadableReviews(
            "file",
            "too_long",
            _(
                "The file has %(size)s bytes; the limit here is %(most)s. "
                "Give its address, or use the command import_claim_reviews."
            )
            % {"size": f"{file.size:,}", "most": f"{MOST_UPLOAD_BYTES:,}"},
        )
    return read_reviews(file.read(), format=format)
