"""How the newsroom works: desks, rules, ratings, watched sources, and what the numbers say."""

from __future__ import annotations

from .doors import (
    DESK,
    DESK_LEADS,
    DESK_LEADS_AND_MODERATORS,
    EDITORS,
    LEADS,
    MEMBERS,
    SIGNED_IN,
    Answer,
    Area,
    Who,
    get,
    post,
)

# the settings open for leads; of another desk than one's own there is no page
SETTINGS = LEADS.but(Answer.HIDDEN, Who.ELSEWHERE)
REPORTS = ("throughput", "times", "backlog", "agreement", "extraction", "balance")
DESKS = Area(
    "Desks and their people",
    (
        get("reviews:settings", LEADS, "open the settings"),
        get("reviews:settings_changes", LEADS, "see who changed which setting at one’s desks"),
        get("reviews:desks", SIGNED_IN, "list the desks that one leads"),
        get(
            "reviews:desk_people",
            DESK_LEADS_AND_MODERATORS,
            "see a desk’s people with load, leave and conflicts",
        ),
        post("reviews:desk_people", DESK_LEADS, "limit how much somebody has in hand"),
        get("reviews:desk_hours", DESK_LEADS_AND_MODERATORS, "see a desk’s hours"),
        post("reviews:desk_hours", DESK_LEADS, "set a desk’s hours"),
        post("reviews:day_off_add", DESK_LEADS, "add a day off"),
        post("reviews:day_off_remove", DESK_LEADS, "remove a day off"),
        get("reviews:desk_new", LEADS, "open the form for a desk"),
        post("reviews:desk_new", LEADS, "make a desk"),
        get("reviews:desk_change", SETTINGS, "open the form for a desk’s name"),
        post("reviews:desk_change", SETTINGS, "rename a desk"),
        get("reviews:desk_close", SETTINGS, "see what closing a desk would move"),
        post("reviews:desk_close", SETTINGS, "close a desk"),
        get("reviews:desk_members", SETTINGS, "see who has which role at a desk"),
        post("reviews:desk_members", SETTINGS, "give somebody a role at a desk, up to lead"),
        post("reviews:desk_member", SETTINGS, "change or end somebody’s role"),
        get("signin:invitations", LEADS, "see who is invited to the desks that one leads"),
        post(
            "signin:invitations", LEADS.but(Answer.NOT_OFFERED, Who.ELSEWHERE), "invite somebody, up to lead"
        ),
        post("signin:invitation_settle", SETTINGS, "send an invitation again, or withdraw it"),
        get("reviews:settings_samplings", LEADS, "see what desks review blind"),
        get(
            "reviews:settings_sampling", LEADS.but(Answer.NO, Who.ELSEWHERE), "see what a desk reviews blind"
        ),
        post("reviews:settings_sampling", LEADS.but(Answer.NO, Who.ELSEWHERE), "set it"),
    ),
)
RULES = Area(
    "Routing rules and topics",
    (
        get("reviews:routing_rules", MEMBERS, "read the rules"),
        get("reviews:routing_caught", MEMBERS, "see what a rule caught, as far as one sees the claims"),
        get("reviews:routing_caught_otherwise", MEMBERS, "see what no rule caught"),
        get("reviews:routing_topics", MEMBERS, "read the topics"),
        get("reviews:routing_rule_new", LEADS, "open the form for a rule"),
        post("reviews:routing_rule_new", LEADS, "make a rule"),
        get("reviews:routing_rule", LEADS, "open a rule"),
        post("reviews:routing_rule", LEADS, "change a rule"),
        post("reviews:routing_rule_move", LEADS, "move a rule"),
        post("reviews:routing_rule_switch", LEADS, "switch a rule on or off"),
        post("reviews:routing_rule_remove", LEADS, "remove a rule"),
        post("reviews:routing_otherwise", LEADS, "set where all else goes"),
        post("reviews:routing_preview", LEADS, "try a rule on last week’s claims; keeps nothing"),
        get("reviews:routing_topic_new", LEADS, "open the form for a topic"),
        post("reviews:routing_topic_new", LEADS, "make a topic"),
        get("reviews:routing_topic", LEADS, "open a topic"),
        post("reviews:routing_topic", LEADS, "change a topic"),
        post("reviews:routing_topic_remove", LEADS, "remove a topic"),
    ),
)
RATINGS = Area(
    "Rating scales and reasons",
    (
        get("reviews:ratings", MEMBERS, "read the scales and reasons"),
        get("reviews:rating_scale_new", LEADS, "open the form for a scale"),
        post("reviews:rating_scale_new", LEADS, "make a scale"),
        get("reviews:rating_scale", LEADS, "open a scale"),
        post("reviews:rating_scale", LEADS, "rename a scale"),
        post("reviews:rating_scale_use", LEADS, "choose the scale for new verdicts"),
        get("reviews:rating_new", LEADS, "open the form for a rating"),
        post("reviews:rating_new", LEADS, "add a rating"),
        get("reviews:rating", LEADS, "open a rating"),
        post("reviews:rating", LEADS, "change a rating"),
        post("reviews:rating_retire", LEADS, "retire a rating"),
        post("reviews:rating_bring_back", LEADS, "offer a rating again"),
        get("reviews:reason_new", LEADS, "open the form for a reason"),
        post("reviews:reason_new", LEADS, "add a reason"),
        get("reviews:reason", LEADS, "open a reason"),
        post("reviews:reason", LEADS, "change a reason"),
        post("reviews:reason_retire", LEADS, "retire a reason"),
    ),
)
FEEDS = Area(
    "Watched sources",
    (
        get("web:feed_list", SIGNED_IN, "list the sources that own desks watch"),
        get("web:feed_detail", DESK, "see one with what it brought"),
        get("web:feed_new", LEADS, "open the form for a source to watch"),
        post("web:feed_new", LEADS.but(Answer.NOT_OFFERED, Who.ELSEWHERE), "try a source for a desk"),
        post("web:feed_watch", DESK_LEADS_AND_MODERATORS, "watch it"),
        post("web:feed_change", DESK_LEADS_AND_MODERATORS, "change how it is watched"),
        post("web:feed_pause", DESK_LEADS_AND_MODERATORS, "pause it"),
        post("web:feed_resume", DESK_LEADS_AND_MODERATORS, "resume it"),
        post("web:feed_again", DESK_LEADS_AND_MODERATORS, "ask it again now"),
        post("web:feed_drop", DESK_LEADS_AND_MODERATORS, "drop what was on trial"),
        get("web:feed_end", DESK_LEADS_AND_MODERATORS, "see what ending it means"),
        post("web:feed_end", DESK_LEADS_AND_MODERATORS, "end it"),
        post("web:feed_item_fetch", DESK_LEADS_AND_MODERATORS, "fetch what was left out"),
    ),
)
INSIGHT = Area(
    "What the numbers say",
    (
        get("web:insight", EDITORS, "open the insight pages, about what one sees"),
        *(get(f"web:insight_{name}", EDITORS, f"read the report: {name}") for name in REPORTS),
        *(get(f"web:insight_{name}_csv", EDITORS, f"download the report: {name}") for name in REPORTS),
        get("web:insight_claimants", EDITORS, "see how often whom is checked"),
        post(
            "web:insight_claimants", EDITORS.but(Answer.HIDDEN, Who.ELSEWHERE), "put a speaker into a group"
        ),
        get("web:insight_matches", EDITORS, "see how suggestions hold"),
        get("web:insight_matches_csv", EDITORS, "download that"),
    ),
)
AREAS = (DESKS, RULES, RATINGS, FEEDS, INSIGHT)
