"""Every field that may be personal, and what is decided about it. A new one that nobody decided on fails
tests/house/test_personal_data.py: say here what becomes of it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from .deciding import Held, blanked, goes, kept, nobody, others, public

CITED = _("what an article says of people outside the newsroom, and who it says it")
SENDERS = _("a partner sent it: a partner is no person")
READERS = _("a reader's: erased when the reader asks for it, with the button on the claim's page")
SUGGESTED = _("a reader's: erased when the reader asks for it, in the administration, and by itself in time")
BLOCKED = _("of who is blocked: a keyed digest, a partner or a domain")
OUTSIDE = _("of the person who was asked for a reply, whose answer is part of the check")
SETTING = _("a setting of the desk, which stays as it is")

ACCOUNTS: dict[str, tuple[Held, ...]] = {
    "accounts.User": (
        blanked("", "email", "name", "password", "languages", why=_("the account stays as an empty shell, so "
                "that what was done can still be told from what others did")),
    ),
    "accounts.Desk": (nobody("name"),),
    "accounts.DayOff": (nobody("name"),),
    "accounts.Membership": (goes("user", why=_("their roles; when they had them stands in the audit")),),
    "accounts.User_groups": (goes("user"),),
    "accounts.User_user_permissions": (goes("user"),),
    "accounts.Leave": (goes("user"),),
    "accounts.FirstSteps": (goes("user", "looked", is_private=True),),
    "admin.LogEntry": (
        goes("user", "object_id", "object_repr", "change_message", why=_("the audit has it, without names")),
    ),
    "account.EmailAddress": (goes("user", "email"),),
    "usersessions.UserSession": (
        goes("user", "ip", "user_agent", "session_key", "data", is_private=True),
    ),
    "signin.KnownDevice": (goes("user", "digest", "name"),),
    "signin.AccountLetter": (goes("user", "facts", "error"),),
    "signin.SignInFailure": (goes("user", "digest", "last_address"),),
    "signin.Invitation": (
        goes("accepted_by", "email", "salt", "digest", why=_("how they came in; when stands in the audit")),
        kept("invited_by", why=_("who asked whom to come")),
    ),
    "mfa.Authenticator": (goes("user", "data", why=_("their second factors"), is_private=True),),
    "socialaccount.SocialAccount": (
        goes("user", "provider", "uid", "extra_data", why=_("by what the identity provider knows them")),
    ),
    "socialaccount.SocialApp": (nobody("name"),),
    "auth.Permission": (nobody("name", "codename"),),
    "auth.Group": (nobody("name"),),
    "contenttypes.ContentType": (nobody("app_label"),),
}  # fmt: skip

LEDGER: dict[str, tuple[Held, ...]] = {
    "ledger.AuditActor": (
        blanked("user", "label", why=_("what they did stays in the audit, of nobody")),
        nobody("key"),
    ),
}

CLAIMS: dict[str, tuple[Held, ...]] = {
    "claims.Article": (
        kept("submitted_by"),
        others("byline", "site_name", "title", "url", "external_id", why=CITED),
        nobody("origin", "language", "content_sha256", "intake_reason"),
    ),
    "claims.ArticleFetch": (
        kept("requested_by", "url"),
        others("actor", "origin", "external_id", "told", why=SENDERS),
        nobody("message"),
    ),
    "claims.HeldUpdate": (
        kept("decided_by", "reason"),
        others("actor", "title", "body", "changes", "told", "note", why=SENDERS),
    ),
    "claims.Batch": (others("actor", "origin", why=SENDERS),),
    "claims.ClaimantGroup": (nobody("name"),),
    "claims.Claimant": (others("name", why=CITED),),
    "claims.Appearance": (others("claimant_name", why=CITED),),
    "claims.CheckRequest": (
        kept("decided_by", "reason"),
        others("text", why=SENDERS),
        nobody("digest", "language"),
    ),
    "claims.RequestVote": (others("actor", "origin", "text", "note", "url", why=SENDERS),),
    "claims.KnownClaimImport": (
        kept("requested_by", "source"),
        nobody("publisher_name", "publisher_site", "licence", "language", "message", "reviews_sha256",
               "problems"),
    ),
    "claims.KnownClaim": (others("claimant", why=CITED), nobody("publisher_name")),
    "claims.ClaimMatch": (kept("decided_by", "note"), nobody("reasons", "method_version")),
    "claims.Draft": (
        goes("author", "title", "body", "transcript", "message", "remarks", is_private=True,
             why=_("an unpublished text, theirs alone")),
    ),
    "claims.FamilyChange": (kept("by"),),
    "claims.ClaimWatch": (kept("created_by"),),
    "claims.ClaimAlert": (kept("seen_by"),),
    "claims.WebHost": (nobody("name"),),
    "claims.Feed": (
        kept("added_by", "note"),
        kept("ended_by"),
        nobody("url", "at_url", "etag", "last_modified", "code", "message", "title", "digest", "sample"),
    ),
}  # fmt: skip

CHECKS: dict[str, tuple[Held, ...]] = {
    "reviews.ReviewTask": (kept("assignee"), kept("proposed_by"), nobody("priority_parts", "why")),
    "reviews.TaskHolder": (kept("user"),),
    "reviews.RatingScale": (nobody("name"),),
    "reviews.Rating": (nobody("label"),),
    "reviews.Verdict": (
        kept("author", "summary", "rationale", "what_would_change"),
        kept("approver", "return_reason"),
        kept("edited_by"),
    ),
    "reviews.Revision": (kept("written_by", "summary", "rationale", "what_would_change"),),
    "reviews.Review": (kept("reviewer", "reason"),),
    "reviews.Source": (
        kept("added_by"),
        others("title", "publisher", "citation", "interest_note", "confidential_because", "url", "at_url",
               "address_digest",
               why=_("the source's: who may see it is decided with it")),
        nobody("condition_message"),
    ),
    "reviews.Evidence": (kept("added_by", "quotation", "note"), nobody("place_text")),
    "reviews.EvidenceChange": (kept("settled_by"),),
    "reviews.Comment": (kept("author", "text"), kept("removed_by")),
    "reviews.Mention": (goes("user", why=_("their name in the words of others; there it is blanked")),),
    "reviews.Handover": (
        kept("giver", "note"),
        kept("holder"),
        kept("receiver", "decline_reason"),
    ),
    "reviews.TriageDecision": (kept("by"),),
    "reviews.ClaimRoute": (
        kept("selected_by", "selection_reason"),
        nobody("rule_name", "why"),
        kept("", "reviewer_ids"),
    ),
    "reviews.RoutingRule_reviewers": (goes("user", why=_("who is asked by a rule: not them any more")),),
    "reviews.RoutingRule": (
        goes("", "reviewers", why=_("who is asked by a rule: not them any more")),
        nobody("name", "note", "claimants", "kinds", "languages", "partners", "keywords", "selection_reason"),
    ),
    "reviews.Topic": (nobody("name"),),
    "reviews.StandardsNote": (kept("by", "text"), nobody("code")),
    "reviews.StandardsOverride": (kept("by", "reason"), nobody("code", "criterion", "message")),
    "reviews.ConflictOfInterest": (
        goes("user", "subject", "reason", why=_("theirs, and of no use to anybody after they left")),
    ),
    "reviews.BulkChange": (goes("by"),),
    "reviews.Restriction": (
        kept("ordered_by", "note", "legal_basis", "reference", "public_reason"),
        kept("confirmed_by"),
        kept("escalated_to"),
        kept("lift_asked_by"),
        kept("ended_by"),
        others("demanded_by", why=_("who demands that a check goes: the record of a legal dispute")),
    ),
    "reviews.RestrictionStep": (kept("by", "note"), kept("to")),
    "reviews.FlagCase": (kept("escalated_to"), kept("decided_by")),
    "reviews.Flag": (kept("by", "note"),),
    "reviews.FlagStep": (kept("by", "note"), kept("to")),
}  # fmt: skip

PEOPLE: dict[str, tuple[Held, ...]] = {
    "reviews.NoticePreference": (goes("user"),),
    "reviews.Notification": (
        goes("user", "key", "text"),
        goes("by", why=_("what others were told of them, with their name")),
    ),
    "reviews.MailTimes": (goes("user"),),
    "reviews.Mailing": (goes("user", "slot", "last_error"),),
    "reviews.PageLook": (
        goes("asked_by", "url", "at_url", "message", "title", "publisher", "page_url", "media_type",
             "charset", "main_digest", is_private=True),
    ),
    "reviews.Presence": (goes("user", is_private=True),),
    "reviews.SavedView": (goes("owner", "name", "show", "query", why=_("their views, those of a desk too")),),
    "reviews.DefaultView": (goes("user"),),
}  # fmt: skip

PUBLISHED: dict[str, tuple[Held, ...]] = {
    "reviews.Publication": (
        public("proposed_by", "snapshot", "claim_review", "findings", "change_note", "slug",
               why=_("names stand in it only where the newsroom published them, and what it published never "
               "changes")),
        public("approved_by", why=_("who approved it stays, without a name")),
        public("published_by", why=_("who published it stays, without a name")),
    ),
    "reviews.PublicTopic": (nobody("name"),),
    "reviews.PublicCheck": (others("claimant_name", "claimant_slug", why=CITED), nobody("rating_label")),
    "reviews.Dump": (nobody("name"),),
}  # fmt: skip

OUTSIDERS: dict[str, tuple[Held, ...]] = {
    "reviews.Complaint": (
        kept("decided_by", "answer"),
        others("reference", "token_sha256", why=READERS),
        nobody("spam_reasons"),
    ),
    "reviews.ComplaintWords": (others("name", "email", "name_digest", "email_digest", why=READERS),),
    "claims.Suggestion": (
        kept("decided_by", "reason"),
        others("reference", "token_sha256", why=SUGGESTED),
        nobody("spam_reasons"),
    ),
    "claims.SuggestionWords": (
        others("name", "email", "email_digest", "name_digest", "address_digest", why=SUGGESTED),
    ),
    "intake.Block": (
        kept("created_by", "reason", "note", "label"),
        kept("lifted_by"),
        others("value", why=BLOCKED),
    ),
    "reviews.ReplyRequest": (
        kept("asked_by", "question"),
        others("person", "token_sha256", why=OUTSIDE),
    ),
    "reviews.Reply": (
        kept("entered_by"),
        kept("decided_by", "decided_because"),
        others("name", "role", "text", why=OUTSIDE),
    ),
    "reviews.Contact": (kept("by", "note"),),
    "partners.Partner": (others("name", "contact_email", why=_("a partner's own, kept by moderators")),),
    "partners.ApiKey": (nobody("label"),),
    "partners.UsageBatch": (nobody("name"),),
    "partners.EndpointNotice": (
        others("to", why=_("where a partner wanted to be told")),
    ),
}  # fmt: skip

REGISTRY: dict[str, tuple[Held, ...]] = {
    **ACCOUNTS,
    **LEDGER,
    **CLAIMS,
    **CHECKS,
    **PEOPLE,
    **PUBLISHED,
    **OUTSIDERS,
}
# of the product's own tests, which have models too
APART = ("support",)
