"""Partners are kept here; their keys, endpoints and deliveries change through the actions of this room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from django.views.decorators.debug import sensitive_variables

from claimtracker.accounts.admin_base import ModerationAdmin, OwnedAdmin, RowLink, RowsInline
from claimtracker.accounts.moderation import Waiting, may_moderate, waiting, waiting_rows
from claimtracker.kernel.errors import ActionRefused

from . import states
from .actions import (
    create_endpoint,
    disable_endpoint,
    enable_endpoint,
    issue_key,
    replay_delivery,
    revoke_key,
)
from .endpoints import offered_event_types
from .models import (
    ApiKey,
    Attempt,
    Delivery,
    DeliveryLane,
    KeptAnswer,
    Partner,
    Scope,
    WebhookEndpoint,
)


class KeyInline(RowsInline):
    model = ApiKey
    fields = ("label", "prefix", "scopes", "expires_at", "revoked_at", "last_used_at")


class EndpointInline(RowsInline):
    model = WebhookEndpoint
    fields = ("url", "is_active", "disabled_because", "created_at")


PARTNER_HELP = {
    "slug": _("Names the partner in the origin of its articles. It cannot be changed later."),
    "desk": _("Where its articles go. Empty: the default desk."),
    "is_trusted": _(
        "What this partner sends is taken in at once. Otherwise a moderator accepts each article first."
    ),
    "is_active": _("Untick to shut all of the partner's keys out."),
}


@admin.register(Partner)
class PartnerAdmin(OwnedAdmin):
    """The slug stands in the origin of the partner's articles, so it stays as it was made."""

    list_display = ("name", "slug", "desk", "is_trusted", "is_active", "created_at")
    list_filter = ("is_active", "is_trusted", "desk")
    list_select_related = ("desk",)
    search_fields = ("name", "slug", "contact_email")
    form_fields = ("name", "slug", "contact_email", "desk", "is_trusted", "is_active")
    fixed_once_made = ("slug",)
    extra_fields = ("created_at",)
    prepopulated_fields: ClassVar[dict[str, Sequence[str]]] = {"slug": ("name",)}
    inlines = (KeyInline, EndpointInline)

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Sequence[str]]:
        return {} if obj else self.prepopulated_fields

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, **{"help_texts": PARTNER_HELP, **kwargs})

    def offered_links(self, obj: Partner) -> list[RowLink]:
        if not obj.is_active:
            return []
        return [
            RowLink(str(label), f"{reverse(f'admin:partners_{name}_add')}?partner={obj.pk}")
            for name, label in (
                ("apikey", _("Issue a key")),
                ("webhookendpoint", _("Add a webhook endpoint")),
            )
        ]

    def response_post_save_add(self, request: HttpRequest, obj: Partner) -> HttpResponseRedirect:
        """To the partner's own page, where the next step is: a partner without a key can send nothing."""
        return HttpResponseRedirect(reverse("admin:partners_partner_change", args=[obj.pk]))


DATE: dict[str, Any] = {"type": "date", "aria-label": _("Expires at: date")}
TIME: dict[str, Any] = {"type": "time", "aria-label": _("Expires at: time")}


class IssueKeyForm(forms.Form):
    partner = forms.ModelChoiceField(Partner.objects.filter(is_active=True), label=_("Partner"))
    label = forms.CharField(label=_("Label"), max_length=100, help_text=_("What will use the key."))
    scopes = forms.MultipleChoiceField(
        label=_("May"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    expires_at = forms.SplitDateTimeField(
        label=_("Expires at"),
        required=False,
        # the browser's own pickers: those of Django's admin write inline styles, which our policy refuses
        widget=forms.SplitDateTimeWidget(
            date_attrs=DATE,
            time_attrs=TIME,
            date_format="%Y-%m-%d",
            time_format="%H:%M",
        ),
        help_text=_("Empty: never."),
    )


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


class MadeByAction(ModerationAdmin):
    """The add page asks for what an action function needs, and shows the secret that it made, once."""

    add_form: type[forms.Form]
    title: Any
    secret_title: Any
    secret_help: Any

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_moderate(request.user)

    def make(self, request: HttpRequest, facts: dict[str, Any]) -> tuple[Any, str]:
        """The new row and its secret in plain text. Raises ActionRefused."""
        raise NotImplementedError

    @sensitive_variables("secret")
    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = self.add_form(request.POST or None, initial={"partner": request.GET.get("partner")})
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": self.title,
            "form": form,
            "media": form.media,
            **(extra_context or {}),
        }
        if form.is_valid():
            try:
                row, secret = self.make(request, form.cleaned_data)
            except ActionRefused as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, refusal.reason)
            else:
                context |= {
                    "row": row,
                    "secret": secret,
                    "title": self.secret_title,
                    "help": self.secret_help,
                }
                response = TemplateResponse(request, "admin/secret_once.html", context)
                response.headers["Cache-Control"] = "no-store"
                return response
        return TemplateResponse(request, "admin/make.html", context, status=422 if form.errors else 200)


@admin.register(ApiKey)
class ApiKeyAdmin(MadeByAction):
    hidden = ("secret_sha256",)
    list_display = ("prefix", "partner", "label", "scopes", "expires_at", "revoked_at", "last_used_at")
    list_filter = (("revoked_at", admin.EmptyFieldListFilter), "partner")
    list_select_related = ("partner",)
    exact_search = ("prefix",)
    search_fields = ("label", "partner__name", "=prefix")
    actions = ("revoke_selected",)
    add_form = IssueKeyForm
    title = _("Issue an API key")
    secret_title = _("The key, shown this once")
    secret_help = _("Give it to the partner by a safe way. It is not kept here and cannot be shown again.")

    def make(self, request: HttpRequest, facts: dict[str, Any]) -> tuple[ApiKey, str]:
        return issue_key(
            facts["partner"],
            label=facts["label"],
            scopes=facts["scopes"],
            expires_at=facts["expires_at"],
            by=request.user,
        )

    def offered_actions(self, obj: ApiKey) -> list[str]:
        return [] if obj.revoked_at else ["revoke_selected"]

    @admin.action(description=_("Revoke"), permissions=["moderate"])
    def revoke_selected(self, request: HttpRequest, queryset: models.QuerySet[ApiKey]) -> None:
        self.apply(
            request,
            queryset,
            lambda key: revoke_key(key, by=request.user),
            done=ngettext_lazy("%d key revoked.", "%d keys revoked."),
        )


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
