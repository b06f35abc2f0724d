"""A partner's page: what it may, its keys, what it asked, and how its endpoints do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib import admin
from django.db import models
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from claimtracker.accounts.admin_base import OwnedAdmin, RowLink, RowsInline
from claimtracker.intake.blocking import set_block
from claimtracker.intake.forms import BlockForm
from claimtracker.intake.models import Block

from . import states
from .actions import resume_partner, suspend_partner
from .key_admin import SHOWN_DAYS, words_of_use
from .models import ApiKey, Delivery, Partner, WebhookEndpoint
from .usage import days_back, totals, usage_by_group


class KeyInline(RowsInline):
    model = ApiKey
    fields = ("label", "prefix", "scopes", "expires_at", "revoked_at", "use")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[ApiKey]:
        return super().get_queryset(request).select_related("partner")

    @admin.display(description=_("Use"))
    def use(self, obj: ApiKey) -> str:
        return words_of_use(obj)


class EndpointInline(RowsInline):
    """Those that were not removed, with how deliveries to each went: in the rows' own query, by indexes that
    hold what did not arrive (``delivery_by_state``) and the newest ones (``delivery_by_endpoint``)."""

    model = WebhookEndpoint
    fields = ("url", "is_active", "disabled_because", "health")
    ordering = ("-id",)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[WebhookEndpoint]:
        to_it = Delivery.objects.filter(endpoint=models.OuterRef("pk"))

        def count(state: str) -> Coalesce:
            rows = to_it.filter(state=state).order_by().values("endpoint")
            return Coalesce(models.Subquery(rows.values(number=models.Count("pk"))), 0)

        arrived = to_it.filter(state=states.DELIVERED).order_by("-pk")
        rows = super().get_queryset(request).filter(removed_at__isnull=True)
        return rows.annotate(
            failed=count(states.FAILED),
            pending=count(states.PENDING),
            last_delivered=models.Subquery(arrived.values("finished_at")[:1]),
        )

    @admin.display(description=_("Deliveries"))
    def health(self, obj: Any) -> str:
        moment = obj.last_delivered
        last = date_format(timezone.localtime(moment), "DATETIME_FORMAT") if moment else gettext("never")
        return gettext("%(failed)d failed, %(pending)d waiting; the last arrived: %(last)s") % {
            "failed": obj.failed,
            "pending": obj.pending,
            "last": last,
        }


PARTNER_HELP = {
    "slug": _("Names the partner in the origin of its articles. It cannot be changed later."),
    "desk": _("Where its articles go. Empty: the default desk."),
    "is_trusted": _(
        "What this partner sends is taken in at once. Otherwise a moderator accepts each article first."
    ),
    "is_sandbox": _(
        "To try everything: what it sends is seen by nobody but itself and is erased after some days. It "
        "cannot be changed later."
    ),
    "requests_per_minute": _("For each of its keys. Empty: what the site allows everybody."),
    "requests_per_day": _("For all of its keys together. Empty: what the site allows everybody."),
}


@admin.register(Partner)
class PartnerAdmin(OwnedAdmin):
    """The slug stands in the origin of the partner's articles, so it stays as it was made."""

    list_display = ("name", "slug", "desk", "is_trusted", "is_active", "is_sandbox", "created_at")
    list_filter = ("is_active", "is_trusted", "is_sandbox", "desk")
    list_select_related = ("desk",)
    search_fields = ("name", "slug", "contact_email")
    form_fields = (
        "name",
        "slug",
        "contact_email",
        "desk",
        "is_trusted",
        "is_sandbox",
        "requests_per_minute",
        "requests_per_day",
    )
    fixed_once_made = ("slug", "is_sandbox")
    extra_fields = ("is_active", "created_at", "usage")
    actions = ("suspend_selected", "resume_selected", "block_selected")
    prepopulated_fields: ClassVar[dict[str, Sequence[str]]] = {"slug": ("name",)}
    inlines = (KeyInline, EndpointInline)

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Sequence[str]]:
        return {} if obj else self.prepopulated_fields

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, **{"help_texts": PARTNER_HELP, **kwargs})

    @admin.display(description=_("Requests in 30 days"))
    def usage(self, obj: Partner) -> str:
        rows = list(usage_by_group(obj, since=days_back(SHOWN_DAYS)))
        return render_to_string("admin/partner_usage.html", {"rows": rows, "total": totals(rows)})

    def offered_actions(self, obj: Partner) -> list[str]:
        return ["suspend_selected", "block_selected"] if obj.is_active else ["resume_selected"]

    @admin.action(description=_("Take nothing in from it …"), permissions=["moderate"])
    def block_selected(self, request: HttpRequest, queryset: models.QuerySet[Partner]) -> HttpResponse | None:
        form = BlockForm(request.POST if "apply" in request.POST else None)
        return self.apply_with_form(
            request,
            queryset,
            form,
            lambda partner: set_block(
                Block.Kind.PARTNER,
                partner.origin,
                by=request.user,
                label=partner.name,
                reason=form.cleaned_data["reason"],
                note=form.cleaned_data["note"],
                expires_at=form.expires_at(),
            ),
            action="block_selected",
            title=_("Take nothing in from partners"),
            done=ngettext_lazy("%d partner blocked.", "%d partners blocked."),
        )

    @admin.action(description=_("Suspend …"), permissions=["moderate"])
    def suspend_selected(
        self, request: HttpRequest, queryset: models.QuerySet[Partner]
    ) -> HttpResponse | None:
        return self.apply_with_reason(
            request,
            queryset,
            lambda partner, reason: suspend_partner(partner, reason=reason, by=request.user),
            action="suspend_selected",
            title=_("Suspend partners"),
            help_text=_("Its keys open nothing from now on, and no messages go to it. Kept in the audit."),
            done=ngettext_lazy("%d partner suspended.", "%d partners suspended."),
        )

    @admin.action(description=_("Resume"), permissions=["moderate"])
    def resume_selected(self, request: HttpRequest, queryset: models.QuerySet[Partner]) -> None:
        self.apply(
            request,
            queryset,
            lambda partner: resume_partner(partner, by=request.user),
            done=ngettext_lazy("%d partner resumed.", "%d partners resumed."),
        )

    def offered_links(self, obj: Partner) -> list[RowLink]:
        """What can be added, and all of which this page shows the newest only."""
        new = (("apikey", _("Issue a key")), ("webhookendpoint", _("Add a webhook endpoint")))
        every = (("apikey", _("All keys")), ("webhookendpoint", _("All webhook endpoints")))
        return [
            *(
                RowLink(str(label), f"{reverse(f'admin:partners_{name}_add')}?partner={obj.pk}")
                for name, label in new
                if obj.is_active
            ),
            *(
                RowLink(
                    str(label), f"{reverse(f'admin:partners_{name}_changelist')}?partner__id__exact={obj.pk}"
                )
                for name, label in every
            ),
        ]

    def response_post_save_add(self, request: HttpRequest, obj: Partner) -> HttpResponseRedirect:
        """To the partner's own page, where the next step is: a partner without a key can send nothing."""
        return HttpResponseRedirect(reverse("admin:partners_partner_change", args=[obj.pk]))
