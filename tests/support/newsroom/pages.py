"""Every page that answers GET, with who opens it and where. A page that is missing here fails
tests/web/test_every_page.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.urls import reverse

from claims.models import HeldUpdate, Suggestion
from claimtracker.partners.models import ApiKey, Attempt, Delivery, Partner, WebhookEndpoint
from claimtracker.signin.actions.invitations import invite
from claimtracker.signin.invitation_tokens import token_of
from claimtracker.signin.models import Invitation
from claimtracker.web.help import TOPICS
from claimtracker.web.views.insight_pages import REPORTS
from reviews.actions.letters import stop_url
from reviews.models import Comment, FlagCase, Rating, RatingScale, ReasonTemplate, ReviewTask, Topic

from .building import Newsroom

Arguments = Callable[[Newsroom], list[Any]]


def nothing(room: Newsroom) -> list[Any]:
    return []


@dataclass(frozen=True, slots=True)
class Page:
    """``name`` is for file names and messages, ``who`` one of the newsroom's people or nobody."""

    name: str
    route: str
    who: str | None = None
    arguments: Arguments = field(default=nothing)
    query: str = ""

    def address(self, room: Newsroom) -> str:
        if self.route == "web:unsubscribe":
            return urlsplit(stop_url(room.person("checker").pk, "due")).path
        return reverse(self.route, args=self.arguments(room)) + self.query


def fixed(*arguments: Any) -> Arguments:
    return lambda room: list(arguments)


def of(state: str) -> Arguments:
    """The key of the claim in this state."""
    return lambda room: [room.claim(state).pk]


def slug_of(state: str) -> Arguments:
    return lambda room: [room.publication(state).slug]


def invited(room: Newsroom) -> list[Any]:
    """The secret of somebody's invitation, made when it is first asked for."""
    email = "ann.bell@newsroom.example"
    row = Invitation.objects.filter(email=email).first()
    return [token_of(row or invite(room.desk, by=room.person("lead"), email=email, role="checker"))]


def newest(model: Any, **wanted: Any) -> Arguments:
    return lambda room: [model.objects.filter(**wanted).latest("pk").pk]


def first(model: Any) -> Arguments:
    return lambda room: [model.objects.earliest("pk").pk]


def comment(room: Newsroom) -> list[Any]:
    """One of the editor's."""
    claim = room.claim("taken")
    return [claim.pk, Comment.objects.filter(claim=claim).latest("pk").pk]


def article(room: Newsroom) -> list[Any]:
    return [room.article.pk]


def changed(room: Newsroom) -> list[Any]:
    return [room.changed.pk]


def desk(room: Newsroom) -> list[Any]:
    return [room.desk.slug]


def partner(room: Newsroom) -> list[Any]:
    return [Partner.objects.filter(slug__startswith="gazette-").latest("pk").pk]


def api_key(room: Newsroom) -> list[Any]:
    return [ApiKey.objects.usable().latest("pk").pk]


def task(room: Newsroom) -> list[Any]:
    return [ReviewTask.objects.get(claim=room.claim("taken"), kind="research").pk]


READERS = (
    Page("public-index", "reviews:public_index"),
    Page("public-claim", "reviews:public_claim", None, slug_of("published")),
    Page("public-corrected", "reviews:public_claim", None, slug_of("corrected")),
    Page("public-retracted", "reviews:public_claim", None, slug_of("retracted")),
    Page("public-embed", "reviews:public_embed", None, slug_of("corrected")),
    Page("public-complain", "reviews:public_complain", None, slug_of("published")),
    Page("public-complaint", "reviews:complaint_status", None, lambda room: [room.complaint_token]),
    Page("public-suggest", "reviews:public_suggest"),
    Page("public-suggestion", "reviews:suggestion_status", None, lambda room: [room.suggestion_token]),
    Page(
        "public-claimant",
        "reviews:public_claimant",
        None,
        lambda room: [room.claim("corrected").public_check.claimant_slug],
    ),
    Page("public-topic", "reviews:public_topic", None, lambda room: [room.topic.slug]),
    Page("public-corrections", "reviews:corrections"),
    Page("public-dumps", "dumps:index"),
    Page("public-about", "reviews:about"),
    Page("public-methodology", "reviews:methodology"),
    Page("public-corrections-policy", "reviews:corrections_policy"),
    Page("public-reply", "reviews:public_reply", None, lambda room: [room.reply_token]),
    Page("api-docs", "api-docs"),
    Page("api-reference", "api-reference"),
    Page("sign-in", "account_login"),
    Page("forgotten-password", "account_reset_password"),
    Page("forgotten-password-sent", "account_reset_password_done"),
    Page("unsubscribe", "web:unsubscribe"),
)
WORK = (
    Page("home", "web:home", "checker"),
    Page("home-editor", "web:home", "editor"),
    Page("home-lead", "web:home", "lead"),
    Page("home-reporter", "web:home", "reporter"),
    Page("articles", "web:article_list", "checker"),
    Page("article", "web:article_detail", "checker", article),
    Page("article-changed", "web:article_detail", "checker", changed),
    Page("article-new", "claims:article_new", "reporter"),
    Page("article-fetch", "claims:fetch_detail", "checker", lambda room: [room.fetch.pk]),
    Page("claim-adjust", "web:claim_adjust", "checker", lambda room: [room.article.pk, room.place.pk]),
    Page("versions", "web:version_list", "checker", changed),
    Page("version", "web:version_detail", "checker", lambda room: [room.changed.pk, 1]),
    Page("versions-compared", "web:version_compare", "checker", changed, "?before=1&after=2"),
    Page("drafts", "web:drafts", "checker"),
    Page("draft", "web:draft_detail", "checker", lambda room: [room.draft.pk]),
    Page("search", "web:search", "checker", query="?q=homes"),
    Page("search-empty", "web:search", "checker"),
    Page("notices", "web:notices", "checker"),
    Page("notice-preferences", "web:notice_preferences", "checker"),
    Page("sources", "reviews:source_list", "checker"),
    Page("sources-all", "reviews:source_list", "checker", query="?show=all"),
    Page("source", "reviews:source_detail", "checker", lambda room: [room.evidence.source_id]),
    Page("source-edit", "reviews:source_edit", "checker", lambda room: [room.evidence.source_id]),
    Page("snapshot", "reviews:snapshot", "checker", lambda room: [room.snapshot.pk]),
    Page("availability", "reviews:my_availability", "checker"),
    Page("conflicts", "reviews:my_conflicts", "checker"),
    Page("discussion", "reviews:discussion", "checker", of("taken")),
    Page("comment", "reviews:comment_detail", "checker", comment),
)
DESK_WORK = (
    Page("queue", "reviews:queue", "checker"),
    Page("queue-all", "reviews:queue", "lead", query="?show=all"),
    Page("queue-typed", "reviews:queue", "lead", query="?show=all&q=score%3A%3E0.5+homes"),
    Page("queue-empty", "reviews:queue", "lead", query="?show=all&q=nobodysaidthis"),
    Page("queue-late", "reviews:queue", "lead", query="?show=late"),
    Page("saved-views", "reviews:saved_views", "lead"),
    Page("task-give", "reviews:task_give", "lead", task),
    Page("task-deadline", "reviews:task_deadline", "lead", task),
    Page("claim-queued", "reviews:claim_detail", "colleague", of("queued")),
    Page("claim-triage", "reviews:claim_detail", "colleague", of("triage")),
    Page("claim-research", "reviews:claim_detail", "checker", of("taken")),
    Page("claim-of-a-colleague", "reviews:claim_detail", "colleague", of("taken")),
    Page("claim-returned", "reviews:claim_detail", "checker", of("returned")),
    Page("claim-for-approval", "reviews:claim_detail", "editor", of("submitted")),
    Page("claim-disputed", "reviews:claim_detail", "lead", of("disputed")),
    Page("claim-blind", "reviews:claim_detail", "colleague", of("blind")),
    Page("claim-approved", "reviews:claim_detail", "editor", of("approved")),
    Page("claim-published", "reviews:claim_detail", "editor", of("published")),
    Page("claim-corrected", "reviews:claim_detail", "lead", of("corrected")),
    Page("receipts", "web:receipts", "lead", of("corrected")),
    Page("receipts-none", "web:receipts", "lead", of("published")),
    Page("dossier", "reviews:dossier", "lead", of("corrected")),
    Page("claim-retracted", "reviews:claim_detail", "lead", of("retracted")),
    Page("claim-dismissed", "reviews:claim_detail", "checker", of("dismissed")),
    Page("claim-conflict", "reviews:claim_conflict", "colleague", of("queued")),
    Page("restrictions", "reviews:restrictions", "moderator", of("published")),
    Page("flag-claim", "reviews:flag_claim", "checker", of("published")),
    Page("flag-comment", "reviews:flag_comment", "checker", comment),
    Page("flags", "reviews:flags", "moderator", of("taken")),
    Page("restrictions-lead", "reviews:restrictions", "lead", of("published")),
    Page("publish-preview", "reviews:publish_preview", "editor", of("approved")),
)
LEADS = (
    Page("settings", "reviews:settings", "lead"),
    Page("settings-changes", "reviews:settings_changes", "lead"),
    Page("settings-blind-review", "reviews:settings_samplings", "lead"),
    Page("settings-blind-review-desk", "reviews:settings_sampling", "lead", desk),
    Page("desks", "reviews:desks", "lead"),
    Page("desk-people", "reviews:desk_people", "lead", desk),
    Page("desk-new", "reviews:desk_new", "lead"),
    Page("desk-change", "reviews:desk_change", "lead", desk),
    Page("desk-close", "reviews:desk_close", "lead", desk),
    Page("desk-members", "reviews:desk_members", "lead", desk),
    Page("desk-hours", "reviews:desk_hours", "lead", desk),
    Page("invitations", "signin:invitations", "lead"),
    Page("feeds", "web:feed_list", "lead"),
    Page("feed-new", "web:feed_new", "lead"),
    Page("feed", "web:feed_detail", "lead", lambda room: [room.feed.pk]),
    Page("feed-end", "web:feed_end", "lead", lambda room: [room.feed.pk]),
    Page("routing", "reviews:routing_rules", "lead"),
    Page("routing-rule-new", "reviews:routing_rule_new", "lead"),
    Page("routing-rule", "reviews:routing_rule", "lead", lambda room: [room.rule.pk]),
    Page("routing-caught", "reviews:routing_caught", "lead", lambda room: [room.rule.pk]),
    Page("routing-everything-else-caught", "reviews:routing_caught_otherwise", "lead"),
    Page("topics", "reviews:routing_topics", "lead"),
    Page("topic-new", "reviews:routing_topic_new", "lead"),
    Page("topic", "reviews:routing_topic", "lead", first(Topic)),
    Page("ratings", "reviews:ratings", "lead"),
    Page("rating-scale-new", "reviews:rating_scale_new", "lead"),
    Page("rating-scale", "reviews:rating_scale", "lead", first(RatingScale)),
    Page("rating-new", "reviews:rating_new", "lead", first(RatingScale)),
    Page(
        "rating",
        "reviews:rating",
        "lead",
        lambda room: [RatingScale.objects.earliest("pk").pk, Rating.objects.earliest("pk").pk],
    ),
    Page("reason-new", "reviews:reason_new", "lead"),
    Page("reason", "reviews:reason", "lead", newest(ReasonTemplate)),
    Page("insight", "web:insight", "lead"),
    *(Page(f"insight-{report}", f"web:insight_{report}", "lead") for report in REPORTS),
    Page("insight-claimants", "web:insight_claimants", "lead"),
    Page("insight-matches", "web:insight_matches", "lead"),
)
HELP = (
    Page("help", "web:help", "reporter"),
    *(Page(f"help-{topic.slug}", "web:help_page", "reporter", fixed(topic.slug)) for topic in TOPICS),
)
ACCOUNT = (
    Page("sign-out", "account_logout", "checker"),
    Page("account-email", "account_email", "checker"),
    Page("account-password", "account_change_password", "checker"),
    Page("second-factor", "mfa_index", "checker"),
    Page("passkeys", "mfa_list_webauthn", "checker"),
    Page("sessions", "usersessions_list", "checker"),
    Page("invitation", "signin:invitation", None, invited),
)
ADMIN = (
    Page("admin", "admin:index", "moderator"),
    Page("admin-articles", "admin:claims_article_changelist", "moderator"),
    Page("admin-article", "admin:claims_article_change", "moderator", article),
    Page("admin-held-updates", "admin:claims_heldupdate_changelist", "moderator"),
    Page("admin-held-update", "admin:claims_heldupdate_change", "moderator", newest(HeldUpdate)),
    Page("admin-audit", "admin:ledger_auditentry_changelist", "moderator"),
    Page("admin-audit-look", "admin:ledger_auditentry_look", "moderator"),
    Page("admin-partners", "admin:partners_partner_changelist", "moderator"),
    Page("admin-partner-new", "admin:partners_partner_add", "moderator"),
    Page("admin-partner", "admin:partners_partner_change", "moderator", partner),
    Page("admin-key-new", "admin:partners_apikey_add", "moderator"),
    Page("admin-endpoint-new", "admin:partners_webhookendpoint_add", "moderator"),
    Page("admin-endpoint", "admin:partners_webhookendpoint_change", "moderator", newest(WebhookEndpoint)),
    Page("admin-endpoints", "admin:partners_webhookendpoint_changelist", "moderator"),
    Page("admin-deliveries", "admin:partners_delivery_changelist", "moderator"),
    Page("admin-delivery", "admin:partners_delivery_change", "moderator", newest(Delivery)),
    Page("admin-attempt", "admin:partners_attempt_change", "moderator", newest(Attempt)),
    Page("admin-key", "admin:partners_apikey_change", "moderator", api_key),
    Page("admin-key-rotate", "admin:partners_apikey_rotate", "moderator", api_key),
    Page("admin-restrictions", "admin:reviews_restriction_changelist", "moderator"),
    Page("admin-flags", "admin:reviews_flagcase_changelist", "moderator"),
    Page("admin-flag", "admin:reviews_flagcase_change", "moderator", newest(FlagCase)),
    Page("admin-ready-reasons", "admin:accounts_readyreason_changelist", "moderator"),
    Page("admin-ready-reason-new", "admin:accounts_readyreason_add", "moderator"),
    Page("admin-requests", "admin:claims_checkrequest_changelist", "moderator"),
    Page(
        "admin-request",
        "admin:claims_checkrequest_change",
        "moderator",
        lambda room: [room.suggestion.request_id],
    ),
    Page("admin-suggestions", "admin:claims_suggestion_changelist", "moderator"),
    Page("admin-suggestion", "admin:claims_suggestion_change", "moderator", newest(Suggestion, state="held")),
    Page("admin-blocks", "admin:intake_block_changelist", "moderator"),
    Page("admin-block-new", "admin:intake_block_add", "moderator"),
    Page("admin-jobs", "admin:jobs_job_changelist", "moderator"),
)
PAGES = READERS + WORK + DESK_WORK + LEADS + HELP + ACCOUNT + ADMIN


def pages_of(*names: str) -> list[Page]:
    """Those of these names, all without any."""
    return [page for page in PAGES if not names or page.name in names]
