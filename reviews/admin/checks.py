"""Rating scales are kept here; rules, tasks, verdicts and publications are to look at."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from claimtracker.accounts.admin_base import (
    ModerationAdmin,
    OwnedAdmin,
    OwnedInline,
    RowsInline,
    make_default,
)
from claimtracker.accounts.models import User
from claimtracker.accounts.moderation import Waiting, waiting, waiting_rows

from .. import states
from ..actions.mailing import send_again
from ..models import (
    ClaimRoute,
    Comment,
    Contact,
    Evidence,
    Expiry,
    Mailing,
    MailTimes,
    Mention,
    NoticePreference,
    Notification,
    Publication,
    Rating,
    RatingScale,
    Reply,
    ReplyRequest,
    ReviewTask,
    RoutingRule,
    Rulebook,
    Source,
    StandardsNote,
    StandardsOverride,
    Topic,
    TriageDecision,
    Verdict,
)
from ..selectors.withholding import withhold


@admin.register(RoutingRule)
class RoutingRuleAdmin(ModerationAdmin):
    """To look at: rules change on the routing page, in one order and under one lock."""

    list_display = ("position", "name", "desk", "deadline_hours", "first_step", "is_active")
    list_display_links = ("name",)
    list_filter = ("is_active", "desk")
    list_select_related = ("desk",)
    search_fields = ("name", "desk__name")
    ordering = ("position", "id")


@admin.register(Rulebook)
class RulebookAdmin(ModerationAdmin):
    list_display = ("id", "revision", "desk", "first_step", "changed_at")
    list_select_related = ("desk",)
    search_fields = ("desk__name",)


@admin.register(Topic)
class TopicAdmin(ModerationAdmin):
    list_display = ("name", "slug", "harm")
    list_filter = ("harm",)
    search_fields = ("name", "slug")


@admin.register(ClaimRoute)
class ClaimRouteAdmin(ModerationAdmin):
    list_display = ("id", "claim", "rule_name", "approval", "routed_at")
    list_filter = ("approval",)
    list_select_related = ("claim",)
    search_fields = ("why", "claim__text")
    ordering = ("-id",)


@admin.register(TriageDecision)
class TriageDecisionAdmin(ModerationAdmin):
    list_display = ("id", "claim", "outcome", "by", "at")
    list_filter = ("outcome",)
    list_select_related = ("claim", "by")
    search_fields = ("claim__text", "by__name")


class RatingInline(OwnedInline):
    model = Rating
    fields = ("position", "slug", "label", "meaning", "value", "guidance")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # what verdicts use keeps its meaning: the page "Ratings" knows which


@admin.register(RatingScale)
class RatingScaleAdmin(OwnedAdmin):
    list_display = ("name", "slug", "is_default")
    search_fields = ("name", "slug")
    form_fields = ("name", "slug")
    fixed_once_made = ("slug",)
    extra_fields = ("is_default",)
    inlines = (RatingInline,)
    actions = ("make_default_scale",)

    def offered_actions(self, obj: RatingScale) -> list[str]:
        return [] if obj.is_default else ["make_default_scale"]

    @admin.action(description=_("Make it the default scale"), permissions=["moderate"])
    def make_default_scale(self, request: HttpRequest, queryset: models.QuerySet[RatingScale]) -> None:
        def act(scale: RatingScale) -> None:
            make_default(scale)
            self.tell(request, scale, "changed", ["is_default"])

        self.apply_to_one(request, queryset, act, done=_("New verdicts use this scale now."))


@admin.register(Rating)
class RatingAdmin(OwnedAdmin):
    list_display = ("label", "scale", "slug", "value", "position")
    list_filter = ("scale",)
    list_select_related = ("scale",)
    search_fields = ("label", "slug")
    form_fields = ("scale", "slug", "label", "meaning", "value", "position", "guidance")
    fixed_once_made = ("scale", "slug", "label", "meaning", "value")


@admin.register(ReviewTask)
class ReviewTaskAdmin(ModerationAdmin):
    list_display = ("id", "claim", "kind", "desk", "state", "priority", "assignee", "due_at")
    list_filter = ("state", "kind", "desk")
    list_select_related = ("claim", "desk", "assignee")
    search_fields = ("claim__text", "why")


@admin.register(Notification)
class NotificationAdmin(ModerationAdmin):
    list_display = ("id", "user", "kind", "text", "created_at", "read_at")
    list_filter = ("kind", "email")
    list_select_related = ("user",)
    search_fields = ("text", "user__name")


@admin.register(NoticePreference)
class NoticePreferenceAdmin(ModerationAdmin):
    list_display = ("id", "user", "kind", "in_app", "email")
    list_filter = ("kind", "email")
    list_select_related = ("user",)
    search_fields = ("user__name",)


@admin.register(MailTimes)
class MailTimesAdmin(ModerationAdmin):
    list_display = ("id", "user", "time_zone", "hour", "weekday")
    list_select_related = ("user",)
    search_fields = ("user__name",)


@admin.register(Comment)
class CommentAdmin(ModerationAdmin):
    list_display = ("id", "claim", "about", "author", "created_at", "removed_at")
    list_filter = ("about",)
    list_select_related = ("claim", "author")
    search_fields = ("text", "author__name")


@admin.register(Mention)
class MentionAdmin(ModerationAdmin):
    list_display = ("id", "comment", "user", "start", "end")
    list_select_related = ("comment", "user")
    search_fields = ("user__name",)


@admin.register(Mailing)
class MailingAdmin(ModerationAdmin):
    list_display = ("id", "user", "cadence", "slot", "state", "tries", "created_at", "sent_at")
    list_filter = ("state", "cadence")
    list_select_related = ("user",)
    search_fields = ("user__name", "last_error")
    exact_search = ("public_id",)
    actions = ("send_again",)
    keys = {"send_again": "a"}
    finals = {"send_again": _("This cannot be undone: the mail is on its way.")}

    def offered_actions(self, obj: Mailing) -> list[str]:
        return ["send_again"] if obj.state in (states.UNKNOWN, states.FAILED) else []

    @admin.action(description=_("Send again"), permissions=["moderate"])
    def send_again(self, request: HttpRequest, queryset: models.QuerySet[Mailing]) -> None:
        self.apply(
            request,
            queryset,
            lambda row: send_again(row, by=cast(User, request.user)),
            done=ngettext_lazy("%d mail is sent again.", "%d mails are sent again."),
        )


@waiting
def unclear_mail() -> Waiting:
    return waiting_rows(
        Mailing.objects.unclear(),
        label=str(_("Mail that may not have arrived")),
        query="state__in=unknown,failed",
        note=str(_("could not be sent, or its worker was lost meanwhile")),
    )


@admin.register(Source)
class SourceAdmin(ModerationAdmin):
    list_display = ("title", "publisher", "kind", "url", "accessed_at")
    list_filter = ("kind",)
    exact_search = ("url",)
    search_fields = ("title", "publisher", "url")
    ordering = ("-id",)
    hidden = ("confidential_because",)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Source]:
        """Moderators keep the site; confidential sources are the desks'."""
        return super().get_queryset(request).filter(is_confidential=False)


@admin.register(Evidence)
class EvidenceAdmin(ModerationAdmin):
    list_display = ("id", "claim", "source", "stance", "added_by", "created_at")
    list_filter = ("stance",)
    list_select_related = ("claim", "source", "added_by")
    search_fields = ("source__title", "claim__text")
    ordering = ("-id",)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Evidence]:
        return super().get_queryset(request).filter(source__is_confidential=False)


class PublicationInline(RowsInline):
    model = Publication
    fields = ("number", "slug", "published_by", "published_at")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Publication]:
        return super().get_queryset(request).select_related("published_by").defer("snapshot", "claim_review")


@admin.register(Verdict)
class VerdictAdmin(ModerationAdmin):
    list_display = ("id", "claim", "rating", "state", "author", "approver", "created_at")
    list_filter = ("state", "rating")
    list_select_related = ("claim", "rating", "author", "approver")
    search_fields = ("summary", "claim__text")
    inlines = (PublicationInline,)


@admin.register(Publication)
class PublicationAdmin(ModerationAdmin):
    list_display = (
        "id",
        "slug",
        "number",
        "change",
        "proposed_by",
        "approved_by",
        "published_by",
        "published_at",
    )
    list_display_links = ("id", "slug")
    list_filter = ("change",)
    list_select_related = ("proposed_by", "approved_by", "published_by")
    exact_search = ("public_id", "slug")
    search_fields = ("slug",)
    date_hierarchy = "published_at"

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        rows = super().get_queryset(request)
        is_detail = bool(request.resolver_match and request.resolver_match.kwargs)
        return rows if is_detail else rows.defer("snapshot", "claim_review")

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        found = super().get_object(request, object_id, from_field)
        return withhold([found])[0] if found is not None else None


@admin.register(StandardsNote)
class StandardsNoteAdmin(ModerationAdmin):
    list_display = ("id", "claim", "code", "by", "updated_at")
    list_filter = ("code",)
    list_select_related = ("claim", "by")
    search_fields = ("text", "claim__text")


@admin.register(StandardsOverride)
class StandardsOverrideAdmin(ModerationAdmin):
    list_display = ("id", "claim", "criterion", "code", "by", "created_at")
    list_filter = ("code",)
    list_select_related = ("claim", "by")
    search_fields = ("reason", "claim__text")


@admin.register(ReplyRequest)
class ReplyRequestAdmin(ModerationAdmin):
    list_display = ("id", "claim", "person", "state", "deadline", "asked_by")
    list_filter = ("state",)
    list_select_related = ("claim", "asked_by")
    search_fields = ("person", "claim__text")


@admin.register(Reply)
class ReplyAdmin(ModerationAdmin):
    list_display = ("id", "claim", "name", "state", "received_at", "decided_by")
    list_filter = ("state",)
    list_select_related = ("claim", "decided_by")
    search_fields = ("name", "claim__text")


@admin.register(Contact)
class ContactAdmin(ModerationAdmin):
    list_display = ("id", "claim", "at", "channel", "outcome", "by")
    list_filter = ("outcome",)
    list_select_related = ("claim", "by")
    search_fields = ("note", "claim__text")


@admin.register(Expiry)
class ExpiryAdmin(ModerationAdmin):
    list_display = ("id", "publication", "at")
    list_select_related = ("publication",)
    search_fields = ("publication__slug",)
