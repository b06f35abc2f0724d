"""Webhook endpoints and their deliveries, as moderators see them."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from claimtracker.accounts.admin_base import ModerationAdmin, RowLink, RowsInline
from claimtracker.accounts.moderation import Waiting, waiting, waiting_rows

from . import attempts, states
from .actions import replay_delivery, replay_failed, send_test
from .admin_made import MadeByAction
from .delivery import body_of
from .endpoints import create_endpoint, disable_endpoint, enable_endpoint
from .event_types import offered_event_types
from .models import Attempt, Delivery, DeliveryLane, EndpointNotice, Partner, WebhookEndpoint


class AttentionFilter(admin.SimpleListFilter):
    """What the moderators' home counts, as a list."""

    title = _("attention")
    parameter_name = "needs"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("attention", _("needed"))]


class GivenUpFilter(AttentionFilter):
    def queryset(self, request: HttpRequest, queryset: models.QuerySet[WebhookEndpoint]) -> Any:
        given_up = WebhookEndpoint.objects.in_use().filter(is_active=False)
        return queryset.filter(pk__in=given_up) if self.value() else queryset


class LostFilter(AttentionFilter):
    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Delivery]) -> Any:
        return queryset.filter(pk__in=Delivery.objects.lost()) if self.value() else queryset


class CreateEndpointForm(forms.Form):
    partner = forms.ModelChoiceField(Partner.objects.filter(is_active=True), label=_("Partner"))
    url = forms.CharField(
        label=_("Address"),
        max_length=1000,
        widget=forms.URLInput(attrs={"class": "vLargeTextField"}),
        help_text=_("Where messages are sent: begins with https://."),
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
    hidden = ("secret", "previous_secret")
    shown = (
        "partner", "url", "description", "events", "is_active", "disabled_because", "disabled_at",
        "is_given_up", "previous_secret_until", "public_id", "created_at", "updated_at", "removed_at",
    )  # fmt: skip
    list_display = ("url", "partner", "is_active", "disabled_because", "removed_at", "created_at")
    list_filter = (GivenUpFilter, "is_active", ("removed_at", admin.EmptyFieldListFilter), "partner")
    list_select_related = ("partner",)
    exact_search = ("public_id",)
    search_fields = ("url", "description", "partner__name")
    actions = ("test_selected", "replay_failed_of_selected", "enable_selected", "disable_selected")
    keys = {"enable_selected": "a", "disable_selected": "r"}
    undoes = {
        "enable_selected": lambda row, by: disable_endpoint(row, reason=gettext("Undone."), by=by),
        "disable_selected": lambda row, by: enable_endpoint(row, by=by),
    }
    finals = {
        "test_selected": _("This cannot be undone: the message is sent."),
        "replay_failed_of_selected": _("This cannot be undone: the messages are on their way."),
    }
    reasoned = ("disable_selected",)
    add_form = CreateEndpointForm
    title = _("Add a webhook endpoint")
    secret_title = _("The signing secret, shown this once")
    secret_help = _("The partner needs it to check our signatures. Give it over by a safe way.")

    def make(self, request: HttpRequest, facts: dict[str, Any]) -> tuple[WebhookEndpoint, str]:
        endpoint = create_endpoint(
            facts["partner"], url=facts["url"], event_types=facts["event_types"], by=request.user
        )
        return endpoint, endpoint.secret

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return list(self.shown)

    @admin.display(description=_("Events"))
    def events(self, obj: WebhookEndpoint) -> str:
        return ", ".join(obj.event_types) or gettext("all")

    def offered_links(self, obj: WebhookEndpoint) -> list[RowLink]:
        every = reverse("admin:partners_delivery_changelist")
        return [RowLink(gettext("Its deliveries"), f"{every}?endpoint__id__exact={obj.pk}")]

    def offered_actions(self, obj: WebhookEndpoint) -> list[str]:
        if obj.removed_at is not None:
            return []
        return (
            [name for name in self.actions if name != "enable_selected"]
            if obj.is_active
            else ["enable_selected"]
        )

    @admin.action(description=_("Send a test message"), permissions=["moderate"])
    def test_selected(self, request: HttpRequest, queryset: models.QuerySet[WebhookEndpoint]) -> None:
        self.apply(
            request,
            queryset,
            lambda endpoint: send_test(endpoint, by=request.user),
            done=ngettext_lazy("%d test message is sent.", "%d test messages are sent."),
        )

    @admin.action(description=_("Send again what failed lately"), permissions=["moderate"])
    def replay_failed_of_selected(
        self, request: HttpRequest, queryset: models.QuerySet[WebhookEndpoint]
    ) -> None:
        since = timezone.now() - timedelta(days=settings.EVENT_DAYS)
        self.apply(
            request,
            queryset,
            lambda endpoint: replay_failed(endpoint, since=since, by=request.user),
            done=ngettext_lazy(
                "What failed at %d endpoint is sent again.", "What failed at %d endpoints is sent again."
            ),
        )

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


def lines(text: str) -> Any:
    """Several lines as they are."""
    return format_html("<pre>{}</pre>", text)


class AttemptInline(RowsInline):
    model = Attempt
    fields = ("number", "created_at", "status_code", "error", "response_excerpt", "seconds")


@admin.register(Delivery)
class DeliveryAdmin(ModerationAdmin):
    list_display = (
        "message_id", "endpoint", "event_type", "version", "state", "tries", "next_try_at", "finished_at",
    )  # fmt: skip
    list_filter = (LostFilter, "state")
    hidden = ("body",)
    extra_fields = ("message",)
    list_select_related = ("endpoint", "event")
    exact_search = ("message_id",)
    search_fields = ("endpoint__url", "endpoint__partner__name")
    inlines = (AttemptInline,)
    actions = ("replay_selected",)
    keys = {"replay_selected": "a"}
    finals = {"replay_selected": _("This cannot be undone: the message is on its way.")}

    @admin.display(description=_("Message"))
    def message(self, obj: Delivery) -> Any:
        """The body, set out for reading; the bytes themselves are the API's."""
        if not obj.body and obj.finished_at:
            return _("It was forgotten with the old tries.")
        return lines(
            json.dumps(json.loads(obj.body or body_of(obj.event).decode()), indent=2, ensure_ascii=False)
        )

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
    hidden = ("request_headers", "response_headers", "response_excerpt")
    extra_fields = ("request", "response")

    @admin.display(description=_("Request"))
    def request(self, obj: Attempt) -> Any:
        return lines(attempts.request_text(obj))

    @admin.display(description=_("Answer"))
    def response(self, obj: Attempt) -> Any:
        if obj.status_code is None:
            return obj.error or _("Under way.")
        return lines(attempts.answer_text(obj))


@admin.register(EndpointNotice)
class EndpointNoticeAdmin(ModerationAdmin):
    list_display = ("id", "to", "endpoint", "reason", "handed_over_at", "error", "created_at")
    list_select_related = ("endpoint",)
    search_fields = ("to", "reason")


@waiting
def failed_deliveries() -> Waiting:
    return waiting_rows(
        Delivery.objects.lost(),
        label=str(_("Failed deliveries")),
        query="needs=attention",
        note=str(_("partners that an event did not reach")),
        urgent=True,
        since="finished_at",
    )


@waiting
def switched_off_endpoints() -> Waiting:
    return waiting_rows(
        WebhookEndpoint.objects.in_use().filter(is_active=False),
        label=str(_("Webhook endpoints given up")),
        query="needs=attention",
        note=str(_("switched off since nothing arrived there; each says why")),
        urgent=True,
        since="disabled_at",
    )
