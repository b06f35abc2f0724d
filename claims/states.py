"""Where an article's intake, a claim's curation, an import of known claims and a match stand.

Review progress and ratings live elsewhere, in reviews."""

from claimtracker.kernel.transitions import Transitions

HELD, ACCEPTED, REJECTED = "held", "accepted", "rejected"
WITHDRAWN_ARTICLE = "withdrawn"  # by its sender
BY_ITS_SENDER = "its sender"  # by whom its claims are withdrawn then

INTAKE = Transitions(
    name="submission",
    initial=(HELD, ACCEPTED),
    table={
        HELD: (ACCEPTED, REJECTED, WITHDRAWN_ARTICLE),
        ACCEPTED: (WITHDRAWN_ARTICLE,),
        REJECTED: (ACCEPTED, WITHDRAWN_ARTICLE),
        WITHDRAWN_ARTICLE: (),
    },
)

SUPERSEDED = "superseded"
OPEN_UPDATE = (HELD, REJECTED)  # what a sender said last and we did not take: accepted yet, or superseded

HELD_UPDATE = Transitions(
    name="held update",
    initial=(HELD,),
    table={
        HELD: (ACCEPTED, REJECTED, SUPERSEDED),
        ACCEPTED: (),
        REJECTED: (ACCEPTED, SUPERSEDED),
        SUPERSEDED: (),
    },
)

SUGGESTED, CONFIRMED, DISMISSED, WITHDRAWN = "suggested", "confirmed", "dismissed", "withdrawn"
SET_ASIDE = (DISMISSED, WITHDRAWN)  # by a person; by a newer reading or its sender: nobody works on these

CLAIM = Transitions(
    name="claim",
    initial=(SUGGESTED, CONFIRMED),
    table={
        SUGGESTED: (CONFIRMED, DISMISSED, WITHDRAWN),
        CONFIRMED: (DISMISSED,),
        DISMISSED: (CONFIRMED,),
        WITHDRAWN: (SUGGESTED, CONFIRMED),
    },
)

BEGUN, DONE, FAILED = "begun", "done", "failed"

NOTED = "noted"  # a moderator saw that it failed, and there is nothing to do
KNOWN_CLAIM_IMPORT = Transitions(
    name="import",
    initial=(BEGUN,),
    table={BEGUN: (DONE, FAILED), DONE: (), FAILED: (BEGUN, NOTED), NOTED: ()},
)

PROPOSED, ACCEPTED_MATCH, REJECTED_MATCH, LAPSED = "proposed", "confirmed", "rejected", "lapsed"
DECIDED_MATCH = (ACCEPTED_MATCH, REJECTED_MATCH)  # by a person

CLAIM_MATCH = Transitions(
    name="match",
    initial=(PROPOSED, ACCEPTED_MATCH),  # a person may bring two claims together that no method suggested
    table={
        PROPOSED: (ACCEPTED_MATCH, REJECTED_MATCH, LAPSED),
        ACCEPTED_MATCH: (PROPOSED, REJECTED_MATCH),
        REJECTED_MATCH: (PROPOSED, ACCEPTED_MATCH),
        LAPSED: (PROPOSED, ACCEPTED_MATCH),
    },
)

ON_TRIAL, WATCHED, PAUSED, ENDED = "on_trial", "watched", "paused", "ended"

FEED = Transitions(
    name="feed",
    initial=(ON_TRIAL,),
    table={ON_TRIAL: (WATCHED,), WATCHED: (PAUSED, ENDED), PAUSED: (WATCHED, ENDED), ENDED: ()},
)

WAITING, INGESTED, LEFT_OUT = "waiting", "ingested", "left_out"

FEED_ITEM = Transitions(
    name="feed item",
    initial=(WAITING, INGESTED, LEFT_OUT),  # what another feed brought in is here already; old ones stay out
    table={WAITING: (INGESTED, LEFT_OUT), LEFT_OUT: (WAITING,), INGESTED: ()},
)

TO_DO, TAKEN_IN, REFUSED = "waiting", "done", "failed"

BATCH_ITEM = Transitions(
    name="item of a batch",
    initial=(TO_DO, REFUSED),  # what cannot be read is refused when it comes in
    table={TO_DO: (TAKEN_IN, REFUSED), TAKEN_IN: (), REFUSED: ()},
)

RECEIVED_REQUEST, ACCEPTED_REQUEST = "received", "accepted"
DECLINED_REQUEST, ANSWERED_REQUEST = "declined", "answered"

CHECK_REQUEST = Transitions(
    name="request for a check",
    initial=(RECEIVED_REQUEST,),
    table={
        RECEIVED_REQUEST: (ACCEPTED_REQUEST, DECLINED_REQUEST),
        ACCEPTED_REQUEST: (ANSWERED_REQUEST, DECLINED_REQUEST),
        DECLINED_REQUEST: (ACCEPTED_REQUEST,),
        ANSWERED_REQUEST: (),
    },
)

HELD_SUGGESTION, JOINED_SUGGESTION, REFUSED_SUGGESTION = "held", "joined", "refused"

SUGGESTION = Transitions(
    name="suggestion",
    initial=(HELD_SUGGESTION, JOINED_SUGGESTION),
    table={
        HELD_SUGGESTION: (JOINED_SUGGESTION, REFUSED_SUGGESTION),
        JOINED_SUGGESTION: (),  # what becomes of it is what becomes of its request
        REFUSED_SUGGESTION: (JOINED_SUGGESTION,),
    },
)

UNREAD, READ, LOOKED_UP = "unread", "read", "looked_up"

DRAFT = Transitions(
    name="draft",
    initial=(UNREAD,),
    table={UNREAD: (READ, LOOKED_UP), READ: (LOOKED_UP,), LOOKED_UP: ()},
)
