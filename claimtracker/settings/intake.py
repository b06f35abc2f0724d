"""Settings of the public doors: suggestions, complaints, spam. docs/operations.md lists them."""

from typing import Any

from .environment import env

# whether readers may suggest claims on a page of ours, and how often an hour from one address; the whole
# site takes twenty times that
SUGGESTIONS_OPEN = env.bool("SUGGESTIONS_OPEN", default=True)
SUGGESTIONS_PER_HOUR = env.int("SUGGESTIONS_PER_HOUR", default=10)
# how many days after a suggestion was decided on its words, and who sent it, are erased
SUGGESTION_KEEP_DAYS = env.int("SUGGESTION_KEEP_DAYS", default=90)
# from which spam score on, of 100, a suggestion or complaint waits for a moderator before anybody is told
INTAKE_HOLD_FROM = env.int("INTAKE_HOLD_FROM", default=50)

INTAKE_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "claims.forget_suggestions": {
        "task": "claims.forget_suggestions",
        "schedule": 3600.0,
        "options": {"expires": 3600, "queue": "default"},
    },
    "reviews.watch_complaints": {
        "task": "reviews.watch_complaints",
        "schedule": 300.0,
        "options": {"expires": 300, "queue": "review"},
    },
}
