"""A claim from its evidence to its correction."""

from __future__ import annotations

from .doors import (
    DESK,
    DESK_CHECKERS,
    DESK_EDITORS,
    DESK_EDITORS_AND_MODERATORS,
    DESK_LEADS,
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
AREAS = (WORK, FAMILIES, VERDICTS, PUBLISHING, ANSWERS)
