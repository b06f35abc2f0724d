"""Settings of partners: their limits, their keys, the sandbox. docs/operations.md lists them."""

from typing import Any

from .environment import env

# what a partner may ask where its own row says nothing: each key in a minute, all its keys in a day of UTC
API_PER_MINUTE = env.int("API_PER_MINUTE", default=600)
API_PER_DAY = env.int("API_PER_DAY", default=100_000)

# how long both keys work after a rotation that does not say; how long before a key's end its partner hears
API_KEY_OVERLAP_DAYS = env.int("API_KEY_OVERLAP_DAYS", default=7)
API_KEY_NOTICE_DAYS = env.int("API_KEY_NOTICE_DAYS", default=14)

# after how many days what a sandbox sent is erased
SANDBOX_DAYS = env.int("SANDBOX_DAYS", default=7)

PARTNER_JOB_QUEUES = {"partners.send_key_notice": "mail"}
PARTNER_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "partners.bring_usage": {
        "task": "partners.bring_usage",
        "schedule": 60.0,
        "options": {"expires": 60, "queue": "default"},
    },
    "partners.warn_of_expiring": {
        "task": "partners.warn_of_expiring",
        "schedule": 3600.0,
        "options": {"expires": 3600, "queue": "default"},
    },
    "claims.erase_old_sandboxes": {
        "task": "claims.erase_old_sandboxes",
        "schedule": 600.0,
        "options": {"expires": 600, "queue": "default"},
    },
}
