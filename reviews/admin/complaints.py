"""Readers' complaints: desks answer them; moderators look through what seems to be spam."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
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
from ..actions.complaints import let_complaint_in, refuse_held_complaint
from ..models import Complaint, ComplaintWords


@admin.register(Complaint)
class ComplaintAdmin(ModerationAdmin):
    list_display = (
        "reference",
        "kind",
        "state",
        "claim",
        "received_at",
        "due_at",
        "spam_points",
        "decided_by",
    )
    list_filter = ("state", "kind", "channel")
    list_select_related = ("claim", "decided_by")
    exact_search = ("reference",)
    search_fields = ("reference", "claim__text")
    hidden = ("token_sha256", "spam_reasons")
    extra_fields = ("why_this_score",)
    actions = ("let_in_selected", "refuse_selected", "block_selected")
    reasoned = ("refuse_selected",)
    finals = {
        "let_in_selected": _("This cannot be undone: the desk is told."),
        "refuse_selected": _("This cannot be undone: whoever sent it can read the answer."),
    }

    @admin.display(description=_("why this score"))
    def why_this_score(self, row: Complaint) -> str:
        return format_html_join(" · ", "{}", ([one] for one in reasons_in_words(row.spam_reasons))) or "-"

    def glimpses(self, rows: Sequence[Complaint]) -> Mapping[Any, Glimpse]:
        found = ComplaintWords.objects.filter(complaint__in=rows).select_related("complaint")
        return {
            words.complaint_id: Glimpse(
                about=" · ".join(reasons_in_words(words.complaint.spam_reasons)), text=words.text
            )
            for words in found
        }

    def offered_actions(self, obj: Complaint) -> list[str]:
        held = ["let_in_selected", "refuse_selected"] if obj.state == states.HELD_COMPLAINT else []
        return [*held, "block_selected"] if hasattr(obj, "words") else held

    def offered_links(self, obj: Complaint) -> list[RowLink]:
        """Where it is answered: desks do that, on the claim's page."""
        label = _("Answer it on the claim's page") if obj.state == states.RECEIVED else _("Its claim's page")
        return [RowLink(str(label), reverse("reviews:claim_detail", args=[obj.claim_id]))]

    @admin.action(description=_("It is no spam: let it in"), permissions=["moderate"])
    def let_in_selected(self, request: HttpRequest, queryset: models.QuerySet[Complaint]) -> None:
        self.apply(
            request,
            queryset,
            lambda row: let_complaint_in(row, by=cast(User, request.user)),
            done=ngettext_lazy(
                "%d complaint let in; the desk is told.", "%d complaints let in; desks are told."
            ),
        )

    @admin.action(description=_("It is spam: close it …"), permissions=["moderate"])
    def refuse_selected(
        self, request: HttpRequest, queryset: models.QuerySet[Complaint]
    ) -> HttpResponse | None:
        return self.apply_with_reason(
            request,
            queryset,
            lambda row, reason: refuse_held_complaint(row, by=cast(User, request.user), answer=reason),
            action="refuse_selected",
            title=_("Close what seems to be spam"),
            help_text=_("Whoever sent it reads this on their page."),
            done=ngettext_lazy("%d complaint closed.", "%d complaints closed."),
        )

    @admin.action(description=_("Block who sent it …"), permissions=["moderate"])
    def block_selected(
        self, request: HttpRequest, queryset: models.QuerySet[Complaint]
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


def _block_sender(row: Complaint, form: BlockForm, *, by: User) -> Block:
    words = ComplaintWords.objects.filter(complaint=row).first()
    if words is None or not words.sender:
        raise ActionRefused(gettext("Nothing tells who sent it any more."), code="unknown_sender")
    return set_block(
        Block.Kind.ADDRESS,
        words.sender,
        by=by,
        label=gettext("Sender of %(reference)s") % {"reference": row.reference},
        reason=form.cleaned_data["reason"],
        note=form.cleaned_data["note"],
        expires_at=form.expires_at(),
    )


@admin.register(ComplaintWords)
class ComplaintWordsAdmin(ModerationAdmin):
    """Who wrote a complaint, for who has to find it when they ask to be forgotten."""

    list_display = ("complaint", "name", "email")
    list_select_related = ("complaint",)
    search_fields = ("name", "email", "complaint__reference")
    hidden = ("sender", "text_digest")


@waiting
def late_answers() -> Waiting:
    return waiting_rows(
        Complaint.objects.open().filter(due_at__lt=timezone.now()),
        label=str(_("Complaints whose answer is late")),
        query=f"state__exact={states.RECEIVED}",
        note=str(_("desks answer on the claim's page")),
        urgent=True,
        since="due_at",
    )


@waiting
def held_complaints() -> Waiting:
    return waiting_rows(
        Complaint.objects.held(),
        label=str(_("Complaints that look like spam")),
        query=f"state__exact={states.HELD_COMPLAINT}",
        note=str(_("nobody was told of them, and their time runs")),
        since="received_at",
    )
