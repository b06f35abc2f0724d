"""The states of a review task and of a verdict: two machines, never one. docs/architecture.md draws them."""

from claimtracker.kernel.transitions import Transitions

QUEUED, TAKEN, DONE, CANCELLED = "queued", "taken", "done", "cancelled"
OPEN = (QUEUED, TAKEN)

REVIEW_TASK = Transitions(
    name="review task",
    initial=(QUEUED,),
    table={
        QUEUED: (TAKEN, CANCELLED),
        TAKEN: (QUEUED, DONE, CANCELLED),
        DONE: (),
        CANCELLED: (),
    },
)

DRAFT, SUBMITTED, RETURNED, DISPUTED, APPROVED = "draft", "submitted", "returned", "disputed", "approved"
UNDECIDED = (DRAFT, SUBMITTED, RETURNED, DISPUTED)
WAITING = (SUBMITTED, DISPUTED)  # proposed, and other people decide

VERDICT = Transitions(
    name="verdict",
    initial=(DRAFT,),
    table={
        DRAFT: (SUBMITTED,),
        SUBMITTED: (DRAFT, RETURNED, DISPUTED, APPROVED),
        RETURNED: (SUBMITTED,),
        DISPUTED: (RETURNED, APPROVED),
        APPROVED: (),
    },
)

HANDING_OVER, SENT, DROPPED, FAILED, UNKNOWN = "handing_over", "sent", "dropped", "failed", "unknown"

MAILING = Transitions(
    name="mailing",
    initial=(QUEUED,),
    table={
        QUEUED: (HANDING_OVER, DROPPED, FAILED),
        HANDING_OVER: (SENT, QUEUED, FAILED, UNKNOWN),
        UNKNOWN: (QUEUED,),
        FAILED: (QUEUED,),
        SENT: (),
        DROPPED: (),
    },
)

ASKED, ANSWERED, UNANSWERED, CALLED_OFF = "asked", "answered", "unanswered", "called_off"

REPLY_REQUEST = Transitions(
    name="reply request",
    initial=(ASKED,),
    table={
        ASKED: (ANSWERED, UNANSWERED, CALLED_OFF),
        UNANSWERED: (ANSWERED,),
        ANSWERED: (),
        CALLED_OFF: (),
    },
)

RECEIVED, SHOWN, SET_ASIDE_REPLY = "received", "shown", "set_aside"

REPLY = Transitions(
    name="reply",
    initial=(RECEIVED,),
    table={
        RECEIVED: (SHOWN, SET_ASIDE_REPLY),
        SHOWN: (SET_ASIDE_REPLY,),
        SET_ASIDE_REPLY: (SHOWN,),
    },
)

UPHELD, NOT_UPHELD, HELD_COMPLAINT = "upheld", "not_upheld", "held"
UNANSWERED_COMPLAINT = (RECEIVED, HELD_COMPLAINT)

COMPLAINT = Transitions(
    name="complaint",
    initial=(RECEIVED, HELD_COMPLAINT),
    table={
        HELD_COMPLAINT: (RECEIVED, NOT_UPHELD),  # what looks like spam waits for a moderator
        RECEIVED: (UPHELD, NOT_UPHELD),
        UPHELD: (),
        NOT_UPHELD: (),
    },
)

ORDERED, IN_FORCE, LIFTING = "ordered", "in_force", "lifting"
LIFTED, REFUSED, REPLACED = "lifted", "refused", "replaced"
OPEN_RESTRICTION = (ORDERED, IN_FORCE, LIFTING)

RESTRICTION = Transitions(
    name="restriction",
    initial=(ORDERED, IN_FORCE),
    table={
        ORDERED: (IN_FORCE, REFUSED),
        IN_FORCE: (LIFTING, LIFTED, REPLACED),
        LIFTING: (LIFTED, IN_FORCE),
        LIFTED: (),
        REFUSED: (),
        REPLACED: (),
    },
)

FLAGGED, ESCALATED, DISMISSED, RESOLVED = "flagged", "escalated", "dismissed", "resolved"
OPEN_FLAG_CASE = (FLAGGED, ESCALATED)

FLAG_CASE = Transitions(
    name="flag case",
    initial=(FLAGGED,),
    table={
        FLAGGED: (ESCALATED, DISMISSED, RESOLVED),
        ESCALATED: (DISMISSED, RESOLVED),
        DISMISSED: (FLAGGED, ESCALATED),  # a decision that was taken back
        RESOLVED: (FLAGGED, ESCALATED),
    },
)
