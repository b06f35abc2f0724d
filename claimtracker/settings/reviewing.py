"""Settings of the review desk. docs/operations.md lists them."""

from .environment import env

# how long a person has a task that they took
REVIEW_TAKE_HOURS = env.int("REVIEW_TAKE_HOURS", default=8)
# until when a claim is to be checked, where no rule says otherwise
REVIEW_DEADLINE_HOURS = env.int("REVIEW_DEADLINE_HOURS", default=48)
# how long a person may change what they said about a claim
COMMENT_EDIT_MINUTES = env.int("COMMENT_EDIT_MINUTES", default=15)
# how many working hours after its deadline the leads hear of a task that somebody has in hand
REVIEW_ESCALATE_HOURS = env.int("REVIEW_ESCALATE_HOURS", default=2)

# the share of verdicts that are reviewed blind, 0 to 1, and words whose claims always are
REVIEW_BLIND_RATE = env.float("REVIEW_BLIND_RATE", default=0.0)
REVIEW_BLIND_TOPICS = env.list("REVIEW_BLIND_TOPICS", default=[])
# what makes the draw unguessable; SECRET_KEY while it is empty
REVIEW_BLIND_KEY = env.str("REVIEW_BLIND_KEY", default="")
# for how long the figures of an insight page stand before they are counted anew
INSIGHT_KEPT_SECONDS = env.int("INSIGHT_KEPT_SECONDS", default=60)
