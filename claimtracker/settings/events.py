"""What happens after what: events of the outbox and the jobs that they start."""

# Which jobs an outbox event starts, and whether they are about the event itself or its subject.
OUTBOX_SUBSCRIPTIONS = {
    "claim.extracted": [("reviews.route_claim", "subject"), ("claims.match_claim", "subject")],
    "claim.dismissed": [("reviews.route_claim", "subject")],
    "claim.restored": [("reviews.route_claim", "subject"), ("claims.match_claim", "subject")],
    "claim.withdrawn": [("reviews.route_claim", "subject")],
    "claim.appeared": [("claims.alert_watchers", "event"), ("reviews.weigh_tasks", "event")],
    "match.suggested": [("claims.alert_watchers", "event")],
    "match.confirmed": [("claims.alert_watchers", "event")],
    "article.changed": [],  # what became of its claims is known with the next event
    "article.followed": [("reviews.follow_article", "subject")],
    "family.changed": [
        ("reviews.follow_family", "event"),
        ("reviews.weigh_tasks", "event"),
        ("claims.alert_watchers", "event"),
        ("reviews.answer_requests", "event"),
    ],
    "request.accepted": [("reviews.weigh_tasks", "event"), ("reviews.answer_requests", "event")],
    "request.voted": [("reviews.weigh_tasks", "event")],
    "request.declined": [("partners.fan_out", "event")],
    "request.answered": [("partners.fan_out", "event")],
    "claim.verdict_published": [("partners.fan_out", "event"), ("reviews.answer_requests", "event")],
    "claim.verdict_corrected": [("partners.fan_out", "event"), ("reviews.answer_requests", "event")],
    "claim.verdict_rechecked": [("partners.fan_out", "event")],
    "claim.verdict_retracted": [("partners.fan_out", "event")],
    "claim.verdict_hidden": [("partners.fan_out", "event")],
    "claim.verdict_taken_down": [("partners.fan_out", "event")],
    "claim.verdict_restored": [("partners.fan_out", "event"), ("reviews.answer_requests", "event")],
    "correction.unacknowledged": [("partners.fan_out", "event")],
    "webhook.test": [],  # its one delivery is made with it
}
# Events that concern one partner alone: outbox.emit() takes none of these without an audience.
OUTBOX_ADDRESSED = frozenset(
    {"correction.unacknowledged", "request.answered", "request.declined", "webhook.test"}
)
