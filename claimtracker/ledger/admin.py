"""The audit, to look at. What moderators change elsewhere in the admin is written to it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import admin
from django.db import models
from django.dispatch import receiver
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from claimtracker.accounts.admin_base import ModerationAdmin, RowLink, RowsInline
from claimtracker.accounts.moderation import Waiting, moderated, waiting

from . import audit
from .looking_admin import LOOK, LookingThrough
from .models import AuditActor, AuditEntry, AuditNote, LedgerSeal, OutboxEvent, SealedEntry


@receiver(moderated, dispatch_uid="claimtracker.ledger.records_moderation")
def record_moderation(
    *, by: Any, subject: models.Model, change: str, fields: list[str], **_kwargs: Any
) -> None:
    """Names of fields only: their values may be personal."""
    details = {"fields": fields}
    if change == "added":
        audit.record("admin.added", by=by, subject=subject, details=details)
    elif change == "changed":
        audit.record("admin.changed", by=by, subject=subject, details=details)
    else:
        audit.record("admin.deleted", by=by, subject=subject, details=details)


class EventTypeFilter(admin.SimpleListFilter):
    title = _("type")
    parameter_name = "type"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(kind, kind) for kind in sorted(settings.OUTBOX_SUBSCRIPTIONS)]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[OutboxEvent]:
        return queryset.filter(type=self.value()) if self.value() else queryset


class NoteInline(RowsInline):
    model = AuditNote
    fields = ("text",)
    verbose_name_plural = _("words of the person who acted")


@admin.register(AuditEntry)
class AuditEntryAdmin(LookingThrough):
    list_display = ("id", "created_at", "verb", "actor_name", "subject_type", "subject_id")
    exact_search = ("uid",)
    search_fields = ("verb", "subject_type", "=subject_id")
    extra_fields = ("actor_name",)
    inlines = (NoteInline,)

    def offered_links(self, obj: AuditEntry) -> list[RowLink]:
        thing = urlencode({"subject_type": obj.subject_type, "subject_id": obj.subject_id})
        person = urlencode({"person": str(obj.actor_ref)})
        look = reverse(f"admin:{LOOK}")
        return [
            RowLink(gettext("Everything that happened to it"), f"{look}?{thing}"),
            RowLink(gettext("What they did"), f"{look}?{person}"),
        ]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[AuditEntry]:
        who = AuditActor.objects.filter(ref=models.OuterRef("actor_ref")).values("label")[:1]
        return super().get_queryset(request).annotate(actor_label=models.Subquery(who))

    @admin.display(description=_("actor"))
    def actor_name(self, entry: AuditEntry) -> str:
        return getattr(entry, "actor_label", "") or str(_("erased"))


@admin.register(AuditNote)
class AuditNoteAdmin(ModerationAdmin):
    hidden = ("salt",)
    list_display = ("entry", "text")
    list_select_related = ("entry",)
    search_fields = ("=entry__subject_id", "entry__verb")


@admin.register(AuditActor)
class AuditActorAdmin(ModerationAdmin):
    hidden = ("salt",)
    list_display = ("label", "kind", "user", "key")
    list_filter = ("kind",)
    list_select_related = ("user",)
    exact_search = ("ref",)
    search_fields = ("label", "key")
    ordering = ("-id",)


@admin.register(LedgerSeal)
class LedgerSealAdmin(ModerationAdmin):
    list_display = ("id", "created_at", "entries", "digest")
    exact_search = ("digest",)
    search_fields = ("=digest",)


@admin.register(SealedEntry)
class SealedEntryAdmin(ModerationAdmin):
    list_display = ("entry", "seal", "position", "digest")
    list_select_related = ("entry", "seal")
    search_fields = ("=digest",)
    ordering = ("-entry",)


@admin.register(OutboxEvent)
class OutboxEventAdmin(ModerationAdmin):
    list_display = ("id", "created_at", "type", "subject_type", "subject_id")
    list_filter = (EventTypeFilter,)
    exact_search = ("uid",)
    search_fields = ("type", "=subject_id")


@waiting
def ledger_state() -> Waiting:
    """How far the chain is behind; more than a few seconds means that beat or a worker is away."""
    last = LedgerSeal.objects.order_by("-id").first()
    newest = SealedEntry.objects.aggregate(newest=models.Max("entry_id"))["newest"] or 0
    unsealed = AuditEntry.objects.filter(pk__gt=newest).order_by()[:1000].count()
    note = str(_("nothing is sealed yet"))
    if last:
        age = timesince(last.created_at, timezone.now())
        note = str(_("last seal: number %(number)d, %(age)s ago")) % {"number": last.pk, "age": age}
    url = reverse("admin:ledger_ledgerseal_changelist")
    return Waiting(str(_("Audit entries not yet sealed")), unsealed, url, note=note)
