"""What people of the newsroom come to: their own things, articles, the queue, sources."""

from __future__ import annotations

from .doors import (
    DESK,
    DESK_CHECKERS,
    DESK_EDITORS,
    DESK_LEADS,
    DESK_MEMBERS,
    HOLDER_OR_LEAD,
    OWN,
    ROOT,
    SIGNED_IN,
    Answer,
    Area,
    Who,
    get,
    post,
)

IN_VAIN, HIDDEN = Answer.IN_VAIN, Answer.HIDDEN
NOT_HERE = (Who.NEWCOMER, Who.ELSEWHERE)
TO_A_DESK = SIGNED_IN.but(Answer.NOT_OFFERED, *NOT_HERE)
RECEIVER = DESK.but(Answer.OWN_ELSE_NO, Who.REPORTER, Who.CHECKER, Who.EDITOR, Who.LEAD, *ROOT)
WRITER = DESK.but(Answer.OWN_ELSE_NO, Who.REPORTER, Who.CHECKER, Who.EDITOR, Who.LEAD, *ROOT)
# who brought in or cited a confidential source, who has a task that cites it, its desk's editors and leads
CONFIDENTIAL = DESK_EDITORS.but(HIDDEN, Who.REPORTER, *ROOT).but(Answer.OWN, Who.CHECKER)
OWN_DAY = Area(
    "One’s own day",
    (
        get("web:home", SIGNED_IN, "open the first page: own work, what is new at own desks"),
        get("web:help", SIGNED_IN, "read the help"),
        get("web:help_page", SIGNED_IN, "read a page of the help"),
        post("web:first_steps", SIGNED_IN, "put the list of first steps away"),
        post("web:keys_seen", SIGNED_IN, "open the sheet of keys"),
        get("web:search", SIGNED_IN, "search what one sees"),
        get("web:palette", SIGNED_IN, "search it while typing"),
        get("web:notices", SIGNED_IN, "read own notices"),
        get("web:notice_open", OWN, "follow a notice"),
        post("web:notices_read", SIGNED_IN, "mark own notices as read"),
        get("web:notice_preferences", SIGNED_IN, "see how one is told"),
        post("web:notice_preferences", SIGNED_IN, "choose how one is told"),
        get("web:my_data", SIGNED_IN, "download everything that is held of oneself"),
        get("reviews:my_availability", SIGNED_IN, "see own leave and languages"),
        post("reviews:my_availability", SIGNED_IN, "note own leave"),
        post("reviews:leave_remove", OWN, "remove leave"),
        get("reviews:my_conflicts", SIGNED_IN, "see own conflicts of interest"),
        post("reviews:my_conflicts", SIGNED_IN, "declare one"),
        post("reviews:conflict_end", OWN, "end one"),
        post("web:alerts_seen", DESK_CHECKERS.but(HIDDEN, *ROOT), "say that the desk has seen an alert"),
    ),
)
ARTICLES = Area(
    "Articles and drafts",
    (
        get("web:article_list", SIGNED_IN, "list the articles that one sees"),
        get("claims:article_new", SIGNED_IN, "open the form for an article"),
        post("claims:article_new", TO_A_DESK, "bring an article in for a desk"),
        get("claims:fetch_detail", DESK, "wait for a page that is fetched"),
        get("web:article_detail", DESK, "read an article with its claims"),
        get("web:article_annotations", DESK, "download its claims as annotations"),
        get("web:article_progress", DESK, "see how far its reading is"),
        get("web:version_list", DESK, "list its versions"),
        post("web:version_list", DESK, "paste its changed text"),
        post("web:version_fetch", DESK, "have its page fetched again"),
        get("web:version_detail", DESK, "read a version"),
        get("web:version_compare", DESK, "compare versions"),
        post("web:claim_add", DESK_MEMBERS, "mark a claim in an article"),
        post("web:claim_dismiss", DESK_CHECKERS, "dismiss a claim on its article’s page"),
        post("web:claim_restore", DESK_CHECKERS, "restore a claim there"),
        post(
            "web:claims_decide",
            DESK_CHECKERS.but(IN_VAIN, Who.REPORTER, *ROOT),
            "decide about several claims of an article",
        ),
        get("web:claim_adjust", DESK, "open the form for a claim’s words"),
        post("web:claim_adjust", DESK_CHECKERS, "choose other words for a claim, or make two of it"),
        get("web:drafts", SIGNED_IN, "list own drafts"),
        post("web:drafts", TO_A_DESK, "have a draft looked at before it goes out"),
        get("web:draft_detail", OWN, "read a draft: its author alone, no lead and no moderator"),
        post("web:draft_throw_away", OWN, "throw a draft away"),
        post("web:draft_publish", OWN, "make an article of a draft"),
    ),
)
QUEUE = Area(
    "The queue and tasks",
    (
        get("reviews:queue", SIGNED_IN, "see the queue of own desks"),
        get("reviews:queue_news", SIGNED_IN, "ask whether the queue changed"),
        post(
            "reviews:queue_next",
            DESK_CHECKERS.but(IN_VAIN, Who.NEWCOMER, Who.REPORTER, Who.ELSEWHERE, *ROOT),
            "take the most urgent task",
        ),
        post(
            "reviews:queue_change",
            DESK_CHECKERS.but(IN_VAIN, Who.NEWCOMER, Who.REPORTER, Who.ELSEWHERE, *ROOT),
            "do something to several tasks",
        ),
        post("reviews:queue_undo", OWN, "undo what was done to several tasks"),
        get("reviews:saved_views", SIGNED_IN, "list own views of the queue, and the desk’s"),
        post("reviews:saved_views", SIGNED_IN, "keep a view of one’s own"),
        post(
            "reviews:saved_views",
            DESK_LEADS.but(
                Answer.NOT_OFFERED, Who.NEWCOMER, Who.REPORTER, Who.CHECKER, Who.EDITOR, Who.ELSEWHERE, *ROOT
            ),
            "share a view with a desk",
            case="shared",
        ),
        post("reviews:saved_view", OWN, "rename or remove a view of one’s own"),
        post(
            "reviews:saved_view",
            DESK_LEADS.but(HIDDEN, *ROOT),
            "rename or remove a shared view",
            case="shared",
        ),
        post("reviews:task_take", DESK_CHECKERS, "take a task"),
        post("reviews:task_give_back", HOLDER_OR_LEAD, "give a task back"),
        get("reviews:task_give", HOLDER_OR_LEAD, "see to whom a task may be given"),
        post("reviews:task_give", HOLDER_OR_LEAD, "give a task to somebody"),
        post("reviews:task_accept", RECEIVER, "accept a task that was given"),
        post("reviews:task_decline", RECEIVER, "decline it"),
        get("reviews:task_deadline", DESK_LEADS, "open the form for a deadline"),
        post("reviews:task_deadline", DESK_LEADS, "move a deadline"),
    ),
)
SOURCES = Area(
    "Sources and copies of pages",
    (
        get("reviews:source_list", SIGNED_IN, "list the sources that one sees"),
        get("reviews:source_detail", DESK, "read what is known of a source"),
        get("reviews:source_detail", CONFIDENTIAL, "read a confidential source", case="confidential"),
        get("reviews:source_edit", DESK, "open the form for its description"),
        post("reviews:source_edit", DESK_CHECKERS, "describe it anew"),
        post("reviews:source_protect", DESK_CHECKERS, "mark it as confidential"),
        post(
            "reviews:source_name",
            CONFIDENTIAL.but(HIDDEN, Who.CHECKER),
            "decide that a confidential source may be named",
            case="confidential",
        ),
        post(
            "reviews:source_name",
            CONFIDENTIAL.but(Answer.NO, Who.CHECKER),
            "the same, where the checker brought it in",
            case="brought in",
        ),
        post("reviews:source_look", DESK_CHECKERS, "have its page looked at again"),
        get("reviews:snapshot", DESK, "read the copy of a page"),
        get("reviews:snapshot_page", DESK, "download the copy"),
        get("reviews:quotation", DESK, "see how a quotation stands"),
        post("reviews:change_seen", DESK_CHECKERS, "note that one looked at what changed"),
    ),
)
DISCUSSION = Area(
    "Talking about a claim",
    (
        get("reviews:discussion", DESK, "read what is said about a claim"),
        get("reviews:comment_detail", DESK, "read one conversation"),
        get(
            "reviews:comment_detail",
            CONFIDENTIAL,
            "read what is said of a confidential source",
            case="confidential",
        ),
        get("reviews:comment_people", DESK, "see whom one can mention"),
        post("reviews:comment_add", DESK, "say something"),
        post("reviews:comment_edit", WRITER, "change what one said"),
        post("reviews:comment_remove", WRITER.but(Answer.YES, Who.LEAD, *ROOT), "remove a comment"),
    ),
)
AREAS = (OWN_DAY, ARTICLES, QUEUE, SOURCES, DISCUSSION)
