"""A claim from its evidence to its correction."""

from __future__ import annotations

from .doors import (
    DESK,
    DESK_CHECKERS,
    DESK_EDITORS,
    DESK_EDITORS_AND_MODERATORS,
    DESK_LEADS,
    DESK_LEADS_AND_MODERATORS,
    HOLDER,
    ROOT,
    Answer,
    Area,
    Who,
    get,
    post,
)

AUTHOR = DESK.but(Answer.OWN_ELSE_NO, Who.REPORTER, Who.CHECKER, Who.EDITOR, Who.LEAD, *ROOT)
WORK = Area(
    "A claim in work",
    (
        get("reviews:claim_detail", DESK, "open a claim"),
        post("reviews:claim_here", DESK, "be seen by others who have it open"),
        get("reviews:claim_conflict", DESK, "open the form for a conflict of interest with it"),
        post("reviews:claim_conflict", DESK, "declare one"),
        get("reviews:claim_appearances", DESK, "download where it was said"),
        post("reviews:claim_reword", DESK_CHECKERS, "reword it"),
        post("reviews:claim_dismiss", DESK_CHECKERS, "dismiss it"),
        post("reviews:claim_restore", DESK_CHECKERS, "restore it"),
        post("reviews:claim_selection", DESK_CHECKERS, "say to readers why it was chosen"),
        post("reviews:triage_check", DESK_CHECKERS, "decide in triage that it is checked"),
        post("reviews:triage_dismiss", DESK_CHECKERS, "decide in triage that it is not"),
        post("reviews:triage_merge", DESK_CHECKERS, "merge it in triage"),
        get("reviews:evidence_board", DESK, "see its evidence"),
        post("reviews:evidence_add", DESK_CHECKERS, "add evidence"),
        post("reviews:evidence_remove", DESK_CHECKERS, "take evidence off the board"),
        post(
            "reviews:page_ask",
            DESK_CHECKERS.but(Answer.IN_VAIN, Who.REPORTER, *ROOT),
            "have a page looked at before it is cited",
        ),
        get("reviews:page_look", DESK, "see how it stands with such a page"),
        get("reviews:page_copy", DESK_CHECKERS, "pick words from its copy"),
        post(
            "reviews:claim_watch",
            DESK_CHECKERS.but(Answer.HIDDEN, *ROOT),
            "have the desk told when it is said again",
        ),
        post("reviews:claim_unwatch", DESK_CHECKERS, "end that"),
    ),
)
FAMILIES = Area(
    "Claims that were seen before",
    (
        post("reviews:match_same", DESK_CHECKERS, "confirm that two claims are the same"),
        post("reviews:match_not_same", DESK_CHECKERS, "say that they are not"),
        post("reviews:match_undo", DESK_CHECKERS, "take such a decision back"),
        post("reviews:match_add_review", DESK_CHECKERS, "cite another publisher’s check"),
        post("reviews:family_merge", DESK_CHECKERS, "merge families"),
        post("reviews:family_detach", DESK_CHECKERS, "detach a claim from its family"),
        post("reviews:family_split", DESK_CHECKERS, "split a family"),
        post("reviews:claim_check_anyway", DESK_CHECKERS, "check a member of a family by itself"),
        post("reviews:verdict_carry_over", HOLDER, "begin with the words of a published check"),
    ),
)
VERDICTS = Area(
    "Verdicts",
    (
        post("reviews:verdict_draft", HOLDER, "keep a draft of the verdict: who has the task"),
        post("reviews:verdict_submit", HOLDER, "propose the verdict: who has the task"),
        post("reviews:verdict_check", DESK, "ask what the standards say of words; keeps nothing"),
        post("reviews:verdict_take_back", AUTHOR, "take one’s own proposal back"),
        post("reviews:verdict_approve", DESK_EDITORS, "approve what somebody else proposed"),
        post("reviews:verdict_edit", DESK_EDITORS, "approve it in better words"),
        post("reviews:verdict_send_back", DESK_EDITORS, "return it with a reason"),
        post("reviews:verdict_dissent", DESK_EDITORS, "differ from it"),
        post("reviews:blind_review", HOLDER, "rate blind: who has that task"),
        post("reviews:blind_review_waive", DESK_LEADS, "go on without a blind review"),
        post("reviews:verdict_uphold", DESK_LEADS, "uphold a verdict that is in dispute"),
        post("reviews:verdict_otherwise", DESK_LEADS, "decide for the other rating"),
        post("reviews:verdict_give_back", DESK_LEADS, "return it to its author"),
    ),
)
PUBLISHING = Area(
    "Publishing and correcting",
    (
        get("reviews:publish_preview", DESK, "see how it will look"),
        post("reviews:publish_preview", DESK, "see it with what was typed; keeps nothing"),
        get("reviews:standards_json", DESK, "fetch what the standards say"),
        post("reviews:standards_explain", DESK_CHECKERS, "explain a finding of the standards"),
        post("reviews:standards_override", DESK_LEADS, "override the standards, in public"),
        post("reviews:verdict_publish", DESK_EDITORS, "publish"),
        post("reviews:verdict_approve_publish", DESK_EDITORS, "approve and publish in one step"),
        post("reviews:claim_correct", DESK_EDITORS, "ask for a correction"),
        post("reviews:claim_retract", DESK_LEADS, "retract a check"),
        get("reviews:dossier", DESK_EDITORS_AND_MODERATORS, "read or print the dossier of a claim"),
        get("reviews:dossier_json", DESK_EDITORS_AND_MODERATORS, "download it"),
        get("web:receipts", DESK_EDITORS_AND_MODERATORS, "see which partners have which version"),
    ),
)
ANSWERS = Area(
    "Replies and complaints",
    (
        post("reviews:reply_ask", DESK_CHECKERS, "ask a speaker for a reply"),
        post("reviews:reply_log", DESK_CHECKERS, "note a contact"),
        post("reviews:reply_call_off", DESK_CHECKERS, "call a question off"),
        post("reviews:reply_show", DESK_EDITORS, "decide that a reply is shown"),
        post("reviews:reply_set_aside", DESK_EDITORS, "set a reply aside"),
        post("reviews:complaint_answer", DESK_EDITORS, "decide on a complaint"),
        post("reviews:complaint_erase", DESK_EDITORS_AND_MODERATORS, "erase who complained"),
    ),
)
ROOT_ONLY = DESK.but(Answer.NO, Who.REPORTER, Who.CHECKER, Who.EDITOR, Who.LEAD)
RESTRICTIONS = Area(
    "Hiding, taking down, holding",
    (
        get("reviews:restrictions", DESK_LEADS_AND_MODERATORS, "read the record of a claim’s restrictions"),
        post("reviews:restriction_order", ROOT_ONLY, "hide a check", case="hide"),
        post("reviews:restriction_order", ROOT_ONLY, "order a takedown", case="takedown"),
        post("reviews:restriction_order", ROOT_ONLY, "place a legal hold", case="hold"),
        post(
            "reviews:restriction_decide",
            DESK_LEADS_AND_MODERATORS,
            "confirm a takedown that somebody else ordered",
            case="confirm",
        ),
        post("reviews:restriction_decide", DESK_LEADS_AND_MODERATORS, "refuse it", case="refuse"),
        post(
            "reviews:restriction_decide",
            ROOT_ONLY,
            "show a hidden check again, or ask for the end of a takedown or hold",
            case="lift",
        ),
        post(
            "reviews:restriction_decide",
            DESK_LEADS_AND_MODERATORS,
            "agree to that end, which somebody else asked for",
            case="agree",
        ),
        post("reviews:restriction_decide", DESK_LEADS_AND_MODERATORS, "refuse that end", case="keep"),
        post(
            "reviews:restriction_decide",
            DESK_LEADS_AND_MODERATORS,
            "ask somebody else to decide",
            case="escalate",
        ),
    ),
)
FLAGS = Area(
    "What is told to the moderators",
    (
        get("reviews:flag_claim", DESK, "open the form that tells moderators of a claim"),
        post("reviews:flag_claim", DESK, "tell them; it hides nothing"),
        get("reviews:flag_comment", DESK, "open the form that tells them of a comment"),
        post("reviews:flag_comment", DESK, "tell them; not of one’s own comment"),
        get("reviews:flags", ROOT_ONLY, "read what was flagged of a claim (a lead: where asked by name)"),
        post("reviews:flag_decide", ROOT_ONLY, "decide that nothing is to be done", case="dismiss"),
        post("reviews:flag_decide", ROOT_ONLY, "say that it is dealt with", case="resolve"),
        post("reviews:flag_decide", ROOT_ONLY, "ask somebody by name to decide", case="escalate"),
    ),
)
AREAS = (WORK, FAMILIES, VERDICTS, PUBLISHING, ANSWERS, RESTRICTIONS, FLAGS)
