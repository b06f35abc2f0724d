"""What anybody comes to, and everybody's own account."""

from __future__ import annotations

from typing import Any

from claimtracker.signin.models import Invitation
from tests.ladder.site import Site, Try

COMPLAINT = {"kind": "wrong", "text": "The table says 33."}
REPLY = {"name": "Colm Darragh", "text": "We counted all of them."}
GONE = frozenset({404, 503})  # nothing is there now, which is said to everybody alike


def check(site: Site) -> list[Any]:
    return [site.room.publication("published").slug]


def unsubscribing(site: Site) -> str:
    from tests.support.newsroom.pages import READERS

    return next(page for page in READERS if page.route == "web:unsubscribe").address(site.room)


def speaker(site: Site) -> list[Any]:
    return [site.room.claim("corrected").public_check.claimant_slug]


def dump(site: Site) -> list[Any]:
    return ["20261127-020000-abc", "claims.jsonl"]


def passkey(site: Site) -> list[Any]:
    from allauth.mfa.models import Authenticator

    row, _new = Authenticator.objects.get_or_create(
        user=site.person("checker"), type="webauthn", defaults={"data": {"name": "Key", "credential": {}}}
    )
    return [row.pk]


def session(site: Site) -> list[Any]:
    from allauth.usersessions.models import UserSession

    facts = {"user": site.person("checker"), "ip": "203.0.113.9", "user_agent": "Firefox"}
    return [UserSession.objects.get_or_create(session_key="elsewhere", defaults=facts)[0].pk]


def invitation(site: Site) -> list[Any]:
    from claimtracker.signin.actions.invitations import invite
    from claimtracker.signin.invitation_tokens import token_of

    email = f"new-{Invitation.objects.count()}@example.org"
    return [token_of(invite(site.room.desk, by=site.person("lead"), email=email, role="checker"))]


TRIES: dict[tuple[str, str, str], Try] = {
    ("reviews:public_feed", "GET", ""): Try(),
    ("reviews:public_claim_review", "GET", ""): Try(check),
    ("reviews:oembed", "GET", ""): Try(query="?url=http://testserver/fact-checks/x/", done=GONE),
    ("reviews:public_claimant_feed", "GET", ""): Try(speaker),
    ("reviews:public_topic_feed", "GET", ""): Try(lambda s: [s.room.topic.slug]),
    ("reviews:corrections_feed", "GET", ""): Try(),
    ("reviews:public_complain", "POST", ""): Try(check, lambda s: COMPLAINT),
    ("reviews:public_suggest", "POST", ""): Try(
        data=lambda s: {"text": "The town has 9 schools.", "said_where": "On the radio"}
    ),
    ("reviews:public_reply", "POST", ""): Try(lambda s: [s.room.reply_token], lambda s: REPLY),
    ("web:unsubscribe", "POST", ""): Try(unsubscribing),
    ("mfa_login_webauthn", "GET", ""): Try(headers={"Accept": "application/json"}),
    ("mfa_login_webauthn", "POST", ""): Try(),
    ("signin:sso_start", "POST", ""): Try(),
    ("signin:sso_callback", "GET", ""): Try(query="?code=x&state=y"),
    ("signin:invitation", "GET", ""): Try(invitation),
    # whoever gets through is told what the form lacks: signing in needs sessions that are rows, and here they
    # are cookies; that it makes an account is shown by tests/signin/test_invitations.py
    ("signin:invitation", "POST", ""): Try(invitation, done=frozenset({422})),
    ("signin:session_end", "POST", ""): Try(session),
    ("signin:sessions_end", "POST", ""): Try(),
    ("reviews:robots", "GET", ""): Try(),
    ("reviews:sitemap", "GET", ""): Try(),
    ("reviews:sitemap_pages", "GET", ""): Try(),
    ("reviews:sitemap_news", "GET", ""): Try(),
    ("reviews:sitemap_month", "GET", ""): Try(lambda s: ["2026-11"], done=GONE),
    ("security_txt", "GET", ""): Try(done=GONE),
    ("health_live", "GET", ""): Try(),
    ("health_ready", "GET", ""): Try(done=frozenset({503})),
    ("claimreview-feed", "GET", ""): Try(done=GONE),
    ("dumps:list", "GET", ""): Try(done=GONE),
    ("dumps:latest", "GET", ""): Try(lambda s: ["claims.jsonl"], done=GONE),
    ("dumps:file", "GET", ""): Try(dump, done=GONE),
    ("factcheck:search", "GET", ""): Try(query="?query=homes"),
    ("factcheck:image-search", "GET", ""): Try(done=frozenset({400, 501})),
    ("factcheck:unknown", "GET", ""): Try(lambda s: "/factcheck/nothing"),
    ("api-schema", "GET", ""): Try(),
    ("UnknownPathView", "GET", ""): Try(lambda s: "/api/nothing"),
    **{
        (name, method, ""): Try()
        for name in (
            "account_login",
            "account_signup",
            "account_logout",
            "account_reset_password",
            "account_confirm_login_code",
            "mfa_authenticate",
            "account_reauthenticate",
            "mfa_reauthenticate",
            "mfa_reauthenticate_webauthn",
            "account_email",
            "account_change_password",
            "account_set_password",
            "mfa_activate_totp",
            "mfa_deactivate_totp",
            "mfa_generate_recovery_codes",
            "mfa_add_webauthn",
            "account_inactive",
            "account_email_verification_sent",
            "account_reset_password_done",
            "account_reset_password_from_key_done",
            "mfa_index",
            "mfa_view_recovery_codes",
            "mfa_download_recovery_codes",
            "mfa_list_webauthn",
        )
        for method in ("GET", "POST")
    },
    **{
        ("account_confirm_email", method, ""): Try(lambda s: ["key"], done=GONE) for method in ("GET", "POST")
    },
    **{
        (name, method, ""): Try(args)
        for name, args in (
            ("account_reset_password_from_key", lambda s: ["1", "set-password"]),
            ("mfa_remove_webauthn", passkey),
            ("mfa_edit_webauthn", passkey),
        )
        for method in ("GET", "POST")
    },
}
