"""Readers' lists and complaints, to look at: the lists follow what is published, and desks answer."""

from __future__ import annotations

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext as _

from claimtracker.accounts.admin_base import ModerationAdmin
from claimtracker.accounts.moderation import Waiting, waiting, waiting_rows

from .. import states
from ..models import Complaint, ComplaintWords, Dump, DumpShelf, PublicCheck, PublicCheckTopic, PublicTopic


@admin.register(PublicCheck)
class PublicCheckAdmin(ModerationAdmin):
    list_display = ("slug", "claimant_name", "rating_label", "language", "is_retracted", "changed_at")
    list_filter = ("is_retracted", "language")
    search_fields = ("slug", "claimant_name")
    list_select_related = ("publication",)


@admin.register(PublicTopic)
class PublicTopicAdmin(ModerationAdmin):
    list_display = ("name", "slug")
    search_fields = ("name", "slug")


@admin.register(PublicCheckTopic)
class PublicCheckTopicAdmin(ModerationAdmin):
    list_display = ("check_line", "topic", "newest")
    list_select_related = ("check_line", "topic")
    search_fields = ("topic__name", "check_line__slug")


@admin.register(Dump)
class DumpAdmin(ModerationAdmin):
    list_display = ("name", "made_at", "withdrawn_at", "withdrawn_because")


@admin.register(DumpShelf)
class DumpShelfAdmin(ModerationAdmin):
    list_display = ("__str__",)


@admin.register(Complaint)
class ComplaintAdmin(ModerationAdmin):
    list_display = ("reference", "kind", "state", "claim", "received_at", "due_at", "decided_by")
    list_filter = ("state", "kind", "channel")
    list_select_related = ("claim", "decided_by")
    search_fields = ("reference", "claim__text")


@admin.register(ComplaintWords)
class ComplaintWordsAdmin(ModerationAdmin):
    """Who wrote a complaint, for who has to find it when they ask to be forgotten: by the
    whole name or address, since both are encrypted."""

    list_display = ("complaint", "name", "email")
    hidden = ("name_digest", "email_digest")
    list_select_related = ("complaint",)
    exact_search = ("name_digest", "email_digest")
    search_fields = ("complaint__reference",)


@waiting
def late_answers() -> Waiting:
    return waiting_rows(
        Complaint.objects.open().filter(due_at__lt=timezone.now()),
        label=_("Complaints whose answer is late"),
        query=f"state={states.RECEIVED}",
        note=_("desks answer on the claim's page"),
        urgent=True,
    )
