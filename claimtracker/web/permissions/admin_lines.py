"""The administration: every model that stands in it, and the few things that are done there.

A model's lists, pages and histories are for moderators; rows are added, changed or deleted only where
``KEPT`` says so, and ``ACTIONS`` are what is done to chosen rows. For a new model add its name to
``LOOKED_AT`` or ``KEPT``.
"""

from __future__ import annotations

from .doors import EVERYBODY, MODERATORS, NOBODY, Answer, Area, Line, Who, get, post

LOOKED_AT = {
    "accounts": "workinghours dayoff leave",
    "jobs": "job",
    "ledger": "auditentry auditnote auditactor ledgerseal sealedentry outboxevent",
    "claims": "article articleversion extractionrun articlefetch batch batchitem claimantgroup "
    "claimant claim appearance feed feeditem webhost following anchoring knownclaim "
    "embeddingslot matchtotals matchentry matchterm matchembedding articlefingerprint "
    "claimmatch familychange claimwatch claimalert checkrequest suggestion "
    "suggestionwords heldupdate requestvote restrictedclaim",
    "reviews": "routingrule rulebook topic claimroute triagedecision reviewtask notification "
    "noticepreference mailtimes comment mention mailing source evidence verdict "
    "publication standardsnote standardsoverride replyrequest reply contact expiry "
    "sourcesnapshot sourcecheck quotationcheck evidencechange storedcontent publiccheck "
    "publictopic publicchecktopic dump dumpshelf complaint complaintwords revision review "
    "desksampling reasontemplate taskholder handover conflictofinterest bulkchange "
    "bulkitem savedview defaultview restriction restrictionstep flagcase flag flagstep",
    "signin": "accountletter invitation knowndevice signinfailure",
    "partners": "partnerevent eventorder edition holding acknowledgement correctionreminder keynotice "
    "apiusage usagebatch delivery deliverylane attempt endpointnotice keptanswer",
}
# what of add, change and delete there is, and of what
KEPT = {
    "accounts_user": ("add change", "a person (a moderator changes no superuser)"),
    "accounts_desk": ("add change", "a desk"),
    "accounts_readyreason": ("add change delete", "a ready reason"),
    "accounts_membership": ("add change delete", "a role of a person at a desk"),
    "claims_knownclaimimport": ("add", "an import of what other publishers found"),
    "intake_block": ("add", "a block of a domain or a sender"),
    "intake_spamphrase": ("add change delete", "a phrase by which spam is weighed"),
    "partners_partner": ("add change", "a partner"),
    "partners_apikey": ("add", "a key, shown once"),
    "partners_webhookendpoint": ("add", "an endpoint, its secret shown once"),
    "reviews_ratingscale": ("add change", "a rating scale"),
    "reviews_rating": ("add change", "a rating"),
}
ACTIONS = {
    ("accounts_user", "end_sessions"): "sign somebody out everywhere (a superuser: superusers)",
    (
        "accounts_user",
        "reset_factors",
    ): "reset a second step (not one’s own; a superuser’s: superusers)",
    (
        "accounts_user",
        "forget_identities",
    ): "take the identity provider’s identifier off an account (a superuser’s: superusers)",
    ("accounts_desk", "make_default_desk"): "make a desk the default",
    ("claims_article", "accept_selected"): "accept what a partner sent",
    ("claims_article", "reject_selected"): "reject it",
    ("claims_checkrequest", "accept_selected"): "have what a partner asks for checked",
    ("claims_checkrequest", "accept_and_fetch_selected"): "have it checked, and its page fetched",
    ("claims_checkrequest", "link_selected"): "say that we have it",
    ("claims_checkrequest", "decline_selected"): "decline it",
    ("claims_feed", "pause_selected"): "pause watched sources",
    ("claims_feed", "resume_selected"): "resume them",
    ("claims_heldupdate", "accept_selected"): "accept the newer text of an article that waits",
    ("claims_heldupdate", "reject_selected"): "reject that text",
    ("claims_knownclaim", "withdraw_selected"): "withdraw what a publisher found",
    ("claims_knownclaim", "restore_selected"): "restore it",
    ("claims_knownclaimimport", "fetch_again"): "fetch the address of a failed import again",
    ("claims_knownclaimimport", "note_selected"): "note that nothing is to be done about it",
    ("claims_suggestion", "let_in_selected"): "let a reader’s suggestion in",
    ("claims_suggestion", "refuse_selected"): "refuse it",
    ("claims_suggestion", "block_selected"): "block who sent it",
    ("claims_suggestion", "erase_selected"): "erase its words",
    ("intake_block", "lift_selected"): "lift a block",
    ("jobs_job", "run_again"): "run a job again",
    ("partners_apikey", "revoke_selected"): "revoke keys",
    ("partners_delivery", "replay_selected"): "send deliveries again",
    ("partners_partner", "block_selected"): "block partners",
    ("partners_partner", "suspend_selected"): "suspend partners",
    ("partners_partner", "resume_selected"): "resume them",
    ("partners_webhookendpoint", "test_selected"): "send a test message",
    ("partners_webhookendpoint", "replay_failed_of_selected"): "send again what failed",
    ("partners_webhookendpoint", "enable_selected"): "switch endpoints on",
    ("partners_webhookendpoint", "disable_selected"): "switch endpoints off",
    ("signin_invitation", "send_again"): "send an invitation again",
    ("signin_invitation", "withdraw"): "withdraw it",
    ("signin_signinfailure", "lift"): "open sign-in again that was closed for wrong tries",
    ("reviews_complaint", "let_in_selected"): "let a complaint in",
    ("reviews_complaint", "refuse_selected"): "refuse it",
    ("reviews_complaint", "block_selected"): "block who sent it",
    ("reviews_flagcase", "resolve_selected"): "say that what was flagged is dealt with",
    ("reviews_flagcase", "dismiss_selected"): "decide that nothing is to be done about it",
    ("reviews_flagcase", "escalate_selected"): "ask somebody by name to decide",
    ("reviews_mailing", "send_again"): "send a mail again",
    ("reviews_ratingscale", "make_default_scale"): "make a scale the default",
    ("reviews_restriction", "confirm_selected"): "confirm a takedown that somebody else ordered",
    ("reviews_restriction", "refuse_selected"): "refuse it",
    ("reviews_restriction", "lift_selected"): "show a hidden check again, or ask for the end of the others",
    ("reviews_restriction", "agree_selected"): "agree that a takedown or a hold is lifted",
    ("reviews_restriction", "keep_selected"): "keep it in force",
}
SITE = Area(
    "The administration’s own pages",
    (
        get("admin:index", MODERATORS, "open the moderators’ first page"),
        get("admin:next", MODERATORS, "be led to what waits next"),
        post("admin:undo", MODERATORS, "undo one’s last decision"),
        get("admin:app_list", MODERATORS, "list the tables of a room"),
        get("admin:login", MODERATORS, "be led from the old address for signing in"),
        post("admin:login", MODERATORS, "the same by form: it signs nobody in"),
        post("admin:logout", EVERYBODY, "sign out"),
        get("admin:password_change", MODERATORS, "be led to the own password"),
        get("admin:password_change_done", MODERATORS, "be led back"),
        get("admin:autocomplete", MODERATORS, "find people while typing"),
        get("admin:jsi18n", MODERATORS, "fetch the words of its scripts"),
        get("admin:view_on_site", MODERATORS, "be led to a row’s page"),
        get(
            "admin:catch_all_view",
            MODERATORS.but(Answer.HIDDEN, *Who)
            .but(Answer.SIGN_IN, Who.VISITOR)
            .but(Answer.NO, Who.NEWCOMER, Who.REPORTER, Who.CHECKER, Who.EDITOR, Who.LEAD, Who.ELSEWHERE),
            "learn that there is nothing at an address",
        ),
        get("admin:row", MODERATORS, "be led from a row’s old address to its page"),
        get("admin:ledger_auditentry_look", MODERATORS, "look through the audit"),
        post("admin:ledger_auditentry_export", MODERATORS, "download what was found in it"),
        get("admin:person_export", MODERATORS, "download what is held of a person, without what is private"),
        get("admin:person_erase", MODERATORS, "see what erasing a person means"),
        post("admin:person_erase", MODERATORS, "erase a person who left"),
        get("admin:partners_apikey_rotate", MODERATORS, "open the form that rotates a key"),
        post("admin:partners_apikey_rotate", MODERATORS, "rotate a key"),
    ),
)


def models() -> list[str]:
    looked_at = [f"{room}_{name}" for room, names in LOOKED_AT.items() for name in names.split()]
    return sorted({*looked_at, *KEPT})


def _of(model: str) -> list[Line]:
    ways, what = KEPT.get(model, ("", "a row"))
    address = f"admin:{model}"
    lines = [
        get(f"{address}_changelist", MODERATORS, "list the rows"),
        post(f"{address}_changelist", MODERATORS, "come back to the list by form"),
        get(f"{address}_change", MODERATORS, "read a row"),
        get(f"{address}_history", MODERATORS, "read a row’s history"),
        post(f"{address}_change", MODERATORS if "change" in ways else NOBODY, f"change {what}"),
    ]
    for way in ("add", "delete"):
        door = MODERATORS if way in ways else NOBODY
        lines.append(get(f"{address}_{way}", door, f"open the form to {way} {what}"))
        lines.append(post(f"{address}_{way}", door, f"{way} {what}"))
    for (of, action), may in ACTIONS.items():
        if of == model:
            lines.append(post(f"{address}_changelist", MODERATORS, may, case=action))
    return lines


TABLES = Area("The administration’s tables", tuple(line for model in models() for line in _of(model)))
AREAS = (SITE, TABLES)
