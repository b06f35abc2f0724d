"""What readers suggest: the folder of what looks like spam, and who is behind a request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.text import Truncator
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from claimtracker.accounts.admin_base import Glimpse, ModerationAdmin, RowLink
from claimtracker.accounts.models import User
from claimtracker.accounts.moderation import Waiting, waiting, waiting_rows
from claimtracker.intake.blocking import set_block
from claimtracker.intake.forms import BlockForm
from claimtracker.intake.models import Block
from claimtracker.intake.weighing import reasons_in_words
from claimtracker.kernel.errors import ActionRefused

from .. import states
from ..actions.suggestions import erase_suggestion_words, let_suggestion_in, refuse_suggestion
from ..models import Suggestion, SuggestionWords

LONGEST_IN_A_LIST = 120


@admin.register(Suggestion)
class SuggestionAdmin(ModerationAdmin):
    list_display = ("reference", "beginning", "state", "spam_points", "request", "received_at")
    list_filter = ("state",)
    list_select_related = ("words", "request")
    exact_search = ("reference",)
    search_fields = ("reference", "words__text")
    hidden = ("token_sha256", "spam_reasons")
    extra_fields = ("said", "said_by", "where", "said_on", "why", "who", "why_this_score")
    actions = ("let_in_selected", "refuse_selected", "block_selected", "erase_selected")
    reasoned = ("refuse_selected",)
    finals = {
        "let_in_selected": _("This cannot be undone: it waits under requests for a check."),
        "refuse_selected": _("This cannot be undone: whoever sent it can read the answer."),
    }

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """What was written first: it is what one decides about."""
        rest = [name for name in super().get_fields(request, obj) if name not in self.extra_fields]
        return [*self.extra_fields, *rest]

    @admin.display(description=_("claim"))
    def beginning(self, row: Suggestion) -> str:
        return Truncator(self._words(row, "text")).chars(LONGEST_IN_A_LIST)

    @admin.display(description=_("why this score"))
    def why_this_score(self, row: Suggestion) -> str:
        return format_html_join(" · ", "{}", ([one] for one in reasons_in_words(row.spam_reasons))) or "-"

    @admin.display(description=_("claim"))
    def said(self, row: Suggestion) -> str:
        return self._words(row, "text")

    @admin.display(description=_("said by"))
    def said_by(self, row: Suggestion) -> str:
        return self._words(row, "said_by")

    @admin.display(description=_("where"))
    def where(self, row: Suggestion) -> str:
        """As text, never a link: nobody follows by mistake what a stranger sent."""
        return self._joined(row, "url", "said_where")

    @admin.display(description=_("on"))
    def said_on(self, row: Suggestion) -> str:
        return self._words(row, "said_on")

    @admin.display(description=_("why it matters"))
    def why(self, row: Suggestion) -> str:
        return self._words(row, "why")

    @admin.display(description=_("from"))
    def who(self, row: Suggestion) -> str:
        return self._joined(row, "name", "email")

    def _joined(self, row: Suggestion, *names: str) -> str:
        return " · ".join(filter(None, (self._words(row, name, "") for name in names))) or "-"

    @staticmethod
    def _words(row: Suggestion, name: str, empty: str = "-") -> str:
        words = getattr(row, "words", None)
        if words is None:
            return gettext("erased") if empty else ""
        return str(getattr(words, name) or empty)

    def glimpses(self, rows: Sequence[Suggestion]) -> Mapping[Any, Glimpse]:
        found = SuggestionWords.objects.filter(suggestion__in=rows).select_related("suggestion")
        return {
            words.suggestion_id: Glimpse(
                about=" · ".join(reasons_in_words(words.suggestion.spam_reasons)), text=words.text
            )
            for words in found
        }

    def offered_actions(self, obj: Suggestion) -> list[str]:
        offered = [
            name
            for name, state in (
                ("let_in_selected", states.JOINED_SUGGESTION),
                ("refuse_selected", states.REFUSED_SUGGESTION),
            )
            if states.SUGGESTION.allows(obj.state, state)
        ]
        return [*offered, "block_selected", "erase_selected"] if hasattr(obj, "words") else offered

    def offered_links(self, obj: Suggestion) -> list[RowLink]:
        if obj.request_id is None:
            return []
        page = reverse("admin:claims_checkrequest_change", args=[obj.request_id])
        return [RowLink(str(_("What it asks for, and decide")), page)]

    @admin.action(description=_("It is no spam: let it in"), permissions=["moderate"])
    def let_in_selected(self, request: HttpRequest, queryset: models.QuerySet[Suggestion]) -> None:
        self.apply(
            request,
            queryset,
            lambda row: let_suggestion_in(row, by=cast(User, request.user)),
            done=ngettext_lazy(
                "%d suggestion let in: it waits under requests for a check.",
                "%d suggestions let in: they wait under requests for a check.",
            ),
        )

    @admin.action(description=_("Refuse …"), permissions=["moderate"])
    def refuse_selected(
        self, request: HttpRequest, queryset: models.QuerySet[Suggestion]
    ) -> HttpResponse | None:
        return self.apply_with_reason(
            request,
            queryset,
            lambda row, reason: refuse_suggestion(row, by=cast(User, request.user), reason=reason),
            action="refuse_selected",
            title=_("Refuse suggestions"),
            help_text=_("Whoever sent it reads this on their page."),
            done=ngettext_lazy("%d suggestion refused.", "%d suggestions refused."),
        )

    @admin.action(description=_("Block who sent it …"), permissions=["moderate"])
    def block_selected(
        self, request: HttpRequest, queryset: models.QuerySet[Suggestion]
    ) -> HttpResponse | None:
        form = BlockForm(request.POST if "apply" in request.POST else None)
        return self.apply_with_form(
            request,
            queryset,
            form,
            lambda row: _block_sender(row, form, by=cast(User, request.user)),
            action="block_selected",
            title=_("Block senders"),
            done=ngettext_lazy("%d sender blocked.", "%d senders blocked."),
        )

    @admin.action(description=_("Erase its words and who sent it"), permissions=["moderate"])
    def erase_selected(self, request: HttpRequest, queryset: models.QuerySet[Suggestion]) -> None:
        self.apply(
            request,
            queryset,
            lambda row: erase_suggestion_words(row, by=cast(User, request.user)),
            done=ngettext_lazy("%d suggestion erased.", "%d suggestions erased."),
        )


def _block_sender(row: Suggestion, form: BlockForm, *, by: User) -> Block:
    """By network address; without one, by e-mail address."""
    words = SuggestionWords.objects.filter(suggestion=row).first()
    kind = Block.Kind.ADDRESS if words and words.sender else Block.Kind.EMAIL
    value = (words.sender or words.email_digest) if words else ""
    if not value:
        raise ActionRefused(gettext("Nothing tells who sent it any more."), code="unknown_sender")
    return set_block(
        kind,
        value,
        by=by,
        label=gettext("Sender of %(reference)s") % {"reference": row.reference},
        reason=form.cleaned_data["reason"],
        note=form.cleaned_data["note"],
        expires_at=form.expires_at(),
    )


@admin.register(SuggestionWords)
class SuggestionWordsAdmin(ModerationAdmin):
    """Who wrote a suggestion, for who has to find it when they ask to be forgotten."""

    list_display = ("suggestion", "name", "email")
    list_select_related = ("suggestion",)
    search_fields = ("name", "email", "suggestion__reference")
    hidden = ("sender", "email_digest", "text_digest")


@waiting
def held_suggestions() -> Waiting:
    return waiting_rows(
        Suggestion.objects.held(),
        label=str(_("Suggestions that look like spam")),
        query="state__exact=held",
        note=str(_("from readers; nobody was told of them")),
    )
