"""What a lead writes in a rule, in a topic, and about everything else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from claims.models.claim import ClaimKind
from claimtracker.accounts.access import APPROVING
from claimtracker.accounts.models import Desk, User

from ..actions.routing_rules import LONGEST_DEADLINE, RuleFields
from ..models import RoutingRule, Rulebook, Topic
from ..models.routing import MOST_LIFT, Approval, FirstStep, Harm
from .base import RefusableForm, WordsField

MOST_WORDS = 100
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})?")
_SLUG = re.compile(r"[a-z0-9_-]+")


class ListField(WordsField):
    """Several words or names, one on a line or with commas between; each once."""

    def __init__(self, *, longest: int, rows: int = 2, **options: Any) -> None:
        self.longest = longest
        super().__init__(
            required=options.pop("required", False),
            widget=forms.Textarea(attrs={"rows": rows, "spellcheck": "false"}),
            **options,
        )

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> tuple[str, ...]:
        text = super().clean(value)
        words = tuple(dict.fromkeys(" ".join(word.split()) for word in re.split(r"[\n,;]", text)))
        words = tuple(word for word in words if word)
        if len(words) > MOST_WORDS:
            raise forms.ValidationError(_("These are more than %(n)d. Make two rules.") % {"n": MOST_WORDS})
        for word in words:
            if len(word) > self.longest:
                raise forms.ValidationError(
                    _("“%(word)s…” is longer than %(n)d characters.") % {"word": word[:20], "n": self.longest}
                )
        return words


class RuleForm(RefusableForm):
    """A routing rule. Left empty, a condition asks for nothing."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(
        label=_("Name"),
        max_length=100,
        help_text=_("It stands on every task that the rule brings."),
        error_messages={"required": _("Give the rule a name. It stands on every task.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    note = forms.CharField(
        label=_("Why there is this rule"),
        required=False,
        max_length=300,
        help_text=_("For your colleagues."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    keywords = ListField(
        label=_("Keywords"),
        longest=60,
        rows=3,
        help_text=_(
            "In the claim or in a headline above it. “vaccin” finds vaccine and vaccinated; in quotation "
            "marks only the whole word."
        ),
    )
    topics = forms.ModelMultipleChoiceField(
        label=_("Topics"), queryset=Topic.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    claimants = ListField(label=_("Said by"), longest=100, help_text=_("Names, or the beginning of one."))
    kinds = forms.MultipleChoiceField(
        label=_("Kinds of claim"),
        choices=ClaimKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    min_score = forms.FloatField(
        label=_("Score from"), min_value=0, max_value=1, widget=forms.NumberInput(attrs={"step": "0.05"})
    )
    max_score = forms.FloatField(
        label=_("Score to"), min_value=0, max_value=1, widget=forms.NumberInput(attrs={"step": "0.05"})
    )
    came_in_at = forms.ModelMultipleChoiceField(
        label=_("Article came in at"),
        queryset=Desk.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    partners = ListField(
        label=_("Sent by partner"), longest=60, help_text=_("Short names, such as city-wire.")
    )
    languages = ListField(
        label=_("Language of the article"), longest=10, help_text=_("Codes: “en” is also en-GB.")
    )
    desk = forms.ModelChoiceField(
        label=_("Goes to"),
        queryset=Desk.objects.none(),
        empty_label=None,
        error_messages={"required": _("Choose the desk.")},
    )
    first_step = forms.ChoiceField(label=_("First step"), choices=FirstStep.choices, widget=forms.RadioSelect)
    deadline_hours = forms.IntegerField(
        label=_("Hours for the work"),
        min_value=1,
        max_value=LONGEST_DEADLINE,
        help_text=_("Working hours of the desk."),
    )
    lift = forms.IntegerField(
        label=_("Points added to the priority"),
        min_value=-MOST_LIFT,
        max_value=MOST_LIFT,
        help_text=_("0 leaves it as it is; below 0 takes away."),
    )
    approval = forms.ChoiceField(
        label=_("Who has to approve"), choices=Approval.choices, widget=forms.RadioSelect
    )
    reviewers = forms.ModelMultipleChoiceField(
        label=_("The people who approve"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    selection_reason = forms.CharField(
        label=_("Why such claims are checked"),
        required=False,
        max_length=300,
        help_text=_("Readers are told. Whoever checks a claim can say it better for that one."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    CONDITIONS = (
        "keywords",
        "topics",
        "claimants",
        "kinds",
        "min_score",
        "max_score",
        "came_in_at",
        "partners",
        "languages",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._choose("topics", Topic.objects.all())
        self._choose("came_in_at", Desk.objects.all())
        self._choose("desk", Desk.objects.all())
        able = User.objects.filter(is_active=True, memberships__role__in=APPROVING).distinct()
        self._choose("reviewers", able.order_by("name", "pk"))

    def _choose(self, name: str, rows: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - tells the type checker
        field.queryset = rows

    def clean_languages(self) -> tuple[str, ...]:
        codes = tuple(code.casefold().replace("_", "-") for code in self.cleaned_data["languages"])
        for code in codes:
            if not _LANGUAGE.fullmatch(code):
                raise forms.ValidationError(_("“%(code)s” is not a language code.") % {"code": code})
        return codes

    def clean_partners(self) -> tuple[str, ...]:
        slugs = tuple(slug.casefold() for slug in self.cleaned_data["partners"])
        for slug in slugs:
            if not _SLUG.fullmatch(slug):
                raise forms.ValidationError(
                    _("“%(slug)s” is not a partner’s short name: small letters, digits and hyphens.")
                    % {"slug": slug}
                )
        return slugs

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        low, high = cleaned.get("min_score"), cleaned.get("max_score")
        if low is not None and high is not None and low > high:
            self.add_error("max_score", _("Scores go from 0 to 1, the lower one first."))
        if cleaned.get("approval") == Approval.NAMED and not cleaned.get("reviewers"):
            self.add_error("reviewers", _("Name at least one person."))
        return cleaned

    def rule_fields(self) -> RuleFields:
        """What was written, of a valid form."""
        facts = {name: value for name, value in self.cleaned_data.items() if name != "revision"}
        for name in ("topics", "came_in_at", "reviewers"):
            facts[name] = [row.pk for row in facts[name]]
        facts["kinds"] = tuple(facts["kinds"])
        if facts["approval"] != Approval.NAMED:
            facts["reviewers"] = []
        return RuleFields(**facts)

    @classmethod
    def of(cls, rule: RoutingRule | None) -> RuleForm:
        """The form filled with a rule, or with what a new one begins with."""
        if rule is None:
            fresh = RoutingRule()
            names = ("min_score", "max_score", "deadline_hours", "lift", "first_step", "approval")
            return cls(initial={name: getattr(fresh, name) for name in names})
        initial = {name: getattr(rule, name) for name in cls.base_fields if name not in _ROWS}
        initial |= {name: list(getattr(rule, name).values_list("pk", flat=True)) for name in _ROWS}
        return cls(initial={**initial, "desk": rule.desk_id})


_ROWS = ("topics", "came_in_at", "reviewers")


class OtherwiseForm(RefusableForm):
    """Where claims go that no rule matches."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    desk = forms.ModelChoiceField(
        label=_("Goes to"),
        queryset=Desk.objects.none(),
        required=False,
        empty_label=_("The desk where the article came in"),
    )
    deadline_hours = forms.IntegerField(
        label=_("Hours for the work"),
        required=False,
        min_value=1,
        max_value=LONGEST_DEADLINE,
        widget=forms.NumberInput(attrs={"placeholder": settings.REVIEW_DEADLINE_HOURS}),
    )
    first_step = forms.ChoiceField(label=_("First step"), choices=FirstStep.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["desk"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - tells the type checker
        field.queryset = Desk.objects.all()

    @classmethod
    def of(cls, book: Rulebook) -> OtherwiseForm:
        names = ("revision", "deadline_hours", "first_step")
        return cls(initial={"desk": book.desk_id, **{name: getattr(book, name) for name in names}})


class TopicForm(RefusableForm):
    """What claims can be about."""

    name = forms.CharField(
        label=_("Name"),
        max_length=60,
        error_messages={"required": _("Give the topic a name.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    words = ListField(
        label=_("Words"),
        longest=60,
        rows=4,
        required=True,
        help_text=_("A claim is about it when one of these stands in it or in a headline above it."),
        error_messages={"required": _("Name at least one word by which it is known.")},
    )
    harm = forms.TypedChoiceField(
        label=_("How much harm a false claim does"),
        coerce=int,
        choices=Harm.choices,
        widget=forms.RadioSelect,
        help_text=_("Raises the priority."),
    )

    @classmethod
    def of(cls, topic: Topic | None) -> TopicForm:
        if topic is None:
            return cls(initial={"harm": Harm.NONE.value})
        return cls(initial={"name": topic.name, "words": topic.words, "harm": topic.harm})

    def topic_fields(self) -> Mapping[str, Any]:
        return {**self.cleaned_data, "words": list(self.cleaned_data["words"])}


class TriageForm(RefusableForm):
    """Why a claim is checked, for readers."""

    reason = WordsField(
        label=_("Why we check it"),
        max_length=300,
        help_text=_("One sentence for readers: how many heard it, what hangs on it."),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={
            "required": _("Say in a sentence why this claim is checked. Readers see it."),
            "max_length": _("Shorten this to 300 characters; it has %(show_value)s now."),
        },
    )
    take = forms.BooleanField(label=_("Start on it now"), required=False)
