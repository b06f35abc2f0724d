"""Endpoints and deliveries change through the actions of this room; keys and partners have modules of their
own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from claimtracker.accounts.admin_base import ModerationAdmin, RowsInline
from claimtracker.accounts.moderation import Waiting, waiting, waiting_rows

from . import (
    key_admin,  # noqa: F401 - registers what it shows
    partner_admin,  # noqa: F401 - registers what it shows
    states,
)
from .actions import create_endpoint, disable_endpoint, enable_endpoint, replay_delivery
from .admin_made import MadeByAction
from .endpoints import offered_event_types
from .models import Attempt, Delivery, DeliveryLane, KeptAnswer, Partner, WebhookEndpoint


class CreateEndpointForm(forms.Form):
    partner = forms.ModelChoiceField(Partner.objects.filter(is_active=True), label=_("Partner"))
    url = forms.CharField(
        label=_("Address"), max_length=1000, help_text=_("Where messages are sent: begins with https://.")
    )
    event_types = forms.MultipleChoiceField(
        label=_("Events"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: all."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        events = self.fields["event_types"]
        assert isinstance(events, forms.MultipleChoiceField)  # noqa: S101 - declared above
        events.choices = [(kind, kind) for kind in offered_event_types()]


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(MadeByAction):
    hidden = ("secret",)
    list_display = ("url", "partner", "is_active", "disabled_because", "created_at")
    list_filter = ("is_active", "partner")
    list_select_related = ("partner",)
    search_fields = ("url", "partner__name")
    actions = ("enable_selected", "disable_selected")
    add_form = CreateEndpointForm
    title = _("Add a webhook endpoint")
    secret_title = _("The signing secret, shown this once")
    secret_help = _("The partner needs it to check our signatures. Give it over by a safe way.")

    def make(self, request: HttpRequest, facts: dict[str, Any]) -> tuple[WebhookEndpoint, str]:
        endpoint = create_endpoint(
            facts["partner"], url=facts["url"], event_types=facts["event_types"], by=request.user
        )
        return endpoint, endpoint.secret

    def offered_actions(self, obj: WebhookEndpoint) -> list[str]:
        return ["disable_selected"] if obj.is_active else ["enable_selected"]

    @admin.action(description=_("Switch on"), permissions=["moderate"])
    def enable_selected(self, request: HttpRequest, queryset: models.QuerySet[WebhookEndpoint]) -> None:
        self.apply(
            request,
            queryset,
            lambda endpoint: enable_endpoint(endpoint, by=request.user),
            done=ngettext_lazy("%d endpoint switched on.", "%d endpoints switched on."),
        )

    @admin.action(description=_("Switch off …"), permissions=["moderate"])
    def disable_selected(
        self, request: HttpRequest, queryset: models.QuerySet[WebhookEndpoint]
    ) -> HttpResponse | None:
        return self.apply_with_reason(
            request,
            queryset,
            lambda endpoint, reason: disable_endpoint(endpoint, reason=reason, by=request.user),
            action="disable_selected",
            title=_("Switch endpoints off"),
            help_text=_("Kept with the endpoint and in the audit."),
            done=ngettext_lazy("%d endpoint switched off.", "%d endpoints switched off."),
        )


class AttemptInline(RowsInline):
    model = Attempt
    fields = ("number", "status_code", "error", "response_excerpt", "seconds", "created_at")
    show_change_link = False


@admin.register(Delivery)
class DeliveryAdmin(ModerationAdmin):
    list_display = ("id", "message_id", "endpoint", "event", "version", "state", "tries", "finished_at")
    list_filter = ("state",)
    list_select_related = ("endpoint", "event")
    exact_search = ("message_id",)
    search_fields = ("endpoint__url", "endpoint__partner__name")
    inlines = (AttemptInline,)
    actions = ("replay_selected",)

    def offered_actions(self, obj: Delivery) -> list[str]:
        return ["replay_selected"] if obj.state == states.FAILED else []

    @admin.action(description=_("Send again"), permissions=["moderate"])
    def replay_selected(self, request: HttpRequest, queryset: models.QuerySet[Delivery]) -> None:
        self.apply(
            request,
            queryset,
            lambda delivery: replay_delivery(delivery, by=request.user),
            done=ngettext_lazy("%d delivery is sent again.", "%d deliveries are sent again."),
        )


@admin.register(DeliveryLane)
class DeliveryLaneAdmin(ModerationAdmin):
    list_display = ("id", "endpoint", "claim", "begun_version", "busy_until", "unsettled_until")
    list_select_related = ("endpoint",)
    search_fields = ("claim", "endpoint__url")


@admin.register(Attempt)
class AttemptAdmin(ModerationAdmin):
    list_display = ("id", "delivery", "number", "status_code", "error", "seconds", "created_at")
    list_select_related = ("delivery__endpoint",)
    search_fields = ("error", "=status_code")
    ordering = ("-id",)


@admin.register(KeptAnswer)
class KeptAnswerAdmin(ModerationAdmin):
    """Without the answer's body: it may hold what only the partner is to see."""

    hidden = ("body", "fingerprint")
    list_display = ("id", "api_key", "method", "path", "idempotency_key", "status", "reserved_at")
    list_select_related = ("api_key__partner",)
    exact_search = ("idempotency_key",)
    search_fields = ("path", "api_key__label")


@waiting
def failed_deliveries() -> Waiting:
    return waiting_rows(
        Delivery.objects.filter(state=states.FAILED),
        label=str(_("Failed deliveries")),
        query="state__exact=failed",
        note=str(_("partners that an event did not reach")),
        urgent=True,
    )


@waiting
def switched_off_endpoints() -> Waiting:
    return waiting_rows(
        WebhookEndpoint.objects.filter(is_active=False),
        label=str(_("Webhook endpoints switched off")),
        query="is_active__exact=0",
    )
